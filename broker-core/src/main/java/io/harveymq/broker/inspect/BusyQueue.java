package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.DeadArrivals;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.OverflowBehaviour;
import io.harveymq.broker.queue.QueueSettings;
import io.harveymq.broker.queue.RepeatedDeliveries;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.List;

/**
 * A queue that something may be the matter with, as it was at one time: it holds messages, it was
 * too full for some, or it drops them to an exchange. Immutable.
 *
 * @param missingExchange the exchange that is to get its dead letters and is not there; null for
 *     none
 * @param leadsNowhere whether dead letters of it came to an exchange that nothing is bound to now
 * @param maxLength messages that may wait; null for any number
 * @param maxBytes bytes of their bodies; null for any number
 * @param overflow what becomes of what is too much
 * @param deadLetterExchange what gets its dead letters; null for none
 * @param isWaitingRoom whether its messages go on to another exchange after a time
 * @param repeated the message that consumers gave back most often, if that is often; else null
 * @param death how the first message came here as a dead letter; null if it is none
 * @param deaths what most of the dead letters died of that it holds; null if that is not known
 * @param consumers of a few consumers all, of many none
 */
public record BusyQueue(
    QueueInfo queue,
    String missingExchange,
    boolean leadsNowhere,
    Long maxLength,
    Long maxBytes,
    OverflowBehaviour overflow,
    String deadLetterExchange,
    boolean isWaitingRoom,
    RepeatedDeliveries.Repeated repeated,
    Death death,
    DeadArrivals.Most deaths,
    List<ConsumerInfo> consumers) {
  private static final int FEW = 16;
  private static final List<Counter> DEATHS =
      List.of(
          Counter.DEAD_LETTERED_EXPIRED,
          Counter.DEAD_LETTERED_REJECTED,
          Counter.DEAD_LETTERED_MAXLEN,
          Counter.DEAD_LETTERED_DELIVERY_LIMIT);

  /**
   * What the header x-death tells of a message.
   *
   * @param queue where it died last
   * @param reason such as {@code rejected}
   * @param time when, in milliseconds since the epoch; 0 for unknown
   * @param cameBack whether it died in the queue that it is in now
   */
  public record Death(String queue, String reason, long time, boolean cameBack) {}

  /** Looks at a queue, on its home loop; null when nothing can be the matter. */
  static BusyQueue of(VirtualHost vhost, AmqpQueue queue, Sampler sampler) {
    QueueSettings settings =
        queue instanceof MessageQueue whole ? whole.settings() : QueueSettings.NONE;
    String exchange = settings.deadLetterExchange();
    boolean missing = exchange != null && vhost.exchangeOrNull(exchange) == null;
    boolean nowhere = exchange != null && hasDeadLettered(queue) && isUnbound(vhost, exchange);
    var repeated = queue.mostRepeated();
    boolean wasFull =
        queue.counters().get(Counter.DROPPED_MAXLEN) > 0
            || queue.counters().get(Counter.REJECTED_MAXLEN) > 0;
    boolean empty =
        queue.readyCount() == 0 && queue.unackedCount() == 0 && repeated == null && !wasFull;
    if (queue.isDeleted() || !missing && !nowhere && empty) {
      return null;
    }
    boolean few = queue.consumerCount() <= FEW;
    return new BusyQueue(
        QueueInfo.of(vhost, queue, sampler),
        missing ? exchange : null,
        nowhere,
        settings.maxLength(),
        settings.maxLengthBytes(),
        settings.overflow(),
        exchange,
        exchange != null && settings.messageTtl() != null,
        repeated,
        queue instanceof MessageQueue whole ? death(whole) : null,
        queue.mostDeadArrivals(),
        few
            ? queue.consumers().stream().map(one -> ConsumerInfo.of(vhost.name(), one)).toList()
            : List.of());
  }

  private static boolean hasDeadLettered(AmqpQueue queue) {
    return DEATHS.stream().anyMatch(death -> queue.counters().get(death) > 0);
  }

  private static boolean isUnbound(VirtualHost vhost, String name) {
    Exchange exchange = name.isEmpty() ? null : vhost.exchangeOrNull(name);
    return exchange != null && exchange.bindingCount() == 0 && exchange.alternateExchange() == null;
  }

  private static Death death(MessageQueue queue) {
    Message first = queue.lanes().peek();
    FieldTable headers =
        first == null ? null : BasicProperties.trusted(first.properties()).headers();
    if (headers == null
        || !(headers.get("x-death") instanceof FieldValue.Array deaths)
        || deaths.values().isEmpty()
        || !(deaths.values().get(0) instanceof FieldValue.Table last)) {
      return null;
    }
    boolean cameBack =
        deaths.values().stream()
            .anyMatch(
                death ->
                    death instanceof FieldValue.Table table
                        && queue.name().equals(text(table.value(), "queue")));
    long time =
        last.value().get("time") instanceof FieldValue.Timestamp when ? when.seconds() * 1_000 : 0;
    return new Death(text(last.value(), "queue"), text(last.value(), "reason"), time, cameBack);
  }

  private static String text(FieldTable table, String key) {
    return table.get(key) instanceof FieldValue.LongString text ? text.asString() : "";
  }
}
