package io.harveymq.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decisions read from the bytes of an input, one after another; zeros when there are no more. Small
 * changes of the bytes make small changes of what is decided.
 */
public final class Choices {
  private final byte[] bytes;
  private int at;

  public Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether there are bytes left. */
  public boolean more() {
    return at < bytes.length;
  }

  /** From 0 to 255. */
  public int octet() {
    return more() ? bytes[at++] & 0xFF : 0;
  }

  /** From 0 to {@code bound} - 1; a bound of up to 65,536. */
  public int below(int bound) {
    return bound <= 256 ? octet() % bound : (octet() << 8 | octet()) % bound;
  }

  public boolean flag() {
    return (octet() & 1) != 0;
  }

  @SafeVarargs
  public final <T> T of(T... values) {
    return values[below(values.length)];
  }

  /** So many bytes, or what is left. */
  public byte[] bytes(int count) {
    byte[] taken = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + count));
    at += taken.length;
    return taken;
  }

  /** Up to 255 bytes, their number first. */
  public byte[] some() {
    return bytes(octet());
  }

  /** Up to so many characters, their number first. */
  public String text(int most) {
    return new String(bytes(below(most + 1)), StandardCharsets.UTF_8);
  }

  /** All that is left. */
  public byte[] rest() {
    return bytes(bytes.length - at);
  }
}
