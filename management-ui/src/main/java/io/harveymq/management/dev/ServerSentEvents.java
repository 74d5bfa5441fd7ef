package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.http.Answer;
import io.harveymq.management.json.Json;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How the streams of server-sent events begin, and what their events look like. Stateless. */
final class ServerSentEvents {
  private static final String TYPE = "text/event-stream";

  private ServerSentEvents() {}

  /** What HEAD answers. */
  static Answer head() {
    return new Answer(200, null, Map.of("content-type", TYPE));
  }

  /** Sends the head of the answer; proxies are told to pass on what comes at once. */
  static void begin(HttpServerResponse response) {
    response.setChunked(true);
    response.putHeader("content-type", TYPE);
    response.putHeader("content-encoding", "identity");
    response.putHeader("cache-control", "no-store");
    response.putHeader("x-accel-buffering", "no");
    response.write(": watching\n\n");
  }

  static String event(String name, ObjectNode data) {
    return event(name, Json.write(data));
  }

  /**
   * @param json without line ends
   */
  static String event(String name, byte[] json) {
    return "event: " + name + "\ndata: " + new String(json, StandardCharsets.UTF_8) + "\n\n";
  }

  /** The last event: no more come, and why. */
  static String gone(String reason) {
    return event("gone", Json.object().put("reason", reason));
  }

  /**
   * The same.
   *
   * @param status what asking again is answered with
   */
  static String gone(int status, String reason) {
    return event("gone", Json.object().put("status", status).put("reason", reason));
  }
}
