package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Checks, most of them of {@code rabbitmq-diagnostics}. Any thread. */
final class HealthCommands {
  private static final int CONNECT_SECONDS = 30;

  private HealthCommands() {}

  static void addTo(CommandTable table) {
    table.group("Monitoring, observability and health checks", Tool.BOTH);
    table.add("status", "[--unit <unit>]", "Tells how the broker is", StatusCommand::status);
    table.add("cluster_status", "", "Tells of the only node", StatusCommand::cluster);
    table.add(
        "list_node_auth_attempt_stats",
        "",
        "Tells how often clients tried to log in",
        HealthCommands::attempts);
    table.add(
        "report",
        "[--vhost <vhost>]",
        "Tells what the other commands tell",
        call -> StatusCommand.report(call, table));
    table.add(
        "node_health_check",
        "",
        "Deprecated: fails when an alarm is raised",
        HealthCommands::oldCheck);
    addChecks(table);
  }

  private static void addChecks(CommandTable table) {
    table.group("Monitoring, observability and health checks", List.of(Tool.DIAGNOSTICS));
    table.add("alarms", "", "Tells which alarms are raised", HealthCommands::alarms);
    table.add(
        "check_alarms", "", "Fails when an alarm is raised", call -> checkAlarms(call, false));
    table.add(
        "check_local_alarms", "", "Fails when an alarm is raised", call -> checkAlarms(call, true));
    table.add(
        "check_certificate_expiration",
        "[--unit <unit>] [--within <n>]",
        "Fails when a certificate of a listener expires soon",
        HealthCommands::certificates);
    table.add(
        "check_if_node_is_mirror_sync_critical",
        "",
        "Succeeds: there are no mirrors",
        call -> alone(call, "critical for data safety of any classic mirrored queues"));
    table.add(
        "check_if_node_is_quorum_critical",
        "",
        "Succeeds: there is one node",
        call -> alone(call, "critical for quorum of any quorum queues"));
    table.add(
        "check_port_connectivity",
        "[--address <address>]",
        "Fails when a port that is listened on does not accept connections",
        HealthCommands::connectivity);
    table.add(
        "check_port_listener",
        "<port>",
        "Fails when nothing listens on a port",
        HealthCommands::portListener);
    table.add(
        "check_protocol_listener",
        "<protocol>",
        "Fails when nothing listens for a protocol",
        HealthCommands::protocolListener);
    table.add("check_running", "", "Fails when the broker does not run", HealthCommands::running);
    table.add(
        "check_virtual_hosts",
        "",
        "Fails when a virtual host does not run",
        HealthCommands::vhosts);
    table.add("is_booting", "", "Tells whether the broker is starting", HealthCommands::isBooting);
    table.add("is_running", "", "Tells whether the broker runs", HealthCommands::isRunning);
    table.add("listeners", "", "Tells what is listened on", StatusCommand::listeners);
    table.add(
        "memory_breakdown", "[--unit <unit>]", "Tells where the memory is", StatusCommand::memory);
    table.add("server_version", "", "Tells the version", HealthCommands::version);
    table.add("erlang_version", "", "Tells what the broker runs on", HealthCommands::erlang);
    table.add("log_location", "", "Tells where the log is", HealthCommands::logs);
  }

  // ---- running

  private static String runs(Call call) throws CtlException {
    return "RabbitMQ on node " + call.node() + " is fully booted and running";
  }

  private static void running(Call call) throws CtlException {
    call.banner("Checking if RabbitMQ is running on node " + call.node() + " ...");
    AppCommands.requireRunning(call.api());
    call.say(runs(call));
  }

  private static void isRunning(Call call) throws CtlException {
    call.banner("Asking node " + call.node() + " for its status ...");
    boolean running = AppCommands.isRunning(call.api());
    if (call.output().isJson()) {
      call.output().document(Json.object().put("result", running));
    } else {
      call.say(running ? runs(call) : AppCommands.isStopped(call.node()));
    }
  }

  private static void isBooting(Call call) throws CtlException {
    call.banner("Asking node " + call.node() + " for its boot status ...");
    call.api().get("whoami");
    call.say(
        "RabbitMQ on node "
            + call.node()
            + " is fully booted (check with is_running), stopped or has not started booting yet");
  }

  private static void version(Call call) throws CtlException {
    call.banner("Asking node " + call.node() + " for its RabbitMQ version...");
    call.say(call.get("overview").path("rabbitmq_version").asText());
  }

  private static void erlang(Call call) throws CtlException {
    call.banner("Asking node " + call.node() + " for its Erlang/OTP version...");
    call.say(call.get("overview").path("erlang_full_version").asText());
  }

  private static void logs(Call call) throws CtlException {
    call.banner("Log file location(s) on node " + call.node() + " ...");
    call.get("nodes").path(0).path("log_files").forEach(file -> call.say(file.asText()));
  }

  // ---- alarms

  /** The lines about alarms that are raised. */
  static List<String> raised(Call call) throws CtlException {
    Reply reply = call.api().tryGet("health/checks/alarms");
    List<String> lines = new ArrayList<>();
    for (JsonNode alarm : reply.body().path("alarms")) {
      String resource = alarm.path("resource").asText();
      String what = resource.equals("disk") ? "Free disk space" : "Memory";
      lines.add(what + " alarm on node " + alarm.path("node").asText());
    }
    return lines;
  }

  private static void alarms(Call call) throws CtlException {
    call.banner("Asking node " + call.node() + " to report any known resource alarms ...");
    List<String> raised = raised(call);
    if (raised.isEmpty()) {
      call.say("Node " + call.node() + " reported no alarms, local or clusterwide");
    } else {
      raised.forEach(call::say);
    }
  }

  private static void checkAlarms(Call call, boolean local) throws CtlException {
    call.banner("Asking node " + call.node() + " to report any local resource alarms ...");
    List<String> raised = raised(call);
    if (!raised.isEmpty()) {
      throw CtlException.refused(
          "Node "
              + call.node()
              + (local ? " reported local alarms:\n" : " reported alarms:\n")
              + String.join("\n", raised));
    }
    call.say(
        "Node "
            + call.node()
            + (local ? " reported no local alarms" : " reported no alarms, local or clusterwide"));
  }

  private static void oldCheck(Call call) throws CtlException {
    call.banner("This command is DEPRECATED and will be removed in a future version.");
    call.banner("Checking health of node " + call.node() + " ...");
    List<String> raised = raised(call);
    if (!raised.isEmpty()) {
      throw CtlException.refused("health check failed:\n" + String.join("\n", raised));
    }
    call.say("Health check passed");
  }

  // ---- listeners

  private static void portListener(Call call) throws CtlException {
    String port = call.argument(0);
    if (!port.matches("[0-9]{1,5}")) {
      throw CtlException.arguments(Exit.DATA, "Bad argument: Argument must be a positive integer");
    }
    call.banner(
        "Asking node " + call.node() + " if there's an active listener on port " + port + " ...");
    List<String> ports = new ArrayList<>();
    call.get("overview").path("listeners").forEach(one -> ports.add(one.path("port").asText()));
    if (!ports.contains(port)) {
      throw new CtlException(
          Exit.UNAVAILABLE,
          "No listener for port "
              + port
              + " is active on node "
              + call.node()
              + ". Found listeners that use the following ports: "
              + String.join(", ", ports));
    }
    call.say("A listener for port " + port + " is running on node " + call.node() + ".");
  }

  private static void protocolListener(Call call) throws CtlException {
    String protocol = call.argument(0);
    call.banner(
        "Asking node "
            + call.node()
            + " if there's an active listener for protocol "
            + protocol
            + " ...");
    Reply reply = call.api().tryGet(Api.path("health/checks/protocol-listener/{}", protocol));
    if (!reply.isOk()) {
      List<String> protocols = new ArrayList<>();
      reply.body().path("protocols").forEach(one -> protocols.add(one.asText()));
      throw CtlException.refused(
          "No listener for protocol "
              + protocol
              + " is active on node "
              + call.node()
              + ". Found listeners for the following protocols: "
              + String.join(", ", protocols));
    }
    call.say("A listener for protocol " + protocol + " is running on node " + call.node() + ".");
  }

  private static void connectivity(Call call) throws CtlException {
    call.banner("Testing TCP connections to all active listeners on node " + call.node() + " ...");
    String host = call.option("address", URI.create(call.api().control().uri()).getHost());
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (JsonNode listener : call.get("overview").path("listeners")) {
      String address = listener.path("ip_address").asText();
      boolean any = address.equals("0.0.0.0") || address.equals("::");
      int port = listener.path("port").asInt();
      String to = any || call.has("address") ? host : address;
      (accepts(to, port, call.timeoutMillis(CONNECT_SECONDS)) ? good : bad)
          .add(Integer.toString(port));
    }
    if (!bad.isEmpty()) {
      throw CtlException.refused(
          "Connection to ports " + String.join(", ", bad) + " on node " + call.node() + " failed");
    }
    call.say(
        "Successfully connected to ports "
            + String.join(", ", good)
            + " on node "
            + call.node()
            + ".");
  }

  private static boolean accepts(String host, int port, int timeoutMillis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port), timeoutMillis);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private static void certificates(Call call) throws CtlException {
    String within = call.option("within", "4");
    String unit = call.option("unit", "weeks");
    call.banner("Checking certificate expiration on node " + call.node() + " ...");
    Reply reply =
        call.api().tryGet(Api.path("health/checks/certificate-expiration/{}/{}", within, unit));
    if (reply.body().path("expired").isArray()) {
      StringBuilder lines = new StringBuilder();
      reply.body().path("expired").forEach(listener -> expiring(lines, listener));
      throw CtlException.refused(lines.toString().stripTrailing());
    }
    Api.require(reply);
    call.say("No certificates are expiring within " + within + " " + unit + ".");
  }

  private static void expiring(StringBuilder lines, JsonNode listener) {
    lines.append(StatusCommand.interfaceLine(listener, "interface")).append('\n');
    for (String file : List.of("certfile", "cacertfile")) {
      for (JsonNode end : listener.path(file + "_expires_on")) {
        lines.append("  ").append(listener.path(file).asText()).append(" expires on ");
        lines.append(end.asText()).append('\n');
      }
    }
  }

  // ---- the rest

  private static void vhosts(Call call) throws CtlException {
    call.banner("Checking if all vhosts are running on node " + call.node() + " ...");
    Api.require(call.api().tryGet("health/checks/virtual-hosts"));
    call.say("Node " + call.node() + " reported all vhosts as running");
  }

  private static void alone(Call call, String what) throws CtlException {
    call.banner("Checking if node " + call.node() + " is " + what + " ...");
    call.api().get("whoami");
    call.say(
        "Node "
            + call.node()
            + " seems to be the only one in a single node cluster, the check does not apply");
  }

  private static void attempts(Call call) throws CtlException {
    call.banner("Listing authentication attempts for node \"" + call.node() + "\" ...");
    String node = call.get("nodes").path(0).path("name").asText();
    List<String> columns =
        List.of("protocol", "auth_attempts", "auth_attempts_failed", "auth_attempts_succeeded");
    List<ObjectNode> rows = Call.rows(call.get("auth/attempts/{}", node), columns);
    call.table(columns, rows);
  }
}
