package io.harveymq.management.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.FlowInfo;
import io.harveymq.broker.stats.Flow;
import java.util.Comparator;
import java.util.List;

/**
 * What went from where to where, as RabbitMQ tells it of one object: {@code incoming}, {@code
 * outgoing}, {@code publishes} and {@code deliveries}. Any thread.
 */
public final class FlowJson {
  private static final Comparator<FlowInfo> ORDER =
      Comparator.comparing(
              FlowInfo::exchange, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
          .thenComparing(FlowInfo::queue, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
          .thenComparing(flow -> flow.channel() == null ? "" : flow.channel().connection())
          .thenComparing(flow -> flow.channel() == null ? 0 : flow.channel().number());

  private final String node;
  private final String vhost;
  private final StatsJson stats;

  /**
   * @param node the name of the node
   * @param vhost that the object is in
   */
  public FlowJson(String node, String vhost, StatsJson stats) {
    this.node = node;
    this.vhost = vhost;
    this.stats = stats;
  }

  /** Fills {@code incoming} and {@code deliveries} of a queue. */
  public void ofQueue(ObjectNode queue, List<FlowInfo> flows) {
    ArrayNode deliveries = queue.putArray("deliveries");
    ArrayNode incoming = queue.putArray("incoming");
    for (FlowInfo flow : sorted(flows)) {
      if (flow.kind() == Flow.Kind.DELIVERED) {
        channel(entry(deliveries, flow), flow.channel());
      } else {
        named(entry(incoming, flow), "exchange", flow.exchange());
      }
    }
  }

  /** Fills {@code incoming} and {@code outgoing} of an exchange. */
  public void ofExchange(ObjectNode exchange, List<FlowInfo> flows) {
    ArrayNode incoming = exchange.putArray("incoming");
    ArrayNode outgoing = exchange.putArray("outgoing");
    for (FlowInfo flow : sorted(flows)) {
      if (flow.kind() == Flow.Kind.PUBLISHED) {
        channel(entry(incoming, flow), flow.channel());
      } else {
        named(entry(outgoing, flow), "queue", flow.queue());
      }
    }
  }

  /** Fills {@code publishes} and {@code deliveries} of a channel. */
  public void ofChannel(ObjectNode channel, List<FlowInfo> flows) {
    ArrayNode deliveries = channel.putArray("deliveries");
    ArrayNode publishes = channel.putArray("publishes");
    for (FlowInfo flow : sorted(flows)) {
      if (flow.kind() == Flow.Kind.DELIVERED) {
        named(entry(deliveries, flow), "queue", flow.queue());
      } else {
        named(entry(publishes, flow), "exchange", flow.exchange());
      }
    }
  }

  private static List<FlowInfo> sorted(List<FlowInfo> flows) {
    return flows.stream().sorted(ORDER).toList();
  }

  private ObjectNode entry(ArrayNode into, FlowInfo flow) {
    ObjectNode entry = into.addObject();
    entry.set("stats", stats.ofFlow(flow));
    return entry;
  }

  private void named(ObjectNode entry, String kind, String name) {
    entry.putObject(kind).put("name", name).put("vhost", vhost);
  }

  private void channel(ObjectNode entry, FlowInfo.Client client) {
    ObjectNode channel = entry.putObject("channel_details");
    channel.put("connection_name", client.connection());
    channel.put("name", client.name());
    channel.put("node", node);
    channel.put("number", client.number());
    channel.put("peer_host", ClientJson.host(client.peer()));
    channel.put("peer_port", ClientJson.port(client.peer()));
    channel.put("user", client.user());
  }
}
