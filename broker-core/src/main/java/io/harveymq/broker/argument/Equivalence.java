package io.harveymq.broker.argument;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares a second declaration with what exists, and says all differences in RabbitMQ's words. For
 * one declaration; one thread.
 *
 * <p>RabbitMQ compares arguments by their bare value: the width of an integer does not count, nor
 * whether text came as a string or as bytes; an integer never equals a float.
 */
public final class Equivalence {
  private static final String QUEUE_TYPE = "x-queue-type";
  private static final String DEFAULT_QUEUE_TYPE = "classic";

  private final String resource;
  private final List<String> differences = new ArrayList<>();

  /**
   * @param resource as {@link io.harveymq.broker.vhost.ResourceName} gives it
   */
  public Equivalence(String resource) {
    this.resource = resource;
  }

  /**
   * @param field the name in the reply text, such as {@code auto_delete}
   * @param current a boolean, or something whose toString is the protocol's word
   */
  public Equivalence field(String field, Object current, Object received) {
    if (!current.equals(received)) {
      differs(field, "'" + current + "'", "'" + received + "'");
    }
    return this;
  }

  /** Compares one x-argument. A missing {@code x-queue-type} is the same as {@code classic}. */
  public Equivalence argument(String name, FieldTable current, FieldTable received) {
    FieldValue was = current.get(name);
    FieldValue is = received.get(name);
    if (was == null && is == null) {
      return this;
    }
    if (was == null || is == null) {
      if (!isDefaultQueueType(name, was == null ? is : was)) {
        differs(name, typedText(was), typedText(is));
      }
    } else if (!ErlangTerm.identical(was, is)) {
      differs(name, bareText(was), bareText(is));
    }
    return this;
  }

  /**
   * Ends the comparison.
   *
   * @throws ChannelException 406 naming the first difference, with the others besides
   */
  public void check() {
    if (!differences.isEmpty()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          differences.get(0),
          differences.subList(1, differences.size()));
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

  private void differs(String name, String current, String received) {
    differences.add(
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
