package io.harveymq.broker.hostile;

import io.harveymq.broker.wire.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Ways to spoil a conversation. The list is changed in place; frames are replaced. */
enum Mutation {
  NONE {
    @Override
    void spoil(List<Frame> frames, Random random) {}
  },
  FLIP_BITS {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int times = 1 + random.nextInt(4);
      for (int i = 0; i < times; i++) {
        int at = somewhere(frames, random);
        byte[] payload = frames.get(at).payload().clone();
        if (payload.length > 0) {
          payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
          frames.set(at, frames.get(at).withPayload(payload));
        }
      }
    }
  },
  DROP_FRAMES {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int from = somewhere(frames, random);
      int to = Math.min(frames.size(), from + 1 + random.nextInt(3));
      frames.subList(from, to).clear();
    }
  },
  DUPLICATE {
    @Override
    void spoil(List<Frame> frames, Random random) {
      frames.add(somewhere(frames, random), frames.get(somewhere(frames, random)));
    }
  },
  SWAP {
    @Override
    void spoil(List<Frame> frames, Random random) {
      Collections.swap(frames, somewhere(frames, random), somewhere(frames, random));
    }
  },
  GARBAGE {
    @Override
    void spoil(List<Frame> frames, Random random) {
      byte[] noise = new byte[random.nextInt(500)];
      random.nextBytes(noise);
      int at = somewhere(frames, random);
      frames.add(at, new Frame(random.nextInt(256), 0xABCD, random.nextInt(), noise, 0));
    }
  },
  RANDOM_PAYLOAD {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      byte[] noise = new byte[frames.get(at).payload().length];
      random.nextBytes(noise);
      int kept = Math.min(noise.length, random.nextInt(20));
      System.arraycopy(frames.get(at).payload(), 0, noise, 0, kept);
      frames.set(at, frames.get(at).withPayload(noise));
    }
  },
  CHANGE_TYPE {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      frames.set(at, frames.get(at).withType(random.nextInt(10)));
    }
  },
  CHANGE_CHANNEL {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      int channel = random.nextBoolean() ? random.nextInt(5) : random.nextInt(65_536);
      frames.set(at, frames.get(at).withChannel(channel));
    }
  },
  CHANGE_SIZE {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      int[] sizes = {0, 1, 3, 131_064, 131_072, 131_073, -1, Integer.MAX_VALUE, 0x80000000};
      int near = frames.get(at).size() + random.nextInt(9) - 4;
      int size = random.nextBoolean() ? near : sizes[random.nextInt(sizes.length)];
      frames.set(at, frames.get(at).withSize(size));
    }
  },
  CHANGE_END {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      frames.set(at, frames.get(at).withEnd(random.nextInt(256)));
    }
  },
  HUGE_LENGTH_WITHIN {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      byte[] payload = frames.get(at).payload().clone();
      if (payload.length >= 8) {
        int[] lengths = {-1, Integer.MAX_VALUE, 0x80000000, 0x00FFFFFF, 131_072};
        ByteBuffer.wrap(payload)
            .putInt(4 + random.nextInt(payload.length - 7), lengths[random.nextInt(5)]);
        frames.set(at, frames.get(at).withPayload(payload));
      }
    }
  },
  DEEP_TABLE {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      byte[] payload = frames.get(at).payload();
      byte[] table = MalformedFrames.nested(2 + random.nextInt(1_000));
      int kept = payload.length > 4 && frames.get(at).type() == 1 ? payload.length - 4 : 14;
      byte[] spoiled = Arrays.copyOf(payload, kept + table.length);
      System.arraycopy(table, 0, spoiled, kept, table.length);
      frames.set(at, frames.get(at).withPayload(spoiled));
    }
  },
  SHORTER_PAYLOAD {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      byte[] payload = frames.get(at).payload();
      frames.set(
          at,
          frames.get(at).withPayload(Arrays.copyOf(payload, random.nextInt(payload.length + 1))));
    }
  },
  TRUNCATE {
    @Override
    void spoil(List<Frame> frames, Random random) {
      int at = somewhere(frames, random);
      frames.subList(at, frames.size()).clear();
    }
  };

  /** Changes the frames, of which there is at least one. */
  abstract void spoil(List<Frame> frames, Random random);

  /** Usually after the handshake, which would end most conversations otherwise. */
  private static int somewhere(List<Frame> frames, Random random) {
    int from = frames.size() > 6 && random.nextInt(8) > 0 ? 6 : 0;
    return from + random.nextInt(frames.size() - from);
  }
}
