package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.channel.DirectConsumers;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Steps in between a queue and its consumers: {@code pause}, {@code resume}, {@code
 * messages/requeue} and {@code consumers/cancel} of {@code /api/dev/queues/:vhost/:queue}. They
 * need the permission to configure the queue. Owned by the HTTP server's event loop.
 */
public final class ConsumersResource {
  private static final int MOST_IDS = 1_000;
  private static final String PATH = "/dev/queues/:vhost/:queue";

  private final Node node;

  public ConsumersResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.put(PATH + "/pause", Right.VHOST, request -> pause(request, true));
    routes.put(PATH + "/resume", Right.VHOST, request -> pause(request, false));
    routes.post(PATH + "/messages/requeue", Right.VHOST, this::requeue);
    routes.post(PATH + "/consumers/cancel", Right.VHOST, this::cancel);
  }

  private CompletionStage<Answer> pause(ApiRequest request, boolean on) {
    return node.commands()
        .pause(request.actor(), request.vhost(), request.path("queue"), on)
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> requeue(ApiRequest request) {
    Set<String> ids = DevBody.ids(request.body());
    if (ids.size() > MOST_IDS) {
      throw ApiException.badRequest("not more than " + MOST_IDS + " ids at a time");
    }
    return node.commands()
        .takeBack(request.actor(), request.vhost(), request.path("queue"), ids)
        .thenApply(
            count -> {
              ObjectNode answer = Json.object().put("done", count);
              ObjectNode failed = answer.putObject("failed");
              if (count < ids.size()) {
                failed.put("it is not with a consumer any more", ids.size() - count);
              }
              return Answer.of(answer);
            });
  }

  private CompletionStage<Answer> cancel(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "channel", "consumer_tag");
    return node.commands()
        .cancel(
            request.actor(),
            request.vhost(),
            request.path("queue"),
            ApiRequest.text(body, "channel", ""),
            ApiRequest.text(body, "consumer_tag", ""))
        .thenApply(
            outcome -> {
              if (outcome == DirectConsumers.Cancelled.NONE) {
                throw ApiException.notFound("there is no such consumer");
              }
              boolean told = outcome == DirectConsumers.Cancelled.TOLD;
              return Answer.of(Json.object().put("told", told));
            });
  }
}
