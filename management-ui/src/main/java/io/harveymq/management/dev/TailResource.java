package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.vhost.MessageTail;
import io.harveymq.broker.vhost.Onlookers;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/dev/tail/:vhost}: the messages that are published to an {@code exchange}, or go
 * through a {@code queue}, as server-sent events while they do. Who reads too slowly misses some,
 * and is told how many. Owned by the HTTP server's event loop.
 */
public final class TailResource {
  private static final Logger LOG = LoggerFactory.getLogger(TailResource.class);
  private static final long EVERY_MILLIS = 250;

  /** A comment goes out after so many turns without a message, so that the line stays open. */
  private static final int SILENT_FOR = 60;

  /** After so many turns it is asked whether the user still may. */
  private static final int ASK_EVERY = 4;

  /** A reader that takes nothing for so many turns is cut off. */
  private static final int STALLED_FOR = 120;

  /** Readers of one user in one virtual host, which has room for twice as many. */
  private static final int MOST_OF_USER = Onlookers.MOST_TAILS / 2;

  private final Node node;
  private final ApiRoutes routes;
  private final int mostStreams;
  private final Map<List<String>, Integer> streams = new HashMap<>();

  /**
   * @param routes to ask again whether the user may
   * @param mostStreams readers that there may be at a time
   */
  public TailResource(Node node, ApiRoutes routes, int mostStreams) {
    this.node = node;
    this.routes = routes;
    this.mostStreams = mostStreams;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes all) {
    all.wait("/dev/tail/:vhost", Right.VHOST, this::tail);
  }

  private CompletionStage<Answer> tail(ApiRequest request) {
    String exchange = request.query("exchange");
    String queue = request.query("queue");
    if ((exchange == null) == (queue == null)) {
      throw ApiException.badRequest("give either exchange or queue");
    }
    String name = AccessRules.DEFAULT_EXCHANGE.equals(exchange) ? "" : exchange;
    CompletionStage<Void> allowed = requireRead(request, name, queue);
    if (request.context().request().method() == HttpMethod.HEAD) {
      return allowed.thenApply(may -> ServerSentEvents.head());
    }
    count(request);
    CompletableFuture<Answer> refused = new CompletableFuture<>();
    allowed
        .thenCompose(may -> node.inspection().watch(request.vhost(), name, queue))
        .whenComplete(
            (tail, failure) -> {
              if (failure != null) {
                refused.completeExceptionally(failure);
              } else {
                new Stream(request, tail, name, queue).begin();
              }
            });
    return refused;
  }

  /** One reader more, until its connection or its answer ends. */
  private void count(ApiRequest request) {
    List<String> key = List.of(request.vhost(), request.user().name());
    int all = streams.values().stream().mapToInt(Integer::intValue).sum();
    if (all >= mostStreams || streams.getOrDefault(key, 0) >= MOST_OF_USER) {
      throw ApiException.of(
          503, "service_unavailable", "there are too many readers of passing messages already");
    }
    streams.merge(key, 1, Integer::sum);
    request
        .context()
        .addEndHandler(
            ended -> streams.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null));
  }

  private CompletionStage<Void> requireRead(ApiRequest request, String exchange, String queue) {
    return queue == null
        ? Rights.require(Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange))
        : Readable.requireQueue(node, request, queue);
  }

  /** One reader. */
  private final class Stream {
    private final MessageTail tail;
    private final String exchange;
    private final String queue;
    private final HttpServerResponse response;
    private ApiRequest request;
    private long missed;
    private int turns;
    private int silent;
    private int stalled;

    Stream(ApiRequest request, MessageTail tail, String exchange, String queue) {
      this.request = request;
      this.tail = tail;
      this.exchange = exchange;
      this.queue = queue;
      this.response = request.context().response();
    }

    void begin() {
      if (response.closed()) {
        end();
        return;
      }
      ServerSentEvents.begin(response);
      later();
    }

    private void end() {
      node.inspection().unwatch(request.vhost(), tail);
    }

    private void later() {
      request.context().vertx().setTimer(EVERY_MILLIS, timer -> tick());
    }

    private void tick() {
      if (response.ended() || response.closed()) {
        end();
      } else if (!response.writeQueueFull()) {
        stalled = 0;
        mayStill()
            .thenCompose(may -> node.inspection().next(tail))
            .thenCompose(this::visible)
            .whenComplete(
                (batch, failure) ->
                    request.context().vertx().runOnContext(ignored -> tell(batch, failure)));
      } else if (++stalled < STALLED_FOR) {
        later();
      } else {
        end();
        request.context().request().connection().close();
      }
    }

    private void tell(MessageTail.Batch batch, Throwable failure) {
      if (response.ended() || response.closed()) {
        end();
        return;
      }
      try {
        if (failure == null) {
          told(batch);
          return;
        }
        response.write(ServerSentEvents.gone("it may not be watched any more"));
      } catch (RuntimeException fault) {
        LOG.error("passing messages could not be told", fault);
      }
      end();
      response.end();
    }

    private void told(MessageTail.Batch batch) {
      missed += batch.missed();
      StringBuilder events = new StringBuilder();
      if (missed > 0) {
        events.append(ServerSentEvents.event("missed", Json.object().put("count", missed)));
      }
      batch.seen().forEach(seen -> events.append(ServerSentEvents.event("message", json(seen))));
      if (!events.isEmpty()) {
        silent = 0;
        // without memory for them they are missed
        missed = request.write(events.toString()) ? 0 : missed + batch.seen().size();
      } else if (++silent >= SILENT_FOR) {
        silent = 0;
        response.write(": nothing\n\n");
      }
      later();
    }

    /** Completed exceptionally when not. */
    private CompletionStage<Void> mayStill() {
      if (++turns % ASK_EVERY != 0) {
        return CompletableFuture.completedFuture(null);
      }
      try {
        request = routes.again(request, new String[] {"dev", "tail", request.vhost()});
      } catch (ApiException refused) {
        return CompletableFuture.failedFuture(refused);
      }
      return requireRead(request, exchange, queue);
    }

    /** Only what the user may see; another queue of that name may be somebody else's. */
    private CompletionStage<MessageTail.Batch> visible(MessageTail.Batch batch) {
      if (batch.seen().isEmpty()) {
        return CompletableFuture.completedFuture(batch);
      }
      if (queue != null) {
        return Readable.requireOwner(node, request, queue).thenApply(owner -> batch);
      }
      return Readable.of(
              node, request, request.vhost(), exchange, MessageTail.Seen::message, batch.seen())
          .thenApply(seen -> new MessageTail.Batch(seen, batch.missed()));
    }
  }

  private static ObjectNode json(MessageTail.Seen seen) {
    ObjectNode body = Json.object();
    body.put("id", seen.id());
    body.put("time", seen.time());
    body.put("event", seen.delivered() ? "delivered" : "published");
    MessageJson.put(body, seen.message(), false, -1);
    MessageJson.putHeaderTypes(body, seen.message().properties());
    body.put("payload_bytes", seen.size());
    ArrayNode queues = body.putArray("queues");
    seen.queues().forEach(queues::add);
    if (seen.delivered()) {
      body.put("redelivered", seen.redelivered());
    }
    body.put("connection", seen.by().connection());
    body.put("user", seen.by().user());
    return body;
  }
}
