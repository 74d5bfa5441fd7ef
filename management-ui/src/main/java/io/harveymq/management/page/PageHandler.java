package io.harveymq.management.page;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Serves the page and what it is made of, under a strict content security policy. Owned by the HTTP
 * server's event loop.
 */
public final class PageHandler implements Handler<RoutingContext> {
  private static final String FOR_GOOD = "private, max-age=31536000, immutable";
  private static final Pattern ZIPPED =
      Pattern.compile("\\bgzip\\b(?! *; *q=0(?:\\.0*)?(?:,|$| ))");

  private final PageFiles files = new PageFiles();
  private final String prefix;
  private String policy;

  /**
   * @param prefix before everything; empty for none
   */
  public PageHandler(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpMethod method = context.request().method();
    HttpServerResponse response = context.response();
    if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
      response.setStatusCode(405).putHeader("allow", "GET, HEAD").end();
      return;
    }
    String path = context.request().path().substring(prefix.length());
    String elsewhere = path.isEmpty() ? "/" : Redirects.of(path);
    if (elsewhere != null) {
      response.setStatusCode(301).putHeader("location", prefix + elsewhere).end();
      return;
    }
    String name = path.substring(1);
    PageFiles.File file = files.get(name);
    if (file == null) {
      response.setStatusCode(404).putHeader("content-type", "text/plain").end("Not Found\n");
      return;
    }
    response
        .putHeader("content-type", file.type())
        .putHeader("content-security-policy", policy())
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("cache-control", files.isForGood(name) ? FOR_GOOD : "no-cache")
        .putHeader("vary", "accept-encoding")
        .putHeader("etag", file.tag());
    if (file.tag().equals(context.request().getHeader("if-none-match"))) {
      response.setStatusCode(304).end();
      return;
    }
    byte[] sent = file.content();
    if (file.zipped() != null && unzips(context.request())) {
      response.putHeader("content-encoding", "gzip");
      sent = file.zipped();
    }
    if (method == HttpMethod.HEAD) {
      response.putHeader("content-length", Integer.toString(sent.length)).end();
    } else {
      response.end(Buffer.buffer(sent));
    }
  }

  private static boolean unzips(HttpServerRequest request) {
    String accepted = request.getHeader("accept-encoding");
    return accepted != null && ZIPPED.matcher(accepted).find();
  }

  private String policy() {
    if (policy == null) {
      policy =
          "default-src 'self'; script-src 'self'"
              + files.inlineScriptHash()
              + "; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'none'";
    }
    return policy;
  }
}
