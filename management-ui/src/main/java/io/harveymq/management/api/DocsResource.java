package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.OpenApi;
import io.harveymq.management.http.Right;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /api/docs}: the API as an OpenAPI document, for anybody. It is made when it is asked
 * for the first time. Owned by the HTTP server's event loop.
 */
public final class DocsResource {
  private final ApiRoutes routes;
  private final String prefix;
  private final String version;
  private CompletionStage<ObjectNode> document;

  /**
   * @param routes to describe, all of them added before the first request
   * @param prefix of the paths up to and with {@code /api}
   * @param version of RabbitMQ that is behaved like
   */
  public DocsResource(ApiRoutes routes, String prefix, String version) {
    this.routes = routes;
    this.prefix = prefix;
    this.version = version;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes all) {
    all.get(
        "/docs",
        Right.NOBODY_IN_PARTICULAR,
        request -> {
          if (document == null) {
            document = request.waiting(() -> OpenApi.describe(routes, prefix, version));
          }
          return document.thenApply(Answer::of);
        });
  }
}
