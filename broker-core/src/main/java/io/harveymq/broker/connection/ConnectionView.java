package io.harveymq.broker.connection;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.node.Refusals;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.vhost.Structures;
import io.harveymq.codec.ChannelException;
import java.util.List;

/** What listings tell of a connection. Owned by the connection's loop. */
public final class ConnectionView {
  private static final long SLOT_MILLIS = 5_000;

  private final Connection connection;
  private final ExclusiveQueues exclusiveQueues;
  private final Counters counters = new Counters();
  private long received;
  private long reads;
  private long connectedAt;
  private long channelSlot;
  private int channelsNow;
  private int channelsBefore;

  ConnectionView(Connection connection, ExclusiveQueues exclusiveQueues) {
    this.connection = connection;
    this.exclusiveQueues = exclusiveQueues;
  }

  /** The name that the client gave the connection, or null. */
  public String clientName() {
    return connection.handshake().clientName();
  }

  /** Remembers that something was refused, in the name of who has logged in. */
  public void refused(ChannelException refusal) {
    String user = connection.handshake().user();
    refused(user, refusal.replyCode().code(), refusal.replyText(), refusal.besides());
  }

  /** Remembers what the connection is closed for, unless that is a login that was told before. */
  void closed(int code, String text) {
    Handshake.State state = connection.handshake().state();
    if (state == Handshake.State.OPENING || state == Handshake.State.DONE) {
      refused(connection.handshake().user(), code, text);
    }
  }

  /** Remembers that something was refused. */
  void refused(String user, int code, String text) {
    refused(user, code, text, List.of());
  }

  private void refused(String user, int code, String text, List<String> besides) {
    String vhost = connection.vhost() == null ? null : connection.vhost().name();
    connection
        .node()
        .refusals()
        .add(
            new Refusals.Refusal(
                connection.home().now(),
                vhost,
                user,
                connection.name(),
                clientName(),
                code,
                text,
                besides));
  }

  /** A channel was opened. */
  void channelOpened() {
    long slot = connection.home().now() / SLOT_MILLIS;
    if (slot != channelSlot) {
      channelsBefore = slot == channelSlot + 1 ? channelsNow : 0;
      channelsNow = 0;
      channelSlot = slot;
    }
    channelsNow++;
  }

  /** Channels opened a second, over five seconds that are over. */
  private double channelRate() {
    long slot = connection.home().now() / SLOT_MILLIS;
    int whole = slot == channelSlot ? channelsBefore : slot == channelSlot + 1 ? channelsNow : 0;
    return whole * 1_000.0 / SLOT_MILLIS;
  }

  /** Counts bytes that came. */
  void received(int bytes) {
    received += bytes;
    reads++;
  }

  /** The connection is open from now on. */
  void opened() {
    connectedAt = connection.home().timeOfDay();
    structures().add(Structures.Kind.CONNECTION, size());
  }

  /** It is open no more. */
  void closed() {
    structures().remove(Structures.Kind.CONNECTION, size());
  }

  private Structures structures() {
    return connection.home().memory().structures();
  }

  private long size() {
    return connection.handshake().clientProperties().retainedSize();
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

  /** The queues that only it may use; a list that does not change. */
  public List<AmqpQueue> exclusiveQueues() {
    return exclusiveQueues.all();
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
        channelRate(),
        connection.outbound().pending(),
        connection.link().tls(),
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
