package io.harveymq.broker;

/**
 * Whose the time is that a delivery may take to be acknowledged, and what happens when it is over.
 */
public enum ConsumerTimeoutScope {
  /** The node's; the channel is closed. RabbitMQ up to 3.11. */
  NODE,
  /** The queue's by argument or policy, else the node's; the channel is closed. From 3.12 on. */
  QUEUE,
  /**
   * The consumer's, else the queue's, else the node's, and only in quorum queues; the consumer is
   * cancelled if its client understands that. From 4.3 on.
   */
  QUORUM_QUEUE
}
