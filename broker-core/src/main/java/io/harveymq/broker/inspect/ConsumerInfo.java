package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.Consumer;
import io.harveymq.codec.FieldTable;
import java.net.SocketAddress;

/**
 * A consumer as it was at one time. Immutable.
 *
 * @param connection the name of the connection of its channel
 * @param prefetch deliveries that may be outstanding, 0 for no limit
 * @param unacknowledged deliveries that are outstanding
 * @param ackMillis from a delivery to its acknowledgement, lately; -1 while nothing is acknowledged
 * @param single whether its queue has a single active consumer
 * @param active whether it gets messages; not while it waits for a single active consumer to go
 */
public record ConsumerInfo(
    String vhost,
    String queue,
    String tag,
    String connection,
    int channel,
    SocketAddress peer,
    String user,
    boolean ackRequired,
    boolean exclusive,
    int prefetch,
    int unacknowledged,
    long ackMillis,
    boolean single,
    boolean active,
    FieldTable arguments) {

  static ConsumerInfo of(String vhost, Consumer consumer) {
    var connection = consumer.channel().connection();
    return new ConsumerInfo(
        vhost,
        consumer.queue().name(),
        consumer.tag(),
        connection.name(),
        consumer.channel().number(),
        connection.peer(),
        connection.access().user(),
        !consumer.noAck(),
        consumer.exclusive(),
        consumer.prefetch(),
        consumer.unacked(),
        consumer.ackMillis(),
        consumer.queue().definition().arguments().singleActiveConsumer(),
        consumer.isActive(),
        consumer.arguments().table());
  }
}
