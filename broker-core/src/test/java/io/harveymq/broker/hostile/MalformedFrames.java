package io.harveymq.broker.hostile;

import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What no sane client sends on an open connection with channel 1, and what it is told. */
final class MalformedFrames {
  private static final int DECLARE = 50 << 16 | 10;
  private static final int PUBLISH = 60 << 16 | 40;

  /**
   * @param bytes sent after channel.open-ok
   * @param code of connection.close
   * @param text of connection.close after the code's name
   * @param method class and method id in connection.close
   * @param broken whether the stream can't be read on, so that close-ok isn't waited for
   */
  record Case(String name, byte[] bytes, int code, String text, int method, boolean broken) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Case> cases = new ArrayList<>();

  private MalformedFrames() {}

  static List<Case> all() {
    MalformedFrames all = new MalformedFrames();
    all.frames();
    all.methods();
    all.methodsOutOfPlace();
    all.contents();
    all.order();
    all.tables();
    return all.cases;
  }

  private void add(String name, int code, String text, int method, Frame... frames) {
    cases.add(new Case(name, Frame.bytes(frames), code, text, method, false));
  }

  private void addBroken(String name, String text, byte[] bytes) {
    cases.add(new Case(name, bytes, 501, text, 0, true));
  }

  private void frames() {
    String tooLarge = "type 3, all octets = <<>>: {frame_too_large,";
    Frame body = Frame.body(1, new byte[0]);
    addBroken(
        "a frame of 4 GiB", tooLarge + "4294967295,131064}", headOf(body.withSize(0xFFFFFFFF)));
    addBroken(
        "a frame of 2 GiB", tooLarge + "2147483648,131064}", headOf(body.withSize(0x80000000)));
    addBroken(
        "a frame one byte over the limit",
        tooLarge + "131073,131064}",
        headOf(body.withSize(131_073)));
    addBroken(
        "a frame with a wrong end",
        "type 1, all octets = <<0,50,0,10,0,0,1,113,0,0,0,0,0>>: {invalid_frame_end_marker,205}",
        Commands.declare(1, "q").withEnd(0xCD).bytes());
    addBroken(
        "text instead of frames",
        "type 72, all octets = <<>>: {frame_too_large,1819225120,131064}",
        "Hello, how do you do?".getBytes(StandardCharsets.US_ASCII));
    for (int type : new int[] {0, 4, 5, 7, 9, 255}) {
      add(
          "a frame of type " + type,
          501,
          "type " + type + ", all octets = <<\"ab\">>: unknown_frame",
          0,
          Frame.of(type, 1, new byte[] {'a', 'b'}));
    }
    add(
        "a heartbeat with a payload",
        501,
        "type 8, all octets = <<\"a\">>: unknown_frame",
        0,
        Frame.heartbeat().withPayload(new byte[] {'a'}));
    add(
        "a heartbeat on a channel",
        505,
        "type 8, all octets = <<>>",
        0,
        Frame.heartbeat().withChannel(1));
    add("a body on channel 0", 505, "type 3, all octets = <<>>", 0, body.withChannel(0));
  }

  /** A frame's type, channel and size, followed by a few bytes of what it declares. */
  private static byte[] headOf(Frame frame) {
    return Arrays.copyOf(frame.bytes(), 32);
  }

  private void methods() {
    byte[] declare = Commands.declare(1, "q").payload();
    add(
        "a method of three bytes",
        501,
        "type 1, all octets = <<0,60,0>>: unknown_frame",
        0,
        Frame.of(1, 1, new byte[] {0, 60, 0}));
    add(
        "an unknown class",
        503,
        "unimplemented method",
        77 << 16 | 10,
        Frame.of(1, 1, new byte[] {0, 77, 0, 10}));
    add(
        "an unknown method",
        503,
        "unimplemented method",
        60 << 16 | 200,
        Frame.of(1, 1, new byte[] {0, 60, 0, (byte) 200}));
    add(
        "arguments that are cut short",
        501,
        "cannot decode <<0,0,1>>",
        DECLARE,
        Frame.of(1, 1, Arrays.copyOf(declare, 7)));
    add(
        "arguments followed by more",
        501,
        "cannot decode <<0,0,1,113,0,0,0,0,0,0>>",
        DECLARE,
        Frame.of(1, 1, Arrays.copyOf(declare, declare.length + 1)));
    byte[] notText = declare.clone();
    notText[7] = (byte) 0xFF;
    add("a name that is no UTF-8", 501, "Malformed UTF-8 in shortstr", 0, Frame.of(1, 1, notText));
  }

  private void methodsOutOfPlace() {
    add(
        "a method that only brokers send",
        503,
        "unimplemented method",
        50 << 16 | 11,
        Frame.method(1, new QueueMethod.DeclareOk("q", 0, 0)));
    add(
        "connection.start from the client",
        504,
        "unexpected method in connection state running",
        10 << 16 | 10,
        Frame.method(0, new ConnectionMethod.Start(0, 9, FieldTable.EMPTY, "PLAIN", "en_US")));
    add(
        "connection.open again",
        504,
        "unexpected method in connection state running",
        10 << 16 | 40,
        Commands.open());
    add(
        "an immediate publish",
        540,
        "immediate=true",
        PUBLISH,
        Commands.publish(1, new BasicMethod.Publish("", "q", false, true), new byte[0])
            .toArray(new Frame[0]));
  }

  private void contents() {
    Frame publish = Commands.publishMethod(1, "q", false);
    Frame header = Frame.header(1, 4, BasicProperties.EMPTY);
    add(
        "a body longer than announced",
        501,
        "content body frame exceeds remaining content size",
        PUBLISH,
        publish,
        header,
        Frame.body(1, new byte[5]));
    add(
        "a header for another class",
        505,
        "expected content header for class 60, got one for class 10 instead",
        PUBLISH,
        publish,
        header.withPayload(withFirstShort(header.payload(), 10)));
    add(
        "a header of ten bytes",
        501,
        "type 2, all octets = <<0,60,0,0,0,0,0,0,0,0>>: unknown_frame",
        0,
        publish,
        header.withPayload(Arrays.copyOf(header.payload(), 10)));
  }

  private static byte[] withFirstShort(byte[] payload, int value) {
    byte[] changed = payload.clone();
    ByteBuffer.wrap(changed).putShort((short) value);
    return changed;
  }

  private void order() {
    Frame publish = Commands.publishMethod(1, "q", false);
    Frame header = Frame.header(1, 4, BasicProperties.EMPTY);
    Frame body = Frame.body(1, new byte[4]);
    String noHeader = "expected content header for class 60, got non content header frame instead";
    String noBody = "expected content body, got non content body frame instead";
    String noMethod = "expected method frame, got non method frame instead";
    add("a body without anything before it", 505, noMethod, 0, body);
    add("a header without a method", 505, noMethod, 0, header);
    add("a body instead of a header", 505, noHeader, PUBLISH, publish, body);
    add("a publish after a publish", 505, noHeader, PUBLISH, publish, publish);
    add("a header after a header", 505, noBody, PUBLISH, publish, header, header);
    add("a method instead of a body", 505, noBody, PUBLISH, publish, header, publish);
    add("a body more than needed", 505, noMethod, 0, publish, header, body, body);
    add(
        "a method on a channel that is not open",
        504,
        "expected 'channel.open'",
        DECLARE,
        Commands.declare(7, "q"));
    add(
        "channel.open twice",
        504,
        "second 'channel.open' seen",
        20 << 16 | 10,
        Commands.openChannel(1));
  }

  private void tables() {
    String tooDeep = "field table nested deeper than 128 levels";
    byte[] deep = nested(1_000);
    add(
        "arguments nested a thousand deep",
        501,
        tooDeep,
        DECLARE,
        Frame.of(1, 1, declareWith(deep)));
    byte[] arrays = nestedArrays(1_000);
    add(
        "arrays nested a thousand deep",
        501,
        tooDeep,
        DECLARE,
        Frame.of(1, 1, declareWith(arrays)));
    add(
        "headers nested a thousand deep",
        541,
        tooDeep,
        0,
        Commands.publishMethod(1, "q", false),
        Frame.of(2, 1, headerWith(deep)));
    byte[] pastEnd = ByteBuffer.allocate(4).putInt(0x7FFFFFFF).array();
    add(
        "a table longer than its frame",
        501,
        "cannot decode <<0,0,1,113,0,127,255,255,255>>",
        DECLARE,
        Frame.of(1, 1, declareWith(pastEnd)));
    byte[] longValue = table('k', (byte) 'S', ByteBuffer.allocate(4).putInt(0x7FFFFFF0).array());
    add(
        "a value longer than its table",
        501,
        "malformed field table: needs 2147483632 bytes where 0 are left",
        DECLARE,
        Frame.of(1, 1, declareWith(longValue)));
    add(
        "a value of unknown type",
        501,
        "malformed field table: type tag 90",
        DECLARE,
        Frame.of(1, 1, declareWith(table('k', (byte) 'Z', new byte[0]))));
  }

  /** An encoded table with its length that holds one value. */
  private static byte[] table(char key, byte tag, byte[] value) {
    ByteBuffer out = ByteBuffer.allocate(4 + 3 + value.length);
    out.putInt(3 + value.length).put((byte) 1).put((byte) key).put(tag).put(value);
    return out.array();
  }

  /** An encoded table within tables. */
  static byte[] nested(int depth) {
    byte[] inner = new byte[4];
    for (int i = 1; i < depth; i++) {
      inner = table('k', (byte) 'F', inner);
    }
    return inner;
  }

  private static byte[] nestedArrays(int depth) {
    byte[] inner = new byte[4];
    for (int i = 2; i < depth; i++) {
      byte[] outer = new byte[inner.length + 5];
      ByteBuffer.wrap(outer).putInt(inner.length + 1).put((byte) 'A').put(inner);
      inner = outer;
    }
    return table('k', (byte) 'A', inner);
  }

  private static byte[] declareWith(byte[] table) {
    byte[] declare = Commands.declare(1, "q").payload();
    byte[] changed = Arrays.copyOf(declare, declare.length - 4 + table.length);
    System.arraycopy(table, 0, changed, declare.length - 4, table.length);
    return changed;
  }

  private static byte[] headerWith(byte[] headers) {
    ByteBuffer payload = ByteBuffer.allocate(14 + headers.length);
    return payload.putInt(60 << 16).putLong(4).putShort((short) 0x2000).put(headers).array();
  }
}
