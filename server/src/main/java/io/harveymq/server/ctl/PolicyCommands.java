package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Policies and operator policies. Any thread. */
final class PolicyCommands {
  private static final String SET =
      "[--vhost <vhost>] [--priority <priority>] [--apply-to <apply-to>]"
          + " <name> <pattern> <definition>";
  private static final List<String> COLUMNS =
      List.of("vhost", "name", "pattern", "apply-to", "definition", "priority");

  private PolicyCommands() {}

  static void addTo(CommandTable table) {
    table.group("Policies", List.of(Tool.CTL));
    table.add(
        "clear_operator_policy",
        "[--vhost <vhost>] <name>",
        "Removes an operator policy",
        call -> clear(call, true));
    table.add(
        "clear_policy", "[--vhost <vhost>] <name>", "Removes a policy", call -> clear(call, false));
    table.add("set_operator_policy", SET, "Sets an operator policy", call -> set(call, true));
    table.add("set_policy", SET, "Sets a policy", call -> set(call, false));
    table.group("Policies", Tool.BOTH);
    table.add(
        "list_operator_policies",
        "[--vhost <vhost>]",
        "Lists the operator policies of a virtual host",
        call -> list(call, true));
    table.add(
        "list_policies",
        "[--vhost <vhost>]",
        "Lists the policies of a virtual host",
        call -> list(call, false));
  }

  private static String path(Call call, boolean operator, String name) {
    return Api.path((operator ? "operator-policies" : "policies") + "/{}/{}", call.vhost(), name);
  }

  private static void set(Call call, boolean operator) throws CtlException {
    String name = call.argument(0);
    String pattern = call.argument(1);
    String definition = call.argument(2);
    String priority = call.option("priority", "0");
    call.banner(
        "Setting %s \"%s\" for pattern \"%s\" to \"%s\" with priority \"%s\" for vhost \"%s\" ..."
            .formatted(
                operator ? "operator policy override" : "policy",
                name,
                pattern,
                definition,
                priority,
                call.vhost()));
    VhostCommands.exists(call, call.vhost());
    ObjectNode body = Json.object();
    body.put("pattern", pattern);
    body.set("definition", Call.json(definition));
    body.put("apply-to", call.option("apply-to", "all"));
    try {
      body.put("priority", Integer.parseInt(priority));
    } catch (NumberFormatException wrong) {
      throw CtlException.arguments(
          Exit.USAGE, "Invalid options for this command:\n--priority : " + priority);
    }
    Reply reply = call.api().put(path(call, operator, name), body);
    if (!reply.isOk()) {
      throw CtlException.refused(unescaped(reply.reason()));
    }
  }

  /** The API protects browsers, which this is not. */
  static String unescaped(String reason) {
    return reason.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }

  private static void clear(Call call, boolean operator) throws CtlException {
    String name = call.argument(0);
    String kind = operator ? "operator policy" : "policy";
    call.banner("Clearing " + kind + " \"" + name + "\" on vhost \"" + call.vhost() + "\" ...");
    VhostCommands.exists(call, call.vhost());
    Reply reply = call.api().delete(path(call, operator, name));
    if (reply.isMissing()) {
      throw CtlException.refused("Parameter does not exist");
    }
    Api.require(reply);
  }

  private static void list(Call call, boolean operator) throws CtlException {
    call.banner(
        (operator ? "Listing operator policy overrides" : "Listing policies")
            + " for vhost \""
            + call.vhost()
            + "\" ...");
    String path = (operator ? "operator-policies" : "policies") + "/{}";
    JsonNode found = VhostCommands.required(call, call.api().tryGet(Api.path(path, call.vhost())));
    List<ObjectNode> rows = new ArrayList<>(Call.rows(found, COLUMNS));
    for (ObjectNode row : rows) {
      row.put("definition", new String(Json.write(row.get("definition")), StandardCharsets.UTF_8));
    }
    call.table(COLUMNS, rows);
  }
}
