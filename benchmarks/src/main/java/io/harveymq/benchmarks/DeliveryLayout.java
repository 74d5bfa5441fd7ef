package io.harveymq.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where things are in a basic.deliver with its content. All deliveries of a run have the same size,
 * so the layout of the first holds for all, and counting bytes counts messages. Immutable.
 *
 * @param size octets from the method frame's first to the last body frame's end octet
 * @param tagOffset offset of the delivery tag
 * @param bodyOffset offset of the first body octet
 */
record DeliveryLayout(int size, int tagOffset, int bodyOffset) {

  /**
   * Parses the delivery at the buffer's start, leaving the buffer's position alone.
   *
   * @param length octets in the buffer
   * @return null while the delivery is incomplete
   * @throws IOException if it is not a delivery with a body of that size
   */
  static DeliveryLayout parse(ByteBuffer buffer, int length, int bodyBytes) throws IOException {
    int header = frameEnd(buffer, 0, length);
    if (header < 0) {
      return null;
    }
    int method = buffer.getInt(7);
    if (buffer.get(0) != Methods.FRAME_METHOD || method != Methods.BASIC_DELIVER) {
      throw new IOException("not a delivery: " + describe(buffer, method, header));
    }
    int tagOffset = 12 + (buffer.get(11) & 0xFF);
    int body = frameEnd(buffer, header, length);
    if (body < 0) {
      return null;
    }
    if (buffer.get(header) != Methods.FRAME_HEADER || buffer.getLong(header + 11) != bodyBytes) {
      throw new IOException("delivery with a body of another size than " + bodyBytes);
    }
    int end = body;
    for (int seen = 0; seen < bodyBytes; ) {
      int next = frameEnd(buffer, end, length);
      if (next < 0) {
        return null;
      }
      if (buffer.get(end) != Methods.FRAME_BODY) {
        throw new IOException("body frame expected, got frame type " + buffer.get(end));
      }
      seen += next - end - Methods.FRAME_OVERHEAD;
      end = next;
    }
    return new DeliveryLayout(end, tagOffset, body + 7);
  }

  /**
   * Checks the delivery at an offset by its tag and its end octet, which a lost, added or foreign
   * frame before it would shift.
   */
  void check(ByteBuffer buffer, int offset, long expectedTag) throws IOException {
    long tag = buffer.getLong(offset + tagOffset);
    if (tag != expectedTag || buffer.get(offset + size - 1) != Methods.FRAME_END) {
      throw new IOException("expected delivery tag " + expectedTag + " but found " + tag);
    }
  }

  private static int frameEnd(ByteBuffer buffer, int start, int length) throws IOException {
    if (start + 7 > length) {
      return -1;
    }
    int end = start + buffer.getInt(start + 3) + Methods.FRAME_OVERHEAD;
    if (end > length) {
      return -1;
    }
    if (buffer.get(end - 1) != Methods.FRAME_END) {
      throw new IOException("frame without end octet");
    }
    return end;
  }

  private static String describe(ByteBuffer buffer, int method, int end) {
    if (method == Methods.CONNECTION_CLOSE || method == Methods.CHANNEL_CLOSE) {
      return AmqpConnection.closeReason(buffer.duplicate().limit(end).position(11));
    }
    return "method " + (method >>> 16) + "." + (method & 0xFFFF);
  }
}
