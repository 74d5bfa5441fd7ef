package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code rabbitmq-plugins}. There are no plugins to add: what some of RabbitMQ's do, Harvey does
 * anyway, and what it does not do, no command can change. So enabling succeeds, also before a
 * broker runs, as image builds and test containers do it, and says what that means. Any thread.
 */
final class PluginCommands {
  /** Those that come with RabbitMQ, or are often added to it. */
  private static final List<String> KNOWN =
      List.of(
          "rabbitmq_amqp1_0",
          "rabbitmq_auth_backend_cache",
          "rabbitmq_auth_backend_http",
          "rabbitmq_auth_backend_ldap",
          "rabbitmq_auth_backend_oauth2",
          "rabbitmq_auth_mechanism_ssl",
          "rabbitmq_consistent_hash_exchange",
          "rabbitmq_delayed_message_exchange",
          "rabbitmq_event_exchange",
          "rabbitmq_federation",
          "rabbitmq_federation_management",
          "rabbitmq_federation_prometheus",
          "rabbitmq_jms_topic_exchange",
          "rabbitmq_management",
          "rabbitmq_management_agent",
          "rabbitmq_mqtt",
          "rabbitmq_peer_discovery_aws",
          "rabbitmq_peer_discovery_common",
          "rabbitmq_peer_discovery_consul",
          "rabbitmq_peer_discovery_etcd",
          "rabbitmq_peer_discovery_k8s",
          "rabbitmq_prometheus",
          "rabbitmq_random_exchange",
          "rabbitmq_recent_history_exchange",
          "rabbitmq_sharding",
          "rabbitmq_shovel",
          "rabbitmq_shovel_management",
          "rabbitmq_shovel_prometheus",
          "rabbitmq_stomp",
          "rabbitmq_stream",
          "rabbitmq_stream_management",
          "rabbitmq_top",
          "rabbitmq_tracing",
          "rabbitmq_trust_store",
          "rabbitmq_web_dispatch",
          "rabbitmq_web_mqtt",
          "rabbitmq_web_mqtt_examples",
          "rabbitmq_web_stomp",
          "rabbitmq_web_stomp_examples");

  /** Those whose work Harvey does from the start. */
  private static final List<String> BUILT_IN =
      List.of(
          "rabbitmq_consistent_hash_exchange",
          "rabbitmq_delayed_message_exchange",
          "rabbitmq_management",
          "rabbitmq_management_agent",
          "rabbitmq_prometheus",
          "rabbitmq_random_exchange",
          "rabbitmq_recent_history_exchange",
          "rabbitmq_sharding",
          "rabbitmq_web_dispatch");

  private static final int NO_COLUMN = 0;

  private PluginCommands() {}

  static void addTo(CommandTable table) {
    table.group("Monitoring, observability and health checks", List.of(Tool.PLUGINS));
    table.add("directories", "", "Tells that there are none", PluginCommands::directories);
    table.add(
        "is_enabled",
        "<plugin> [<plugin> ...]",
        "Fails when the broker does not do what a plugin does",
        PluginCommands::isEnabled);
    table.group("Plugin Management", List.of(Tool.PLUGINS));
    String several = "[<plugin> ...] [--all] [--offline] [--online]";
    table.add("disable", several, "Changes nothing, and says so", call -> disable(call));
    table.add("enable", several, "Tells what Harvey does of what plugins do", call -> enable(call));
    table.add(
        "list",
        "[<pattern>] [--verbose|-v] [--minimal|-m] [--enabled|-E] [--implicitly-enabled|-e]",
        "Lists plugins, and which of them Harvey needs none for",
        PluginCommands::list);
    table.add("set", several, "Tells what Harvey does of what plugins do", call -> enable(call));
  }

  private static String nodeOr(Call call, String otherwise) {
    try {
      return call.node();
    } catch (CtlException notRunning) {
      return otherwise;
    }
  }

  /** Plugins whose work is done: by the broker, or, when none runs, by any. */
  private static List<String> enabled(Call call) {
    try {
      List<String> enabled = new ArrayList<>();
      for (JsonNode plugin : call.get("nodes").path(0).path("enabled_plugins")) {
        enabled.add(plugin.asText());
      }
      return enabled;
    } catch (CtlException notRunning) {
      return BUILT_IN;
    }
  }

  private static void requireSome(Call call) throws CtlException {
    if (call.arguments().isEmpty() && !call.has("all")) {
      throw CtlException.arguments(Exit.USAGE, "not enough arguments.");
    }
    if (!call.arguments().isEmpty() && call.has("all")) {
      throw CtlException.arguments(
          Exit.DATA, "Bad argument: Cannot set both --all and a list of plugins");
    }
  }

  private static void enable(Call call) throws CtlException {
    requireSome(call);
    String node = nodeOr(call, "that is not running");
    List<String> names = call.has("all") ? KNOWN : call.arguments();
    call.banner("Enabling plugins on node " + node + ":");
    for (String name : names) {
      call.banner(name);
    }
    List<String> unknown = names.stream().filter(name -> !KNOWN.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new CtlException(
          Exit.SOFTWARE, "Error:\n{:plugins_not_found, [:" + String.join(", :", unknown) + "]}");
    }
    List<String> enabled = enabled(call);
    configured(call, node, enabled);
    call.banner("Plugin configuration unchanged.");
    for (String name : names) {
      if (enabled.contains(name)) {
        call.banner(name + ": Harvey does that anyway.");
      } else if (name.equals("rabbitmq_event_exchange")) {
        call.banner(name + ": start Harvey with --event-exchange to have it.");
      } else {
        call.banner(name + ": Harvey has nothing for it; the broker goes on without.");
      }
    }
  }

  private static void configured(Call call, String node, List<String> enabled) throws CtlException {
    call.banner("The following plugins have been configured:");
    for (String name : new TreeSet<>(enabled)) {
      call.banner("  " + name);
    }
    call.banner("Applying plugin configuration to " + node + "...");
  }

  private static void disable(Call call) throws CtlException {
    requireSome(call);
    String node = nodeOr(call, "that is not running");
    call.banner("Disabling plugins on node " + node + ":");
    for (String name : call.has("all") ? KNOWN : call.arguments()) {
      call.banner(name);
    }
    configured(call, node, enabled(call));
    call.banner("Plugin configuration unchanged.");
    call.banner("Harvey has no plugins: what it does can't be taken away from it.");
  }

  private static void isEnabled(Call call) throws CtlException {
    List<String> asked = call.arguments();
    boolean one = asked.size() == 1;
    String shown = (one ? "plugin " : "plugins ") + String.join(", ", asked);
    call.banner(
        "Asking node " + call.node() + " if " + shown + (one ? " is" : " are") + " enabled...");
    call.api().get("whoami");
    List<String> enabled = enabled(call);
    List<String> missing = asked.stream().filter(name -> !enabled.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw CtlException.refused(
          (missing.size() == 1 ? "Plugin " : "Plugins ")
              + String.join(", ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " not enabled on node "
              + call.node()
              + ". Enabled plugins and dependencies: "
              + String.join(", ", enabled));
    }
    String done = (one ? "Plugin " : "Plugins ") + String.join(", ", asked);
    call.say(done + (one ? " is" : " are") + " enabled on node " + call.node());
  }

  private static void directories(Call call) throws CtlException {
    call.banner("Listing plugin directories used by node " + nodeOr(call, "that is not running"));
    call.say("Plugin archives directory: none, Harvey takes no plugins");
    call.say("Plugin expansion directory: none");
    call.say("Enabled plugins file: none");
  }

  // ---- the list

  private static void list(Call call) throws CtlException {
    String pattern = call.argument(0) == null ? ".*" : call.argument(0);
    call.banner("Listing plugins with pattern \"" + pattern + "\" ...");
    Pattern wanted;
    try {
      wanted = Pattern.compile(pattern);
    } catch (PatternSyntaxException broken) {
      throw CtlException.refused("the pattern is broken: " + broken.getDescription());
    }
    String node = nodeOr(call, null);
    List<String> enabled = enabled(call);
    boolean some = call.has("enabled") || call.has("implicitly-enabled");
    List<String> names =
        new TreeSet<>(KNOWN)
            .stream()
                .filter(name -> wanted.matcher(name).find())
                .filter(name -> !some || enabled.contains(name))
                .toList();
    String version = node == null ? "" : call.get("overview").path("rabbitmq_version").asText();
    if (call.output().isJson()) {
      document(call, names, enabled, version);
    } else if (call.has("minimal")) {
      names.forEach(call::say);
    } else {
      print(call, names, enabled, version, node);
    }
  }

  private static void document(
      Call call, List<String> names, List<String> enabled, String version) {
    ObjectNode body = Json.object().put("format", "normal");
    ArrayNode plugins = body.putArray("plugins");
    for (String name : names) {
      boolean has = enabled.contains(name);
      ObjectNode plugin = plugins.addObject().put("name", name);
      plugin.put("enabled", has ? "enabled" : "not_enabled");
      plugin.put("running", has && !version.isEmpty());
      plugin.put("version", version);
    }
    call.output().document(body);
  }

  private static void print(
      Call call, List<String> names, List<String> enabled, String version, String node)
      throws CtlException {
    call.banner(" Configured: E = explicitly enabled; e = implicitly enabled");
    call.banner(
        node == null
            ? " | Status: [failed to contact the broker - status not shown]"
            : " | Status: * = running on " + node);
    call.banner(" |/");
    int width = names.stream().mapToInt(String::length).max().orElse(NO_COLUMN);
    for (String name : names) {
      boolean has = enabled.contains(name);
      String state = has ? node == null ? "E " : "E*" : "  ";
      String gap = " ".repeat(width - name.length());
      call.say(("[" + state + "] " + name + gap + " " + version).stripTrailing());
    }
  }
}
