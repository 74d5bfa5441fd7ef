package io.harveymq.broker.hostile;

import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodReader;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One conversation of a client that may break any rule, made up from a seed. For one thread. */
final class MutatedConversation {
  private static final Set<Integer> CLOSE_CODES =
      Set.of(403, 501, 502, 503, 504, 505, 506, 530, 540, 541);
  private static final int MOST_SINGLE_BYTES = 400;

  private enum Sending {
    WHOLE,
    PIECES,
    BYTE_BY_BYTE
  }

  private enum Ending {
    /** No more is sent, and all that comes is read. */
    FINISH,
    /** The socket is closed without reading. */
    CLOSE,
    /** As with a client that crashed. */
    RESET,
    /** The same before everything is sent. */
    RESET_IN_THE_MIDDLE,
    /** Half a conversation, then no more. */
    FINISH_IN_THE_MIDDLE
  }

  private final Mutation mutation;
  private final Sending sending;
  private final Ending ending;
  private final byte[] bytes;
  private final Random random;

  MutatedConversation(long seed) {
    random = new Random(seed);
    List<Frame> frames = new ArrayList<>(Conversations.random(random, "s" + seed));
    mutation = pick(Mutation.values());
    int times = random.nextInt(4) == 0 ? 3 : 1;
    for (int i = 0; i < times && !frames.isEmpty(); i++) {
      mutation.spoil(frames, random);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Frame.PROTOCOL_HEADER);
    out.writeBytes(Frame.bytes(frames));
    bytes = out.toByteArray();
    sending = pick(Sending.values());
    ending = random.nextInt(3) > 0 ? Ending.FINISH : pick(Ending.values());
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  @Override
  public String toString() {
    return mutation + ", sent " + sending + ", ended by " + ending + ", " + bytes.length + " bytes";
  }

  /**
   * Holds it.
   *
   * @throws AssertionError if the broker answers what it should not
   */
  void hold(int port) throws IOException {
    try (WireClient client = new WireClient(port)) {
      try {
        send(client);
      } catch (SocketException closedByBroker) {
        expectSpoilt(closedByBroker);
      }
      if (ending == Ending.RESET || ending == Ending.RESET_IN_THE_MIDDLE) {
        client.reset();
      } else if (ending != Ending.CLOSE) {
        readAll(client);
      }
    }
  }

  private void send(WireClient client) throws IOException {
    boolean half = ending == Ending.RESET_IN_THE_MIDDLE || ending == Ending.FINISH_IN_THE_MIDDLE;
    int end = half ? random.nextInt(bytes.length) : bytes.length;
    int at = 0;
    int single = sending == Sending.BYTE_BY_BYTE ? Math.min(end, MOST_SINGLE_BYTES) : 0;
    while (at < end) {
      int to = end;
      if (at < single) {
        to = at + 1;
      } else if (sending == Sending.PIECES) {
        to = Math.min(end, at + 1 + random.nextInt(1 + end / 4));
      }
      client.send(Arrays.copyOfRange(bytes, at, to));
      at = to;
    }
    if (mutation != Mutation.NONE || half) {
      client.finish();
    }
  }

  private void readAll(WireClient client) throws IOException {
    boolean closeOk = false;
    try {
      while (!closeOk) {
        closeOk = look(client.next());
      }
    } catch (EOFException | SocketException end) {
      expectSpoilt(end);
    } catch (IOException malformed) {
      if (!isRefusal(malformed)) {
        throw malformed;
      }
    }
  }

  /** The broker's answer to a wrong protocol header is no frame. */
  private boolean isRefusal(IOException malformed) {
    return !Arrays.equals(Arrays.copyOf(bytes, 8), Frame.PROTOCOL_HEADER)
        && malformed.getMessage().contains("frame of");
  }

  private boolean look(Frame frame) {
    if (frame.type() != FrameDecoder.METHOD) {
      return false;
    }
    byte[] payload = frame.payload();
    Method method = MethodReader.read(Unpooled.wrappedBuffer(payload), payload.length);
    if (method instanceof ConnectionMethod.Close close) {
      if (mutation == Mutation.NONE || !CLOSE_CODES.contains(close.replyCode())) {
        throw new AssertionError("closed with " + close);
      }
    }
    return method instanceof ConnectionMethod.CloseOk;
  }

  private void expectSpoilt(IOException end) {
    if (mutation == Mutation.NONE && ending == Ending.FINISH) {
      throw new AssertionError("a valid conversation was cut", end);
    }
  }
}
