package io.harveymq.management.http;

import io.harveymq.management.ManagementOptions;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which pages a browser may use the API for. Pages of allowed origins get the headers of CORS, as
 * rabbit_mgmt_cors gives them; to others nothing is said, and what they want to change is refused:
 * a browser adds the password that it knows to requests of any page. Clients that are no browsers
 * send none of these headers. Owned by the HTTP server's event loop.
 */
public final class Origins implements Handler<RoutingContext> {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> FOREIGN_SITES = Set.of("cross-site", "same-site");
  private static final String METHODS = "HEAD, GET, POST, PUT, DELETE, OPTIONS";
  private static final String HEADERS = "authorization, content-type, x-requested-with, x-reason";
  private static final String ANY = "*";

  private final List<String> allowed;
  private final int maxAgeSeconds;

  /** For these origins. */
  public Origins(ManagementOptions.Cors cors) {
    this.allowed =
        cors.allowedOrigins().stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
    this.maxAgeSeconds = cors.maxAgeSeconds();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader(HttpHeaderNames.ORIGIN);
    boolean isAllowed = origin != null && isAllowed(origin);
    if (isAllowed) {
      allow(context, origin);
    }
    boolean changes = !READING.contains(request.method().name());
    if (changes && !isAllowed && isForeign(request, origin)) {
      ApiHandler.refuse(
          context,
          ApiException.of(403, "forbidden", "pages of other origins may not change anything"));
      return;
    }
    context.next();
  }

  private boolean isAllowed(String origin) {
    return allowed.contains(ANY) || allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a request is from a page of another origin. Where a browser says that it is from the
   * page's own, this holds behind proxies that change the host, too; no page can forge that header.
   */
  private static boolean isForeign(HttpServerRequest request, String origin) {
    String site = request.getHeader("sec-fetch-site");
    if (site != null && FOREIGN_SITES.contains(site.toLowerCase(Locale.ROOT))) {
      return true;
    }
    return origin != null && !"same-origin".equalsIgnoreCase(site) && !isOwn(request, origin);
  }

  private static boolean isOwn(HttpServerRequest request, String origin) {
    String host = request.getHeader(HttpHeaderNames.HOST);
    if (host == null && request.authority() != null) {
      host = request.authority().toString();
    }
    return origin.equalsIgnoreCase(request.scheme() + "://" + host);
  }

  private void allow(RoutingContext context, String origin) {
    HttpServerResponse response = context.response();
    response.putHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.putHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    if (context.request().method().name().equals("OPTIONS")) {
      if (maxAgeSeconds > 0) {
        response.putHeader(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, String.valueOf(maxAgeSeconds));
      }
      response.putHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
      String wanted = context.request().getHeader(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
      response.putHeader(
          HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, wanted == null ? HEADERS : wanted);
    }
  }
}
