package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * {@code GET /api/dev/wait/:vhost/:queue}: answers when a queue is as a test wants it, or says what
 * it is like when the time is over. Owned by the HTTP server's event loop.
 */
public final class WaitResource {
  private static final List<String> CONDITIONS =
      List.of("empty", "ready", "messages", "unacked", "consumers", "exists", "gone");
  private static final long EVERY_MILLIS = 20;
  private static final int DEFAULT_MILLIS = 10_000;
  private static final int LONGEST_MILLIS = 50_000;
  private static final int MOST_WAITING = 200;

  private final Node node;
  private int waiting;

  public WaitResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.wait("/dev/wait/:vhost/:queue", Right.VHOST, this::await);
  }

  private CompletionStage<Answer> await(ApiRequest request) {
    String until = request.query("until") == null ? "empty" : request.query("until");
    if (!CONDITIONS.contains(until)) {
      throw ApiException.badRequest(
          "unknown condition; use until= with one of " + String.join(", ", CONDITIONS));
    }
    int count = BrowseResource.number(request, "count", 1, Integer.MAX_VALUE);
    int timeout = BrowseResource.number(request, "timeout", DEFAULT_MILLIS, LONGEST_MILLIS);
    if (waiting >= MOST_WAITING) {
      throw ApiException.of(503, "busy", "too many wait already");
    }
    waiting++;
    Wait wait = new Wait(request, until, condition(until, count), timeout);
    wait.look();
    return wait.answer.whenComplete((answer, failure) -> waiting--);
  }

  /** Whether it is so; a queue that is not there is null. */
  private static Predicate<QueueInfo> condition(String until, int count) {
    return switch (until) {
      case "empty" -> queue -> queue != null && ready(queue) + unacked(queue) == 0;
      case "ready" -> queue -> queue != null && ready(queue) >= count;
      case "messages" -> queue -> queue != null && ready(queue) + unacked(queue) >= count;
      case "unacked" -> queue -> queue != null && unacked(queue) >= count;
      case "consumers" -> queue -> queue != null && queue.consumers() >= count;
      case "exists" -> queue -> queue != null;
      default -> queue -> queue == null;
    };
  }

  private static long ready(QueueInfo queue) {
    return queue.messages().ready();
  }

  private static long unacked(QueueInfo queue) {
    return queue.messages().unacknowledged();
  }

  /** Somebody who waits. */
  private final class Wait {
    private final ApiRequest request;
    private final String until;
    private final Predicate<QueueInfo> condition;
    private final long began = System.nanoTime();
    private final int timeout;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Wait(ApiRequest request, String until, Predicate<QueueInfo> condition, int timeout) {
      this.request = request;
      this.until = until;
      this.condition = condition;
      this.timeout = timeout;
    }

    void look() {
      if (request.context().response().closed()) {
        answer.completeExceptionally(ApiException.of(503, "gone", "nobody waits any more"));
        return;
      }
      node.inspection()
          .queue(request.vhost(), request.path("queue"))
          .whenComplete(
              (queue, failure) -> {
                if (failure != null) {
                  answer.completeExceptionally(failure);
                } else {
                  judge(queue);
                }
              });
    }

    private void judge(QueueInfo queue) {
      long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      if (condition.test(queue)) {
        answer.complete(Answer.of(json(queue).put("waited_ms", waited)));
      } else if (queue == null && !until.equals("exists")) {
        answer.completeExceptionally(ApiException.notFound());
      } else if (waited >= timeout) {
        answer.completeExceptionally(
            ApiException.of(
                504, "timeout", "Not yet after " + seconds(waited) + ": " + state(queue)));
      } else {
        request.context().vertx().setTimer(EVERY_MILLIS, timer -> look());
      }
    }
  }

  private static ObjectNode json(QueueInfo queue) {
    ObjectNode body = Json.object();
    if (queue != null) {
      body.put("ready", ready(queue));
      body.put("unacked", unacked(queue));
      body.put("consumers", queue.consumers());
    }
    return body;
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
  }

  private static String state(QueueInfo queue) {
    if (queue == null) {
      return "there is no such queue.";
    }
    return ready(queue)
        + " ready, "
        + unacked(queue)
        + " unacked, "
        + (queue.consumers() == 1 ? "1 consumer." : queue.consumers() + " consumers.");
  }
}
