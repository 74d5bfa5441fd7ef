package io.harveymq.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that rabbitmqadmin can do, in the order of its help. Immutable; any thread. */
public final class Subcommands {
  /**
   * What can be listed or shown.
   *
   * @param name the kind of objects
   * @param byVhost whether there are lists of one virtual host
   * @param columns those that are shown if none are asked for; all if there are none here
   * @param json the field that is shown as JSON, or null
   */
  record Listed(String name, boolean byVhost, List<String> columns, String json) {
    private static Listed of(String name, boolean byVhost, String... columns) {
      return new Listed(name, byVhost, List.of(columns), null);
    }

    private static Listed ofJson(String name, String json) {
      return new Listed(name, false, List.of(), json);
    }

    /** One of a list by its name, or null. */
    static Listed named(List<Listed> all, String name) {
      return all.stream().filter(one -> one.name.equals(name)).findFirst().orElse(null);
    }
  }

  static final List<Listed> LIST =
      List.of(
          Listed.of("connections", false, "name", "user", "channels"),
          Listed.of("channels", false, "name", "user"),
          Listed.of("consumers", true),
          Listed.of("exchanges", true, "name", "type"),
          Listed.of("queues", true, "name", "messages"),
          Listed.of("bindings", true, "source", "destination", "routing_key"),
          Listed.of("users", false),
          Listed.of("vhosts", false, "name", "messages"),
          Listed.of("permissions", false),
          Listed.of("nodes", false, "name", "type", "mem_used"),
          Listed.ofJson("parameters", "value"),
          Listed.ofJson("policies", "definition"),
          Listed.ofJson("operator_policies", "definition"),
          Listed.ofJson("vhost_limits", "value"));

  static final List<Listed> SHOW =
      List.of(
          Listed.of(
              "overview",
              false,
              "rabbitmq_version",
              "cluster_name",
              "queue_totals.messages",
              "object_totals.queues"));

  private static final String POLICY = "name pattern definition: [priority:=0] [apply-to]";

  static final List<Subcommand> DECLARE =
      List.of(
          Subcommand.of(
              "exchange",
              "/exchanges/{vhost}/{name}",
              "name type [auto_delete=false] [durable=true] [internal=false] [arguments:={}]"),
          Subcommand.of(
              "queue",
              "/queues/{vhost}/{name}",
              "name [auto_delete=false] [durable=true] [arguments:={}] [node] [queue_type]"),
          Subcommand.of(
              "binding",
              "/bindings/{vhost}/e/{source}/{destination_char}/{destination}",
              "source destination [destination_type=queue] [routing_key=] [arguments:={}]"),
          Subcommand.of("vhost", "/vhosts/{name}", "name [tracing]"),
          Subcommand.of(
              "user", "/users/{name}", "name password|password_hash tags [hashing_algorithm]"),
          Subcommand.of(
              "permission", "/permissions/{vhost}/{user}", "vhost user configure write read"),
          Subcommand.of(
              "parameter", "/parameters/{component}/{vhost}/{name}", "component name value:"),
          Subcommand.of("policy", "/policies/{vhost}/{name}", POLICY),
          Subcommand.of("operator_policy", "/operator-policies/{vhost}/{name}", POLICY),
          Subcommand.of("vhost_limit", "/vhost-limits/{vhost}/{name}", "vhost name value:"));

  static final List<Subcommand> DELETE =
      List.of(
          Subcommand.of("exchange", "/exchanges/{vhost}/{name}", "name"),
          Subcommand.of("queue", "/queues/{vhost}/{name}", "name"),
          Subcommand.of(
              "binding",
              "/bindings/{vhost}/e/{source}/{destination_char}/{destination}/{properties_key}",
              "source destination_type destination [properties_key=~]"),
          Subcommand.of("vhost", "/vhosts/{name}", "name"),
          Subcommand.of("user", "/users/{name}", "name"),
          Subcommand.of("permission", "/permissions/{vhost}/{user}", "vhost user"),
          Subcommand.of("parameter", "/parameters/{component}/{vhost}/{name}", "component name"),
          Subcommand.of("policy", "/policies/{vhost}/{name}", "name"),
          Subcommand.of("operator_policy", "/operator-policies/{vhost}/{name}", "name"),
          Subcommand.of("vhost_limit", "/vhost-limits/{vhost}/{name}", "vhost name"));

  static final List<Subcommand> CLOSE =
      List.of(Subcommand.of("connection", "/connections/{name}", "name"));

  static final List<Subcommand> PURGE =
      List.of(Subcommand.of("queue", "/queues/{vhost}/{name}/contents", "name"));

  static final Subcommand PUBLISH =
      Subcommand.of(
          "publish",
          "/exchanges/{vhost}/{exchange}/publish",
          "routing_key [payload] [properties:={}] [exchange=amq.default]"
              + " [payload_encoding=string]");

  static final Subcommand GET =
      Subcommand.of(
          "get",
          "/queues/{vhost}/{queue}/get",
          "queue [count=1] [ackmode=ack_requeue_true] [payload_file] [encoding=auto]");

  private Subcommands() {}

  /** The names of formats, with spaces between. */
  public static String formats() {
    return Stream.of(Format.values())
        .map(format -> format.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  /** The words that may come first. */
  public static List<String> actions() {
    List<String> actions = new ArrayList<>(kinds().keySet());
    actions.addAll(List.of(PUBLISH.name(), GET.name(), "export", "import"));
    return actions;
  }

  /**
   * The names of the arguments, by the words that come before them: one word, or two with a colon
   * between.
   */
  public static Map<String, List<String>> arguments() {
    Map<String, List<String>> names = new TreeMap<>();
    DECLARE.forEach(one -> names.put("declare:" + one.name(), one.arguments()));
    DELETE.forEach(one -> names.put("delete:" + one.name(), one.arguments()));
    CLOSE.forEach(one -> names.put("close:" + one.name(), one.arguments()));
    PURGE.forEach(one -> names.put("purge:" + one.name(), one.arguments()));
    names.put(PUBLISH.name(), PUBLISH.arguments());
    names.put(GET.name(), GET.arguments());
    return names;
  }

  /** The words that may come first and need a certain second one, with those. */
  public static Map<String, List<String>> kinds() {
    Map<String, List<String>> words = new TreeMap<>();
    words.put("list", LIST.stream().map(Listed::name).toList());
    words.put("show", SHOW.stream().map(Listed::name).toList());
    words.put("declare", DECLARE.stream().map(Subcommand::name).toList());
    words.put("delete", DELETE.stream().map(Subcommand::name).toList());
    words.put("close", CLOSE.stream().map(Subcommand::name).toList());
    words.put("purge", PURGE.stream().map(Subcommand::name).toList());
    words.put("help", AdminHelp.TOPICS);
    return words;
  }
}
