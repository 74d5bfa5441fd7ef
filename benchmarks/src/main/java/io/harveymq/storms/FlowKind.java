package io.harveymq.storms;

import java.util.HashMap;
import java.util.Map;

/** What queues and messages a {@link FlowWorker} has. */
enum FlowKind {
  TRANSIENT(false, Map.of()),
  DURABLE(true, Map.of()),
  PRIORITY(true, Map.of("x-max-priority", 5)),
  QUORUM(true, Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000));

  private final boolean durable;
  private final Map<String, Object> arguments;

  FlowKind(boolean durable, Map<String, Object> arguments) {
    this.durable = durable;
    this.arguments = arguments;
  }

  /** Whether queues are durable and messages persistent. */
  boolean durable() {
    return durable;
  }

  /** Arguments of a queue that dead-letters to another one. */
  Map<String, Object> argumentsWithDeadLetters(String deadQueue) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("x-dead-letter-exchange", "");
    all.put("x-dead-letter-routing-key", deadQueue);
    return all;
  }

  /** Whether messages that nobody gave back come in the order of their publishing. */
  boolean isInOrder() {
    return this != PRIORITY;
  }
}
