package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Queues, connections, limits of the node, feature flags. Any thread. */
final class OperationCommands {
  private static final String FRACTION = "[0-9]*\\.?[0-9]+";
  private static final String SIZE = "[0-9]{1,15}([kKmMgGtT]i?[bB]?)?";

  private OperationCommands() {}

  static void addTo(CommandTable table) {
    table.group("Configuration and Environment", List.of(Tool.CTL));
    table.add("set_cluster_name", "<name>", "Sets the cluster name", OperationCommands::cluster);
    table.add(
        "set_disk_free_limit",
        "<limit> [<fraction>]",
        "Sets the limit of the disk alarm: a size, or mem_relative and a fraction",
        OperationCommands::diskLimit);
    table.add(
        "set_vm_memory_high_watermark",
        "<fraction> [<size>]",
        "Sets the limit of the memory alarm: a fraction, or absolute and a size",
        OperationCommands::memoryLimit);
    table.group("Feature flags", List.of(Tool.CTL));
    table.add(
        "enable_feature_flag",
        "<name>",
        "Does nothing: all that there are, are enabled",
        OperationCommands::enableFlag);
    table.group("Feature flags", Tool.BOTH);
    table.add("list_feature_flags", "[<column> ...]", "Lists feature flags", call -> flags(call));
    table.add(
        "list_deprecated_features",
        "[--used] [<column> ...]",
        "Lists deprecated features, or those in use",
        OperationCommands::deprecated);
    table.group("Operations", List.of(Tool.CTL));
    table.add(
        "close_all_connections",
        "[--vhost <vhost>] [--global] [--limit <n>] [--per-connection-delay <ms>] <explanation>",
        "Closes all connections, of a virtual host or of the node",
        OperationCommands::closeAll);
    table.add(
        "close_all_user_connections",
        "<username> <explanation>",
        "Closes all connections of a user",
        OperationCommands::closeOfUser);
    table.add(
        "close_connection",
        "<connection> <explanation>",
        "Closes a connection: its pid of list_connections, or its name",
        OperationCommands::close);
    table.add(
        "force_gc",
        "",
        "Does nothing: the JVM collects garbage when it needs to",
        call -> call.banner("Node " + call.node() + " collects garbage when it needs to"));
    table.group("Queues", List.of(Tool.CTL));
    table.add(
        "delete_queue",
        "[--vhost <vhost>] <queue> [--if-empty|-e] [--if-unused|-u]",
        "Deletes a queue",
        OperationCommands::deleteQueue);
    table.add(
        "purge_queue",
        "[--vhost <vhost>] <queue>",
        "Removes all messages that wait in a queue",
        OperationCommands::purge);
  }

  // ---- limits

  private static void cluster(Call call) throws CtlException {
    call.banner("Setting cluster name to " + call.argument(0) + " ...");
    Api.require(call.api().put("cluster-name", Json.object().put("name", call.argument(0))));
  }

  private static void memoryLimit(Call call) throws CtlException {
    boolean absolute = call.argument(0).equals("absolute");
    if (absolute && call.argument(1) == null) {
      throw CtlException.arguments(Exit.USAGE, "not enough arguments.");
    }
    if (!absolute && call.argument(1) != null) {
      throw CtlException.arguments(Exit.USAGE, "too many arguments.");
    }
    String limit = call.argument(absolute ? 1 : 0);
    if (absolute) {
      requireSize(limit);
    } else if (!limit.matches("-?" + FRACTION)) {
      throw CtlException.arguments(Exit.DATA, "Bad argument.");
    } else if (Double.parseDouble(limit) < 0 || Double.parseDouble(limit) > 1) {
      throw CtlException.arguments(
          Exit.DATA, "Bad argument: The threshold should be a fraction between 0.0 and 1.0");
    }
    call.banner(
        "Setting memory threshold on "
            + call.node()
            + " to "
            + limit
            + (absolute ? " bytes" : "")
            + " ...");
    put(call, "memory_high_watermark", absolute ? "abs:" + limit : limit);
  }

  private static void diskLimit(Call call) throws CtlException {
    boolean relative = call.argument(0).equals("mem_relative");
    if (relative && call.argument(1) == null) {
      throw CtlException.arguments(Exit.USAGE, "not enough arguments.");
    }
    if (!relative && call.argument(1) != null) {
      throw CtlException.arguments(Exit.USAGE, "too many arguments.");
    }
    String limit = call.argument(relative ? 1 : 0);
    if (!relative) {
      requireSize(limit);
    } else if (!limit.matches(FRACTION)) {
      throw CtlException.arguments(Exit.DATA, "Bad argument.");
    }
    call.banner(
        "Setting disk free limit on "
            + call.node()
            + " to "
            + limit
            + (relative ? " times the total RAM ..." : " bytes ..."));
    put(call, "disk_free_limit", relative ? limit : "abs:" + limit);
  }

  private static void requireSize(String size) throws CtlException {
    if (!size.matches(SIZE)) {
      boolean number = size.matches("[0-9].*");
      throw CtlException.arguments(
          Exit.DATA, number ? "Bad argument: Invalid units." : "Bad argument.");
    }
  }

  private static void put(Call call, String name, String limit) throws CtlException {
    boolean absolute = limit.startsWith("abs:");
    String size = absolute ? limit.substring(4) : limit;
    // 0 and 1 alone would be taken for fractions, a whole number for bytes
    boolean bare = size.equals("0") || size.equals("1");
    String value = absolute && bare ? size + "kb" : absolute ? size : fraction(size);
    Api.require(call.api().put("dev/limits", Json.object().put(name, value)));
  }

  private static String fraction(String given) {
    return given.contains(".") ? given : given + ".0";
  }

  // ---- feature flags

  private static void enableFlag(Call call) throws CtlException {
    String name = call.argument(0);
    boolean all = name.equals("all");
    call.banner(
        all ? "Enabling all feature flags ..." : "Enabling feature flag \"" + name + "\" ...");
    if (all) {
      call.api().get("whoami");
      return;
    }
    Reply reply = call.api().put(Api.path("feature-flags/{}/enable", name), Json.object());
    if (!reply.isOk()) {
      throw new CtlException(
          Exit.USAGE, "Error:\nThis feature flag is not supported by node " + call.node());
    }
  }

  private static void flags(Call call) throws CtlException {
    Columns columns =
        new Columns("name", "state")
            .same("name", "state", "stability", "provided_by", "desc", "doc_url");
    List<String> chosen = columns.chosen(call.arguments());
    call.banner("Listing feature flags ...");
    call.table(chosen, columns.rows(call.get("feature-flags"), chosen));
  }

  /** A broker that behaves like 3.x has none. */
  private static void deprecated(Call call) throws CtlException {
    Columns columns =
        new Columns("name", "deprecation_phase")
            .same("name", "deprecation_phase", "provided_by", "desc", "doc_url");
    List<String> chosen = columns.chosen(call.arguments());
    boolean used = call.has("used");
    call.banner("Listing deprecated features " + (used ? "in use ..." : "..."));
    Reply reply = call.api().tryGet(used ? "deprecated-features/used" : "deprecated-features");
    JsonNode found = reply.isMissing() ? Json.array() : Api.require(reply).body();
    call.table(chosen, columns.rows(found, chosen));
  }

  // ---- connections

  private static void close(Call call) throws CtlException {
    String meant = call.argument(0);
    call.banner("Closing connection " + meant + ", reason: " + call.argument(1) + "...");
    boolean isPid = meant.matches("<.*\\..*>");
    int closed =
        close(
            call,
            call.argument(1),
            one ->
                isPid
                    ? ListCommands.connectionPid(one).equals(meant)
                    : one.path("name").asText().equals(meant));
    if (closed == 0 && !isPid) {
      throw CtlException.refused("Error:\n{:invalid_pid_syntax, \"" + meant + "\"}");
    }
  }

  private static void closeAll(Call call) throws CtlException {
    String reason = call.argument(0);
    boolean global = call.has("global");
    call.banner(
        "Closing all connections "
            + (global ? "on node " + call.node() : "in vhost " + call.vhost())
            + ", reason: "
            + reason
            + "...");
    int closed =
        close(call, reason, one -> global || one.path("vhost").asText().equals(call.vhost()));
    call.say("Closed " + closed + " connections");
  }

  private static void closeOfUser(Call call) throws CtlException {
    String user = call.argument(0);
    String reason = call.argument(1);
    call.banner("Closing connections of user " + user + ", reason: " + reason + "...");
    close(call, reason, one -> one.path("user").asText().equals(user));
  }

  /** Closes those that are meant, and tells how many. */
  private static int close(Call call, String reason, Predicate<JsonNode> isMeant)
      throws CtlException {
    List<String> names = new ArrayList<>();
    for (JsonNode connection : call.get("connections")) {
      if (isMeant.test(connection)) {
        names.add(connection.path("name").asText());
      }
    }
    int closed = 0;
    for (String name : names) {
      Reply reply = call.api().delete(Api.path("connections/{}", name), Map.of("X-Reason", reason));
      closed += reply.isOk() ? 1 : 0;
    }
    return closed;
  }

  // ---- queues

  private static void deleteQueue(Call call) throws CtlException {
    String name = call.argument(0);
    boolean ifEmpty = call.has("if-empty");
    boolean ifUnused = call.has("if-unused");
    List<String> conditions = new ArrayList<>();
    if (ifEmpty) {
      conditions.add("queue is empty");
    }
    if (ifUnused) {
      conditions.add("queue is unused");
    }
    call.banner(
        "Deleting queue '"
            + name
            + "' on vhost '"
            + call.vhost()
            + "' "
            + (conditions.isEmpty() ? "" : "if " + String.join(" and if ", conditions) + " ")
            + "...");
    String path = Api.path("queues/{}/{}", call.vhost(), name);
    Reply found = call.api().tryGet(path);
    Reply reply =
        found.isMissing()
            ? found
            : call.api().delete(path + "?if-empty=" + ifEmpty + "&if-unused=" + ifUnused);
    if (reply.isMissing()) {
      throw new CtlException(Exit.USAGE, "Error:\nQueue not found");
    }
    if (!reply.isOk()) {
      String reason = reply.reason();
      throw new CtlException(
          Exit.USAGE,
          "Error:\n"
              + (reason.contains("not empty")
                  ? "Queue is not empty"
                  : reason.contains("in use") ? "Queue is in use" : reason));
    }
    ObjectNode queue = (ObjectNode) found.body();
    call.banner(
        "Queue was successfully deleted with "
            + queue.path("messages_ready").asLong()
            + " ready messages");
  }

  private static void purge(Call call) throws CtlException {
    String name = call.argument(0);
    call.banner("Purging queue '" + name + "' in vhost '" + call.vhost() + "' ...");
    Reply reply = call.api().delete(Api.path("queues/{}/{}/contents", call.vhost(), name));
    if (reply.isMissing()) {
      throw CtlException.refused("not_found");
    }
    Api.require(reply);
  }
}
