package io.harveymq.broker.queue;

/**
 * A message that waits in a queue, as somebody who looks sees it. Priority and position name it for
 * as long as it is in the queue. Owned by the home loop.
 *
 * @param entry null for one that was never delivered, and that has no time to expire
 */
public record Waiting(int priority, long position, Message message, QueueEntry entry) {
  /** Whether it was delivered before. */
  public boolean redelivered() {
    return entry != null && entry.redelivered();
  }
}
