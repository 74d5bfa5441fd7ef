package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A connection on which the test decides about every octet, with an encoding of its own. A read
 * that gets nothing for ten seconds fails. Confined to one thread.
 */
final class RawConnection implements Closeable {
  static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int READ_TIMEOUT_MILLIS = 10_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;

  private RawConnection(InetSocketAddress broker) throws IOException {
    socket.connect(broker, 5_000);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /** A TCP connection on which nothing was sent yet. */
  static RawConnection connect() throws IOException {
    return new RawConnection(new InetSocketAddress(BrokerUnderTest.host(), BrokerUnderTest.port()));
  }

  /** A connection of guest's after connection.open-ok, to a broker on this port of loopback. */
  static RawConnection openLocal(int port) throws IOException {
    RawConnection raw = new RawConnection(new InetSocketAddress("127.0.0.1", port));
    Login.Mechanism guest = Login.Mechanism.plain("guest", "guest");
    raw.logIn(new Login(Map.of(), guest, "/", new Login.Tuning(2047, 131_072, 0)));
    return raw;
  }

  /** A connection after connection.open-ok. */
  static RawConnection open() throws IOException {
    return open(Login.guest());
  }

  /** A connection after connection.open-ok, logged in as told. */
  static RawConnection open(Login login) throws IOException {
    RawConnection raw = connect();
    raw.logIn(login);
    return raw;
  }

  private void logIn(Login login) throws IOException {
    sendProtocolHeader();
    expect(0, AmqpMethod.CONNECTION_START);
    send(0, AmqpMethod.CONNECTION_START_OK, login.startOk());
    expect(0, AmqpMethod.CONNECTION_TUNE);
    send(0, AmqpMethod.CONNECTION_TUNE_OK, login.tuneOk());
    send(0, AmqpMethod.CONNECTION_OPEN, login.open());
    expect(0, AmqpMethod.CONNECTION_OPEN_OK);
  }

  void sendProtocolHeader() throws IOException {
    sendOctets(PROTOCOL_HEADER);
  }

  void sendOctets(byte... octets) throws IOException {
    out.write(octets);
    out.flush();
  }

  void send(int channel, AmqpMethod method) throws IOException {
    send(channel, method, WireWriter.empty());
  }

  void send(int channel, AmqpMethod method, WireWriter arguments) throws IOException {
    WireWriter payload = new WireWriter().u16(method.classId()).u16(method.methodId());
    sendFrame(Frame.METHOD, channel, payload.raw(arguments.octets()).octets());
  }

  void sendFrame(int type, int channel, byte[] payload) throws IOException {
    WireWriter frame = new WireWriter().u8(type).u16(channel).longstr(payload).u8(Frame.END);
    sendOctets(frame.octets());
  }

  /** Sends a method and returns the arguments of the answer, which must be the next frame. */
  WireReader call(int channel, AmqpMethod method, WireWriter arguments, AmqpMethod answer)
      throws IOException {
    send(channel, method, arguments);
    return expect(channel, answer);
  }

  void openChannel(int channel) throws IOException {
    call(
        channel,
        AmqpMethod.CHANNEL_OPEN,
        new WireWriter().shortstr(""),
        AmqpMethod.CHANNEL_OPEN_OK);
  }

  /** Declares an exclusive queue. */
  void declareQueue(int channel, String queue) throws IOException {
    WireWriter arguments = new WireWriter().u16(0).shortstr(queue);
    arguments.bits(false, false, true, false, false).u32(0);
    call(channel, AmqpMethod.QUEUE_DECLARE, arguments, AmqpMethod.QUEUE_DECLARE_OK);
  }

  /** Consumes with the tag, without arguments, acknowledging by hand. */
  void consume(int channel, String queue, String tag) throws IOException {
    WireWriter arguments = new WireWriter().u16(0).shortstr(queue).shortstr(tag);
    arguments.bits(false, false, false, false).u32(0);
    call(channel, AmqpMethod.BASIC_CONSUME, arguments, AmqpMethod.BASIC_CONSUME_OK);
  }

  /** Publishes with no properties; the body goes in one frame, or none when it is empty. */
  void publish(int channel, String exchange, String routingKey, String body) throws IOException {
    byte[] octets = body.getBytes(StandardCharsets.UTF_8);
    sendPublish(channel, exchange, routingKey, false);
    sendFrame(Frame.HEADER, channel, contentHeader(octets.length));
    if (octets.length > 0) {
      sendFrame(Frame.BODY, channel, octets);
    }
  }

  /** Only the basic.publish method, without its content. */
  void sendPublish(int channel, String exchange, String routingKey, boolean mandatory)
      throws IOException {
    WireWriter arguments = new WireWriter().u16(0).shortstr(exchange).shortstr(routingKey);
    send(channel, AmqpMethod.BASIC_PUBLISH, arguments.bits(mandatory, false));
  }

  /** The payload of a content header of class basic without properties. */
  static byte[] contentHeader(long bodySize) {
    return new WireWriter().u16(60).u16(0).u64(bodySize).u16(0).octets();
  }

  /** Proves that the broker has handled all that was sent on the channel and sent nothing more. */
  void expectNothingMore(int channel) throws IOException {
    WireWriter active = new WireWriter().bits(true);
    assertThat(call(channel, AmqpMethod.CHANNEL_FLOW, active, AmqpMethod.CHANNEL_FLOW_OK).u8())
        .isEqualTo(1);
  }

  /** The next frame, heartbeats included. */
  Frame read() throws IOException {
    int type = in.readUnsignedByte();
    int channel = in.readUnsignedShort();
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    assertThat(in.readUnsignedByte()).as("frame end").isEqualTo(Frame.END);
    return new Frame(type, channel, payload);
  }

  byte[] readOctets(int count) throws IOException {
    byte[] octets = new byte[count];
    in.readFully(octets);
    return octets;
  }

  /** The arguments of the next frame, which must be this method on this channel. */
  WireReader expect(int channel, AmqpMethod method) throws IOException {
    Frame frame = read();
    assertThat(frame.method()).as("%s", frame).isEqualTo(method);
    assertThat(frame.channel()).as("%s", frame).isEqualTo(channel);
    return frame.arguments();
  }

  /** The content after a deliver, get-ok or return: header payload and whole body. */
  Content expectContent(int channel) throws IOException {
    Frame header = read();
    assertThat(header.type()).as("%s", header).isEqualTo(Frame.HEADER);
    assertThat(header.channel()).as("%s", header).isEqualTo(channel);
    WireReader reader = new WireReader(header.payload());
    assertThat(reader.u16()).isEqualTo(60);
    assertThat(reader.u16()).isZero();
    long size = reader.u64();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int largest = 0;
    while (body.size() < size) {
      Frame frame = read();
      assertThat(frame.type()).as("%s", frame).isEqualTo(Frame.BODY);
      assertThat(frame.channel()).as("%s", frame).isEqualTo(channel);
      largest = Math.max(largest, frame.payload().length);
      body.writeBytes(frame.payload());
    }
    assertThat(body.size()).isEqualTo((int) size);
    return new Content(reader.rest(), body.toByteArray(), largest);
  }

  /** Properties (flags and list, as on the wire), body, and the size of the largest body frame. */
  record Content(byte[] properties, byte[] body, int largestFrame) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** The channel.close that must come next; answers it. */
  Closing expectChannelClose(int channel) throws IOException {
    Frame frame = read();
    assertThat(frame.method()).as("%s", frame).isEqualTo(AmqpMethod.CHANNEL_CLOSE);
    assertThat(frame.channel()).as("%s", frame).isEqualTo(channel);
    send(channel, AmqpMethod.CHANNEL_CLOSE_OK);
    return Closing.read(frame);
  }

  /** The connection.close that must come next; answers it and sees the broker close the socket. */
  Closing expectConnectionClose() throws IOException {
    Frame frame = read();
    assertThat(frame.method()).as("%s", frame).isEqualTo(AmqpMethod.CONNECTION_CLOSE);
    assertThat(frame.channel()).as("%s", frame).isZero();
    try {
      send(0, AmqpMethod.CONNECTION_CLOSE_OK);
    } catch (SocketException alreadyGone) {
      return Closing.read(frame);
    }
    expectEnd();
    return Closing.read(frame);
  }

  /** The broker must have closed the socket without sending anything more. */
  void expectEnd() throws IOException {
    int octet;
    try {
      octet = in.read();
    } catch (SocketException reset) {
      return;
    }
    assertThat(octet).as("an octet where the end was expected").isEqualTo(-1);
  }

  /** Reads and drops frames until the broker closes the socket; returns how many there were. */
  int framesUntilEnd() throws IOException {
    for (int frames = 0; ; frames++) {
      try {
        read();
      } catch (EOFException | SocketException end) {
        return frames;
      }
    }
  }

  void readTimeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** Cuts the connection with a TCP reset instead of an orderly end. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Cuts the connection without a word of AMQP. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
