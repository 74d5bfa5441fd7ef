package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small endpoints of the node: {@code /api/extensions}, {@code /api/version}, {@code
 * /api/rebalance/queues} and {@code /api/reset}. Owned by the HTTP server's event loop.
 */
public final class NodeActionsResource {
  private static final Logger LOG = LoggerFactory.getLogger(NodeActionsResource.class);

  private final Node node;

  public NodeActionsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/extensions", Right.MANAGEMENT, request -> done(Answer.of(Json.array())));
    if (node.version().management().hasLaterEndpoints()) {
      routes.get("/version", Right.NOBODY_IN_PARTICULAR, request -> done(version()));
    }
    routes.post("/rebalance/queues", Right.ADMINISTRATOR, this::rebalance);
    routes.delete("/reset", Right.ADMINISTRATOR, request -> done(Answer.noContent()));
    routes.delete("/reset/:node", Right.ADMINISTRATOR, this::reset);
  }

  private static CompletionStage<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private Answer version() {
    return Answer.of(TextNode.valueOf(node.version().version()));
  }

  /** There is one node, on which all queues are well placed. */
  private CompletionStage<Answer> rebalance(ApiRequest request) {
    LOG.info("user '{}' asked for a rebalance of queues; there is one node", request.user().name());
    return done(Answer.noContent());
  }

  /** RabbitMQ forgets its statistics and collects new ones; here they are never out of date. */
  private CompletionStage<Answer> reset(ApiRequest request) {
    if (!node.name().equals(request.path("node"))) {
      throw ApiException.notFound();
    }
    return done(Answer.noContent());
  }
}
