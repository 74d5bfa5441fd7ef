package io.harveymq.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client with just enough AMQP 0-9-1 for {@link Training}: it opens a connection and a channel,
 * and sends messages through a queue of its own. It writes frames by hand, because the classes that
 * the broker uses are to be loaded by the broker, on the broker's side. One thread.
 */
final class TrainingClient implements Closeable {
  private static final int TIMEOUT_MS = 1_000;
  private static final int METHOD = 1;
  private static final int HEADER = 2;
  private static final int BODY = 3;
  private static final int FRAME_END = 0xCE;

  private static final int DURABLE = 2;
  private static final int BASIC = 60;
  private static final int START = method(10, 10);
  private static final int START_OK = method(10, 11);
  private static final int TUNE = method(10, 30);
  private static final int TUNE_OK = method(10, 31);
  private static final int OPEN = method(10, 40);
  private static final int OPEN_OK = method(10, 41);
  private static final int CLOSE = method(10, 50);
  private static final int CLOSE_OK = method(10, 51);
  private static final int CHANNEL_OPEN = method(20, 10);
  private static final int CHANNEL_OPEN_OK = method(20, 11);
  private static final int EXCHANGE_DECLARE = method(40, 10);
  private static final int EXCHANGE_DECLARE_OK = method(40, 11);
  private static final int QUEUE_DECLARE = method(50, 10);
  private static final int QUEUE_DECLARE_OK = method(50, 11);
  private static final int QUEUE_BIND = method(50, 20);
  private static final int QUEUE_BIND_OK = method(50, 21);
  private static final int CONSUME = method(BASIC, 20);
  private static final int CONSUME_OK = method(BASIC, 21);
  private static final int PUBLISH = method(BASIC, 40);
  private static final int DELIVER = method(BASIC, 60);
  private static final int ACK = method(BASIC, 80);
  private static final int CONFIRM_SELECT = method(85, 10);
  private static final int CONFIRM_SELECT_OK = method(85, 11);

  private static final byte[] PAYLOAD = new byte[64];
  private static final String EXCHANGE = "training";
  private static final String QUEUE = "training";

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** Connects to a broker on this machine. */
  TrainingClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new BufferedOutputStream(socket.getOutputStream());
  }

  /** Opens the connection as guest, and channel 1. */
  void open() throws IOException {
    out.write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    await(START);
    Arguments capabilities = new Arguments().flag("basic.nack").flag("consumer_cancel_notify");
    Arguments properties =
        new Arguments().text("product", "training").table("capabilities", capabilities);
    send(
        0,
        new Arguments(START_OK)
            .table(properties)
            .shortString("PLAIN")
            .longString("\0guest\0guest")
            .shortString("en_US"));
    await(TUNE);
    send(0, new Arguments(TUNE_OK).int16(2047).int32(131_072).int16(60));
    send(0, new Arguments(OPEN).shortString("/").shortString("").int8(0));
    await(OPEN_OK);
    send(1, new Arguments(CHANNEL_OPEN).shortString(""));
    await(CHANNEL_OPEN_OK);
  }

  /** Sends {@code count} messages through an exchange and a queue, confirmed and acknowledged. */
  void publishAndConsume(int count) throws IOException {
    Arguments none = new Arguments();
    send(
        1,
        new Arguments(EXCHANGE_DECLARE)
            .int16(0)
            .shortString(EXCHANGE)
            .shortString("topic")
            .int8(DURABLE)
            .table(none));
    await(EXCHANGE_DECLARE_OK);
    Arguments queueArguments = new Arguments().text("x-queue-type", "classic");
    send(
        1,
        new Arguments(QUEUE_DECLARE)
            .int16(0)
            .shortString(QUEUE)
            .int8(DURABLE)
            .table(queueArguments));
    await(QUEUE_DECLARE_OK);
    send(
        1,
        new Arguments(QUEUE_BIND)
            .int16(0)
            .shortString(QUEUE)
            .shortString(EXCHANGE)
            .shortString("training.#")
            .int8(0)
            .table(none));
    await(QUEUE_BIND_OK);
    send(1, new Arguments(CONFIRM_SELECT).int8(0));
    await(CONFIRM_SELECT_OK);
    send(1, new Arguments(CONSUME).int16(0).shortString(QUEUE).shortString("").int8(0).table(none));
    await(CONSUME_OK);
    for (int i = 1; i <= count; i++) {
      publish();
      await(DELIVER);
      send(1, new Arguments(ACK).int64(i).int8(0));
    }
  }

  /** Closes the connection as the protocol wants it. */
  void closeInOrder() throws IOException {
    send(0, new Arguments(CLOSE).int16(200).shortString("bye").int32(0));
    await(CLOSE_OK);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void publish() throws IOException {
    send(
        1, new Arguments(PUBLISH).int16(0).shortString(EXCHANGE).shortString("training.x").int8(0));
    int deliveryMode = 1 << 12;
    frame(
        HEADER,
        1,
        new Arguments().int16(BASIC).int16(0).int64(PAYLOAD.length).int16(deliveryMode).int8(2));
    frame(BODY, 1, new Arguments().raw(PAYLOAD));
  }

  private void send(int channel, Arguments arguments) throws IOException {
    frame(METHOD, channel, arguments);
  }

  private void frame(int type, int channel, Arguments payload) throws IOException {
    byte[] bytes = payload.toByteArray();
    Arguments frame = new Arguments().int8(type).int16(channel).int32(bytes.length).raw(bytes);
    out.write(frame.int8(FRAME_END).toByteArray());
  }

  /** Reads frames up to the method that is waited for; others, such as confirms, pass by. */
  private void await(int method) throws IOException {
    out.flush();
    int got;
    do {
      int type = in.readUnsignedByte();
      in.readUnsignedShort();
      byte[] payload = in.readNBytes(in.readInt());
      in.readUnsignedByte();
      got = type == METHOD ? new DataInputStream(new ByteArrayInputStream(payload)).readInt() : 0;
    } while (got != method);
  }

  private static int method(int classId, int methodId) {
    return classId << 16 | methodId;
  }

  /** Bytes in AMQP's notation; a method's id and arguments, or the entries of a table. */
  private static final class Arguments {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream data = new DataOutputStream(bytes);

    Arguments() {}

    Arguments(int method) throws IOException {
      data.writeInt(method);
    }

    Arguments int8(int value) throws IOException {
      data.writeByte(value);
      return this;
    }

    Arguments int16(int value) throws IOException {
      data.writeShort(value);
      return this;
    }

    Arguments int32(int value) throws IOException {
      data.writeInt(value);
      return this;
    }

    Arguments int64(long value) throws IOException {
      data.writeLong(value);
      return this;
    }

    Arguments raw(byte[] value) throws IOException {
      data.write(value);
      return this;
    }

    Arguments shortString(String value) throws IOException {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      return int8(utf8.length).raw(utf8);
    }

    Arguments longString(String value) throws IOException {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      return int32(utf8.length).raw(utf8);
    }

    Arguments flag(String name) throws IOException {
      return shortString(name).int8('t').int8(1);
    }

    Arguments text(String name, String value) throws IOException {
      return shortString(name).int8('S').longString(value);
    }

    Arguments table(String name, Arguments entries) throws IOException {
      return shortString(name).int8('F').table(entries);
    }

    Arguments table(Arguments entries) throws IOException {
      return int32(entries.bytes.size()).raw(entries.toByteArray());
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
