package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.stats.Counter;
import io.harveymq.codec.FieldTable;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A queue with RabbitMQ's fields. Immutable; any thread. */
final class QueueJson {
  /** Without messages for so long, a queue is idle. */
  private static final long IDLE_MILLIS = 10_000;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT);

  private final String node;
  private final StatsJson stats;

  /**
   * @param stats with the samples to give
   */
  QueueJson(String node, StatsJson stats) {
    this.node = node;
    this.stats = stats;
  }

  /** What takes no statistics, as with {@code disable_stats}. */
  ObjectNode withoutStats(QueueInfo queue) {
    ObjectNode body = brief(queue);
    Policy policy = queue.policy().policy();
    if (policy != null) {
      body.put("policy", policy.name());
    }
    if (queue.type() == QueueType.QUORUM) {
      body.put("leader", node);
      replicas(body);
    }
    return body;
  }

  private ObjectNode brief(QueueInfo queue) {
    ObjectNode body = Json.object();
    body.set("arguments", FieldTables.toJson(queue.arguments()));
    body.put("auto_delete", queue.autoDelete());
    body.put("durable", queue.durable());
    body.put("exclusive", queue.exclusive());
    body.put("name", queue.name());
    body.put("node", node);
    if (queue.paused()) {
      body.put("paused", true);
    }
    body.put("state", "running");
    body.put("type", queue.type().name().toLowerCase(Locale.ROOT));
    body.put("vhost", queue.vhost());
    return body;
  }

  /** The same with the messages, as with {@code enable_queue_totals} besides. */
  ObjectNode totals(QueueInfo queue) {
    ObjectNode body = withoutStats(queue);
    body.put("messages", queue.messages().all());
    body.put("messages_ready", queue.messages().ready());
    body.put("messages_unacknowledged", queue.messages().unacknowledged());
    putDelayed(body, queue);
    return body;
  }

  /** Those that came back and may not be delivered yet; without any, as RabbitMQ has it. */
  private static void putDelayed(ObjectNode body, QueueInfo queue) {
    if (queue.messages().delayed() > 0) {
      body.put("messages_delayed", queue.messages().delayed());
    }
  }

  /** All fields of a list. */
  ObjectNode full(QueueInfo queue) {
    ObjectNode body = brief(queue);
    policy(body, queue.policy());
    body.put("consumers", queue.consumers());
    stats.putLengths(body, queue.figures());
    putDelayed(body, queue);
    if (queue.messages().oldest() > 0) {
      body.put("oldest_since", queue.messages().oldest());
    }
    body.put("memory", queue.memory());
    body.put("reductions", 0);
    body.putObject("reductions_details").put("rate", 0.0);
    switch (queue.type()) {
      case CLASSIC -> classic(body, queue);
      case QUORUM -> quorum(body, queue);
      case STREAM -> replicas(body).putObject("readers").put(node, queue.consumers());
    }
    ObjectNode messages = stats.ofQueue(queue.figures());
    if (!messages.isEmpty()) {
      body.set("message_stats", messages);
    }
    return body;
  }

  /** Messages that are in memory, those with clients included. */
  static long inMemory(QueueInfo queue) {
    return queue.messages().inMemory() + queue.messages().unacknowledged();
  }

  /** Bytes of the bodies of those. */
  static long bytesInMemory(QueueInfo queue) {
    return queue.messages().inMemoryBytes() + queue.messages().unacknowledgedBytes();
  }

  /** The part of the time in which consumers could take more: all or none. */
  static double capacity(QueueInfo queue) {
    return queue.keepsUp() ? 1 : 0;
  }

  private static void policy(ObjectNode body, EffectivePolicy policy) {
    body.put("policy", name(policy.policy()));
    body.put("operator_policy", name(policy.operator()));
    ObjectNode definition = body.putObject("effective_policy_definition");
    addKeys(definition, policy.policy(), policy);
    addKeys(definition, policy.operator(), policy);
  }

  private static String name(Policy policy) {
    return policy == null ? null : policy.name();
  }

  private static void addKeys(ObjectNode into, Policy policy, EffectivePolicy effective) {
    if (policy != null) {
      FieldTable keys = policy.definition();
      keys.forEach((key, value) -> into.set(key, FieldTables.toJson(effective.get(key))));
    }
  }

  private void classic(ObjectNode body, QueueInfo queue) {
    usual(body, queue);
    QueueInfo.Messages messages = queue.messages();
    body.put("exclusive_consumer_tag", queue.exclusiveTag());
    body.put("single_active_consumer_tag", queue.activeTag());
    body.putNull("recoverable_slaves");
    if (messages.headTimestamp() == 0) {
      body.putNull("head_message_timestamp");
    } else {
      body.put("head_message_timestamp", messages.headTimestamp());
    }
    body.put("messages_paged_out", queue.pagedOut());
    body.put("message_bytes_paged_out", queue.pagedOutBytes());
    body.put("messages_ready_ram", messages.inMemory());
    body.put("messages_unacknowledged_ram", messages.unacknowledged());
    if (queue.owner() != null) {
      owner(body, queue.owner());
    }
    if (isIdle(queue)) {
      long since = queue.figures().lastChange();
      // of a queue that was never used, the minute of now: who watches it is not told each second
      Instant time =
          since == 0
              ? Instant.ofEpochMilli(queue.figures().time()).truncatedTo(ChronoUnit.MINUTES)
              : Instant.ofEpochMilli(since);
      body.put("idle_since", TIME.format(time.atOffset(ZoneOffset.UTC)));
    }
  }

  private static boolean isIdle(QueueInfo queue) {
    return queue.figures().time() - queue.figures().lastChange() > IDLE_MILLIS
        && queue.figures().rate(Counter.PUBLISH) == 0;
  }

  private static void owner(ObjectNode body, String owner) {
    ObjectNode details = body.putObject("owner_pid_details");
    details.put("name", owner);
    String peer = owner.substring(0, Math.max(0, owner.indexOf(" -> ")));
    int colon = peer.lastIndexOf(':');
    details.put("peer_host", colon < 0 ? peer : peer.substring(0, colon));
    details.put("peer_port", colon < 0 ? 0 : Integer.parseInt(peer.substring(colon + 1)));
  }

  private void quorum(ObjectNode body, QueueInfo queue) {
    usual(body, queue);
    body.put("single_active_consumer_ctag", queue.activeTag());
    body.put("messages_dlx", 0);
    body.put("message_bytes_dlx", 0);
    body.put("leader", node);
    replicas(body).putObject("open_files").put(node, 0);
  }

  private ObjectNode replicas(ObjectNode body) {
    body.putArray("members").add(node);
    body.putArray("online").add(node);
    return body;
  }

  private void usual(ObjectNode body, QueueInfo queue) {
    stats.putByteSamples(body, queue.figures());
    QueueInfo.Messages messages = queue.messages();
    double capacity = capacity(queue);
    body.put("consumer_capacity", capacity);
    body.put("consumer_utilisation", capacity);
    body.put("message_bytes", messages.allBytes());
    body.put("message_bytes_ready", messages.readyBytes());
    body.put("message_bytes_unacknowledged", messages.unacknowledgedBytes());
    body.put("message_bytes_ram", bytesInMemory(queue));
    body.put("messages_ram", inMemory(queue));
    body.put("messages_persistent", queue.persistent());
    body.put("message_bytes_persistent", queue.persistentBytes());
  }
}
