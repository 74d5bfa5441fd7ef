package io.harveymq.broker;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a broker keeps at one moment, for tests that want to see nothing left.
 *
 * @param connections sockets that are open
 * @param memory bytes on the memory account of the home loop
 * @param exclusiveQueues those of the queues that only one connection may use
 * @param consumers of all queues
 * @param unacked deliveries of all queues that are outstanding
 */
public record BrokerState(
    int connections,
    long memory,
    Set<String> queues,
    Set<String> exclusiveQueues,
    Set<String> exchanges,
    long consumers,
    long unacked) {

  /** Asks the broker's own thread. */
  public static BrokerState of(Broker broker) {
    CompletableFuture<BrokerState> state = new CompletableFuture<>();
    broker
        .home()
        .execute(
            () -> {
              try {
                state.complete(look(broker));
              } catch (RuntimeException | AssertionError fault) {
                state.completeExceptionally(fault);
              }
            });
    try {
      return state.get(30, TimeUnit.SECONDS);
    } catch (Exception fault) {
      throw new AssertionError("the broker's loop does not answer", fault);
    }
  }

  private static BrokerState look(Broker broker) {
    VirtualHost vhost = broker.node().vhostOrNull("/");
    return new BrokerState(
        broker.connectionCount(),
        broker.home().memory().used(),
        names(vhost.queues().stream().map(AmqpQueue::name)),
        names(
            vhost.queues().stream()
                .filter(queue -> queue.definition().exclusive())
                .map(AmqpQueue::name)),
        names(vhost.exchanges().stream().map(Exchange::name)),
        vhost.queues().stream().mapToLong(AmqpQueue::consumerCount).sum(),
        vhost.queues().stream().mapToLong(AmqpQueue::unackedCount).sum());
  }

  private static Set<String> names(Stream<String> names) {
    return names.collect(Collectors.toCollection(TreeSet::new));
  }
}
