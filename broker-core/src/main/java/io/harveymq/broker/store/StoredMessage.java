package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;

/**
 * A message read back from a log. Made by the store thread, then owned by the home loop.
 *
 * @param deliveries failed ones, as noted by {@link MessageStore#returned}
 */
public record StoredMessage(long position, Message message, int deliveries) {}
