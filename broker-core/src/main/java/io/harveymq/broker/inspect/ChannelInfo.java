package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.QueueEntry;
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
 * @param oldest the delivery that is outstanding for longest; null for none
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
    Held oldest,
    Figures figures) {

  /**
   * A delivery that is outstanding.
   *
   * @param consumer its tag; null if the message was fetched
   * @param count deliveries of the same consumer, or all that are outstanding if it was fetched
   * @param millis for how long
   * @param failures how often the message came back before
   */
  public record Held(String queue, String consumer, int count, long millis, int failures) {
    /** Of the oldest of some deliveries; null when there is none. */
    public static Held of(QueueEntry oldest, int all, long now) {
      if (oldest == null) {
        return null;
      }
      Consumer consumer = oldest.consumer();
      return new Held(
          oldest.queue().name(),
          consumer == null ? null : consumer.tag(),
          consumer == null ? all : consumer.unacked(),
          oldest.deliveredAt() == 0 ? 0 : Math.max(0, now - oldest.deliveredAt()),
          oldest.failures());
    }
  }

  /** RabbitMQ's name for it: the connection's, and the number in brackets. */
  public String name() {
    return name(connection, number);
  }

  /** RabbitMQ's name for a channel. */
  public static String name(String connection, int number) {
    return connection + " (" + number + ")";
  }
}
