package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.ConsumerInfo;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import java.net.InetSocketAddress;

/** A consumer with RabbitMQ's fields. Any thread. */
final class ConsumerJson {
  private ConsumerJson() {}

  static ObjectNode of(ConsumerInfo consumer, String node) {
    ObjectNode body = Json.object();
    body.set("arguments", FieldTables.toJson(consumer.arguments()));
    ObjectNode channel = body.putObject("channel_details");
    channel.put("connection_name", consumer.connection());
    channel.put("name", consumer.connection() + " (" + consumer.channel() + ")");
    channel.put("node", node);
    channel.put("number", consumer.channel());
    if (consumer.peer() instanceof InetSocketAddress peer) {
      channel.put("peer_host", peer.getAddress().getHostAddress());
      channel.put("peer_port", peer.getPort());
    }
    channel.put("user", consumer.user());
    body.put("ack_required", consumer.ackRequired());
    body.put("active", consumer.active());
    body.put("activity_status", consumer.active() ? "up" : "waiting");
    body.put("consumer_tag", consumer.tag());
    body.put("exclusive", consumer.exclusive());
    body.put("prefetch_count", consumer.prefetch());
    ObjectNode queue = body.putObject("queue");
    queue.put("name", consumer.queue());
    queue.put("vhost", consumer.vhost());
    return body;
  }
}
