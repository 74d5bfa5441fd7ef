package io.harveymq.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One client of the {@link NullBroker}: answers methods frame by frame until the client publishes
 * without confirms, from when on it discards what comes. Owned by its thread; deliveries have a
 * second one.
 */
final class NullSession implements Runnable {
  private static final int FRAME_MAX = 131072;
  private static final int DISCARD_BYTES = 1 << 20;
  private static final int DELIVERIES_PER_WRITE = 500;

  /** Answers without arguments, or with such as no caller here looks at. */
  private static final Map<Integer, Integer> ANSWERS =
      Map.of(
          Methods.CONNECTION_OPEN, Methods.CONNECTION_OPEN_OK,
          Methods.CONNECTION_CLOSE, Methods.CONNECTION_CLOSE_OK,
          Methods.CHANNEL_OPEN, Methods.CHANNEL_OPEN_OK,
          Methods.EXCHANGE_DECLARE, Methods.EXCHANGE_DECLARE_OK,
          Methods.EXCHANGE_DELETE, Methods.EXCHANGE_DELETE_OK,
          Methods.QUEUE_DECLARE, Methods.QUEUE_DECLARE_OK,
          Methods.QUEUE_BIND, Methods.QUEUE_BIND_OK,
          Methods.QUEUE_DELETE, Methods.QUEUE_DELETE_OK,
          Methods.BASIC_QOS, Methods.BASIC_QOS_OK,
          Methods.CONFIRM_SELECT, Methods.CONFIRM_SELECT_OK);

  private final SocketChannel socket;
  private final int bodyBytes;
  private final ByteBuffer input = ByteBuffer.allocateDirect(FRAME_MAX).flip();
  private boolean confirms;
  private long published;

  NullSession(SocketChannel socket, int bodyBytes) {
    this.socket = socket;
    this.bodyBytes = bodyBytes;
  }

  @Override
  public void run() {
    try (socket) {
      readAtLeast(8);
      input.position(input.position() + 8);
      FrameWriter start = new FrameWriter().method(0, Methods.CONNECTION_START).u8(0).u8(9);
      reply(start.emptyTable().longString("PLAIN").longString("en_US").end());
      while (true) {
        readAtLeast(Methods.FRAME_OVERHEAD);
        int size = input.getInt(input.position() + 3);
        readAtLeast(size + Methods.FRAME_OVERHEAD);
        ByteBuffer frame = input.slice(input.position(), size + Methods.FRAME_OVERHEAD);
        input.position(input.position() + frame.limit());
        take(frame);
      }
    } catch (IOException e) {
      // The client went away, which is how every run ends.
      return;
    }
  }

  private void take(ByteBuffer frame) throws IOException {
    int channel = frame.getShort(1);
    if (frame.get(0) == Methods.FRAME_BODY && confirms && input.remaining() == 0) {
      confirm();
    }
    if (frame.get(0) != Methods.FRAME_METHOD) {
      return;
    }
    int method = frame.getInt(7);
    switch (method) {
      case Methods.CONNECTION_START_OK -> {
        FrameWriter tune = new FrameWriter().method(0, Methods.CONNECTION_TUNE);
        reply(tune.u16(2047).u32(FRAME_MAX).u16(0).end());
      }
      case Methods.CONNECTION_TUNE_OK, Methods.BASIC_ACK -> {}
      case Methods.BASIC_PUBLISH -> {
        published++;
        if (!confirms) {
          discard();
        }
      }
      case Methods.BASIC_CONSUME -> {
        FrameWriter ok = new FrameWriter().method(channel, Methods.BASIC_CONSUME_OK);
        reply(ok.shortString("c").end());
        deliver(shortString(frame, 13));
      }
      default -> answer(channel, method);
    }
  }

  private void answer(int channel, int method) throws IOException {
    confirms |= method == Methods.CONFIRM_SELECT;
    Integer answer = ANSWERS.get(method);
    if (answer == null) {
      throw new IOException("method not known here: " + method);
    }
    reply(new FrameWriter().method(channel, answer).end());
  }

  /** Confirms all so far: the last message singly, then the others cumulatively. */
  private void confirm() throws IOException {
    FrameWriter acks = new FrameWriter();
    acks.method(1, Methods.BASIC_ACK).u64(published).u8(0).end();
    if (published > 1) {
      acks.method(1, Methods.BASIC_ACK).u64(published - 1).u8(1).end();
    }
    reply(acks);
  }

  private void discard() throws IOException {
    ByteBuffer bin = ByteBuffer.allocateDirect(DISCARD_BYTES);
    while (socket.read(bin.clear()) >= 0) {
      // Reading is all there is to do.
    }
    throw new EOFException();
  }

  private void deliver(String queue) {
    Thread thread = new Thread(() -> stream(queue), "null-deliveries");
    thread.setDaemon(true);
    thread.start();
  }

  private void stream(String queue) {
    FrameWriter one = new FrameWriter().method(1, Methods.BASIC_DELIVER);
    one.shortString("c").u64(0).u8(0).shortString("").shortString(queue).end();
    one.content(new byte[bodyBytes], false, 0);
    byte[] message = one.toBytes();
    ByteBuffer output = ByteBuffer.allocateDirect(message.length * DELIVERIES_PER_WRITE);
    for (int i = 0; i < DELIVERIES_PER_WRITE; i++) {
      output.put(message);
    }
    try {
      long tag = 0;
      while (true) {
        for (int at = 13; at < output.capacity(); at += message.length) {
          output.putLong(at, ++tag);
        }
        output.rewind();
        while (output.hasRemaining()) {
          socket.write(output);
        }
      }
    } catch (IOException e) {
      // The consumer went away.
      return;
    }
  }

  private void reply(FrameWriter frames) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(frames.toBytes());
    while (buffer.hasRemaining()) {
      socket.write(buffer);
    }
  }

  private void readAtLeast(int octets) throws IOException {
    if (input.remaining() >= octets) {
      return;
    }
    input.compact();
    while (input.position() < octets) {
      if (socket.read(input) < 0) {
        throw new EOFException();
      }
    }
    input.flip();
  }

  private static String shortString(ByteBuffer frame, int at) {
    byte[] utf8 = new byte[frame.get(at) & 0xFF];
    frame.get(at + 1, utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
