package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runtime parameters. Any thread. */
final class ParameterCommands {
  private static final String ONE = "parameters/{}/{}/{}";
  private static final String GLOBAL = "global-parameters/{}";

  private ParameterCommands() {}

  static void addTo(CommandTable table) {
    table.group("Parameters", List.of(Tool.CTL));
    table.add(
        "clear_global_parameter", "<name>", "Clears a global parameter", call -> clearGlobal(call));
    table.add(
        "clear_parameter",
        "[--vhost <vhost>] <component> <name>",
        "Clears a parameter",
        ParameterCommands::clear);
    table.add(
        "set_global_parameter",
        "<name> <value>",
        "Sets a global parameter, in JSON",
        ParameterCommands::setGlobal);
    table.add(
        "set_parameter",
        "[--vhost <vhost>] <component> <name> <value>",
        "Sets a parameter, in JSON",
        ParameterCommands::set);
    table.group("Parameters", Tool.BOTH);
    table.add(
        "list_global_parameters", "", "Lists global parameters", ParameterCommands::listGlobal);
    table.add(
        "list_parameters",
        "[--vhost <vhost>]",
        "Lists the parameters of a virtual host",
        ParameterCommands::list);
  }

  private static void put(Call call, String path, ObjectNode body) throws CtlException {
    Reply reply = call.api().put(path, body);
    if (!reply.isOk()) {
      throw CtlException.refused(PolicyCommands.unescaped(reply.reason()));
    }
  }

  private static void removed(Reply reply) throws CtlException {
    if (reply.isMissing()) {
      throw CtlException.refused("Parameter does not exist");
    }
    Api.require(reply);
  }

  private static void set(Call call) throws CtlException {
    String component = call.argument(0);
    String name = call.argument(1);
    call.banner(
        "Setting runtime parameter \"%s\" for component \"%s\" to \"%s\" in vhost \"%s\" ..."
            .formatted(name, component, call.argument(2), call.vhost()));
    VhostCommands.exists(call, call.vhost());
    ObjectNode body = Json.object();
    body.put("component", component).put("vhost", call.vhost()).put("name", name);
    body.set("value", Call.json(call.argument(2)));
    put(call, Api.path(ONE, component, call.vhost(), name), body);
  }

  private static void clear(Call call) throws CtlException {
    String component = call.argument(0);
    String name = call.argument(1);
    call.banner(
        "Clearing runtime parameter \"%s\" for component \"%s\" on vhost \"%s\" ..."
            .formatted(name, component, call.vhost()));
    VhostCommands.exists(call, call.vhost());
    removed(call.api().delete(Api.path(ONE, component, call.vhost(), name)));
  }

  private static void setGlobal(Call call) throws CtlException {
    String name = call.argument(0);
    String value = call.argument(1);
    call.banner("Setting global runtime parameter \"" + name + "\" to \"" + value + "\" ...");
    ObjectNode body = Json.object().put("name", name);
    body.set("value", Call.json(value));
    put(call, Api.path(GLOBAL, name), body);
  }

  private static void clearGlobal(Call call) throws CtlException {
    String name = call.argument(0);
    call.banner("Clearing global runtime parameter \"" + name + "\" ...");
    removed(call.api().delete(Api.path(GLOBAL, name)));
  }

  private static void listGlobal(Call call) throws CtlException {
    call.banner("Listing global runtime parameters ...");
    print(call, call.get("global-parameters"), List.of("name", "value"));
  }

  private static void list(Call call) throws CtlException {
    call.banner("Listing runtime parameters for vhost \"" + call.vhost() + "\" ...");
    VhostCommands.exists(call, call.vhost());
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode parameter : call.get("parameters")) {
      boolean own = parameter.path("vhost").asText().equals(call.vhost());
      if (own && !parameter.path("component").asText().equals("operator_policy")) {
        found.add(parameter);
      }
    }
    print(call, Json.array().addAll(found), List.of("component", "name", "value"));
  }

  private static void print(Call call, JsonNode found, List<String> columns) {
    List<ObjectNode> rows = Call.rows(found, columns);
    for (ObjectNode row : rows) {
      row.put("value", new String(Json.write(row.get("value")), StandardCharsets.UTF_8));
    }
    call.table(columns, rows);
  }
}
