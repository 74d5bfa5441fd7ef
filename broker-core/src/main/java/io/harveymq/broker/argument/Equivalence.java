package io.harveymq.broker.argument;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;

/**
 * Compares a second declaration with what exists, and says a difference in RabbitMQ's words.
 * Stateless; any thread.
 *
 * <p>RabbitMQ compares arguments by their bare value: the width of an integer does not count, nor
 * whether text came as a string or as bytes; an integer never equals a float.
 */
public final class Equivalence {
  private static final String QUEUE_TYPE = "x-queue-type";
  private static final String DEFAULT_QUEUE_TYPE = "classic";

  private Equivalence() {}

  /**
   * @param field the name in the reply text, such as {@code auto_delete}
   * @param resource as {@link io.harveymq.broker.vhost.ResourceName} gives it
   * @param current a boolean, or something whose toString is the protocol's word
   * @throws ChannelException 406 when the two are not equal
   */
  public static void assertField(String field, String resource, Object current, Object received) {
    if (!current.equals(received)) {
      throw inequivalent(field, resource, "'" + current + "'", "'" + received + "'");
    }
  }

  /**
   * Compares one x-argument. A missing {@code x-queue-type} is the same as {@code classic}.
   *
   * @throws ChannelException 406 when the two differ
   */
  public static void assertArgument(
      String name, String resource, FieldTable current, FieldTable received) {
    FieldValue was = current.get(name);
    FieldValue is = received.get(name);
    if (was == null && is == null) {
      return;
    }
    if (was == null || is == null) {
      if (!isDefaultQueueType(name, was == null ? is : was)) {
        throw inequivalent(name, resource, typedText(was), typedText(is));
      }
    } else if (!ErlangTerm.identical(was, is)) {
      throw inequivalent(name, resource, bareText(was), bareText(is));
    }
  }

  private static boolean isDefaultQueueType(String name, FieldValue value) {
    return name.equals(QUEUE_TYPE) && DEFAULT_QUEUE_TYPE.equals(ErlangTerm.stringOrNull(value));
  }

  private static String typedText(FieldValue value) {
    return value == null
        ? "none"
        : "the value '" + ErlangTerm.text(value) + "' of type '" + value.typeName() + "'";
  }

  /** Where both sides have a value RabbitMQ drops the types, and takes void for no value at all. */
  private static String bareText(FieldValue value) {
    return value instanceof FieldValue.Void ? "none" : "'" + ErlangTerm.text(value) + "'";
  }

  private static ChannelException inequivalent(
      String name, String resource, String current, String received) {
    return new ChannelException(
        ReplyCode.PRECONDITION_FAILED,
        "inequivalent arg '"
            + name
            + "' for "
            + resource
            + ": received "
            + received
            + " but current is "
            + current);
  }
}
