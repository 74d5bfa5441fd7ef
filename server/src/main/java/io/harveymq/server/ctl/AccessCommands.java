package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import io.harveymq.server.http.HttpCall;
import java.util.ArrayList;
import java.util.List;

/** Permissions. Any thread. */
final class AccessCommands {
  private static final String VHOST = "[--vhost <vhost>] ";

  private AccessCommands() {}

  static void addTo(CommandTable table) {
    table.group("Access Control", List.of(Tool.CTL));
    table.add(
        "clear_permissions",
        VHOST + "<username>",
        "Takes a user all permissions in a virtual host",
        AccessCommands::clear);
    table.add(
        "clear_topic_permissions",
        VHOST + "<username> [<exchange>]",
        "Takes a user's topic permissions away, for all exchanges or one",
        AccessCommands::clearTopics);
    table.add(
        "set_permissions",
        VHOST + "<username> <conf> <write> <read>",
        "Sets what a user may do in a virtual host, as regular expressions",
        AccessCommands::set);
    table.add(
        "set_topic_permissions",
        VHOST + "<username> <exchange> <write> <read>",
        "Sets which routing keys a user may use with a topic exchange",
        AccessCommands::setTopics);
    table.group("Access Control", Tool.BOTH);
    table.add(
        "list_permissions",
        "[--vhost <vhost>]",
        "Lists the permissions in a virtual host",
        AccessCommands::list);
    table.add(
        "list_topic_permissions",
        "[--vhost <vhost>]",
        "Lists the topic permissions in a virtual host",
        AccessCommands::listTopics);
    table.add(
        "list_user_permissions",
        "<username>",
        "Lists the permissions of a user",
        AccessCommands::listOfUser);
    table.add(
        "list_user_topic_permissions",
        "<username>",
        "Lists the topic permissions of a user",
        AccessCommands::listTopicsOfUser);
  }

  /** What has to be there before a permission can be. */
  private static void require(Call call) throws CtlException {
    if (call.api().tryGet(Api.path("users/{}", call.argument(0))).isMissing()) {
      throw UserCommands.noSuchUser(call.argument(0));
    }
    if (call.api().tryGet(Api.path("vhosts/{}", call.vhost())).isMissing()) {
      throw CtlException.refused("Virtual host " + call.vhost() + " does not exist");
    }
  }

  private static String place(Call call) {
    return "for user \"" + call.argument(0) + "\" in vhost \"" + call.vhost() + "\" ...";
  }

  private static void set(Call call) throws CtlException {
    call.banner("Setting permissions " + place(call));
    require(call);
    ObjectNode body = Json.object();
    body.put("configure", call.argument(1));
    body.put("write", call.argument(2));
    body.put("read", call.argument(3));
    Api.require(
        call.api().put(Api.path("permissions/{}/{}", call.vhost(), call.argument(0)), body));
  }

  private static void clear(Call call) throws CtlException {
    call.banner("Clearing permissions " + place(call));
    require(call);
    passOverMissing(
        call.api().delete(Api.path("permissions/{}/{}", call.vhost(), call.argument(0))));
  }

  private static void passOverMissing(Reply reply) throws CtlException {
    if (!reply.isMissing()) {
      Api.require(reply);
    }
  }

  private static void setTopics(Call call) throws CtlException {
    String exchange = call.argument(1);
    call.banner("Setting topic permissions on \"" + exchange + "\" " + place(call));
    require(call);
    ObjectNode body = Json.object();
    body.put("exchange", exchange);
    body.put("write", call.argument(2));
    body.put("read", call.argument(3));
    Api.require(
        call.api().put(Api.path("topic-permissions/{}/{}", call.vhost(), call.argument(0)), body));
  }

  private static void clearTopics(Call call) throws CtlException {
    String exchange = call.argument(1);
    String which = exchange == null ? "" : "on \"" + exchange + "\" ";
    call.banner("Clearing topic permissions " + which + place(call));
    require(call);
    String path = Api.path("topic-permissions/{}/{}", call.vhost(), call.argument(0));
    passOverMissing(
        call.api().delete(exchange == null ? path : path + "/" + HttpCall.encode(exchange)));
  }

  // ---- lists

  private static void list(Call call) throws CtlException {
    call.banner("Listing permissions for vhost \"" + call.vhost() + "\" ...");
    print(call, ofVhost(call, "permissions"), List.of("user", "configure", "write", "read"));
  }

  private static void listTopics(Call call) throws CtlException {
    call.banner("Listing topic permissions for vhost \"" + call.vhost() + "\" ...");
    print(call, ofVhost(call, "topic-permissions"), List.of("user", "exchange", "write", "read"));
  }

  private static JsonNode ofVhost(Call call, String what) throws CtlException {
    return VhostCommands.required(
        call, call.api().tryGet(Api.path("vhosts/{}/" + what, call.vhost())));
  }

  private static void listOfUser(Call call) throws CtlException {
    call.banner("Listing permissions for user \"" + call.argument(0) + "\" ...");
    print(call, ofUser(call, "permissions"), List.of("vhost", "configure", "write", "read"));
  }

  private static void listTopicsOfUser(Call call) throws CtlException {
    call.banner("Listing topic permissions for user \"" + call.argument(0) + "\" ...");
    print(call, ofUser(call, "topic-permissions"), List.of("vhost", "exchange", "write", "read"));
  }

  private static JsonNode ofUser(Call call, String what) throws CtlException {
    UserCommands.required(call, call.argument(0));
    return call.get("users/{}/" + what, call.argument(0));
  }

  private static void print(Call call, JsonNode found, List<String> columns) {
    call.table(columns, new ArrayList<>(Call.rows(found, columns)));
  }
}
