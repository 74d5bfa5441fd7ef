package io.harveymq.broker.queue;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Where a consumer begins to read a stream, as the argument x-stream-offset says. Immutable; any
 * thread.
 *
 * @param kind how it is given
 * @param value an offset, milliseconds since the epoch or milliseconds back from now; else 0
 */
public record StreamOffset(Kind kind, long value) {
  /** Ways to say it. */
  public enum Kind {
    FIRST,
    /** The last message; in RabbitMQ those that were written together with it, too. */
    LAST,
    NEXT,
    OFFSET,
    TIMESTAMP,
    AGO
  }

  /** Where a consumer begins that does not say. */
  static final StreamOffset NEXT = new StreamOffset(Kind.NEXT, 0);

  private static final long MILLIS = 1_000;
  private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");

  /**
   * Checks a value as an {@link io.harveymq.broker.argument.ArgumentCheck}.
   *
   * @param all not looked at
   */
  static String error(FieldValue value, FieldTable all) {
    return of(value) == null
        ? "{invalid_stream_offset_arg,{%s,%s}}".formatted(value.typeName(), ErlangTerm.print(value))
        : null;
  }

  /**
   * What a value means; RabbitMQ 3.10.8 fails with 541 where it is neither a number, a timestamp
   * nor text that begins with a digit, which is just invalid here.
   *
   * @param value null for none
   * @return null when it means nothing
   */
  static StreamOffset of(FieldValue value) {
    if (value == null) {
      return NEXT;
    }
    if (value.isInteger()) {
      return new StreamOffset(Kind.OFFSET, value.asLong());
    }
    if (value instanceof FieldValue.Timestamp timestamp) {
      long seconds = timestamp.seconds();
      boolean far = seconds < 0 || seconds > Long.MAX_VALUE / MILLIS;
      return new StreamOffset(Kind.TIMESTAMP, far ? Long.MAX_VALUE : seconds * MILLIS);
    }
    String text = text(value);
    if (text == null) {
      return null;
    }
    switch (text) {
      case "first":
        return new StreamOffset(Kind.FIRST, 0);
      case "last":
        return new StreamOffset(Kind.LAST, 0);
      case "next":
        return NEXT;
      default:
        long ago = value instanceof FieldValue.LongString ? StreamTime.millis(text) : -1;
        return ago < 0 ? null : new StreamOffset(Kind.AGO, ago);
    }
  }

  /**
   * The same as text: {@code first}, {@code last}, {@code next}, an offset, a time of ISO 8601, or
   * a span of time back from now, such as {@code 1h}.
   *
   * @return null when it is none of these
   */
  public static StreamOffset ofText(String text) {
    if (OFFSET.matcher(text).matches()) {
      return new StreamOffset(Kind.OFFSET, Long.parseLong(text));
    }
    try {
      return new StreamOffset(Kind.TIMESTAMP, Instant.parse(text).toEpochMilli());
    } catch (DateTimeParseException | ArithmeticException noTime) {
      return of(FieldValue.of(text));
    }
  }

  private static String text(FieldValue value) {
    return value instanceof FieldValue.Binary binary
        ? new String(binary.value(), StandardCharsets.UTF_8)
        : ErlangTerm.stringOrNull(value);
  }
}
