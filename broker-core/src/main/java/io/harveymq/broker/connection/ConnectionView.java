package io.harveymq.broker.connection;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.Sampler;
import java.util.List;

/** What listings tell of a connection. Owned by the connection's loop. */
public final class ConnectionView {
  private final Connection connection;
  private final Counters counters = new Counters();
  private long received;
  private long reads;
  private long connectedAt;

  ConnectionView(Connection connection) {
    this.connection = connection;
  }

  /** Counts bytes that came. */
  void received(int bytes) {
    received += bytes;
    reads++;
  }

  /** The connection is open from now on. */
  void opened() {
    connectedAt = connection.home().now();
  }

  /** Whether it ever was open. */
  boolean wasOpened() {
    return connectedAt != 0;
  }

  /** What went through it so far. */
  public Counters counters() {
    counters.set(Counter.RECV_OCT, received);
    counters.set(Counter.SEND_OCT, connection.outbound().bytesSent());
    counters.set(Counter.RECV_CNT, reads);
    counters.set(Counter.SEND_CNT, connection.outbound().flushes());
    return counters;
  }

  /** The channels that are open; a list that does not change. */
  public List<AmqpChannel> channels() {
    return connection.channels().all();
  }

  /** All that there is to say about it. */
  public ConnectionInfo info(Sampler sampler) {
    Handshake handshake = connection.handshake();
    return new ConnectionInfo(
        connection.name(),
        connection.access().user(),
        connection.vhost().name(),
        state(connection.input()),
        connectedAt,
        handshake.clientProperties(),
        handshake.limits().frameMax(),
        handshake.limits().channelMax(),
        handshake.heartbeatSeconds(),
        connection.peer(),
        connection.link().local(),
        handshake.mechanismName(),
        connection.channels().count(),
        connection.outbound().pending(),
        counters().figures(sampler));
  }

  /** In RabbitMQ's words (rabbit_reader:i(state, _)). */
  private static String state(Input input) {
    if (input.isPausedFor(Input.Reason.ALARM)) {
      return "blocked";
    }
    boolean flow =
        input.isPausedFor(Input.Reason.MEMORY)
            || input.isPausedFor(Input.Reason.PACED)
            || input.isPausedFor(Input.Reason.STUFFED);
    return flow ? "flow" : "running";
  }
}
