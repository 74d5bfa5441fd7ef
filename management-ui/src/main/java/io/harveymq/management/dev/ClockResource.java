package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/dev/clock}: shows and moves the time of a broker that was given a clock to be moved
 * by hand; others have no such endpoint. Owned by the HTTP server's event loop.
 */
public final class ClockResource {
  private static final String ADVANCE = "advance_ms";
  private static final long LONGEST = Duration.ofDays(366).toMillis();

  private final Node node;

  public ClockResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints, if there is anything to move. */
  public void addTo(ApiRoutes routes) {
    if (node.broker().config().clock() instanceof ManualClock clock) {
      routes.get(
          "/dev/clock", Right.MANAGEMENT, r -> CompletableFuture.completedFuture(show(clock)));
      routes.post("/dev/clock", Right.ADMINISTRATOR, request -> advance(request, clock));
    }
  }

  private static Answer show(ManualClock clock) {
    return Answer.of(Json.object().put("time", clock.millis()));
  }

  /** What falls due on the way has happened when it answers. */
  private static CompletionStage<Answer> advance(ApiRequest request, ManualClock clock) {
    ObjectNode body = request.body();
    ApiRequest.require(body, ADVANCE);
    long millis = body.get(ADVANCE).asLong(-1);
    if (millis < 0 || millis > LONGEST) {
      throw ApiException.badRequest(
          ADVANCE + " has to be a number of milliseconds from 0 to " + LONGEST);
    }
    return request.waiting(
        () -> {
          clock.advance(Duration.ofMillis(millis));
          return show(clock);
        });
  }
}
