package io.harveymq.broker.vhost;

import io.harveymq.broker.DeathHeaderStyle;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The headers that tell of a message's deaths: x-death with an entry for each queue and reason, the
 * latest first, and x-first-death-*, x-last-death-*. Immutable; any thread.
 *
 * @param reason why it died, as x-death has it
 * @param queue where
 * @param exchange what it had been published to
 * @param routingKeys what it had been published with, those in CC included
 * @param seconds when, since the epoch
 */
record DeathHeaders(
    String reason, String queue, String exchange, List<String> routingKeys, long seconds) {
  private static final String DEATHS = "x-death";
  private static final String COUNT = "count";

  /** The properties of the message as it goes on: with this death noted, without its expiration. */
  BasicProperties addTo(BasicProperties properties, boolean wasDeadLetter, DeathHeaderStyle style) {
    FieldTable headers = properties.headers() == null ? FieldTable.EMPTY : properties.headers();
    List<FieldValue> known =
        style == DeathHeaderStyle.ANNOTATIONS && !wasDeadLetter ? List.of() : deaths(headers);
    boolean first =
        known.isEmpty() && !(headers.get(DEATHS) instanceof FieldValue.Array)
            || style == DeathHeaderStyle.ANNOTATIONS && !wasDeadLetter;
    if (first) {
      headers = with(headers, "first");
    }
    if (style != DeathHeaderStyle.HEADERS) {
      headers = with(headers, "last");
    }
    FieldValue deaths = new FieldValue.Array(updated(known, properties.expiration(), style));
    headers = headers.with(DEATHS, deaths).sorted();
    return properties.toBuilder().headers(headers).expiration(null).build();
  }

  private FieldTable with(FieldTable headers, String which) {
    return headers
        .with("x-" + which + "-death-reason", FieldValue.of(reason))
        .with("x-" + which + "-death-queue", FieldValue.of(queue))
        .with("x-" + which + "-death-exchange", FieldValue.of(exchange));
  }

  /** The entries of x-death; none if it is no array. */
  static List<FieldValue> deaths(FieldTable headers) {
    return headers.get(DEATHS) instanceof FieldValue.Array array ? array.values() : List.of();
  }

  private List<FieldValue> updated(
      List<FieldValue> known, String expiration, DeathHeaderStyle style) {
    List<FieldValue> others = new ArrayList<>(known);
    if (style == DeathHeaderStyle.HEADERS && others.size() > 1) {
      Collections.reverse(others);
    }
    FieldTable same = null;
    for (FieldValue value : known) {
      if (value instanceof FieldValue.Table table && isSame(table.value())) {
        same = table.value();
        others.remove(value);
      }
    }
    FieldTable latest = same == null ? entry(expiration, style) : counted(same);
    // RabbitMQ sorts an entry as soon as it has touched it.
    others.add(0, FieldValue.of(known.isEmpty() ? latest : latest.sorted()));
    return others;
  }

  private boolean isSame(FieldTable entry) {
    return text(entry, "queue").equals(queue) && text(entry, "reason").equals(reason);
  }

  /** The text of an entry's field, "" when there is none. */
  static String text(FieldTable entry, String field) {
    return entry.get(field) instanceof FieldValue.LongString string ? string.asString() : "";
  }

  private FieldTable entry(String expiration, DeathHeaderStyle style) {
    FieldTable.Builder entry = FieldTable.builder();
    if (expiration != null && style != DeathHeaderStyle.HEADERS) {
      entry.put("original-expiration", expiration);
    }
    entry
        .put(COUNT, 1L)
        .put("reason", reason)
        .put("queue", queue)
        .put("time", new FieldValue.Timestamp(seconds))
        .put("exchange", exchange)
        .put(
            "routing-keys",
            new FieldValue.Array(
                routingKeys.stream().map(key -> (FieldValue) FieldValue.of(key)).toList()));
    if (expiration != null && style == DeathHeaderStyle.HEADERS) {
      entry.put("original-expiration", expiration);
    }
    return entry.build();
  }

  private static FieldTable counted(FieldTable entry) {
    FieldValue count = entry.get(COUNT);
    long before = count instanceof FieldValue.IntegerValue ? count.asLong() : 0;
    return entry.with(COUNT, FieldValue.of(before + 1));
  }
}
