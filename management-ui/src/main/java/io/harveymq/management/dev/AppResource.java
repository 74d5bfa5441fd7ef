package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.AppControl;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/dev/app}: stops and starts what AMQP clients use of the broker, and resets it, for
 * {@code rabbitmqctl stop_app} and its like. Owned by the HTTP server's event loop.
 */
public final class AppResource {
  private static final String RUNNING = "running";

  private final Node node;

  public AppResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/app", Right.MANAGEMENT, this::show);
    routes.put("/dev/app", Right.ADMINISTRATOR, this::change);
    routes.post("/dev/app/reset", Right.ADMINISTRATOR, this::reset);
  }

  private AppControl app() {
    return node.broker().app();
  }

  private CompletionStage<Answer> show(ApiRequest request) {
    return CompletableFuture.completedFuture(
        Answer.of(Json.object().put(RUNNING, app().isRunning())));
  }

  private CompletionStage<Answer> change(ApiRequest request) {
    JsonNode running = request.body().path(RUNNING);
    if (!running.isBoolean()) {
      throw ApiException.badRequest(RUNNING + " has to be true or false");
    }
    return done(
        request,
        () -> {
          if (running.booleanValue()) {
            app().start();
          } else {
            app().stop();
          }
          return Answer.noContent();
        });
  }

  private CompletionStage<Answer> reset(ApiRequest request) {
    if (app().isRunning()) {
      throw conflict(
          "the broker has to be stopped first: PUT /api/dev/app with {\"running\":false}");
    }
    return done(
        request,
        () -> {
          app().reset();
          return Answer.noContent();
        });
  }

  private static CompletionStage<Answer> done(ApiRequest request, Callable<Answer> act) {
    return request.waiting(
        () -> {
          try {
            return act.call();
          } catch (BrokerStartException | IllegalStateException refused) {
            throw conflict(refused.getMessage());
          }
        });
  }

  private static ApiException conflict(String reason) {
    return ApiException.of(409, "conflict", reason);
  }
}
