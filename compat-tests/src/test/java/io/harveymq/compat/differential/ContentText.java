package io.harveymq.compat.differential;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Content headers of class basic from the arguments of a step, and as text. Stateless; any thread.
 */
final class ContentText {
  /** In the order of their flags, with the type of each. */
  private static final List<String> PROPERTIES =
      List.of(
          "content-type:str",
          "content-encoding:str",
          "headers:table",
          "delivery-mode:u8",
          "priority:u8",
          "correlation-id:str",
          "reply-to:str",
          "expiration:str",
          "message-id:str",
          "timestamp:u64",
          "type:str",
          "user-id:str",
          "app-id:str",
          "cluster-id:str");

  private static final int BASIC = 60;
  private static final int LONGEST_BODY_SHOWN = 80;

  private ContentText() {}

  /** The payload of the header frame for a step's properties. */
  static byte[] header(Step step, long bodySize) {
    int flags = 0;
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int i = 0; i < PROPERTIES.size(); i++) {
      String[] property = PROPERTIES.get(i).split(":");
      String value = step.get(property[0], null);
      if (value != null) {
        flags |= 1 << (15 - i);
        values.writeBytes(encoded(property[1], value));
      }
    }
    ByteBuffer header = ByteBuffer.allocate(14 + values.size());
    header.putShort((short) BASIC).putShort((short) 0).putLong(bodySize).putShort((short) flags);
    return header.put(values.toByteArray()).array();
  }

  private static byte[] encoded(String type, String value) {
    return switch (type) {
      case "table" -> WireText.table(value);
      case "u8" -> new byte[] {(byte) Integer.parseInt(value)};
      case "u64" -> ByteBuffer.allocate(8).putLong(Long.parseUnsignedLong(value)).array();
      default -> {
        byte[] octets = WireText.octets(value);
        yield ByteBuffer.allocate(1 + octets.length).put((byte) octets.length).put(octets).array();
      }
    };
  }

  /** The size of the body that a header frame announces. */
  static long bodySize(byte[] header) {
    return ByteBuffer.wrap(header).getLong(4);
  }

  /** A header frame's properties. */
  static String properties(byte[] header) {
    ByteBuffer in = ByteBuffer.wrap(header).position(12);
    int flags = in.getShort();
    List<String> set = new ArrayList<>();
    for (int i = 0; i < PROPERTIES.size(); i++) {
      if ((flags & 1 << (15 - i)) != 0) {
        String[] property = PROPERTIES.get(i).split(":");
        set.add(property[0] + "=" + decoded(property[1], in));
      }
    }
    if (in.hasRemaining() || (flags & 3) != 0) {
      set.add("flags=" + flags + " rest=" + in.remaining());
    }
    return set.stream().collect(Collectors.joining(" ", "(", ")"));
  }

  private static String decoded(String type, ByteBuffer in) {
    return switch (type) {
      case "table" -> WireText.readTable(in);
      case "u8" -> String.valueOf(in.get() & 0xFF);
      case "u64" -> Long.toUnsignedString(in.getLong());
      default -> WireText.word(WireText.take(in, in.get() & 0xFF));
    };
  }

  /** The body, or what identifies a long one. */
  static String body(byte[] body) {
    return body.length <= LONGEST_BODY_SHOWN
        ? WireText.word(body)
        : body.length + " octets with hash " + Arrays.hashCode(body);
  }
}
