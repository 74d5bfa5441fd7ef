package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /api/dev/rights}: what the user may do with the queue of a {@code name} in a {@code
 * vhost}, with {@code kind=exchange} with the exchange. Owned by the HTTP server's event loop.
 */
public final class RightsResource {
  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/rights", Right.MANAGEMENT, this::rights);
  }

  private CompletionStage<Answer> rights(ApiRequest request) {
    String vhost = request.query("vhost");
    String name = request.query("name");
    if (vhost == null || name == null) {
      throw ApiException.badRequest("give vhost and name");
    }
    boolean isExchange = "exchange".equals(request.query("kind"));
    ObjectNode body = Json.object();
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (AccessRight right : AccessRight.values()) {
      CompletionStage<Boolean> may =
          isExchange
              ? Rights.ofExchange(request, vhost, right, name)
              : Rights.ofQueue(request, vhost, right, name);
      all =
          all.thenCombine(
              may,
              (before, allowed) -> {
                body.put(right.name().toLowerCase(Locale.ROOT), allowed);
                return null;
              });
    }
    return all.thenApply(done -> Answer.of(body));
  }
}
