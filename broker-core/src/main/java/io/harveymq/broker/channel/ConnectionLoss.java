package io.harveymq.broker.channel;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.QueueLoss;
import io.harveymq.broker.vhost.ReplyQueues;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What goes with connections when they are closed. Stateless; home loop. */
public final class ConnectionLoss {
  private ConnectionLoss() {}

  /**
   * Exclusive queues go, auto-delete queues that nobody else consumes, and the messages in them.
   *
   * @param closed all that are closed together
   */
  public static Map<LossBound.Kind, Long> of(Collection<Connection> closed) {
    Set<AmqpQueue> gone = new HashSet<>();
    Set<AmqpQueue> looked = new HashSet<>();
    for (Connection connection : closed) {
      gone.addAll(connection.view().exclusiveQueues());
      for (AmqpChannel channel : connection.view().channels()) {
        for (Consumer consumer : channel.consumers().all()) {
          AmqpQueue queue = consumer.queue();
          if (looked.add(queue) && goesWithConsumers(queue, closed)) {
            gone.add(queue);
          }
        }
      }
    }
    return Map.of(
        LossBound.Kind.QUEUES,
        (long) gone.size(),
        LossBound.Kind.MESSAGES,
        gone.stream().mapToLong(QueueLoss::held).sum());
  }

  private static boolean goesWithConsumers(AmqpQueue queue, Collection<Connection> closed) {
    return queue.definition().autoDelete()
        && !ReplyQueues.isReplyKey(queue.name())
        && queue.consumers().stream()
            .allMatch(consumer -> closed.contains(consumer.channel().connection()));
  }
}
