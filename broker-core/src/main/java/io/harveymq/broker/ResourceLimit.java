package io.harveymq.broker;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit in bytes, absolute or as a part of the JVM's largest heap. (RabbitMQ's relative limits
 * are parts of the machine's memory, of which a JVM uses no more than its heap.) Immutable; any
 * thread.
 */
public final class ResourceLimit {
  private static final Pattern ABSOLUTE = Pattern.compile("([0-9]{1,15})([a-z]*)");
  private static final Pattern RELATIVE = Pattern.compile("[01]|[0-9]{0,9}\\.[0-9]{1,9}");

  private final double part;
  private final long bytes;

  private ResourceLimit(double part, long bytes) {
    this.part = part;
    this.bytes = bytes;
  }

  /**
   * A number of bytes.
   *
   * @throws IllegalArgumentException for less than 0
   */
  public static ResourceLimit absolute(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit must not be negative, not " + bytes);
    }
    return new ResourceLimit(Double.NaN, bytes);
  }

  /**
   * A part of the largest heap; 1 is all of it.
   *
   * @throws IllegalArgumentException for less than 0, and what is no number
   */
  public static ResourceLimit relative(double part) {
    if (!(part >= 0) || Double.isInfinite(part)) {
      throw new IllegalArgumentException("a limit must not be negative, not " + part);
    }
    return new ResourceLimit(part, 0);
  }

  /**
   * Reads a limit as RabbitMQ writes them: {@code 0.4} is relative, as are 0 and 1, {@code
   * 50000000}, {@code 512MiB}, {@code 512M} (both times 1,024 twice) and {@code 512MB} (times
   * 1,000,000) are absolute. Units are k, m, g and t, in any case.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ResourceLimit parse(String text) {
    if (RELATIVE.matcher(text).matches()) {
      return relative(Double.parseDouble(text));
    }
    Matcher matcher = ABSOLUTE.matcher(text.toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long factor = factor(matcher.group(2));
      long number = Long.parseLong(matcher.group(1));
      if (factor > 0 && number <= Long.MAX_VALUE / factor) {
        return absolute(number * factor);
      }
    }
    throw new IllegalArgumentException("not a part such as 0.4 nor a size such as 512MiB: " + text);
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "" -> 1;
      case "k", "kib" -> 1L << 10;
      case "m", "mib" -> 1L << 20;
      case "g", "gib" -> 1L << 30;
      case "t", "tib" -> 1L << 40;
      case "kb" -> 1_000L;
      case "mb" -> 1_000_000L;
      case "gb" -> 1_000_000_000L;
      case "tb" -> 1_000_000_000_000L;
      default -> 0;
    };
  }

  /** The limit in bytes. */
  public long bytes() {
    return Double.isNaN(part) ? bytes : (long) (part * Runtime.getRuntime().maxMemory());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResourceLimit limit
        && Double.compare(part, limit.part) == 0
        && bytes == limit.bytes;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(part) * 31 + Long.hashCode(bytes);
  }

  /** Such as {@code 0.4} or {@code 50000000}. */
  @Override
  public String toString() {
    return Double.isNaN(part) ? Long.toString(bytes) : Double.toString(part);
  }
}
