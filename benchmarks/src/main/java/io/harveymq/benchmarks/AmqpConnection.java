package io.harveymq.benchmarks;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One AMQP connection with channel 1 open, over a blocking socket: synchronous methods for setting
 * a run up, and the bare socket for the run itself. It never reads past the frame it waits for, so
 * that whoever takes the socket over finds the stream at a frame's start. Heartbeats are declined.
 * Used by one thread at a time; {@link #close()} may be called by any thread and ends a blocked
 * read or write.
 */
final class AmqpConnection implements Closeable {
  private static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int PASSIVE = 1;
  private static final int DURABLE = 2;
  private static final int NO_ACK = 2;

  private final SocketChannel socket;
  private final ByteBuffer prefix = ByteBuffer.allocate(7);
  private int frameMax;

  private AmqpConnection(SocketChannel socket) {
    this.socket = socket;
  }

  /**
   * Connects, logs in and opens channel 1.
   *
   * @throws IOException if the broker refuses at any step; the message holds the broker's reason
   */
  static AmqpConnection open(Target target) throws IOException {
    SocketChannel socket = SocketChannel.open();
    try {
      socket.connect(new InetSocketAddress(target.host(), target.port()));
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      AmqpConnection connection = new AmqpConnection(socket);
      connection.handshake(target);
      return connection;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void handshake(Target target) throws IOException {
    write(ByteBuffer.wrap(PROTOCOL_HEADER));
    expect(Methods.CONNECTION_START);
    FrameWriter startOk = new FrameWriter().method(0, Methods.CONNECTION_START_OK).emptyTable();
    startOk.shortString("PLAIN").longString("\0" + target.user() + "\0" + target.password());
    send(startOk.shortString("en_US").end());
    ByteBuffer tune = expect(Methods.CONNECTION_TUNE);
    int channelMax = tune.getShort();
    frameMax = tune.getInt();
    FrameWriter tuneOk = new FrameWriter().method(0, Methods.CONNECTION_TUNE_OK);
    tuneOk.u16(channelMax).u32(frameMax).u16(0).end();
    tuneOk.method(0, Methods.CONNECTION_OPEN).shortString(target.virtualHost()).u16(0).end();
    call(tuneOk, Methods.CONNECTION_OPEN_OK);
    call(
        new FrameWriter().method(1, Methods.CHANNEL_OPEN).shortString("").end(),
        Methods.CHANNEL_OPEN_OK);
  }

  /** The agreed largest frame in bytes, 0 for no limit. */
  int frameMax() {
    return frameMax;
  }

  SocketChannel socket() {
    return socket;
  }

  void declareQueue(String queue, boolean durable) throws IOException {
    FrameWriter declare = new FrameWriter().method(1, Methods.QUEUE_DECLARE).u16(0);
    declare.shortString(queue).u8(durable ? DURABLE : 0).emptyTable().end();
    call(declare, Methods.QUEUE_DECLARE_OK);
  }

  /** How many messages wait in a queue that exists. */
  long messageCount(String queue) throws IOException {
    FrameWriter declare = new FrameWriter().method(1, Methods.QUEUE_DECLARE).u16(0);
    declare.shortString(queue).u8(PASSIVE).emptyTable().end();
    ByteBuffer answer = call(declare, Methods.QUEUE_DECLARE_OK);
    int nameBytes = answer.get() & 0xFF;
    return answer.getInt(answer.position() + nameBytes) & 0xFFFFFFFFL;
  }

  void deleteQueue(String queue) throws IOException {
    FrameWriter delete = new FrameWriter().method(1, Methods.QUEUE_DELETE).u16(0);
    call(delete.shortString(queue).u8(0).end(), Methods.QUEUE_DELETE_OK);
  }

  void declareExchange(String exchange, String type) throws IOException {
    FrameWriter declare = new FrameWriter().method(1, Methods.EXCHANGE_DECLARE).u16(0);
    declare.shortString(exchange).shortString(type).u8(0).emptyTable().end();
    call(declare, Methods.EXCHANGE_DECLARE_OK);
  }

  void deleteExchange(String exchange) throws IOException {
    FrameWriter delete = new FrameWriter().method(1, Methods.EXCHANGE_DELETE).u16(0);
    call(delete.shortString(exchange).u8(0).end(), Methods.EXCHANGE_DELETE_OK);
  }

  void bindQueue(String queue, String exchange, String key) throws IOException {
    FrameWriter bind = new FrameWriter().method(1, Methods.QUEUE_BIND).u16(0);
    bind.shortString(queue).shortString(exchange).shortString(key).u8(0).emptyTable().end();
    call(bind, Methods.QUEUE_BIND_OK);
  }

  void prefetch(int count) throws IOException {
    FrameWriter qos = new FrameWriter().method(1, Methods.BASIC_QOS).u32(0).u16(count).u8(0);
    call(qos.end(), Methods.BASIC_QOS_OK);
  }

  void consume(String queue, boolean noAck) throws IOException {
    FrameWriter consume = new FrameWriter().method(1, Methods.BASIC_CONSUME).u16(0);
    consume.shortString(queue).shortString("c").u8(noAck ? NO_ACK : 0).emptyTable().end();
    call(consume, Methods.BASIC_CONSUME_OK);
  }

  void confirmSelect() throws IOException {
    call(
        new FrameWriter().method(1, Methods.CONFIRM_SELECT).u8(0).end(), Methods.CONFIRM_SELECT_OK);
  }

  /** Sends what was written and waits for the answer; returns its arguments. */
  ByteBuffer call(FrameWriter request, int answer) throws IOException {
    send(request);
    return expect(answer);
  }

  void send(FrameWriter frames) throws IOException {
    write(ByteBuffer.wrap(frames.toBytes()));
  }

  /** Writes all that remains in the buffer. */
  void write(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      socket.write(buffer);
    }
  }

  /**
   * Reads frames until the method comes, dropping others; returns the method's arguments.
   *
   * @throws IOException if the broker closes the channel, the connection or the socket instead
   */
  ByteBuffer expect(int method) throws IOException {
    while (true) {
      ByteBuffer payload = readFrame();
      if (prefix.get(0) != Methods.FRAME_METHOD) {
        continue;
      }
      int got = payload.getInt();
      if (got == method) {
        return payload;
      }
      if (got == Methods.CONNECTION_CLOSE || got == Methods.CHANNEL_CLOSE) {
        throw new IOException("broker closed: " + closeReason(payload));
      }
    }
  }

  /** Closes politely where the broker answers within the socket's lifetime, else just closes. */
  void closeGracefully() {
    try (this) {
      FrameWriter close = new FrameWriter().method(0, Methods.CONNECTION_CLOSE).u16(200);
      call(close.shortString("done").u32(0).end(), Methods.CONNECTION_CLOSE_OK);
    } catch (IOException e) {
      // The socket is closed either way, and the run's figures are already taken.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Reply code and text of a connection.close or channel.close, positioned after the method id. */
  static String closeReason(ByteBuffer arguments) {
    int code = arguments.getShort();
    byte[] text = new byte[arguments.get() & 0xFF];
    arguments.get(text);
    return code + " " + new String(text, StandardCharsets.UTF_8);
  }

  private ByteBuffer readFrame() throws IOException {
    readFully(prefix.clear());
    ByteBuffer payload = ByteBuffer.allocate(prefix.getInt(3) + 1);
    readFully(payload);
    if (payload.get(payload.limit() - 1) != Methods.FRAME_END) {
      throw new IOException("frame without end octet");
    }
    return payload.flip().limit(payload.capacity() - 1);
  }

  private void readFully(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (socket.read(buffer) < 0) {
        throw new EOFException("broker closed the socket");
      }
    }
  }
}
