package io.harveymq.management.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Describes the endpoints of an API as an OpenAPI 3.0 document: paths, methods, the parameters in
 * paths, who may use them. What bodies hold is not described. Any thread.
 */
public final class OpenApi {
  private static final String BASIC = "basic";

  /** Of endpoints that RabbitMQ's documentation does not tell of. */
  private static final Map<String, String> SUMMARIES =
      Map.ofEntries(
          Map.entry("GET /dev/findings", "What needs attention, the worst first; vhost=."),
          Map.entry(
              "GET /dev/lint/:vhost",
              "What is declared there and is hardly meant so, the worst first."),
          Map.entry(
              "GET /dev/topology",
              "All that messages flow through, in vhost= or all; parts= some of exchanges, queues,"
                  + " bindings, consumers, publishers, flows, and passed, what went since the start."),
          Map.entry("GET /dev/rights", "What the user may do with an object; vhost=, name=."),
          Map.entry(
              "GET /dev/deleted/:vhost",
              "The last queues and exchanges that went, when and why (client, http, embedded,"
                  + " auto-delete, exclusive, expired); kind= queue or exchange, name=."),
          Map.entry(
              "GET /dev/queues/:vhost/:queue/keys",
              "Exchanges and routing keys of the messages that came into a queue lately, each with"
                  + " when it was seen last."),
          Map.entry("GET /dev/dropped/:vhost", "The last messages that were dropped."),
          Map.entry(
              "GET /dev/dropped/:vhost/:exchange",
              "The same of one exchange, at most 200; limit=, id=, truncate="),
          Map.entry("DELETE /dev/dropped/:vhost/:exchange", "Forgets them."),
          Map.entry(
              "POST /dev/dropped/:vhost/:exchange/publish",
              "Publishes some of them again, by ids, or all."),
          Map.entry(
              "POST /dev/exchanges/:vhost/:exchange/publish",
              "RabbitMQ's publish, which also takes header_types."),
          Map.entry(
              "GET /dev/exchanges/:vhost/:exchange/delayed",
              "What waits in a delayed exchange, as it is due; offset=, limit=, id=, truncate=,"
                  + " types=, search= and cursor= to go on with it."),
          Map.entry(
              "POST /dev/exchanges/:vhost/:exchange/delayed/delete",
              "Deletes some of it: ids, or all, until= what a list told."),
          Map.entry(
              "POST /dev/exchanges/:vhost/:exchange/delayed/release",
              "Routes some of it now: ids, or all, until= what a list told."),
          Map.entry(
              "GET /dev/queues/:vhost/:queue/messages",
              "Looks at messages without taking them; state= ready, unacked or delayed, search=,"
                  + " offset=, limit=, place=, truncate= bytes of a payload, types=; a stream's offset"
                  + " is first, last, next, a number or a time, from which reverse= goes back."),
          Map.entry(
              "GET /dev/live",
              "Values as they change, as server-sent events; view=, vhost=, name=, and what the"
                  + " endpoint of the view takes."),
          Map.entry("PUT /dev/queues/:vhost/:queue/pause", "Gives its consumers nothing."),
          Map.entry("PUT /dev/queues/:vhost/:queue/resume", "Ends a pause."),
          Map.entry(
              "POST /dev/queues/:vhost/:queue/messages/delete",
              "Deletes messages that wait: ids, or all."),
          Map.entry(
              "POST /dev/queues/:vhost/:queue/messages/move",
              "Moves them to exchange, with routing_key if it is not to be each one's own."),
          Map.entry(
              "POST /dev/queues/:vhost/:queue/messages/redrive",
              "Moves them back to the queues that they died in."),
          Map.entry(
              "POST /dev/queues/:vhost/:queue/messages/requeue",
              "Takes deliveries back from their consumers, by ids."),
          Map.entry(
              "POST /dev/queues/:vhost/:queue/consumers/cancel",
              "Cancels the consumer of a channel and consumer_tag."),
          Map.entry(
              "GET /dev/messages/:vhost",
              "Searches all queues, streams and delayed exchanges; exchange=, routing_key=, queue=,"
                  + " header=, body=, text=, limit=."),
          Map.entry(
              "GET /dev/connections/:vhost",
              "The connections of a virtual host, in pages, which RabbitMQ's list does not have."),
          Map.entry("GET /dev/channels/:vhost", "The same of its channels."),
          Map.entry("GET /dev/stories/:vhost", "Whether life stories are recorded, and how many."),
          Map.entry("PUT /dev/stories/:vhost", "Records the life stories of messages from now on."),
          Map.entry("DELETE /dev/stories/:vhost", "Ends that and forgets them."),
          Map.entry(
              "GET /dev/messages/search",
              "Life stories, the newest first; vhost=, q= (exchange: key: queue: client: header.x:"
                  + " body: since: and text), limit=, before= an id."),
          Map.entry("GET /dev/messages/:id/story", "What happened to a message; vhost=."),
          Map.entry(
              "GET /dev/tail/:vhost",
              "Messages as they pass, as server-sent events; exchange= or queue=."),
          Map.entry(
              "GET /dev/wait/:vhost/:queue",
              "Answers when the queue is as asked for; until=, count=, timeout= in milliseconds."),
          Map.entry(
              "GET /dev/faults", "Faults that are injected, and the last ones that are over."),
          Map.entry(
              "POST /dev/faults/:vhost",
              "Begins one: kind, exchange, queue, user, operation, count, every, delay_ms, code,"
                  + " for_ms."),
          Map.entry("DELETE /dev/faults/:vhost", "Ends all of a virtual host."),
          Map.entry("DELETE /dev/faults/:vhost/:id", "Ends one."),
          Map.entry("GET /dev/recordings", "What is being recorded, and what was."),
          Map.entry("GET /dev/recordings/:vhost", "The same of a virtual host."),
          Map.entry(
              "POST /dev/recordings/:vhost",
              "Records what is published: exchange or queue, max_messages, max_bytes, for_ms."),
          Map.entry("GET /dev/recordings/:vhost/:id", "How far one is."),
          Map.entry("POST /dev/recordings/:vhost/:id/stop", "Ends one and keeps it."),
          Map.entry("DELETE /dev/recordings/:vhost/:id", "Ends one and forgets it."),
          Map.entry(
              "GET /dev/recordings/:vhost/:id/messages",
              "Its messages; offset=, limit=, truncate= bytes of a payload."),
          Map.entry("GET /dev/recordings/:vhost/:id/file", "All of it, to be replayed."),
          Map.entry("GET /dev/replays", "What is being replayed, and what was."),
          Map.entry(
              "POST /dev/replays/:vhost",
              "Publishes the messages of a file that is sent, or of recording=, from= a virtual"
                  + " host; speed= (1, 10, max), times=, exchange= (empty or amq.default: the default"
                  + " exchange), wait= milliseconds."),
          Map.entry("GET /dev/replays/:vhost/:id", "How far one is."),
          Map.entry("DELETE /dev/replays/:vhost/:id", "Stops one."),
          Map.entry("GET /dev/demo", "Whether the demo is off, starting, running, left or taken."),
          Map.entry("PUT /dev/demo", "Starts a small shop in a virtual host of its own, demo."),
          Map.entry("DELETE /dev/demo", "Ends its clients and deletes that virtual host."),
          Map.entry("GET /dev/clock", "The time of a clock that is moved by hand."),
          Map.entry("POST /dev/clock", "Moves it by advance_ms."));

  private OpenApi() {}

  /**
   * The document, with the paths in alphabetical order.
   *
   * @param prefix of the paths up to and with {@code /api}
   * @param version of RabbitMQ that is behaved like
   */
  public static ObjectNode describe(ApiRoutes routes, String prefix, String version) {
    Map<String, List<String>> sorted = new TreeMap<>(routes.paths());
    ObjectNode body = Json.object();
    body.put("openapi", "3.0.3");
    ObjectNode info = body.putObject("info");
    info.put("title", "Harvey's HTTP API");
    info.put("version", version);
    info.put(
        "description",
        "RabbitMQ's management API as of the version above, and under /dev what only Harvey has.");
    body.putArray("servers").addObject().put("url", prefix);
    body.putArray("security").addObject().putArray(BASIC);
    ArrayNode tags = body.putArray("tags");
    new TreeSet<>(sorted.keySet().stream().map(OpenApi::tag).toList())
        .forEach(tag -> tags.addObject().put("name", tag));
    ObjectNode paths = body.putObject("paths");
    sorted.forEach((path, methods) -> paths.set(template(path), item(routes, path, methods)));
    ObjectNode basic = Json.object().put("type", "http").put("scheme", "basic");
    body.putObject("components").putObject("securitySchemes").set(BASIC, basic);
    return body;
  }

  private static ObjectNode item(ApiRoutes routes, String path, List<String> methods) {
    ObjectNode item = Json.object();
    ArrayNode parameters = Json.array();
    for (String segment : path.substring(1).split("/")) {
      if (segment.startsWith(":")) {
        ObjectNode parameter = parameters.addObject();
        parameter.put("name", segment.substring(1));
        parameter.put("in", "path");
        parameter.put("required", true);
        parameter.putObject("schema").put("type", "string");
      }
    }
    if (!parameters.isEmpty()) {
      item.set("parameters", parameters);
    }
    for (String method : methods) {
      ObjectNode operation = operation(path, method, routes.right(path, method));
      OpenApiQuery.put(operation, method, path, SUMMARIES.get(method + " " + path));
      item.set(method.toLowerCase(Locale.ROOT), operation);
    }
    return item;
  }

  private static ObjectNode operation(String path, String method, Right right) {
    ObjectNode operation = Json.object();
    operation.putArray("tags").add(tag(path));
    operation.put("operationId", operationId(path, method));
    String summary = SUMMARIES.get(method + " " + path);
    if (summary != null) {
      operation.put("summary", summary);
    }
    operation.put("description", who(right));
    if (right == Right.NOBODY_IN_PARTICULAR) {
      operation.putArray("security");
    }
    if (method.equals("PUT") || method.equals("POST")) {
      ObjectNode content = operation.putObject("requestBody").putObject("content");
      content.putObject("application/json").putObject("schema").put("type", "object");
    }
    ObjectNode responses = operation.putObject("responses");
    switch (method) {
      case "GET" -> describe(responses, "200", "the document");
      case "PUT" -> {
        describe(responses, "201", "made");
        describe(responses, "204", "changed");
      }
      case "DELETE" -> {
        describe(responses, "204", "gone");
        if (path.startsWith("/queues/") && !LossQuery.heeded(method, path).isEmpty()) {
          describe(responses, "200", "gone, with message_count, when if-messages was given");
        }
      }
      default -> describe(responses, "2XX", "done");
    }
    describe(responses, "4XX", "refused: an object with error and reason");
    return operation;
  }

  private static void describe(ObjectNode responses, String status, String text) {
    responses.putObject(status).put("description", text);
  }

  /** What the tags of a user have to be. */
  private static String who(Right right) {
    return switch (right) {
      case NOBODY_IN_PARTICULAR -> "For anybody, without logging in.";
      case MANAGEMENT -> "For users with any tag of the management.";
      case VHOST, VISIBLE_VHOST -> "For users with permissions in the virtual host.";
      case POLICYMAKER -> "For the tags policymaker and administrator.";
      case MONITORING -> "For the tags monitoring and administrator.";
      case ADMINISTRATOR -> "For the tag administrator.";
    };
  }

  private static String tag(String path) {
    return path.substring(1).split("/")[0];
  }

  private static String template(String path) {
    return path.replaceAll(":([^/]+)", "{$1}");
  }

  /** Such as {@code getQueuesVhostQueue}. */
  private static String operationId(String path, String method) {
    StringBuilder id = new StringBuilder(method.toLowerCase(Locale.ROOT));
    for (String word : path.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return id.toString();
  }
}
