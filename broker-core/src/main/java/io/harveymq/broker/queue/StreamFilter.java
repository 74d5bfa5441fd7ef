package io.harveymq.broker.queue;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.HashSet;
import java.util.Set;

/**
 * Which messages of a stream a consumer wants, as its arguments x-stream-filter and
 * x-stream-match-unfiltered say. RabbitMQ leaves out only chunks of messages that have none of
 * these; here each single message is looked at. Immutable; any thread.
 *
 * @param values of the header x-stream-filter-value
 * @param unfiltered whether messages without that header are wanted, too
 */
record StreamFilter(Set<String> values, boolean unfiltered) {
  private static final String FILTER = "x-stream-filter";
  private static final String MATCH_UNFILTERED = "x-stream-match-unfiltered";
  private static final String FILTER_VALUE = "x-stream-filter-value";

  /** The filter that the arguments of a consumer ask for; null for none. */
  static StreamFilter of(FieldTable arguments) {
    FieldValue filter = arguments.get(FILTER);
    Set<String> values = new HashSet<>();
    if (filter instanceof FieldValue.Array array) {
      array.values().forEach(value -> add(value, values));
    } else if (!add(filter, values)) {
      return null;
    }
    boolean unfiltered =
        arguments.get(MATCH_UNFILTERED) instanceof FieldValue.Bool match && match.value();
    return new StreamFilter(values, unfiltered);
  }

  private static boolean add(FieldValue value, Set<String> to) {
    String text = ErlangTerm.stringOrNull(value);
    if (text != null) {
      to.add(text);
    }
    return text != null;
  }

  boolean matches(Message message) {
    FieldTable headers =
        BasicProperties.hasHeaders(message.properties())
            ? BasicProperties.trusted(message.properties()).headers()
            : FieldTable.EMPTY;
    String value = ErlangTerm.stringOrNull(headers.get(FILTER_VALUE));
    return value == null ? unfiltered : values.contains(value);
  }
}
