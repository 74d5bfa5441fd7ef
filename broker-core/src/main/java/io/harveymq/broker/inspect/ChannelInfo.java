package io.harveymq.broker.inspect;

import io.harveymq.broker.stats.Figures;
import java.net.SocketAddress;

/**
 * A channel as it was at one time. Immutable.
 *
 * @param connection the name of its connection
 * @param peer where the client is
 * @param consumers how many there are
 * @param prefetch for consumers to come, 0 for no limit
 * @param globalPrefetch of all consumers together, 0 for no limit
 * @param unacknowledged deliveries that are outstanding
 * @param unconfirmed publishes that are not confirmed yet
 * @param uncommitted publishes of an open transaction
 * @param acksUncommitted settled deliveries of an open transaction
 * @param lastExchange what it published to last; empty for the default exchange, null for nothing
 */
public record ChannelInfo(
    String connection,
    SocketAddress peer,
    int number,
    String user,
    String vhost,
    boolean confirm,
    boolean transactional,
    int consumers,
    int prefetch,
    int globalPrefetch,
    int unacknowledged,
    int unconfirmed,
    int uncommitted,
    int acksUncommitted,
    String lastExchange,
    Figures figures) {

  /** RabbitMQ's name for it: the connection's, and the number in brackets. */
  public String name() {
    return name(connection, number);
  }

  static String name(String connection, int number) {
    return connection + " (" + number + ")";
  }
}
