package io.harveymq.broker.inspect;

import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.channel.Deliveries;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Figures;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.vhost.ReplyQueues;
import java.net.SocketAddress;

/**
 * What went from one object to another. Immutable.
 *
 * @param vhost that both are in
 * @param kind between what
 * @param exchange its name, empty for the default exchange; null between a queue and a channel
 * @param queue its name; null between a channel and an exchange
 * @param channel null between an exchange and a queue
 */
public record FlowInfo(
    String vhost, Flow.Kind kind, String exchange, String queue, Client channel, Figures figures) {

  /**
   * Which channel it is.
   *
   * @param connection the name of its connection
   * @param peer where the client is
   */
  public record Client(String connection, SocketAddress peer, int number, String user) {
    /** The name of the channel. */
    public String name() {
      return ChannelInfo.name(connection, number);
    }

    private static Client of(Object end) {
      AmqpChannel channel = ((Deliveries) end).channel();
      return new Client(
          channel.connection().name(),
          channel.connection().peer(),
          channel.number(),
          channel.connection().access().user());
    }
  }

  /** Looks at a flow, on its loop; null when nothing went there or nobody is to see it. */
  static FlowInfo of(String vhost, Flow flow, Sampler sampler) {
    Figures figures = flow.figures(sampler);
    if (!figures.any(Counter.values())) {
      return null;
    }
    return switch (flow.kind()) {
      case PUBLISHED ->
          new FlowInfo(
              vhost, flow.kind(), exchange(flow.to()), null, Client.of(flow.from()), figures);
      case ROUTED -> {
        String queue = queue(flow.to());
        yield queue == null
            ? null
            : new FlowInfo(vhost, flow.kind(), exchange(flow.from()), queue, null, figures);
      }
      case DELIVERED -> {
        String queue = queue(flow.from());
        yield queue == null
            ? null
            : new FlowInfo(vhost, flow.kind(), null, queue, Client.of(flow.to()), figures);
      }
    };
  }

  private static String exchange(Object end) {
    return ((Exchange) end).name();
  }

  /** Null for one that only replies take. */
  private static String queue(Object end) {
    String name = ((AmqpQueue) end).name();
    return ReplyQueues.isReplyKey(name) ? null : name;
  }
}
