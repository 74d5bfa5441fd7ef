package io.harveymq.broker.argument;

import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.List;

/**
 * Checks the value of one x-argument. The checks here are those that several arguments share; their
 * error texts are RabbitMQ's, Erlang terms included. Stateless; any thread.
 */
@FunctionalInterface
public interface ArgumentCheck {
  /** Ten years of 365 days in milliseconds, the longest time that RabbitMQ takes. */
  long MAX_EXPIRY_MS = 315_360_000_000L;

  /**
   * Returns what is wrong with the value, as the end of RabbitMQ's reply text, or null when nothing
   * is.
   *
   * @param all the table that the value is from
   */
  String error(FieldValue value, FieldTable all);

  static String integer(FieldValue value, FieldTable all) {
    return value.isInteger()
        ? null
        : ErlangTerm.quoted("expected integer, got " + value.typeName());
  }

  static String nonNegativeInteger(FieldValue value, FieldTable all) {
    String error = integer(value, all);
    return error == null && value.asLong() < 0 ? tuple("value_negative", value) : error;
  }

  static String positiveInteger(FieldValue value, FieldTable all) {
    String error = nonNegativeInteger(value, all);
    return error == null && value.asLong() == 0 ? tuple("value_zero", value) : error;
  }

  /** A time in milliseconds, from 0 to ten years. */
  static String timeToLive(FieldValue value, FieldTable all) {
    String error = nonNegativeInteger(value, all);
    return error == null && value.asLong() > MAX_EXPIRY_MS
        ? tuple("value_too_large", value)
        : error;
  }

  /** A time in milliseconds, from 1 to ten years. */
  static String expires(FieldValue value, FieldTable all) {
    String error = positiveInteger(value, all);
    return error == null ? timeToLive(value, all) : error;
  }

  static String bool(FieldValue value, FieldTable all) {
    return value instanceof FieldValue.Bool ? null : unacceptableType(value);
  }

  static String string(FieldValue value, FieldTable all) {
    return ErlangTerm.stringOrNull(value) == null ? unacceptableType(value) : null;
  }

  /** A string out of the given ones; {@code error} is the whole error text for any other string. */
  static ArgumentCheck oneOf(String error, List<String> allowed) {
    return (value, all) -> {
      String text = ErlangTerm.stringOrNull(value);
      if (text == null) {
        return unacceptableType(value);
      }
      return allowed.contains(text) ? null : error;
    };
  }

  /** Like {@link #oneOf}, with an error such as {@code "unsupported queue mode 'x'"}. */
  static ArgumentCheck supported(String what, List<String> allowed) {
    return (value, all) -> {
      String text = ErlangTerm.stringOrNull(value);
      if (text == null) {
        return unacceptableType(value);
      }
      return allowed.contains(text)
          ? null
          : ErlangTerm.quoted("unsupported " + what + " '" + text + "'");
    };
  }

  /** The error {@code {name,number}} about an integer. */
  static String tuple(String name, FieldValue integer) {
    return "{" + name + "," + integer.asLong() + "}";
  }

  static String unacceptableType(FieldValue value) {
    return "{unacceptable_type," + value.typeName() + "}";
  }
}
