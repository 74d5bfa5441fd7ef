package io.harveymq.compat.differential;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection on which steps are sent as they are and everything that comes is read as {@link
 * Event}s. Confined to one thread.
 */
final class WireConnection implements Closeable {
  private static final int METHOD = 1;
  private static final int HEADER = 2;
  private static final int BODY = 3;
  private static final int FRAME_END = 0xCE;
  private static final int FRAME_MAX = 131_072;
  private static final int READ_TIMEOUT_MILLIS = 60_000;
  private static final String CAPABILITIES =
      "{capabilities=F:{consumer_cancel_notify=t:1,publisher_confirms=t:1,basic.nack=t:1}}";

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Map<Integer, Partial> partial = new HashMap<>();

  private WireConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
  }

  /**
   * An open connection, of a client that understands RabbitMQ's extensions or of one that does not.
   *
   * @param user whose name is the password, too
   */
  static WireConnection open(int port, String user, String vhost, boolean modern)
      throws IOException {
    WireConnection wire = new WireConnection(port);
    wire.out.write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    wire.out.flush();
    wire.expect("connection.start");
    String properties = modern ? CAPABILITIES : "{}";
    String login = "%00" + user + "%00" + user;
    wire.call(
        "connection.start-ok mechanism=PLAIN response=" + login + " properties=" + properties);
    wire.expect("connection.tune");
    wire.call("connection.tune-ok channel-max=2047 heartbeat=0 frame-max=" + FRAME_MAX);
    wire.call("connection.open vhost=" + vhost);
    wire.expect("connection.open-ok");
    return wire;
  }

  private void call(String method) throws IOException {
    send(Step.parse("0.0 " + method));
  }

  private void expect(String method) throws IOException {
    Event event = read();
    if (event == null || !event.is(method)) {
      throw new IOException(method + " was expected, not " + event);
    }
  }

  /** Sends the method that the step names, with its content if it has one. */
  void send(Step step) throws IOException {
    MethodTable.Shape shape = MethodTable.named(step.action());
    if (shape == null) {
      throw new IllegalArgumentException("no such method: " + step);
    }
    frame(METHOD, step.channel(), payload(shape, step));
    if (shape.hasContent() && !step.isSet("no-content")) {
      byte[] body = WireText.octets(step.get("body", ""));
      body = step.get("repeat", null) == null ? body : repeated(body, step.get("repeat", "1"));
      frame(HEADER, step.channel(), ContentText.header(step, body.length));
      for (int at = 0; at < body.length; at += FRAME_MAX - 8) {
        int end = Math.min(body.length, at + FRAME_MAX - 8);
        frame(BODY, step.channel(), Arrays.copyOfRange(body, at, end));
      }
    }
    flush();
  }

  private static byte[] repeated(byte[] body, String times) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = Integer.parseInt(times); i > 0; i--) {
      all.writeBytes(body);
    }
    return all.toByteArray();
  }

  /** Sends one frame with a payload of the step's own making. */
  void sendFrame(Step step) throws IOException {
    byte[] payload = WireText.octets(step.get("payload", ""));
    frame(Integer.parseInt(step.get("type", "1")), step.channel(), payload);
    flush();
  }

  private void flush() throws IOException {
    try {
      out.flush();
    } catch (SocketException closedByBroker) {
      return;
    }
  }

  private void frame(int type, int channel, byte[] payload) throws IOException {
    try {
      out.writeByte(type);
      out.writeShort(channel);
      out.writeInt(payload.length);
      out.write(payload);
      out.writeByte(FRAME_END);
    } catch (SocketException closedByBroker) {
      return;
    }
  }

  private static byte[] payload(MethodTable.Shape shape, Step step) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream payload = new DataOutputStream(octets);
    payload.writeShort(shape.classId());
    payload.writeShort(shape.methodId());
    int bits = 0;
    int bitCount = 0;
    for (MethodTable.Field field : shape.fields()) {
      if (field.type() == MethodTable.Type.BIT) {
        bits |= step.isSet(field.name()) ? 1 << bitCount : 0;
        bitCount++;
        continue;
      }
      if (bitCount > 0) {
        payload.writeByte(bits);
      }
      bits = 0;
      bitCount = 0;
      write(payload, field.type(), step.get(field.name(), null));
    }
    if (bitCount > 0) {
      payload.writeByte(bits);
    }
    return octets.toByteArray();
  }

  private static void write(DataOutputStream out, MethodTable.Type type, String value)
      throws IOException {
    long number =
        value == null || type.ordinal() >= MethodTable.Type.STR.ordinal()
            ? 0
            : Long.parseUnsignedLong(value);
    switch (type) {
      case U8 -> out.writeByte((int) number);
      case U16 -> out.writeShort((int) number);
      case U32 -> out.writeInt((int) number);
      case U64 -> out.writeLong(number);
      case TABLE -> out.write(WireText.table(value == null ? "{}" : value));
      default -> {
        byte[] octets = WireText.octets(value == null ? "" : value);
        if (type == MethodTable.Type.STR) {
          out.writeByte(octets.length);
        } else {
          out.writeInt(octets.length);
        }
        out.write(octets);
      }
    }
  }

  /**
   * The next method with its content, null when the broker has closed the socket.
   *
   * @throws java.net.SocketTimeoutException if nothing comes for three seconds
   */
  Event read() throws IOException {
    while (true) {
      Frame frame = readFrame();
      if (frame == null) {
        return null;
      }
      if (frame.type == METHOD) {
        ByteBuffer payload = ByteBuffer.wrap(frame.payload);
        MethodTable.Shape shape = MethodTable.numbered(payload.getShort(), payload.getShort());
        Event method = new Event(frame.channel, shape, fields(shape, payload), "");
        if (!shape.hasContent()) {
          return method;
        }
        partial.put(frame.channel, new Partial(method));
      } else {
        Partial content = partial.get(frame.channel);
        content.add(frame);
        if (content.isWhole()) {
          partial.remove(frame.channel);
          return content.event();
        }
      }
    }
  }

  /** A method whose content has not come as a whole. Confined to one thread. */
  private static final class Partial {
    private final Event method;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private byte[] header;

    Partial(Event method) {
      this.method = method;
    }

    void add(Frame frame) throws IOException {
      if (frame.type != (header == null ? HEADER : BODY)) {
        throw new IOException("frame of type " + frame.type + " within " + method);
      } else if (header == null) {
        header = frame.payload;
      } else {
        body.writeBytes(frame.payload);
      }
    }

    boolean isWhole() {
      return body.size() == ContentText.bodySize(header);
    }

    Event event() {
      String content = ContentText.properties(header) + " " + ContentText.body(body.toByteArray());
      return new Event(method.channel(), method.shape(), method.fields(), content);
    }
  }

  private static Map<String, String> fields(MethodTable.Shape shape, ByteBuffer payload) {
    Map<String, String> fields = new LinkedHashMap<>();
    int bits = 0;
    int bitCount = 0;
    for (MethodTable.Field field : shape.fields()) {
      if (field.type() == MethodTable.Type.BIT) {
        bits = bitCount == 0 ? payload.get() : bits;
        fields.put(field.name(), String.valueOf(bits >> bitCount++ & 1));
      } else {
        bitCount = 0;
        fields.put(field.name(), read(payload, field.type()));
      }
    }
    if (payload.hasRemaining()) {
      fields.put("rest", WireText.word(WireText.take(payload, payload.remaining())));
    }
    return fields;
  }

  private static String read(ByteBuffer in, MethodTable.Type type) {
    return switch (type) {
      case U8 -> String.valueOf(in.get() & 0xFF);
      case U16 -> String.valueOf(in.getShort() & 0xFFFF);
      case U32 -> String.valueOf(in.getInt() & 0xFFFFFFFFL);
      case U64 -> Long.toUnsignedString(in.getLong());
      case STR -> text(WireText.take(in, in.get() & 0xFF));
      case LONGSTR -> text(WireText.take(in, in.getInt()));
      case TABLE -> WireText.readTable(in);
      case BIT -> throw new IllegalStateException("a bit has no octet of its own");
    };
  }

  private static String text(byte[] octets) {
    return new String(octets, StandardCharsets.UTF_8);
  }

  private Frame readFrame() throws IOException {
    try {
      int type = in.readUnsignedByte();
      int channel = in.readUnsignedShort();
      byte[] payload = new byte[in.readInt()];
      in.readFully(payload);
      if (in.readUnsignedByte() != FRAME_END) {
        throw new IOException("no frame end");
      }
      return new Frame(type, channel, payload);
    } catch (EOFException | SocketException closedByBroker) {
      return null;
    }
  }

  private record Frame(int type, int channel, byte[] payload) {}

  /** Cuts the connection without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
