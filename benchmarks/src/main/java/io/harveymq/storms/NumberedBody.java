package io.harveymq.storms;

import java.nio.ByteBuffer;

/**
 * Message bodies that tell their number and when they were sent, and of which every octet is known:
 * number, nanoseconds of {@link System#nanoTime()}, then octets that follow from the number and
 * their place. Stateless.
 */
public final class NumberedBody {
  /** Octets of the shortest body. */
  public static final int LEAST = 16;

  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final int SMALL = 400;
  private static final int LARGE = 20_000;
  private static final int LARGE_EVERY = 61;

  private NumberedBody() {}

  /** A body for a number; its length follows from the number, too. */
  public static byte[] of(long number, long nanos) {
    byte[] body = new byte[LEAST + length(number)];
    ByteBuffer.wrap(body).putLong(number).putLong(nanos);
    long mixed = number * MIX;
    for (int i = LEAST; i < body.length; i++) {
      body[i] = (byte) (mixed >>> (i & 31));
    }
    return body;
  }

  private static int length(long number) {
    int drawn = (int) ((number * MIX) >>> 33);
    return number % LARGE_EVERY == 0 ? drawn % LARGE : drawn % SMALL;
  }

  /** When the message was sent. */
  public static long nanos(byte[] body) {
    return ByteBuffer.wrap(body).getLong(Long.BYTES);
  }

  /**
   * The number of a body.
   *
   * @return -1 if it is not as it was made
   */
  public static long number(byte[] body) {
    if (body.length < LEAST) {
      return -1;
    }
    long number = ByteBuffer.wrap(body).getLong();
    if (number < 0 || body.length != LEAST + length(number)) {
      return -1;
    }
    long mixed = number * MIX;
    for (int i = LEAST; i < body.length; i++) {
      if (body[i] != (byte) (mixed >>> (i & 31))) {
        return -1;
      }
    }
    return number;
  }
}
