package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import java.util.List;
import java.util.Set;

/** Virtual hosts. Any thread. */
final class VhostCommands {
  private static final String PATH = "vhosts/{}";
  private static final Set<String> QUEUE_TYPES = Set.of("quorum", "stream", "classic");

  private VhostCommands() {}

  static void addTo(CommandTable table) {
    table.group("Virtual hosts", List.of(Tool.CTL));
    table.add(
        "add_vhost",
        "<vhost> [--description <description>] [--tags <tags>] [--default-queue-type <type>]",
        "Creates a virtual host",
        VhostCommands::add);
    table.add(
        "delete_vhost", "<vhost>", "Deletes a virtual host with all it has", call -> delete(call));
    table.add(
        "restart_vhost",
        "[--vhost <vhost>]",
        "Does nothing: virtual hosts of Harvey do not fail one by one",
        call -> {
          call.banner(
              "Trying to restart vhost '" + call.vhost() + "' on node '" + call.node() + "' ...");
          exists(call, call.vhost());
          call.banner(
              "Vhost '" + call.vhost() + "' is already running on node '" + call.node() + "'");
        });
    table.add(
        "set_vhost_tags", "<vhost> <tag> ...", "Sets a virtual host's tags", VhostCommands::tags);
    table.add(
        "trace_on",
        "[--vhost <vhost>]",
        "Copies all messages of a virtual host to amq.rabbitmq.trace",
        call -> trace(call, true));
    table.add(
        "trace_off",
        "[--vhost <vhost>]",
        "Copies no messages to amq.rabbitmq.trace any more",
        call -> trace(call, false));
    addUpdate(table);
  }

  private static void addUpdate(CommandTable table) {
    table.add(
        "update_vhost_metadata",
        "<vhost> [--description|-d <description>] [--tags <tags>]"
            + " [--default-queue-type <quorum|classic|stream>]",
        "Changes description, tags or default queue type of a virtual host; the others stay",
        VhostCommands::update);
  }

  /**
   * What was read of a virtual host.
   *
   * @throws CtlException when there is no such virtual host
   */
  static JsonNode required(Call call, Reply reply) throws CtlException {
    if (reply.isMissing()) {
      throw noSuchVhost(call.vhost());
    }
    return Api.require(reply).body();
  }

  private static CtlException noSuchVhost(String name) {
    return new CtlException(Exit.DATA, "Virtual host '" + name + "' does not exist");
  }

  /**
   * Checks that there is such a virtual host.
   *
   * @throws CtlException when not
   */
  static void exists(Call call, String name) throws CtlException {
    if (call.api().tryGet(Api.path(PATH, name)).isMissing()) {
      throw noSuchVhost(name);
    }
  }

  private static void add(Call call) throws CtlException {
    String name = call.argument(0);
    call.banner("Adding vhost \"" + name + "\" ...");
    Api.require(call.api().put(Api.path(PATH, name), metadata(call)));
  }

  /** What was said of a virtual host. */
  private static ObjectNode metadata(Call call) {
    ObjectNode metadata = Json.object();
    for (String key : List.of("description", "tags", "default-queue-type")) {
      if (call.has(key)) {
        metadata.put(key.replace('-', '_'), call.option(key, ""));
      }
    }
    return metadata;
  }

  private static void update(Call call) throws CtlException {
    String name = call.argument(0);
    ObjectNode metadata = metadata(call);
    if (metadata.isEmpty()) {
      throw CtlException.arguments(Exit.USAGE, "not enough arguments.");
    }
    String type = metadata.path("default_queue_type").asText("classic");
    if (!QUEUE_TYPES.contains(type)) {
      throw CtlException.arguments(
          Exit.USAGE,
          "Default queue type must be one of: quorum, stream, classic." + " Provided: " + type);
    }
    call.banner("Updating metadata of vhost \"" + name + "\" ...");
    exists(call, name);
    Api.require(call.api().put(Api.path(PATH, name), metadata));
  }

  private static void delete(Call call) throws CtlException {
    String name = call.argument(0);
    call.banner("Deleting vhost \"" + name + "\" ...");
    Reply reply = call.api().delete(Api.path(PATH, name));
    if (reply.isMissing()) {
      throw noSuchVhost(name);
    }
    Api.require(reply);
  }

  private static void tags(Call call) throws CtlException {
    String name = call.argument(0);
    List<String> tags = call.arguments().subList(1, call.arguments().size());
    call.banner(
        "Setting tags for virtual host \"" + name + "\" to [" + String.join(", ", tags) + "] ...");
    exists(call, name);
    ObjectNode body = Json.object();
    tags.forEach(body.putArray("tags")::add);
    Api.require(call.api().put(Api.path(PATH, name), body));
  }

  private static void trace(Call call, boolean on) throws CtlException {
    String name = call.vhost();
    call.banner((on ? "Starting" : "Stopping") + " tracing for vhost \"" + name + "\" ...");
    exists(call, name);
    Api.require(call.api().put(Api.path(PATH, name), Json.object().put("tracing", on)));
    call.say("Trace " + (on ? "enabled" : "disabled") + " for vhost " + name);
  }
}
