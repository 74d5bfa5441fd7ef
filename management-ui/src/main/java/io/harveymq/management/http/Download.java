package io.harveymq.management.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a file in parts: each is made on a thread that may wait, once the client has taken the one
 * before, so that of a large file only a part is in memory. Owned by the HTTP server's event loop.
 */
final class Download {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  /** Memory for a part is asked for again after so long. */
  private static final long AGAIN_MILLIS = 100;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final HttpMemory memory;
  private final Iterator<byte[]> parts;

  Download(RoutingContext context, Iterator<byte[]> parts) {
    this.context = context;
    this.response = context.response();
    this.memory = HttpMemory.of(context);
    this.parts = parts;
  }

  /** Begins to send it; the head has to be set. */
  void start() {
    response.putHeader("content-type", "application/json");
    if (context.request().method().name().equals("HEAD")) {
      response.end();
      return;
    }
    response.setChunked(true);
    next();
  }

  private void next() {
    context
        .vertx()
        .executeBlocking(() -> parts.hasNext() ? parts.next() : null, false)
        .onSuccess(
            part -> {
              if (part != null) {
                send(part);
              } else if (!response.closed()) {
                response.end();
              }
            })
        .onFailure(
            failure -> {
              // the status is out; only a cut tells the client that it has not got all
              LOG.error("a download failed", failure);
              context.request().connection().close();
            });
  }

  private void send(byte[] part) {
    if (response.closed()) {
      return;
    }
    if (!memory.takeIfThere(part.length)) {
      context.vertx().setTimer(AGAIN_MILLIS, again -> send(part));
      return;
    }
    response
        .write(Buffer.buffer(part))
        .onComplete(
            sent -> {
              memory.giveBack(part.length);
              if (sent.succeeded()) {
                next();
              }
            });
  }
}
