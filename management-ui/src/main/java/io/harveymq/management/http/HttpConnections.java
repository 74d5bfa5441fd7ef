package io.harveymq.management.http;

import io.harveymq.management.HttpLimits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/**
 * The connections of one listener: takes only so many at a time, and closes those whose requests do
 * not come. Owned by the HTTP server's event loop.
 */
public final class HttpConnections {
  private static final class Entry {
    int requests;
    long deadline;
  }

  private final Vertx vertx;
  private final HttpLimits limits;
  private final Map<HttpConnection, Entry> open = new HashMap<>();

  public HttpConnections(Vertx vertx, HttpLimits limits) {
    this.vertx = vertx;
    this.limits = limits;
  }

  /** Sees each request before anybody else. */
  public void watch(Router router) {
    router.route().order(-1).handler(this::requested);
  }

  /** A connection was accepted. */
  public void opened(HttpConnection connection) {
    if (open.size() >= limits.maxConnections()) {
      connection.close();
      return;
    }
    Entry entry = new Entry();
    open.put(connection, entry);
    connection.closeHandler(closed -> forget(connection));
    expectRequest(connection, entry, limits.requestMillis());
  }

  private void forget(HttpConnection connection) {
    Entry entry = open.remove(connection);
    if (entry != null) {
      vertx.cancelTimer(entry.deadline);
    }
  }

  private void expectRequest(HttpConnection connection, Entry entry, long millis) {
    entry.deadline = vertx.setTimer(millis, late -> connection.close());
  }

  private void requested(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    Entry entry = open.get(connection);
    if (entry != null) {
      entry.requests++;
      vertx.cancelTimer(entry.deadline);
      context.addEndHandler(ended -> answered(connection, entry));
    }
    context.next();
  }

  /** The connection may be idle now before the next request begins. */
  private void answered(HttpConnection connection, Entry entry) {
    if (--entry.requests == 0 && open.get(connection) == entry) {
      expectRequest(connection, entry, limits.idleMillis() + limits.requestMillis());
    }
  }
}
