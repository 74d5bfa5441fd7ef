package io.harveymq.management.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import io.harveymq.management.node.MemoryBreakdown;
import io.harveymq.management.node.NodeJson;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /api/nodes}, of which there is one. Owned by the HTTP server's event loop. */
public final class NodesResource {
  private static final List<String> TABLES =
      List.of("ets", "ets/relative", "ets/:filter", "ets/:filter/relative");

  private final Node node;
  private final NodeJson json;

  public NodesResource(Node node) {
    this.node = node;
    this.json = new NodeJson(node);
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/nodes", Right.MONITORING, this::list);
    routes.get("/nodes/:node", Right.MONITORING, this::one);
    routes.get("/nodes/:node/memory", Right.MONITORING, r -> memory(r, false));
    routes.get("/nodes/:node/memory/relative", Right.MONITORING, r -> memory(r, true));
    TABLES.forEach(
        path -> routes.get("/nodes/:node/memory/" + path, Right.MONITORING, this::noTables));
  }

  private void requireNode(ApiRequest request) {
    if (!node.name().equals(request.path("node"))) {
      throw ApiException.notFound();
    }
  }

  private CompletionStage<Answer> list(ApiRequest request) {
    return whole(request)
        .thenApply(
            one -> {
              ArrayNode all = Json.array().add(one);
              return Answer.of(Listing.columns(request, all));
            });
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    requireNode(request);
    return whole(request).thenApply(one -> Answer.of(Listing.columns(request, one)));
  }

  private CompletionStage<ObjectNode> whole(ApiRequest request) {
    if (request.isTrue("disable_stats")) {
      return CompletableFuture.completedFuture(json.brief());
    }
    StatsJson stats = StatsJson.ofNode(request::query);
    return request
        .waiting(node.probe()::read)
        .thenCombine(
            node.inspection().totals(any -> true),
            (reading, totals) -> {
              ObjectNode whole = json.whole(reading, totals, stats);
              if (request.isTrue("memory")) {
                whole.set("memory", MemoryBreakdown.of(reading.now()).absolute());
              }
              return whole;
            });
  }

  private CompletionStage<Answer> memory(ApiRequest request, boolean relative) {
    requireNode(request);
    return request
        .waiting(() -> node.probe().read().now())
        .thenApply(
            facts -> {
              MemoryBreakdown memory = MemoryBreakdown.of(facts);
              JsonNode shown = relative ? memory.relative() : memory.absolute();
              return Answer.of(Json.object().set("memory", shown));
            });
  }

  /** Erlang's tables, which there are none of. */
  private CompletionStage<Answer> noTables(ApiRequest request) {
    requireNode(request);
    ObjectNode body = Json.object();
    body.putObject("ets_tables_memory").put("total", 0);
    return CompletableFuture.completedFuture(Answer.of(body));
  }
}
