package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code status}, {@code cluster_status} and parts of them. Any thread. */
final class StatusCommand {
  private static final double PERCENT = 100;
  private static final int MILLIS = 1_000;

  private StatusCommand() {}

  // ---- status

  static void status(Call call) throws CtlException {
    call.banner("Status of node " + call.node() + " ...");
    JsonNode node = call.get("nodes?memory=true").path(0);
    JsonNode overview = call.get("overview");
    List<String> alarms = HealthCommands.raised(call);
    int vhosts = call.get("vhosts?disable_stats=true").size();
    if (call.output().isJson()) {
      call.output().document(document(node, overview, alarms, vhosts));
      return;
    }
    Unit unit = Unit.of(call.option("unit", "gb"));
    List<String> lines = new ArrayList<>();
    runtime(lines, node, overview);
    heading(lines, "Plugins");
    lines.add("Enabled plugins:");
    lines.add("");
    node.path("enabled_plugins").forEach(plugin -> lines.add(" * " + plugin.asText()));
    heading(lines, "Data directory");
    lines.add("Node data directory: " + node.path("db_dir").asText());
    files(lines, "Config files", node.path("config_files"));
    files(lines, "Log file(s)", node.path("log_files"));
    heading(lines, "Alarms");
    lines.addAll(alarms.isEmpty() ? List.of("(none)") : alarms);
    memory(lines, node, unit);
    heading(lines, "File Descriptors");
    lines.add(
        "Total: " + node.path("fd_used").asText() + ", limit: " + node.path("fd_total").asText());
    lines.add(
        "Sockets: "
            + node.path("sockets_used").asText()
            + ", limit: "
            + node.path("sockets_total").asText());
    heading(lines, "Free Disk Space");
    lines.add("Low free disk space watermark: " + unit.show(node.path("disk_free_limit").asLong()));
    lines.add("Free disk space: " + unit.show(node.path("disk_free").asLong()));
    heading(lines, "Totals");
    JsonNode totals = overview.path("object_totals");
    lines.add("Connection count: " + totals.path("connections").asText());
    lines.add("Queue count: " + totals.path("queues").asText());
    lines.add("Virtual host count: " + vhosts);
    heading(lines, "Listeners");
    overview.path("listeners").forEach(listener -> lines.add(interfaceLine(listener)));
    lines.forEach(call::say);
  }

  private static void heading(List<String> lines, String heading) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(heading);
    lines.add("");
  }

  private static void runtime(List<String> lines, JsonNode node, JsonNode overview) {
    heading(lines, "Runtime");
    lines.add("OS PID: " + node.path("os_pid").asText());
    lines.add("OS: " + System.getProperty("os.name"));
    lines.add("Uptime (seconds): " + node.path("uptime").asLong() / MILLIS);
    lines.add("Is under maintenance?: false");
    lines.add("RabbitMQ version: " + overview.path("rabbitmq_version").asText());
    lines.add("Node name: " + node.path("name").asText());
    lines.add("Erlang configuration: " + overview.path("erlang_full_version").asText());
  }

  private static void files(List<String> lines, String heading, JsonNode files) {
    heading(lines, heading);
    if (files.isEmpty()) {
      lines.add("(none)");
    }
    files.forEach(file -> lines.add(" * " + file.asText()));
  }

  private static void memory(List<String> lines, JsonNode node, Unit unit) {
    heading(lines, "Memory");
    lines.add("Total memory used: " + unit.show(node.path("mem_used").asLong()));
    lines.add("Calculation strategy: " + node.path("mem_calculation_strategy").asText());
    lines.add("Memory high watermark: " + unit.show(node.path("mem_limit").asLong()));
    lines.add("");
    long total = node.path("memory").path("total").path("rss").asLong();
    for (Map.Entry<String, JsonNode> part : parts(node.path("memory"))) {
      long bytes = part.getValue().asLong();
      lines.add(part.getKey() + ": " + unit.show(bytes) + " (" + percent(bytes, total) + " %)");
    }
  }

  private static ObjectNode document(
      JsonNode node, JsonNode overview, List<String> alarms, int vhosts) {
    ObjectNode status = Json.object();
    status.set("active_plugins", node.path("enabled_plugins"));
    alarms.forEach(status.putArray("alarms")::add);
    status.set("config_files", node.path("config_files"));
    status.set("data_directory", node.path("db_dir"));
    status.set("disk_free", node.path("disk_free"));
    status.set("disk_free_limit", node.path("disk_free_limit"));
    status.set("erlang_version", overview.path("erlang_full_version"));
    ObjectNode files = status.putObject("file_descriptors");
    files.set("total_limit", node.path("fd_total"));
    files.set("total_used", node.path("fd_used"));
    files.set("sockets_limit", node.path("sockets_total"));
    files.set("sockets_used", node.path("sockets_used"));
    status.put("is_under_maintenance", false);
    status.set("listeners", listeners(overview));
    status.set("log_files", node.path("log_files"));
    status.set("memory", node.path("memory"));
    status.put("os", System.getProperty("os.name"));
    status.put("pid", node.path("os_pid").asLong());
    status.put("product_name", "RabbitMQ");
    status.set("product_version", overview.path("product_version"));
    status.set("rabbitmq_version", overview.path("rabbitmq_version"));
    status.put("release_series_support_status", "supported");
    ObjectNode totals = status.putObject("totals");
    totals.set("connection_count", overview.at("/object_totals/connections"));
    totals.set("queue_count", overview.at("/object_totals/queues"));
    totals.put("virtual_host_count", vhosts);
    status.put("uptime", node.path("uptime").asLong() / MILLIS);
    status.set("vm_memory_high_watermark_limit", node.path("mem_limit"));
    return status;
  }

  // ---- listeners

  static void listeners(Call call) throws CtlException {
    call.banner("Asking node " + call.node() + " to report its protocol listeners ...");
    JsonNode overview = call.get("overview");
    if (call.output().isJson()) {
      ObjectNode body = Json.object();
      body.set("listeners", listeners(overview));
      call.output().document(body);
    } else {
      overview.path("listeners").forEach(listener -> call.say(interfaceLine(listener)));
    }
  }

  private static ArrayNode listeners(JsonNode overview) {
    ArrayNode listeners = Json.array();
    for (JsonNode listener : overview.path("listeners")) {
      ObjectNode one = listeners.addObject();
      one.put("interface", address(listener));
      one.set("node", listener.path("node"));
      one.set("port", listener.path("port"));
      one.set("protocol", listener.path("protocol"));
      one.put("purpose", purpose(listener));
    }
    return listeners;
  }

  private static String address(JsonNode listener) {
    return address(listener, "ip_address");
  }

  private static String address(JsonNode listener, String field) {
    String address = listener.path(field).asText();
    return address.contains(":") ? "[" + address + "]" : address;
  }

  private static String purpose(JsonNode listener) {
    return switch (listener.path("protocol").asText()) {
      case "amqp" -> "AMQP 0-9-1";
      case "amqp/ssl" -> "AMQP 0-9-1 over TLS";
      case "http" -> "HTTP API";
      case "https" -> "HTTP API over TLS (HTTPS)";
      case "http/prometheus" -> "Prometheus exporter API over HTTP";
      case "https/prometheus" -> "Prometheus exporter API over TLS (HTTPS)";
      default -> listener.path("protocol").asText();
    };
  }

  private static String interfaceLine(JsonNode listener) {
    return interfaceLine(listener, "ip_address");
  }

  /** Tells of a listener, whose address is in this field. */
  static String interfaceLine(JsonNode listener, String field) {
    return "Interface: "
        + address(listener, field)
        + ", port: "
        + listener.path("port").asText()
        + ", protocol: "
        + listener.path("protocol").asText()
        + ", purpose: "
        + purpose(listener);
  }

  // ---- memory

  static void memory(Call call) throws CtlException {
    call.banner("Reporting memory breakdown on node " + call.node() + "...");
    JsonNode memory = call.get("nodes?memory=true").path(0).path("memory");
    long total = memory.path("total").path("rss").asLong();
    Unit unit = Unit.of(call.option("unit", "gb"));
    ObjectNode document = Json.object();
    for (Map.Entry<String, JsonNode> part : parts(memory)) {
      long bytes = part.getValue().asLong();
      document
          .putObject(part.getKey())
          .put("bytes", bytes)
          .put("percentage", Double.parseDouble(percent(bytes, total)));
    }
    if (call.output().isJson()) {
      call.output().document(document);
      return;
    }
    for (Map.Entry<String, JsonNode> part : document.properties()) {
      long bytes = part.getValue().get("bytes").asLong();
      call.say(part.getKey() + ": " + unit.show(bytes) + " (" + percent(bytes, total) + "%)");
    }
    call.say("");
  }

  /** The categories, the largest first. */
  private static List<Map.Entry<String, JsonNode>> parts(JsonNode memory) {
    List<Map.Entry<String, JsonNode>> parts = new ArrayList<>();
    memory.properties().forEach(parts::add);
    parts.removeIf(part -> !part.getValue().isNumber());
    parts.sort(
        Comparator.comparingLong((Map.Entry<String, JsonNode> p) -> p.getValue().asLong())
            .reversed());
    return parts;
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f", whole == 0 ? 0 : part * PERCENT / whole);
  }

  /** What sizes are told in. */
  private record Unit(String name, double bytes) {
    static Unit of(String name) throws CtlException {
      String lower = name.toLowerCase(Locale.ROOT);
      return switch (lower) {
        case "bytes" -> new Unit(lower, 1);
        case "kb" -> new Unit(lower, 1e3);
        case "mb" -> new Unit(lower, 1e6);
        case "gb" -> new Unit(lower, 1e9);
        case "tb" -> new Unit(lower, 1e12);
        default ->
            throw CtlException.arguments(
                Exit.USAGE, "unit '" + name + "' is not supported; use bytes, kb, mb, gb or tb");
      };
    }

    String show(long amount) {
      return String.format(Locale.ROOT, "%.4f %s", amount / bytes, name);
    }
  }

  // ---- report

  /** All that the other commands tell, of the virtual host that is asked for. */
  static void report(Call call, CommandTable table) throws CtlException {
    call.banner("Reporting server status of node " + call.node() + " ...");
    for (String name :
        List.of(
            "status",
            "cluster_status",
            "list_vhosts",
            "list_users",
            "list_connections",
            "list_channels",
            "list_queues",
            "list_exchanges",
            "list_bindings",
            "list_consumers",
            "list_permissions",
            "list_policies",
            "list_global_parameters",
            "list_parameters")) {
      table.find(Tool.CTL, name).action().run(call);
      call.say("");
    }
  }

  // ---- cluster_status

  static void cluster(Call call) throws CtlException {
    call.banner("Cluster status of node " + call.node() + " ...");
    JsonNode overview = call.get("overview");
    String node = overview.path("node").asText();
    List<String> alarms = HealthCommands.raised(call);
    if (call.output().isJson()) {
      ObjectNode status = Json.object();
      status.set("cluster_name", overview.path("cluster_name"));
      alarms.forEach(status.putArray("alarms")::add);
      status.putArray("disk_nodes").add(node);
      status.putArray("running_nodes").add(node);
      status.putArray("ram_nodes");
      status.putObject("partitions");
      status.putObject("listeners").set(node, listeners(overview));
      call.output().document(status);
      return;
    }
    List<String> lines = new ArrayList<>();
    heading(lines, "Basics");
    lines.add("Cluster name: " + overview.path("cluster_name").asText());
    heading(lines, "Disk Nodes");
    lines.add(node);
    heading(lines, "Running Nodes");
    lines.add(node);
    heading(lines, "Versions");
    lines.add(node + ": RabbitMQ " + overview.path("rabbitmq_version").asText());
    heading(lines, "Maintenance status");
    lines.add("Node: " + node + ", status: not under maintenance");
    heading(lines, "Alarms");
    lines.addAll(alarms.isEmpty() ? List.of("(none)") : alarms);
    heading(lines, "Network Partitions");
    lines.add("(none)");
    heading(lines, "Listeners");
    for (JsonNode listener : overview.path("listeners")) {
      lines.add("Node: " + node + ", i" + interfaceLine(listener).substring(1));
    }
    heading(lines, "Feature flags");
    for (JsonNode flag : call.get("feature-flags")) {
      lines.add("Flag: " + flag.path("name").asText() + ", state: " + flag.path("state").asText());
    }
    lines.forEach(call::say);
  }
}
