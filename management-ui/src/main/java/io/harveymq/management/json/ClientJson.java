package io.harveymq.management.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.inspect.ConsumerInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Figures;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.Node;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Connections, channels and consumers in JSON. What there is of Erlang's processes alone, such as
 * reductions, is 0: clients look for the fields. Any thread.
 */
public final class ClientJson {
  private static final long IDLE_MILLIS = 5_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneOffset.UTC);

  private final String node;
  private final Long consumerTimeout;

  /** Of a node, which is named in them. */
  public ClientJson(Node node) {
    this.node = node.name();
    boolean told = node.version().management().hasLaterEndpoints();
    this.consumerTimeout = told ? node.broker().config().consumerTimeoutMillis() : null;
  }

  // ---- connections

  /** All fields of a connection. */
  public ObjectNode connection(ConnectionInfo info, StatsJson stats) {
    ObjectNode json = Json.object();
    json.put("name", info.name());
    json.put("node", node);
    json.put("vhost", info.vhost());
    json.put("user", info.user());
    json.put("user_who_performed_action", info.user());
    json.put("state", info.state());
    json.put("type", "network");
    json.put("protocol", "AMQP 0-9-1");
    json.put("auth_mechanism", info.mechanism());
    json.put("connected_at", info.connectedAt());
    json.put("frame_max", info.frameMax());
    json.put("channel_max", info.channelMax());
    json.put("timeout", info.heartbeat());
    json.put("channels", info.channels());
    json.put("host", host(info.local()));
    json.put("port", port(info.local()));
    json.put("peer_host", host(info.peer()));
    json.put("peer_port", port(info.peer()));
    tls(json, info.tls());
    json.set("client_properties", FieldTables.toJson(info.clientProperties()));
    if (info.clientProperties().get("connection_name") instanceof FieldValue.LongString name) {
      json.put("user_provided_name", name.asString());
    }
    stats.putOctets(json, info.figures());
    json.put("recv_cnt", info.figures().count(Counter.RECV_CNT));
    json.put("send_cnt", info.figures().count(Counter.SEND_CNT));
    json.put("send_pend", info.sendPending());
    process(json);
    return json;
  }

  /** How it is encrypted, and whose certificate the client has; empty texts when it is not. */
  private static void tls(ObjectNode json, TlsSession tls) {
    boolean on = tls != null;
    json.put("ssl", on);
    json.put("ssl_protocol", on ? tls.protocol() : "");
    json.put("ssl_key_exchange", on ? tls.keyExchange() : "");
    json.put("ssl_cipher", on ? tls.cipher() : "");
    json.put("ssl_hash", on ? tls.hash() : "");
    json.put("peer_cert_subject", on ? tls.peerSubject() : "");
    json.put("peer_cert_issuer", on ? tls.peerIssuer() : "");
    json.put("peer_cert_validity", on ? tls.peerValidity() : "");
  }

  /** The few fields of lists by user, and of lists without statistics. */
  public ObjectNode tracked(ConnectionInfo info) {
    ObjectNode json = Json.object();
    json.put("name", info.name());
    json.put("vhost", info.vhost());
    json.put("user", info.user());
    json.put("node", node);
    return json;
  }

  /** What Erlang's processes have. */
  private static void process(ObjectNode json) {
    json.put("reductions", 0);
    json.putObject("reductions_details").put("rate", 0.0);
    ObjectNode collection = json.putObject("garbage_collection");
    collection.put("fullsweep_after", 0);
    collection.put("max_heap_size", 0);
    collection.put("min_bin_vheap_size", 0);
    collection.put("min_heap_size", 0);
    collection.put("minor_gcs", 0);
  }

  // ---- channels

  /** All fields of a channel that lists have. */
  public ObjectNode channel(ChannelInfo info, StatsJson stats) {
    ObjectNode json = Json.object();
    json.put("name", info.name());
    json.put("number", info.number());
    json.put("node", node);
    json.put("vhost", info.vhost());
    json.put("user", info.user());
    json.put("user_who_performed_action", info.user());
    json.put("state", "running");
    if (isIdle(info.figures())) {
      Instant since = Instant.ofEpochMilli(info.figures().lastChange());
      json.put("idle_since", TIME.format(since));
    }
    ObjectNode connection = json.putObject("connection_details");
    connection.put("name", info.connection());
    connection.put("peer_host", host(info.peer()));
    connection.put("peer_port", port(info.peer()));
    json.put("confirm", info.confirm());
    json.put("transactional", info.transactional());
    json.put("consumer_count", info.consumers());
    json.put("prefetch_count", info.prefetch());
    json.put("global_prefetch_count", info.globalPrefetch());
    json.put("messages_unacknowledged", info.unacknowledged());
    json.put("messages_unconfirmed", info.unconfirmed());
    json.put("messages_uncommitted", info.uncommitted());
    json.put("acks_uncommitted", info.acksUncommitted());
    json.put("pending_raft_commands", 0);
    ObjectNode messages = stats.ofChannels(info.figures());
    if (!messages.isEmpty()) {
      json.set("message_stats", messages);
    }
    process(json);
    return json;
  }

  /** All fields of one channel. */
  public ObjectNode channel(ChannelInfo info, List<ConsumerInfo> consumers, StatsJson stats) {
    ObjectNode json = channel(info, stats);
    ArrayNode details = json.putArray("consumer_details");
    consumers.forEach(consumer -> details.add(consumer(consumer)));
    return json;
  }

  private static boolean isIdle(Figures figures) {
    return figures.lastChange() > 0 && figures.time() - figures.lastChange() >= IDLE_MILLIS;
  }

  // ---- consumers

  /** All fields of a consumer. */
  public ObjectNode consumer(ConsumerInfo info) {
    ObjectNode json = Json.object();
    json.set("arguments", FieldTables.toJson(info.arguments()));
    json.put("ack_required", info.ackRequired());
    if (info.ackMillis() >= 0) {
      json.put("ack_time_ms", info.ackMillis());
    }
    json.put("active", info.active());
    json.put("activity_status", activity(info));
    ObjectNode channel = json.putObject("channel_details");
    channel.put("connection_name", info.connection());
    channel.put("name", info.connection() + " (" + info.channel() + ")");
    channel.put("node", node);
    channel.put("number", info.channel());
    channel.put("peer_host", host(info.peer()));
    channel.put("peer_port", port(info.peer()));
    channel.put("user", info.user());
    json.put("consumer_tag", info.tag());
    if (consumerTimeout != null) {
      json.put("consumer_timeout", consumerTimeout);
    }
    json.put("exclusive", info.exclusive());
    json.put("prefetch_count", info.prefetch());
    ObjectNode queue = json.putObject("queue");
    queue.put("name", info.queue());
    queue.put("vhost", info.vhost());
    return json;
  }

  /** What a list has of a consumer unless it is asked for columns: RabbitMQ's fields. */
  public ObjectNode listedConsumer(ConsumerInfo info) {
    ObjectNode json = consumer(info);
    json.remove("ack_time_ms");
    return json;
  }

  private static String activity(ConsumerInfo info) {
    if (!info.single()) {
      return "up";
    }
    return info.active() ? "single_active" : "waiting";
  }

  // ---- addresses

  static String host(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : String.valueOf(address);
  }

  static int port(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }
}
