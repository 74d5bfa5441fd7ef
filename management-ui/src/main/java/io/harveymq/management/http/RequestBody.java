package io.harveymq.management.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/**
 * Reads bodies as they are, whatever their type: forms do not become parameters, and nothing is
 * written to files. Owned by the HTTP server's event loop.
 */
final class RequestBody {
  /** How long a client that sends too much may go on sending, so that it can read the answer. */
  private static final long CLOSE_AFTER_MILLIS = 2_000;

  private final RoutingContext context;
  private final long largest;
  private final Buffer read = Buffer.buffer();
  private final long millis;
  private boolean isRefused;

  /**
   * @param largest bytes
   * @param millis within which all has to be there
   */
  RequestBody(RoutingContext context, long largest, long millis) {
    this.context = context;
    this.largest = largest;
    this.millis = millis;
  }

  /**
   * Reads it; has to be called in the turn in which the request came. A body that is too large is
   * answered with 413, and the connection is closed.
   *
   * @param done gets all of it
   */
  void read(Consumer<byte[]> done) {
    HttpServerRequest request = context.request();
    long deadline = context.vertx().setTimer(millis, late -> request.connection().close());
    context.addEndHandler(
        ended -> {
          context.vertx().cancelTimer(deadline);
          HttpMemory.of(context).giveBack(read.length());
        });
    request
        .handler(this::add)
        .endHandler(
            end -> {
              context.vertx().cancelTimer(deadline);
              if (isRefused) {
                request.connection().close();
              } else {
                done.accept(read.getBytes());
              }
            });
    String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length.trim()) > largest) {
      refuse(tooLarge());
    }
  }

  private void add(Buffer part) {
    if (isRefused) {
      return;
    }
    if (read.length() + part.length() > largest) {
      refuse(tooLarge());
      return;
    }
    try {
      HttpMemory.of(context).take(part.length());
      read.appendBuffer(part);
    } catch (ApiException none) {
      refuse(none);
    }
  }

  private ApiException tooLarge() {
    String remedy =
        largest > ApiHandler.LARGEST_BODY_OF_ANYBODY
            ? "; management.http.max_body_size says how large it may be"
            : "";
    return ApiException.of(
        413, "payload_too_large", "the body is larger than " + largest + " bytes" + remedy);
  }

  /** What still comes is dropped until all is there, or until the client had time enough. */
  private void refuse(ApiException reason) {
    isRefused = true;
    context.response().putHeader(HttpHeaderNames.CONNECTION, "close");
    ApiHandler.refuse(context, reason);
    var connection = context.request().connection();
    context.vertx().setTimer(CLOSE_AFTER_MILLIS, timer -> connection.close());
  }
}
