package io.harveymq.broker.connection;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.vhost.Events;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;

/**
 * What is counted, and what the event exchange is told, of the coming and going of a connection and
 * its channels. Where RabbitMQ names an Erlang process, this names the connection or channel.
 * Stateless; called on the home loop.
 */
final class ConnectionEvents {
  private ConnectionEvents() {}

  static void opened(Connection connection, ConnectionMethod.TuneOk limits) {
    connection.node().connections().opened(connection);
    connection.vhost().ended().add(Counter.CONNECTION_CREATED);
    Events events = eventsOf(connection);
    if (events != null) {
      events.emit(
          "connection.created",
          of(connection)
              .put("vhost", connection.vhost().name())
              .put("user", connection.access().user())
              .put("node", connection.node().name())
              .put("protocol", "{0,9,1}")
              .put("ssl", connection.link().tls() != null)
              .put("channel_max", (long) limits.channelMax())
              .put("frame_max", limits.frameMax())
              .put("timeout", (long) limits.heartbeat())
              .put("peer_host", AuthenticationEvents.host(connection.link().peer()))
              .put("peer_port", AuthenticationEvents.port(connection.link().peer()))
              .put("host", AuthenticationEvents.host(connection.link().local()))
              .put("port", AuthenticationEvents.port(connection.link().local()))
              .put("type", "network"));
    }
  }

  static void closed(Connection connection) {
    connection.node().connections().closed(connection);
    connection.view().closed();
    Counters ended = connection.vhost().ended();
    ended.add(Counter.CONNECTION_CLOSED);
    ended.addAll(connection.view().counters());
    Events events = eventsOf(connection);
    if (events != null) {
      events.emit("connection.closed", of(connection).put("node", connection.node().name()));
    }
  }

  static void opened(Connection connection, AmqpChannel channel) {
    connection.vhost().ended().add(Counter.CHANNEL_CREATED);
    connection.view().channelOpened();
    Events events = eventsOf(connection);
    if (events != null) {
      events.emit(
          "channel.created",
          byUser(connection)
              .put("vhost", connection.vhost().name())
              .put("user", connection.access().user())
              .put("number", (long) channel.number())
              .put("connection", connection.link().toString())
              .put("name", name(connection, channel))
              .put("pid", name(connection, channel)));
    }
  }

  static void closed(Connection connection, AmqpChannel channel) {
    Counters ended = connection.vhost().ended();
    ended.add(Counter.CHANNEL_CLOSED);
    ended.addAll(channel.counters());
    Events events = eventsOf(connection);
    if (events != null) {
      events.emit("channel.closed", byUser(connection).put("pid", name(connection, channel)));
    }
  }

  private static Events eventsOf(Connection connection) {
    Events events = connection.vhost() == null ? null : connection.vhost().events();
    return events == null || events.areOfNoInterest() ? null : events;
  }

  private static FieldTable.Builder of(Connection connection) {
    String name = connection.link().toString();
    return byUser(connection).put("name", name).put("pid", name);
  }

  private static FieldTable.Builder byUser(Connection connection) {
    return FieldTable.builder().put("user_who_performed_action", connection.access().user());
  }

  private static String name(Connection connection, AmqpChannel channel) {
    return connection.link() + " (" + channel.number() + ")";
  }
}
