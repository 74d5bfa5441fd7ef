package io.harveymq.management.metrics;

import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.FlowInfo;
import io.harveymq.broker.inspect.NodeCounts;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.inspect.Totals;
import io.harveymq.management.Node;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * All that is there at the time of a scrape. Immutable.
 *
 * @param totals of all virtual hosts
 * @param counts of all queues and exchanges
 */
record Scrape(
    Totals totals,
    NodeCounts counts,
    List<QueueInfo> queues,
    List<ExchangeInfo> exchanges,
    List<ConnectionInfo> connections,
    List<ChannelInfo> channels,
    List<FlowInfo> flows) {

  /**
   * Asks the broker; completed on one of its threads.
   *
   * @param flows of which virtual hosts to tell what went from one object to another
   */
  static CompletableFuture<Scrape> of(Node node, Predicate<String> flows) {
    var totals = node.inspection().totals(any -> true).toCompletableFuture();
    var counts = node.inspection().counts().toCompletableFuture();
    var queues = node.inspection().queues(any -> true).toCompletableFuture();
    var exchanges = node.inspection().exchanges(any -> true).toCompletableFuture();
    var connections = node.inspection().connections().toCompletableFuture();
    var channels = node.inspection().channels().toCompletableFuture();
    var between = node.inspection().flows().all(flows).toCompletableFuture();
    return CompletableFuture.allOf(
            totals, counts, queues, exchanges, connections, channels, between)
        .thenApply(
            done ->
                new Scrape(
                    totals.join(),
                    counts.join(),
                    queues.join(),
                    exchanges.join(),
                    connections.join(),
                    channels.join(),
                    between.join()));
  }
}
