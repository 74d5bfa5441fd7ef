package io.harveymq.codec;

import io.netty.buffer.ByteBuf;

/**
 * Erlang's way to print a binary, for the error texts in which RabbitMQ shows the octets that it
 * could not read. Stateless; any thread.
 */
public final class ErlangTerm {
  /** A reply text has at most 255 bytes, so nobody sees what comes after this many characters. */
  private static final int MAX_CHARS = 256;

  private static final int SNIPPET_BYTES = 16;
  private static final String ESCAPED = "\b\t\n\u000B\f\r\u001B\"\\";
  private static final String ESCAPES = "btnvfre\"\\";

  private ErlangTerm() {}

  /**
   * The octets as numbers, {@code <<97,98>>}, as Erlang's {@code ~w} prints them. Cut without an
   * end mark after some 256 characters.
   *
   * @param octets its readable bytes are printed; the reader index is left alone
   */
  public static String binary(ByteBuf octets) {
    StringBuilder text = new StringBuilder("<<");
    int start = octets.readerIndex();
    int end = octets.writerIndex();
    for (int i = start; i < end && text.length() < MAX_CHARS; i++) {
      if (i > start) {
        text.append(',');
      }
      text.append(octets.getUnsignedByte(i));
    }
    return text.append(">>").toString();
  }

  /**
   * The octets as text where all are printable, {@code <<"abc">>}, otherwise as numbers, as
   * Erlang's {@code ~p} prints them; but Latin-1 letters count as not printable, because Erlang's
   * text would not be UTF-8, and long lines are not broken.
   *
   * @param octets its readable bytes are printed; the reader index is left alone
   */
  public static String pretty(ByteBuf octets) {
    if (!octets.isReadable()) {
      return "<<>>";
    }
    StringBuilder text = new StringBuilder("<<\"");
    for (int i = octets.readerIndex(); i < octets.writerIndex(); i++) {
      char octet = (char) octets.getUnsignedByte(i);
      int escape = ESCAPED.indexOf(octet);
      if (escape >= 0) {
        text.append('\\').append(ESCAPES.charAt(escape));
      } else if (octet >= ' ' && octet <= '~') {
        text.append(octet);
      } else {
        return binary(octets);
      }
    }
    return text.append("\">>").toString();
  }

  /**
   * The error for a frame that cannot be read: 501 {@code type 1, first 16 octets =
   * <<"abcdefghijklmnop">>: reason}, or {@code all octets} for at most 16. RabbitMQ shows no
   * octets, {@code all octets = <<>>}, when it refuses a frame for its announced size.
   *
   * @param type the frame type, 0 to 255
   * @param payload the frame's payload; the reader index is left alone
   * @param reason an Erlang term such as {@code unknown_frame} or {@code
   *     {frame_too_large,200000,131064}}
   */
  public static ConnectionException frameError(int type, ByteBuf payload, String reason) {
    return new ConnectionException(
        ReplyCode.FRAME_ERROR, describe(type, payload) + ": " + reason, 0, 0);
  }

  /**
   * The error for a frame that can be read but has no place where it came: 505 {@code type 8, all
   * octets = <<>>}.
   *
   * @param type the frame type, 0 to 255
   * @param payload the frame's payload; the reader index is left alone
   */
  public static ConnectionException unexpectedFrame(int type, ByteBuf payload) {
    return new ConnectionException(ReplyCode.UNEXPECTED_FRAME, describe(type, payload), 0, 0);
  }

  private static String describe(int type, ByteBuf payload) {
    boolean all = payload.readableBytes() <= SNIPPET_BYTES;
    ByteBuf shown = all ? payload : payload.slice(payload.readerIndex(), SNIPPET_BYTES);
    return "type " + type + ", " + (all ? "all" : "first 16") + " octets = " + pretty(shown);
  }
}
