package io.harveymq.broker.vhost;

import io.harveymq.broker.queue.MessageQueue;

/**
 * The queues that a message goes to, each once. Owned by the home loop; never changed.
 *
 * @param queues not to be changed
 * @param epoch the routing epoch in which it was found; it holds for no other
 * @param byKeyOnly whether every message with the same exchange and routing key and no CC or BCC
 *     goes the same way
 */
public record Route(MessageQueue[] queues, long epoch, boolean byKeyOnly) {}
