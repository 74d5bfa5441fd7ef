package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.http.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Limits of users and virtual hosts. Any thread. */
final class LimitCommands {
  private static final String OF_VHOST = "vhost-limits/{}";
  private static final String OF_USER = "user-limits/{}";

  private LimitCommands() {}

  static void addTo(CommandTable table) {
    table.group("Users", List.of(Tool.CTL));
    table.add(
        "clear_user_limits",
        "<username> <limit>",
        "Clears one limit of a user, or all of them",
        LimitCommands::clearOfUser);
    table.add(
        "set_user_limits",
        "<username> <definition>",
        "Sets a user's limits, such as {\"max-connections\": 10}",
        LimitCommands::setOfUser);
    table.group("Users", Tool.BOTH);
    table.add(
        "list_user_limits",
        "[--user <username>] [--global]",
        "Lists limits of a user, or of all",
        LimitCommands::listOfUsers);
    table.group("Virtual hosts", List.of(Tool.CTL));
    table.add(
        "clear_vhost_limits",
        "[--vhost <vhost>]",
        "Clears the limits of a virtual host",
        LimitCommands::clearOfVhost);
    table.add(
        "set_vhost_limits",
        "[--vhost <vhost>] <definition>",
        "Sets limits of a virtual host, such as {\"max-queues\": 10}",
        LimitCommands::setOfVhost);
    table.group("Virtual hosts", Tool.BOTH);
    table.add(
        "list_vhost_limits",
        "[--vhost <vhost>] [--global]",
        "Lists limits of a virtual host, or of all",
        LimitCommands::listOfVhosts);
  }

  private static String text(JsonNode document) {
    return new String(Json.write(document), StandardCharsets.UTF_8);
  }

  private static void put(Call call, String path, JsonNode limits) throws CtlException {
    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
      ObjectNode body = Json.object();
      body.set("value", limit.getValue());
      Api.require(call.api().put(path + "/" + HttpCall.encode(limit.getKey()), body));
    }
  }

  private static void clear(Call call, String path, JsonNode list) throws CtlException {
    if (!list.isEmpty()) {
      for (Iterator<String> it = list.get(0).get("value").fieldNames(); it.hasNext(); ) {
        Api.require(call.api().delete(path + "/" + HttpCall.encode(it.next())));
      }
    }
  }

  private static void print(Call call, String of, JsonNode list) {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode one : list) {
      ObjectNode row = Json.object();
      row.set(of, one.get(of));
      rows.add(row.put("limits", text(one.get("value"))));
    }
    call.table(List.of(of, "limits"), rows);
  }

  // ---- of users

  private static void setOfUser(Call call) throws CtlException {
    String name = call.argument(0);
    String definition = call.argument(1);
    call.banner("Setting user limits to \"" + definition + "\" for user \"" + name + "\" ...");
    UserCommands.required(call, name);
    put(call, Api.path(OF_USER, name), Call.json(definition));
  }

  private static void clearOfUser(Call call) throws CtlException {
    String name = call.argument(0);
    String limit = call.argument(1);
    boolean all = limit.equals("all");
    call.banner(
        "Clearing "
            + (all ? "all limits" : "\"" + limit + "\" limit")
            + " for user \""
            + name
            + "\" ...");
    UserCommands.required(call, name);
    String path = Api.path(OF_USER, name);
    if (all) {
      clear(call, path, call.api().get(path));
    } else {
      Api.require(call.api().delete(path + "/" + HttpCall.encode(limit)));
    }
  }

  private static void listOfUsers(Call call) throws CtlException {
    if (call.has("global")) {
      call.banner("Listing limits for all users ...");
      print(call, "user", call.get("user-limits"));
      return;
    }
    String name = call.option("user", "guest");
    call.banner("Listing limits for user \"" + name + "\" ...");
    UserCommands.required(call, name);
    JsonNode found = call.get(OF_USER, name);
    call.say(found.isEmpty() ? "{}" : text(found.get(0).get("value")));
  }

  // ---- of virtual hosts

  private static void setOfVhost(Call call) throws CtlException {
    String definition = call.argument(0);
    call.banner(
        "Setting vhost limits to \"" + definition + "\" for vhost \"" + call.vhost() + "\" ...");
    VhostCommands.exists(call, call.vhost());
    put(call, Api.path(OF_VHOST, call.vhost()), Call.json(definition));
  }

  private static void clearOfVhost(Call call) throws CtlException {
    call.banner("Clearing vhost \"" + call.vhost() + "\" limits ...");
    VhostCommands.exists(call, call.vhost());
    String path = Api.path(OF_VHOST, call.vhost());
    clear(call, path, call.api().get(path));
  }

  private static void listOfVhosts(Call call) throws CtlException {
    if (call.has("global")) {
      call.banner("Listing limits for all vhosts ...");
      print(call, "vhost", call.get("vhost-limits"));
      return;
    }
    call.banner("Listing limits for vhost \"" + call.vhost() + "\" ...");
    VhostCommands.exists(call, call.vhost());
    JsonNode found = call.get(OF_VHOST, call.vhost());
    if (found.isEmpty()) {
      call.say(call.output().isJson() ? "[]" : "");
    } else {
      call.say(text(found.get(0).get("value")));
    }
  }
}
