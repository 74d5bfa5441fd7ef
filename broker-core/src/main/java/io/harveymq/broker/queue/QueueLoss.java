package io.harveymq.broker.queue;

import io.harveymq.broker.LossBound;
import java.util.Map;

/** What a queue loses when it is purged or deleted. Stateless; home loop. */
public final class QueueLoss {
  private QueueLoss() {}

  /** The messages that a purge takes. */
  public static long waiting(AmqpQueue queue) {
    long delayed = queue instanceof MessageQueue classic ? classic.lanes().delayedCount() : 0;
    return queue.readyCount() + delayed;
  }

  /** The messages that go with a queue; those of a stream stay in it while they are delivered. */
  public static long held(AmqpQueue queue) {
    return waiting(queue) + (queue.type() == QueueType.STREAM ? 0 : queue.unackedCount());
  }

  /** All that goes with a queue. */
  public static Map<LossBound.Kind, Long> of(AmqpQueue queue) {
    return Map.of(
        LossBound.Kind.MESSAGES, held(queue),
        LossBound.Kind.CONSUMERS, (long) queue.consumerCount(),
        LossBound.Kind.BINDINGS, (long) queue.incoming().size());
  }
}
