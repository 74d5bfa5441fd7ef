package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Short strings: one octet for the length in bytes, then UTF-8. Stateless; any thread. */
public final class ShortString {
  /** The most bytes of UTF-8 that a short string can hold. */
  public static final int MAX_BYTES = 255;

  private static final char REPLACEMENT = '\uFFFD';

  private ShortString() {}

  /**
   * Reads one short string at the reader index. Stricter than RabbitMQ 3.10.8 in that encoded
   * surrogates and code points above U+10FFFF are malformed too.
   *
   * @throws ConnectionException 501 {@code Malformed UTF-8 in shortstr}
   * @throws IndexOutOfBoundsException if the buffer ends before the string does
   */
  public static String read(ByteBuf in) {
    int length = in.readUnsignedByte();
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    String value = new String(bytes, StandardCharsets.UTF_8);
    // Decoding puts U+FFFD where it fails; only if that is there, look whether it was sent as such.
    if (value.indexOf(REPLACEMENT) >= 0
        && !Arrays.equals(value.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new ConnectionException(ReplyCode.FRAME_ERROR, "Malformed UTF-8 in shortstr", 0, 0);
    }
    return value;
  }

  /**
   * Writes one short string at the writer index.
   *
   * @throws IllegalArgumentException if it has more than 255 bytes in UTF-8; the buffer is then as
   *     before
   */
  public static void write(ByteBuf out, String value) {
    int start = out.writerIndex();
    out.writeByte(0);
    int length = ByteBufUtil.writeUtf8(out, value);
    if (length > MAX_BYTES) {
      out.writerIndex(start);
      throw new IllegalArgumentException("short string of " + length + " bytes");
    }
    out.setByte(start, length);
  }
}
