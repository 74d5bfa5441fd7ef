package io.harveymq.management.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.LossBound;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The query parameters of endpoints, for the description of the API. Stateless; any thread. */
final class OpenApiQuery {
  private static final String TEXT = "string";
  private static final String NUMBER = "integer";
  private static final String YES_OR_NO = "boolean";

  /** Lists that come in pages when these are asked for. */
  private static final Pattern PAGED =
      Pattern.compile(
          "/(connections|channels|exchanges|queues|vhosts|queues/detailed)"
              + "|/(exchanges|queues|dev/connections|dev/channels)/:vhost"
              + "|/connections/username/:username");

  private static final Pattern LIST =
      Pattern.compile(
          "/(bindings|consumers|permissions|policies|operator-policies|parameters|user-limits"
              + "|topic-permissions|users|vhost-limits|global-parameters|feature-flags)"
              + "|/(bindings|consumers|policies|operator-policies|vhost-limits)/:vhost"
              + "|/parameters/:component(/:vhost)?"
              + "|/user-limits/:user|/users/without-permissions"
              + "|/.*/(bindings|source|destination|permissions|topic-permissions|channels)");

  /** What has counts and rates, of which samples are given when they are asked for. */
  private static final Pattern SAMPLED =
      Pattern.compile("/overview|/(connections|channels|exchanges|queues|vhosts)(/.*)?");

  private static final Pattern NODE = Pattern.compile("/nodes(/:node)?");

  /** Parameters that a summary names, such as {@code limit=}. */
  private static final Pattern NAMED = Pattern.compile("\\b([a-z_]+)=");

  private static final Parameter SORT =
      new Parameter("sort", TEXT, "The field to sort by, such as message_stats.publish.");
  private static final Parameter SORT_REVERSE = new Parameter("sort_reverse", YES_OR_NO, "");
  private static final Parameter COLUMNS =
      new Parameter("columns", TEXT, "The fields to give, divided by commas.");

  private OpenApiQuery() {}

  private record Parameter(String name, String type, String text) {}

  /**
   * Adds the parameters of an endpoint to what describes it.
   *
   * @param summary what it does; null if nobody tells
   */
  static void put(ObjectNode operation, String method, String path, String summary) {
    List<Parameter> all = new ArrayList<>();
    if (method.equals("GET") && !path.startsWith("/dev/")) {
      addLists(all, path);
    } else if (method.equals("DELETE")) {
      addConditions(all, path);
    }
    boolean byQuery = method.equals("GET") || path.startsWith("/dev/replays/");
    if (summary != null && byQuery) {
      for (Matcher named = NAMED.matcher(summary); named.find(); ) {
        all.add(new Parameter(named.group(1), TEXT, ""));
      }
    }
    if (path.startsWith("/dev/") && method.equals("GET") && PAGED.matcher(path).matches()) {
      addPages(all);
    }
    for (LossBound.Kind kind : LossQuery.heeded(method, path)) {
      String text = "With more " + kind.word() + " to go nothing does: 400.";
      all.add(new Parameter(LossQuery.parameter(kind), NUMBER, text));
    }
    all.forEach(one -> put(operation, one));
  }

  private static void addLists(List<Parameter> all, String path) {
    if (PAGED.matcher(path).matches()) {
      addPages(all);
    } else if (LIST.matcher(path).matches()) {
      all.addAll(List.of(SORT, SORT_REVERSE, COLUMNS));
    }
    if (SAMPLED.matcher(path).matches()) {
      addSamples(all, List.of("lengths", "msg_rates", "data_rates"));
    } else if (NODE.matcher(path).matches()) {
      addSamples(all, List.of("node_stats"));
    }
  }

  private static void addSamples(List<Parameter> all, List<String> kinds) {
    for (String of : kinds) {
      all.add(new Parameter(of + "_age", NUMBER, "Seconds back that samples are given of."));
      all.add(new Parameter(of + "_incr", NUMBER, "Seconds between two of them."));
    }
  }

  private static void addPages(List<Parameter> all) {
    all.add(new Parameter("page", NUMBER, "From 1 on; without it the list comes whole."));
    all.add(new Parameter("page_size", NUMBER, "At most 500; 100 unless given."));
    all.add(new Parameter("name", TEXT, "What names have to contain."));
    all.add(new Parameter("use_regex", YES_OR_NO, "Whether the name is a regular expression."));
    all.addAll(List.of(SORT, SORT_REVERSE, COLUMNS));
  }

  private static void addConditions(List<Parameter> all, String path) {
    if (path.equals("/queues/:vhost/:queue")) {
      all.add(new Parameter("if-empty", YES_OR_NO, "Only when it has no messages: 400."));
    }
    if (path.equals("/queues/:vhost/:queue") || path.equals("/exchanges/:vhost/:exchange")) {
      all.add(new Parameter("if-unused", YES_OR_NO, "Only when it is not in use: 400."));
    }
  }

  private static void put(ObjectNode operation, Parameter one) {
    ObjectNode parameter = operation.withArray("/parameters").addObject();
    parameter.put("name", one.name).put("in", "query");
    if (!one.text.isEmpty()) {
      parameter.put("description", one.text);
    }
    ObjectNode schema = parameter.putObject("schema").put("type", one.type);
    if (one.type.equals(NUMBER)) {
      schema.put("minimum", 0);
    }
  }
}
