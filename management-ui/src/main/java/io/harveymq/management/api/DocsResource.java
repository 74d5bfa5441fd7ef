package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.OpenApi;
import io.harveymq.management.http.Right;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/docs}: the API as an OpenAPI document, for anybody. Owned by the HTTP server's
 * event loop.
 */
public final class DocsResource {
  private final ApiRoutes routes;
  private final String prefix;
  private final String version;
  private ObjectNode document;

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
        request -> CompletableFuture.completedFuture(Answer.of(document())));
  }

  private ObjectNode document() {
    if (document == null) {
      document = OpenApi.describe(routes, prefix, version);
    }
    return document;
  }
}
