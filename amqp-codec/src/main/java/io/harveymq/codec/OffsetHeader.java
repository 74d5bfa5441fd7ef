package io.harveymq.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header x-stream-offset that deliveries from a stream have: put behind the other headers, all
 * else staying byte for byte as it is. Stateless; any thread.
 */
public final class OffsetHeader {
  /** Its name. */
  public static final String NAME = "x-stream-offset";

  private static final byte[] NAME_BYTES = NAME.getBytes(StandardCharsets.US_ASCII);
  private static final byte LONG_LONG_INT = 'l';
  private static final int FIELD = 1 + NAME_BYTES.length + 1 + Long.BYTES;

  private OffsetHeader() {}

  /**
   * Encoded properties with the header; one of that name that was there is replaced, because the
   * message comes from another stream.
   *
   * @param properties encoded and valid
   */
  public static byte[] addTo(byte[] properties, long offset) {
    ByteBuffer all = ByteBuffer.wrap(properties);
    boolean hasHeaders = BasicProperties.hasHeaders(properties);
    int table = BasicProperties.headersAt(properties);
    int length = hasHeaders ? all.getInt(table) : 0;
    int fields = hasHeaders ? table + Integer.BYTES : table;
    if (hasHeaders && isIn(properties, fields, fields + length)) {
      BasicProperties decoded = BasicProperties.trusted(properties);
      FieldTable headers = decoded.headers().with(NAME, FieldValue.of(offset));
      return decoded.toBuilder().headers(headers).build().encoded();
    }
    int end = fields + length;
    int more = FIELD + (hasHeaders ? 0 : Integer.BYTES);
    ByteBuffer to = ByteBuffer.wrap(new byte[properties.length + more]);
    to.put(properties, 0, table)
        .putInt(length + FIELD)
        .put(properties, fields, length)
        .put((byte) NAME_BYTES.length)
        .put(NAME_BYTES)
        .put(LONG_LONG_INT)
        .putLong(offset)
        .put(properties, end, properties.length - end);
    to.putShort(0, (short) (all.getShort(0) | BasicProperties.HEADERS));
    return to.array();
  }

  /** Whether the name may be there, as a key or as part of something else. */
  private static boolean isIn(byte[] bytes, int from, int until) {
    int last = until - NAME_BYTES.length;
    for (int at = from; at <= last; at++) {
      if (bytes[at] == NAME_BYTES[0]
          && Arrays.equals(bytes, at, at + NAME_BYTES.length, NAME_BYTES, 0, NAME_BYTES.length)) {
        return true;
      }
    }
    return false;
  }
}
