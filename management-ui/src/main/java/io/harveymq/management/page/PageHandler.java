package io.harveymq.management.page;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Serves the page and what it is made of. Owned by the HTTP server's event loop. */
public final class PageHandler implements Handler<RoutingContext> {
  private final String prefix;

  /**
   * @param prefix before everything; empty for none
   */
  public PageHandler(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public void handle(RoutingContext context) {
    context.response().setStatusCode(404).end("nothing at " + prefix + " yet\n");
  }
}
