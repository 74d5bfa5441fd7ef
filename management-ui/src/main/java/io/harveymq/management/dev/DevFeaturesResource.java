package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/dev/features}: which endpoints there are beyond RabbitMQ's. The page asks for
 * them before anybody has logged in. Any thread.
 */
public final class DevFeaturesResource {
  private static final List<String> FEATURES =
      List.of(
          "live",
          "live-vhost",
          "topology",
          "route",
          "browse",
          "redrive",
          "declare-check",
          "limits");

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get(
        "/dev/features",
        Right.NOBODY_IN_PARTICULAR,
        request -> {
          ObjectNode body = Json.object();
          ArrayNode all = body.putArray("features");
          FEATURES.forEach(all::add);
          return CompletableFuture.completedFuture(Answer.of(body));
        });
  }
}
