package io.harveymq.management.dev;

import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/dev/live}: what another endpoint answers, once a second as server-sent events,
 * for as long as it is read and changes. Owned by the HTTP server's event loop.
 */
public final class LiveResource {
  private static final Logger LOG = LoggerFactory.getLogger(LiveResource.class);
  private static final long EVERY_MILLIS = 1_000;

  /**
   * A comment goes out after so many seconds without change: the line stays open, and who reads
   * knows that the broker is there.
   */
  private static final int SILENT_FOR = 2;

  /** A reader that takes nothing for so many seconds is cut off. */
  private static final int STALLED_FOR = 60;

  private static final Map<String, String> VIEWS =
      Map.ofEntries(
          Map.entry("overview", "/overview"),
          Map.entry("nodes", "/nodes"),
          Map.entry("queues", "/queues"),
          Map.entry("queue", "/queues/:vhost/:name"),
          Map.entry("exchanges", "/exchanges"),
          Map.entry("exchange", "/exchanges/:vhost/:name"),
          Map.entry("connections", "/connections"),
          Map.entry("connection", "/connections/:name"),
          Map.entry("channels", "/channels"),
          Map.entry("channel", "/channels/:name"),
          Map.entry("consumers", "/consumers"),
          Map.entry("topology", "/dev/topology"),
          Map.entry("findings", "/dev/findings"));

  /** Views of one virtual host, if the query names it. */
  private static final Map<String, String> OF_VHOST =
      Map.of(
          "queues", "/queues/:vhost",
          "exchanges", "/exchanges/:vhost",
          "connections", "/dev/connections/:vhost",
          "channels", "/dev/channels/:vhost",
          "consumers", "/consumers/:vhost");

  /** Readers for whom an answer is made at the same time; the others get theirs a second later. */
  private static final int MOST_AT_A_TIME = 8;

  private final ApiRoutes routes;
  private final int mostStreams;
  private int streams;
  private int asking;

  /**
   * @param routes of the endpoints to be watched
   * @param mostStreams readers that there may be at a time
   */
  public LiveResource(ApiRoutes routes, int mostStreams) {
    this.routes = routes;
    this.mostStreams = mostStreams;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes all) {
    all.wait("/dev/live", Right.MANAGEMENT, this::watch);
  }

  private CompletionStage<Answer> watch(ApiRequest request) {
    String view = request.query("view");
    boolean ofVhost =
        request.query("vhost") != null && OF_VHOST.containsKey(view == null ? "" : view);
    String path = view == null ? null : (ofVhost ? OF_VHOST : VIEWS).get(view);
    if (path == null) {
      throw ApiException.badRequest(
          "unknown view; use one of "
              + String.join(", ", VIEWS.keySet().stream().sorted().toList()));
    }
    String[] segments = path.substring(1).split("/");
    for (int i = 0; i < segments.length; i++) {
      if (segments[i].startsWith(":")) {
        String value = request.query(segments[i].substring(1));
        if (value == null) {
          throw ApiException.badRequest("the view needs the parameter " + segments[i].substring(1));
        }
        segments[i] = value;
      }
    }
    ApiRoutes.Endpoint endpoint = routes.endpoint(segments);
    if (request.context().request().method() == HttpMethod.HEAD) {
      return CompletableFuture.completedFuture(ServerSentEvents.head());
    }
    if (streams >= mostStreams) {
      throw ApiException.of(
          503, "service_unavailable", "there are " + streams + " readers of live values already");
    }
    streams++;
    request.context().addEndHandler(ended -> streams--);
    HttpServerResponse response = request.context().response();
    ServerSentEvents.begin(response);
    new Stream(request, view, segments, endpoint).tick();
    return new CompletableFuture<>();
  }

  /** One reader. */
  private final class Stream {
    private final ApiRequest request;
    private final String view;
    private final String[] segments;
    private final ApiRoutes.Endpoint endpoint;
    private final HttpServerResponse response;
    private byte[] lastDigest = {};
    private int silent;
    private int stalled;

    Stream(ApiRequest request, String view, String[] segments, ApiRoutes.Endpoint endpoint) {
      this.request = request;
      this.view = view;
      this.segments = segments;
      this.endpoint = endpoint;
      this.response = request.context().response();
    }

    void tick() {
      if (response.ended() || response.closed()) {
        return;
      }
      if (response.writeQueueFull()) {
        if (++stalled >= STALLED_FOR) {
          request.context().request().connection().close();
        } else {
          later();
        }
        return;
      }
      stalled = 0;
      if (asking >= MOST_AT_A_TIME) {
        nothingNew();
        later();
        return;
      }
      asking++;
      ask()
          .whenComplete(
              (answer, failure) ->
                  request
                      .context()
                      .vertx()
                      .runOnContext(
                          ignored -> {
                            asking--;
                            tell(answer, failure);
                          }));
    }

    private CompletionStage<Answer> ask() {
      try {
        return endpoint.answer(routes.again(request, segments));
      } catch (Exception refused) {
        return CompletableFuture.failedFuture(refused);
      }
    }

    private void tell(Answer answer, Throwable failure) {
      if (response.ended() || response.closed()) {
        return;
      }
      try {
        told(answer, failure);
      } catch (RuntimeException fault) {
        LOG.error("live values could not be told", fault);
        response.end();
      }
    }

    private void told(Answer answer, Throwable failure) {
      if (failure != null) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        int status = cause instanceof ApiException refusal ? refusal.status() : 500;
        response.write(ServerSentEvents.gone(status, cause.getMessage()));
        response.end();
        return;
      }
      byte[] body = answer.body() == null ? new byte[0] : Json.write(answer.body());
      byte[] digest = digest(body);
      if (!Arrays.equals(digest, lastDigest)) {
        if (send(view, body)) {
          lastDigest = digest;
          silent = 0;
        }
      } else {
        nothingNew();
      }
      later();
    }

    private void nothingNew() {
      if (++silent >= SILENT_FOR) {
        silent = 0;
        response.write(": still there\n\n");
      }
    }

    /** Large answers of many readers are not kept to be compared. */
    private static byte[] digest(byte[] body) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(body);
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    /** False when there is no memory for it now. */
    private boolean send(String event, byte[] data) {
      return request.write(ServerSentEvents.event(event, data));
    }

    private void later() {
      request.context().vertx().setTimer(EVERY_MILLIS, timer -> tick());
    }
  }
}
