package io.harveymq.management.api;

import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counter;
import io.harveymq.management.http.Listing;
import io.harveymq.management.json.StatsJson;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How queues are sorted by the fields that lists of them show as columns, without making JSON of
 * all: of ten thousand queues that takes a tenth of a second. Stateless.
 */
final class QueueOrders {
  /** Sorts by what comes in, dead letters included; no field has that sum. */
  private static final String IN_RATE = "harvey.in_rate";

  private QueueOrders() {}

  /** Adds them. */
  static Listing<QueueInfo> addTo(Listing<QueueInfo> listing) {
    listing
        .usually(Comparator.comparing(QueueInfo::vhost).thenComparing(QueueInfo::name))
        .sortable("name", Comparator.comparing(QueueInfo::name))
        .sortable("vhost", Comparator.comparing(QueueInfo::vhost))
        .sortable("type", Comparator.comparing(queue -> queue.type().name()))
        .sortable("consumers", Comparator.comparingInt(QueueInfo::consumers))
        .sortable("messages", Comparator.comparingLong(queue -> queue.messages().all()))
        .sortable("messages_ready", Comparator.comparingLong(queue -> queue.messages().ready()))
        .sortable(
            "messages_unacknowledged",
            Comparator.comparingLong(queue -> queue.messages().unacknowledged()))
        .sortableByNumber("memory", queue -> (double) queue.memory())
        .sortableByKnownNumber("oldest_since", QueueOrders::oldest);
    addSizes(listing);
    return addRates(listing);
  }

  private static void addSizes(Listing<QueueInfo> listing) {
    listing
        .sortableByNumber("messages_ram", unlessStream(QueueJson::inMemory))
        .sortableByNumber("messages_persistent", unlessStream(QueueInfo::persistent))
        .sortableByNumber("message_bytes", unlessStream(queue -> queue.messages().allBytes()))
        .sortableByNumber(
            "message_bytes_ready", unlessStream(queue -> queue.messages().readyBytes()))
        .sortableByNumber(
            "message_bytes_unacknowledged",
            unlessStream(queue -> queue.messages().unacknowledgedBytes()))
        .sortableByNumber("message_bytes_ram", unlessStream(QueueJson::bytesInMemory))
        .sortableByNumber("message_bytes_persistent", unlessStream(QueueInfo::persistentBytes))
        .sortableByNumber("consumer_capacity", unlessStream(QueueJson::capacity));
  }

  private static Listing<QueueInfo> addRates(Listing<QueueInfo> listing) {
    return listing
        .sortableByNumber(rate("publish"), queue -> StatsJson.publishRate(queue.figures()))
        .sortableByNumber(rate("deliver_get"), queue -> StatsJson.deliverGetRate(queue.figures()))
        .sortableByNumber(
            rate("redeliver"), queue -> StatsJson.rate(queue.figures(), Counter.REDELIVER))
        .sortableByNumber(rate("ack"), queue -> StatsJson.rate(queue.figures(), Counter.ACK))
        .sortableByNumber(IN_RATE, queue -> StatsJson.inRate(queue.figures()));
  }

  private static String rate(String statistic) {
    return "message_stats." + statistic + "_details.rate";
  }

  /** Streams have no such field. */
  private static Function<QueueInfo, Double> unlessStream(ToDoubleFunction<QueueInfo> field) {
    return queue -> queue.type() == QueueType.STREAM ? null : field.applyAsDouble(queue);
  }

  /** Unless it is known, a queue has no such field. */
  private static Double oldest(QueueInfo queue) {
    return queue.messages().oldest() == 0 ? null : (double) queue.messages().oldest();
  }
}
