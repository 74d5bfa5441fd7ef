package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Lists of queues, exchanges, connections and so on. Any thread. */
final class ListCommands {
  private static final String PLAIN = "[<column> ...]";
  private static final String OF_VHOST = "[--vhost <vhost>] [<column> ...]";
  private static final int LIST_SECONDS = 60;
  private static final double MILLIS = 1_000;

  private ListCommands() {}

  static void addTo(CommandTable table) {
    table.group("Monitoring, observability and health checks", Tool.BOTH);
    table.add(
        "list_bindings",
        OF_VHOST,
        "Lists all bindings of a virtual host",
        call -> {
          call.banner("Listing bindings for vhost " + call.vhost() + "...");
          print(call, bindings(), ofVhost(call, "bindings"));
        });
    table.add(
        "list_channels",
        PLAIN,
        "Lists all channels",
        call -> {
          call.banner("Listing channels ...");
          print(call, channels(), call.get("channels"));
        });
    table.add(
        "list_connections",
        PLAIN,
        "Lists the connections of AMQP clients",
        call -> {
          call.banner("Listing connections ...");
          print(call, connections(), call.get("connections"));
        });
    table.add(
        "list_consumers",
        OF_VHOST,
        "Lists the consumers of a virtual host",
        call -> {
          call.banner("Listing consumers in vhost " + call.vhost() + " ...");
          print(call, consumers(), ofVhost(call, "consumers"));
        });
    table.add(
        "list_exchanges",
        OF_VHOST,
        "Lists the exchanges of a virtual host",
        call -> {
          call.banner("Listing exchanges for vhost " + call.vhost() + " ...");
          print(call, exchanges(), ofVhost(call, "exchanges"));
        });
    table.add(
        "list_queues",
        "[--vhost <vhost>] [--online] [--offline] [--local] [<column> ...]",
        "Lists the queues of a virtual host",
        ListCommands::listQueues);
    addMore(table);
  }

  private static void addMore(CommandTable table) {
    table.add(
        "list_unresponsive_queues",
        "[--local] [--queue-timeout <ms>] [<column> ...]",
        "Lists queues that do not answer: none, they do together or not at all",
        call -> {
          call.banner("Listing unresponsive queues for vhost " + call.vhost() + " ...");
          call.api().get("whoami");
        });
    table.group("Access Control", Tool.BOTH);
    table.add(
        "list_vhosts",
        PLAIN,
        "Lists the virtual hosts",
        call -> {
          call.banner("Listing vhosts ...");
          print(call, vhosts(), call.get("vhosts"));
        });
  }

  private static void print(Call call, Columns columns, JsonNode found) throws CtlException {
    List<String> chosen = columns.chosen(call.arguments());
    call.output().table(chosen, columns.rows(found, chosen), false);
  }

  /** A virtual host that is not there has nothing; RabbitMQ does not complain, either. */
  private static JsonNode ofVhost(Call call, String what) throws CtlException {
    Api.Reply reply = call.api().tryGet(Api.path(what + "/{}", call.vhost()));
    return reply.isMissing() ? Json.array() : Api.require(reply).body();
  }

  private static void listQueues(Call call) throws CtlException {
    Columns columns = queues();
    List<String> chosen = columns.chosen(call.arguments());
    if (!"infinity".equals(call.option("timeout", ""))) {
      call.banner("Timeout: " + call.timeoutMillis(LIST_SECONDS) / MILLIS + " seconds ...");
    }
    call.banner("Listing queues for vhost " + call.vhost() + " ...");
    List<ObjectNode> rows = new ArrayList<>();
    if (!call.has("offline") || call.has("online")) {
      rows = columns.rows(ofVhost(call, "queues"), chosen);
    }
    call.output().table(chosen, rows, false);
  }

  // ---- columns

  private static Columns queues() {
    return new Columns("name", "messages")
        .same("name", "durable", "auto_delete", "arguments", "policy")
        .of("pid", queue -> pid(queue, "queue", "/name"))
        .of("owner_pid", ListCommands::owner)
        .same("exclusive", "exclusive_consumer_tag")
        .empty("exclusive_consumer_pid")
        .same("messages_ready", "messages_unacknowledged", "messages", "messages_ready_ram")
        .same("messages_unacknowledged_ram", "messages_ram", "messages_persistent")
        .same("message_bytes", "message_bytes_ready", "message_bytes_unacknowledged")
        .same("message_bytes_ram", "message_bytes_persistent", "head_message_timestamp")
        .empty("disk_reads", "disk_writes")
        .same("consumers", "consumer_utilisation", "consumer_capacity", "memory", "state", "type")
        .empty("slave_pids", "synchronised_slave_pids", "mirror_pids")
        .same("operator_policy", "effective_policy_definition", "leader", "members", "online")
        .same("vhost", "node");
  }

  private static String owner(JsonNode queue) {
    String name = queue.at("/owner_pid_details/name").asText();
    String node = queue.path("node").asText();
    return name.isEmpty() ? "" : Columns.pid(node, "connection", name);
  }

  private static String pid(JsonNode document, String kind, String path) {
    String name = document.at(path).asText();
    String vhost = kind.equals("queue") ? document.path("vhost").asText() + " " : "";
    return Columns.pid(document.path("node").asText(), kind, vhost + name);
  }

  private static Columns exchanges() {
    return new Columns("name", "type")
        .same("name", "type", "durable", "auto_delete", "internal", "arguments", "policy", "vhost");
  }

  private static Columns bindings() {
    return new Columns(
            "source_name",
            "source_kind",
            "destination_name",
            "destination_kind",
            "routing_key",
            "arguments")
        .as("source_name", "/source")
        .of("source_kind", binding -> "exchange")
        .as("destination_name", "/destination")
        .as("destination_kind", "/destination_type")
        .same("routing_key", "arguments", "vhost");
  }

  /** The id of the process that a connection of the API would be. */
  static String connectionPid(JsonNode connection) {
    return pid(connection, "connection", "/name");
  }

  private static Columns connections() {
    return new Columns("user", "peer_host", "peer_port", "state")
        .of("pid", ListCommands::connectionPid)
        .same("name", "port", "host", "peer_port", "peer_host", "ssl", "ssl_protocol")
        .same("ssl_key_exchange", "ssl_cipher", "ssl_hash", "peer_cert_subject")
        .same("peer_cert_issuer", "peer_cert_validity", "state", "channels")
        .of("protocol", connection -> "{0,9,1}")
        .same("auth_mechanism", "user", "vhost", "timeout", "frame_max", "channel_max")
        .same("client_properties", "recv_oct", "recv_cnt", "send_oct", "send_cnt", "send_pend")
        .same("connected_at", "reductions", "node", "user_provided_name");
  }

  private static Columns channels() {
    return new Columns("pid", "user", "consumer_count", "messages_unacknowledged")
        .of("pid", channel -> pid(channel, "channel", "/name"))
        .of("connection", channel -> pid(channel, "connection", "/connection_details/name"))
        .same("name", "number", "user", "vhost", "transactional", "confirm", "consumer_count")
        .same("messages_unacknowledged", "messages_uncommitted", "acks_uncommitted")
        .same("messages_unconfirmed", "prefetch_count", "global_prefetch_count", "state");
  }

  private static Columns consumers() {
    return new Columns(
            "queue_name",
            "channel_pid",
            "consumer_tag",
            "ack_required",
            "prefetch_count",
            "active",
            "arguments")
        .as("queue_name", "/queue/name")
        .of(
            "channel_pid",
            consumer ->
                Columns.pid(
                    consumer.at("/channel_details/node").asText(),
                    "channel",
                    consumer.at("/channel_details/name").asText()))
        .same("consumer_tag", "ack_required", "prefetch_count", "active", "activity_status")
        .same("exclusive", "arguments");
  }

  private static Columns vhosts() {
    return new Columns("name")
        .same("name", "tracing", "description", "tags", "default_queue_type")
        .of("cluster_state", ListCommands::state);
  }

  private static String state(JsonNode vhost) {
    ArrayNode states = Json.array();
    vhost
        .path("cluster_state")
        .properties()
        .forEach(field -> states.add(field.getKey() + ": " + field.getValue().asText()));
    return Output.text(states);
  }
}
