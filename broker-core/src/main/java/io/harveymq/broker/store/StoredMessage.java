package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;

/**
 * A message read back from a log. Made by the store thread, then owned by the home loop.
 *
 * @param due when it expires or is to be let go, in milliseconds since the epoch; 0 for never
 * @param deliveries as noted by {@link MessageStore#returned}; 0 when it was not given back
 */
public record StoredMessage(long position, Message message, long due, int deliveries) {}
