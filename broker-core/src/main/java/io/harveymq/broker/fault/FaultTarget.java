package io.harveymq.broker.fault;

import io.harveymq.broker.queue.AmqpQueue;

/**
 * A command of a client that faults are asked about. Home loop.
 *
 * @param exchange that it is published to; null for another command
 * @param queues where it is routed to, or the one queue of another command; not to be changed
 * @param confirmed whether the client awaits a confirm
 */
public record FaultTarget(
    FaultOperation operation, String user, String exchange, AmqpQueue[] queues, boolean confirmed) {
  boolean isOf(FaultRule rule) {
    return rule.isAbout(user)
        && (rule.operation() == null || rule.operation() == operation)
        && (rule.exchange() == null || rule.exchange().equals(exchange))
        && (rule.queue() == null || hasQueue(rule.queue()));
  }

  private boolean hasQueue(String name) {
    for (AmqpQueue queue : queues) {
      if (queue.name().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
