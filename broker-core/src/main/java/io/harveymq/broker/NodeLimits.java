package io.harveymq.broker;

/**
 * How much of something the whole broker may have; negative for no limit. Immutable; any thread.
 *
 * @param maxSockets sockets that are open for AMQP, those that are not logged in included; more
 *     wait until others are closed (RabbitMQ's ranch_connection_max)
 * @param maxChannels channels of all connections (channel_max_per_node)
 * @param maxQueues queues and streams (cluster_queue_limit)
 * @param maxExchanges exchanges, those that nobody declared included (cluster_exchange_limit)
 * @param maxVhosts virtual hosts (vhost_max)
 */
public record NodeLimits(
    int maxSockets, int maxChannels, int maxQueues, int maxExchanges, int maxVhosts) {
  /** No limits, as in RabbitMQ. */
  public static final NodeLimits NONE = new NodeLimits(-1, -1, -1, -1, -1);
}
