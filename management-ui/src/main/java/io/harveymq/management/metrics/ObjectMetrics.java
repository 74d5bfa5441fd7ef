package io.harveymq.management.metrics;

import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.FlowInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Figures;
import io.harveymq.broker.stats.Flow;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The metrics of queues, exchanges, channels and connections, with RabbitMQ's names
 * (prometheus_rabbitmq_core_metrics_collector). Stateless; any thread.
 */
final class ObjectMetrics {
  private static final String COARSE = "queue_coarse_metrics";
  private static final String QUEUE = "queue_metrics";
  private static final String CHANNEL = "channel_metrics";
  static final String TRAFFIC = "connection_coarse_metrics";
  static final String CONNECTION = "connection_metrics";

  /** RabbitMQ's set of the counts of what channels published. */
  static final String PUBLISHED = "channel_exchange_metrics";

  /** RabbitMQ's set of the counts of what channels got from queues. */
  static final String DELIVERED = "channel_queue_metrics";

  /** RabbitMQ's set of the counts of what queues got. */
  static final String QUEUE_PUBLISHED = "channel_queue_exchange_metrics";

  /** Those sets that are of what went from one object to another. */
  static final Set<String> OF_FLOWS = Set.of(PUBLISHED, DELIVERED, QUEUE_PUBLISHED);

  static final List<Metric<QueueInfo>> QUEUES =
      List.of(
          new Metric<>(
              COARSE,
              "queue_messages_ready",
              "Messages that wait for consumers",
              queue -> queue.messages().ready()),
          new Metric<>(
              COARSE,
              "queue_messages_unacked",
              "Messages that consumers have not acknowledged",
              queue -> queue.messages().unacknowledged()),
          new Metric<>(
              COARSE,
              "queue_messages",
              "Messages, waiting and unacknowledged",
              queue -> queue.messages().all()),
          new Metric<>(QUEUE, "queue_consumers", "Consumers", QueueInfo::consumers),
          new Metric<>(
              QUEUE,
              "queue_consumer_capacity",
              "Whether consumers take what comes at once",
              ObjectMetrics::capacity),
          new Metric<>(
              QUEUE,
              "queue_consumer_utilisation",
              "The same as queue_consumer_capacity",
              ObjectMetrics::capacity),
          new Metric<>(
              QUEUE,
              "queue_messages_ram",
              "Messages in memory",
              queue -> ready(queue) + queue.messages().unacknowledged()),
          new Metric<>(
              QUEUE,
              "queue_messages_ram_bytes",
              "Bytes of messages in memory",
              queue -> queue.messages().inMemoryBytes() + queue.messages().unacknowledgedBytes()),
          new Metric<>(
              QUEUE,
              "queue_messages_ready_ram",
              "Waiting messages in memory",
              ObjectMetrics::ready),
          new Metric<>(
              QUEUE,
              "queue_messages_unacked_ram",
              "Unacknowledged messages in memory",
              queue -> queue.messages().unacknowledged()),
          new Metric<>(
              QUEUE,
              "queue_messages_persistent",
              "Messages that survive a restart",
              QueueInfo::persistent),
          new Metric<>(
              QUEUE,
              "queue_messages_persistent_bytes",
              "Bytes of the bodies of messages that survive a restart",
              QueueInfo::persistentBytes),
          new Metric<>(
              QUEUE,
              "queue_messages_bytes",
              "Bytes of message bodies",
              queue -> queue.messages().readyBytes() + queue.messages().unacknowledgedBytes()),
          new Metric<>(
              QUEUE,
              "queue_messages_ready_bytes",
              "Bytes of the bodies of waiting messages",
              queue -> queue.messages().readyBytes()),
          new Metric<>(
              QUEUE,
              "queue_messages_unacked_bytes",
              "Bytes of the bodies of unacknowledged messages",
              queue -> queue.messages().unacknowledgedBytes()),
          new Metric<>(
              QUEUE,
              "queue_messages_paged_out",
              "Waiting messages that are in the store alone",
              QueueInfo::pagedOut),
          new Metric<>(
              QUEUE,
              "queue_messages_paged_out_bytes",
              "Bytes of the bodies of waiting messages that are in the store alone",
              QueueInfo::pagedOutBytes),
          new Metric<>(
              QUEUE,
              "queue_process_memory_bytes",
              "Bytes that a queue takes in memory, messages included",
              QueueInfo::memory),
          new Metric<>(
              QUEUE,
              "queue_head_message_timestamp",
              "Timestamp of the message that waits longest",
              queue -> orNone(queue.messages().headTimestamp())));

  static final Map<String, Counter> QUEUE_DELIVERY = delivery("queue_");
  static final Map<String, Counter> CHANNEL_DELIVERY = delivery("channel_");
  static final Map<String, Counter> CHANNEL_PUBLISHING = publishing();

  static final List<Metric<ExchangeInfo>> EXCHANGES =
      List.of(
          new Metric<>(
              "exchange_metrics",
              "exchange_messages_published_total",
              "Messages published to an exchange",
              info -> info.figures().count(Counter.PUBLISH_IN)));

  static final List<Metric<ChannelInfo>> CHANNELS =
      List.of(
          new Metric<>(CHANNEL, "channel_consumers", "Consumers", ChannelInfo::consumers),
          new Metric<>(
              CHANNEL,
              "channel_messages_unacked",
              "Deliveries that were not acknowledged",
              ChannelInfo::unacknowledged),
          new Metric<>(
              CHANNEL,
              "channel_messages_unconfirmed",
              "Publishes that were not confirmed",
              ChannelInfo::unconfirmed),
          new Metric<>(
              CHANNEL,
              "channel_messages_uncommitted",
              "Publishes of open transactions",
              ChannelInfo::uncommitted),
          new Metric<>(
              CHANNEL,
              "channel_acks_uncommitted",
              "Acknowledgements of open transactions",
              ChannelInfo::acksUncommitted),
          new Metric<>(
              CHANNEL,
              "consumer_prefetch",
              "Deliveries that may be unacknowledged for each consumer",
              ChannelInfo::prefetch),
          new Metric<>(
              CHANNEL,
              "channel_prefetch",
              "Deliveries that may be unacknowledged for all consumers of a channel",
              ChannelInfo::globalPrefetch));

  static final List<Metric<ConnectionInfo>> CONNECTIONS =
      List.of(
          new Metric<>(
              CONNECTION,
              "connection_pending_packets",
              "Bytes that wait for the client",
              ConnectionInfo::sendPending),
          new Metric<>(
              CONNECTION, "connection_channels", "Open channels", ConnectionInfo::channels));

  static final Map<String, Counter> CONNECTION_BYTES =
      Map.of(
          "connection_incoming_bytes_total", Counter.RECV_OCT,
          "connection_outgoing_bytes_total", Counter.SEND_OCT);

  static final Map<String, Counter> CONNECTION_PACKETS =
      Map.of(
          "connection_incoming_packets_total", Counter.RECV_CNT,
          "connection_outgoing_packets_total", Counter.SEND_CNT);

  private ObjectMetrics() {}

  /** A stream keeps its messages otherwise; all of them are as good as in memory. */
  private static double ready(QueueInfo queue) {
    return queue.type() == QueueType.STREAM ? 0 : queue.messages().inMemory();
  }

  private static double capacity(QueueInfo queue) {
    return queue.keepsUp() ? 1 : 0;
  }

  private static double orNone(long number) {
    return number == 0 ? Double.NaN : number;
  }

  private static Map<String, Counter> delivery(String kind) {
    Map<String, Counter> metrics = new LinkedHashMap<>();
    metrics.put(kind + "get_ack_total", Counter.GET);
    metrics.put(kind + "get_total", Counter.GET_NO_ACK);
    metrics.put(kind + "messages_delivered_ack_total", Counter.DELIVER);
    metrics.put(kind + "messages_delivered_total", Counter.DELIVER_NO_ACK);
    metrics.put(kind + "messages_redelivered_total", Counter.REDELIVER);
    metrics.put(kind + "messages_acked_total", Counter.ACK);
    metrics.put(kind + "get_empty_total", Counter.GET_EMPTY);
    return metrics;
  }

  private static Map<String, Counter> publishing() {
    Map<String, Counter> metrics = new LinkedHashMap<>();
    metrics.put("channel_messages_published_total", Counter.PUBLISH);
    metrics.put("channel_messages_confirmed_total", Counter.CONFIRM);
    metrics.put("channel_messages_unroutable_returned_total", Counter.RETURN_UNROUTABLE);
    metrics.put("channel_messages_unroutable_dropped_total", Counter.DROP_UNROUTABLE);
    return metrics;
  }

  // ---- labels

  static Labels labels(QueueInfo queue) {
    return Labels.of("vhost", queue.vhost(), "queue", queue.name());
  }

  static Labels labels(ExchangeInfo info) {
    return Labels.of("vhost", info.vhost(), "exchange", info.definition().name());
  }

  /** Between a channel and an exchange or a queue. */
  static Labels labels(FlowInfo flow) {
    boolean published = flow.kind() == Flow.Kind.PUBLISHED;
    return Labels.of(
        "channel",
        flow.channel().name(),
        "vhost",
        flow.vhost(),
        published ? "exchange" : "queue",
        published ? flow.exchange() : flow.queue());
  }

  /** From an exchange into a queue; RabbitMQ tells of the channel, too. */
  static Labels routed(FlowInfo flow) {
    return Labels.of(
        "queue_vhost",
        flow.vhost(),
        "queue",
        flow.queue(),
        "exchange_vhost",
        flow.vhost(),
        "exchange",
        flow.exchange());
  }

  static Labels labels(ChannelInfo channel) {
    return Labels.of("channel", channel.name());
  }

  /** RabbitMQ calls all its processes channels here. */
  static Labels labels(ConnectionInfo connection) {
    return Labels.of("channel", connection.name());
  }

  /** What counters tell, in words. */
  static String help(Counter counter) {
    return switch (counter) {
      case PUBLISH -> "Messages published";
      case CONFIRM -> "Messages confirmed to their publisher";
      case RETURN_UNROUTABLE -> "Messages returned, because there was no queue for them";
      case DROP_UNROUTABLE -> "Messages dropped, because there was no queue for them";
      case DELIVER -> "Messages delivered to consumers that acknowledge";
      case DELIVER_NO_ACK -> "Messages delivered to consumers that do not acknowledge";
      case GET -> "Messages fetched, to be acknowledged";
      case GET_NO_ACK -> "Messages fetched without acknowledgement";
      case GET_EMPTY -> "Attempts to fetch from an empty queue";
      case REDELIVER -> "Messages delivered or fetched again";
      case ACK -> "Messages acknowledged";
      case RECV_OCT -> "Bytes received";
      case SEND_OCT -> "Bytes sent";
      case RECV_CNT -> "Reads from sockets";
      case SEND_CNT -> "Writes to sockets";
      case CONNECTION_CREATED -> "Connections opened";
      case CONNECTION_CLOSED -> "Connections closed";
      case CHANNEL_CREATED -> "Channels opened";
      case CHANNEL_CLOSED -> "Channels closed";
      case QUEUE_DECLARED -> "Declarations of queues, of new ones and of those that were there";
      case QUEUE_CREATED -> "Queues made";
      case QUEUE_DELETED -> "Queues deleted";
      default -> counter.name();
    };
  }

  /** Counts of one object or of many. */
  static void add(
      Families families,
      String prefix,
      Map<String, Counter> metrics,
      Labels labels,
      Figures figures) {
    metrics.forEach(
        (name, counter) ->
            families.add(prefix + name, help(counter), labels, figures.count(counter)));
  }
}
