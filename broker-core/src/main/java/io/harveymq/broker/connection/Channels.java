package io.harveymq.broker.connection;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.vhost.Structures;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import io.netty.util.collection.IntObjectHashMap;
import java.util.List;

/** The channels of a connection by number. Owned by the connection's loop. */
final class Channels {
  private final Connection connection;
  private final IntObjectHashMap<AmqpChannel> byNumber = new IntObjectHashMap<>(2);
  private AmqpChannel last;

  Channels(Connection connection) {
    this.connection = connection;
  }

  /**
   * The channel with this number; a new one, still to be opened, if there is none.
   *
   * @param most the negotiated channel_max, which RabbitMQ takes for a number of channels
   * @throws ConnectionException 530 when there are that many already
   */
  AmqpChannel get(int number, int most) {
    if (last != null && last.number() == number) {
      return last;
    }
    AmqpChannel channel = byNumber.get(number);
    if (channel == null) {
      if (byNumber.size() >= most) {
        throw new ConnectionException(
            ReplyCode.NOT_ALLOWED,
            "number of channels opened ("
                + byNumber.size()
                + ") has reached the negotiated channel_max ("
                + most
                + ")",
            0,
            0);
      }
      checkNode();
      connection.access().channelOpened();
      structures().add(Structures.Kind.CHANNEL, 0);
      channel = new AmqpChannel(connection, number);
      byNumber.put(number, channel);
      ConnectionEvents.opened(connection, channel);
    }
    last = channel;
    return channel;
  }

  private Structures structures() {
    return connection.home().memory().structures();
  }

  /** As RabbitMQ checks channel_max_per_node. */
  private void checkNode() {
    int most = connection.settings().limits().node().maxChannels();
    if (most >= 0 && structures().count(Structures.Kind.CHANNEL) >= most) {
      throw new ConnectionException(
          ReplyCode.NOT_ALLOWED,
          "number of channels opened on node '"
              + connection.node().name()
              + "' has reached the maximum allowed limit of ("
              + most
              + ")",
          0,
          0);
    }
    structures().requireRoomToOpen("channel");
  }

  void remove(AmqpChannel channel) {
    if (byNumber.remove(channel.number()) != null) {
      connection.access().channelsClosed(1);
      structures().remove(Structures.Kind.CHANNEL, 0);
    }
    last = null;
    ConnectionEvents.closed(connection, channel);
  }

  /** Whether a channel has a command that waits. */
  boolean anySuspended() {
    for (AmqpChannel channel : byNumber.values()) {
      if (channel.isSuspended()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a channel has a command that did not take effect yet. */
  boolean anyCommandWaits() {
    for (AmqpChannel channel : byNumber.values()) {
      if (channel.hasCommandsWaiting()) {
        return true;
      }
    }
    return false;
  }

  int count() {
    return byNumber.size();
  }

  /** Those that are open, in a list that does not change. */
  List<AmqpChannel> all() {
    return List.copyOf(byNumber.values());
  }

  /** Ends all channels without a word. */
  void release() {
    for (AmqpChannel channel : byNumber.values()) {
      channel.release();
      ConnectionEvents.closed(connection, channel);
      structures().remove(Structures.Kind.CHANNEL, 0);
    }
    if (!byNumber.isEmpty()) {
      connection.access().channelsClosed(byNumber.size());
    }
    byNumber.clear();
    last = null;
  }
}
