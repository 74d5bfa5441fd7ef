package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /api/dev/deleted}: the queues and exchanges of a virtual host that went lately, when,
 * and why. Owned by the HTTP server's event loop.
 */
public final class DeletedResource {
  private final Node node;

  public DeletedResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/deleted/:vhost", Right.VHOST, this::all);
  }

  private CompletionStage<Answer> all(ApiRequest request) {
    String kind = request.query("kind");
    String name = request.query("name");
    return node.inspection()
        .lately()
        .deleted(request.vhost())
        .thenApply(
            deleted -> {
              ArrayNode body = Json.array();
              for (DeletedObjects.Deleted one : deleted) {
                boolean wanted =
                    (kind == null || kind.equals(kind(one)))
                        && (name == null || name.equals(one.name()));
                if (wanted) {
                  body.add(json(request, one));
                }
              }
              return Answer.of(body);
            });
  }

  private static String kind(DeletedObjects.Deleted deleted) {
    return deleted.queue() ? "queue" : "exchange";
  }

  private static ObjectNode json(ApiRequest request, DeletedObjects.Deleted deleted) {
    ObjectNode body = Json.object();
    body.put("kind", kind(deleted));
    body.put("vhost", request.vhost());
    body.put("name", deleted.name());
    body.put("time", deleted.time());
    body.put("cause", deleted.cause().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    DeletedObjects.Actor actor = deleted.actor();
    if (actor.user() != null && request.mayWatch(actor.user())) {
      body.put("user", actor.user());
      if (actor.connection() != null) {
        body.put("connection", actor.connection());
      }
      if (actor.client() != null) {
        body.put("client", actor.client());
      }
    }
    return body;
  }
}
