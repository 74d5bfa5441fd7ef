package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code GET /api/dev/lint/:vhost}: what is declared in a virtual host and is hardly meant so, for
 * a test to fail on. Who may list exchanges, queues and bindings may ask. Owned by the HTTP
 * server's event loop.
 */
public final class LintResource {
  private static final int MOST = 500;

  private final Node node;

  public LintResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/lint/:vhost", Right.VHOST, this::lint);
  }

  private CompletionStage<Answer> lint(ApiRequest request) {
    Predicate<String> vhost = request.vhost()::equals;
    var inspection = node.inspection();
    // What a queue or a binding names was declared before it: it has to be looked at after it.
    return inspection
        .queues(vhost)
        .thenCompose(
            queues ->
                inspection
                    .bindings(vhost)
                    .thenCompose(
                        bindings ->
                            inspection
                                .exchanges(vhost)
                                .thenApply(
                                    exchanges ->
                                        new TopologyLint(exchanges, queues, bindings).find())))
        .thenApply(found -> Answer.of(json(found)));
  }

  private static ObjectNode json(List<Finding> found) {
    ObjectNode body = Json.object();
    body.put("total", found.size());
    ArrayNode items = body.putArray("items");
    found.stream().limit(MOST).forEach(one -> items.add(one.json()));
    return body;
  }
}
