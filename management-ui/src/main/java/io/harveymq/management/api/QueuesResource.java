package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** {@code /api/queues}. Owned by the HTTP server's event loop. */
public final class QueuesResource {
  private final Node node;

  public QueuesResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/queues", Right.MANAGEMENT, r -> list(r, r.visibleVhosts()));
    routes.get("/queues/:vhost", Right.VHOST, r -> list(r, r.vhost()::equals));
    routes.get("/queues/:vhost/:queue", Right.VHOST, this::one);
    routes.put("/queues/:vhost/:queue", Right.VHOST, this::declare);
  }

  private CompletionStage<Answer> list(ApiRequest request, Predicate<String> vhosts) {
    StatsJson stats = StatsJson.of(request::query);
    Listing<QueueInfo> listing =
        new Listing<QueueInfo>(QueueInfo::name, queue -> json(queue, stats))
            .usually(Comparator.comparing(QueueInfo::vhost).thenComparing(QueueInfo::name));
    return node.inspection()
        .queues(vhosts)
        .thenApply((List<QueueInfo> all) -> listing.answer(request, all, true));
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    StatsJson stats = StatsJson.of(request::query);
    return node.inspection()
        .queue(request.vhost(), request.path("queue"))
        .thenApply(
            queue -> {
              if (queue == null) {
                throw ApiException.notFound();
              }
              return Answer.of(Listing.columns(request, json(queue, stats)));
            });
  }

  private ObjectNode json(QueueInfo queue, StatsJson stats) {
    ObjectNode body = Json.object();
    body.put("name", queue.name());
    body.put("vhost", queue.vhost());
    body.put("type", queue.type().name().toLowerCase(Locale.ROOT));
    body.put("durable", queue.durable());
    body.put("auto_delete", queue.autoDelete());
    body.put("exclusive", queue.exclusive());
    body.set("arguments", FieldTables.toJson(queue.arguments()));
    body.put("node", node.name());
    stats.putLengths(body, queue.figures());
    ObjectNode messages = stats.ofQueue(queue.figures());
    if (!messages.isEmpty()) {
      body.set("message_stats", messages);
    }
    return body;
  }

  private CompletionStage<Answer> declare(ApiRequest request) {
    ObjectNode body = request.body();
    String name = request.path("queue");
    Method declare =
        new QueueMethod.Declare(
            name,
            false,
            ApiRequest.bool(body, "durable", false),
            false,
            ApiRequest.bool(body, "auto_delete", false),
            false,
            ApiRequest.table(body, "arguments"));
    return node.inspection()
        .queue(request.vhost(), name)
        .thenCompose(
            before ->
                node.commands()
                    .carryOut(request.user().name(), request.vhost(), declare)
                    .thenApply(done -> Answer.put(before == null)));
  }
}
