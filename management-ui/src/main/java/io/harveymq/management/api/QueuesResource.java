package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.inspect.ConsumerInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.ClientJson;
import io.harveymq.management.json.FlowJson;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** {@code /api/queues}. Owned by the HTTP server's event loop. */
public final class QueuesResource {
  private final Node node;
  private final QueueMessages messages;
  private final ClientJson clients;

  public QueuesResource(Node node) {
    this.node = node;
    this.messages = new QueueMessages(node);
    this.clients = new ClientJson(node);
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/queues", Right.MANAGEMENT, r -> list(r, r.visibleVhosts(), false));
    if (node.version().management().hasLaterEndpoints()) {
      routes.get("/queues/detailed", Right.MANAGEMENT, r -> list(r, r.visibleVhosts(), true));
    }
    routes.get("/queues/:vhost", Right.VHOST, r -> list(r, r.vhost()::equals, false));
    routes.get("/queues/:vhost/:queue", Right.VHOST, this::one);
    routes.put("/queues/:vhost/:queue", Right.VHOST, this::declare);
    routes.delete("/queues/:vhost/:queue", Right.VHOST, this::delete);
    routes.delete("/queues/:vhost/:queue/contents", Right.VHOST, this::purge);
    routes.post("/queues/:vhost/:queue/get", Right.VHOST, messages::get);
    routes.post("/queues/:vhost/:queue/actions", Right.ADMINISTRATOR, this::act);
  }

  /**
   * @param detailed whether with consumers, as one queue has
   */
  private CompletionStage<Answer> list(
      ApiRequest request, Predicate<String> vhosts, boolean detailed) {
    QueueJson json = new QueueJson(node.name(), StatsJson.of(request::query));
    if (!detailed) {
      return node.inspection()
          .queues(vhosts)
          .thenApply(all -> listing(request, json::full, json).answer(request, all, true));
    }
    return node.inspection()
        .consumers(vhosts)
        .thenCombine(
            node.inspection().queues(vhosts),
            (consumers, all) ->
                listing(request, queue -> detailed(json, queue, consumers), json)
                    .answer(request, all, true));
  }

  private static Listing<QueueInfo> listing(
      ApiRequest request, Function<QueueInfo, ObjectNode> full, QueueJson json) {
    return QueueOrders.addTo(new Listing<QueueInfo>(QueueInfo::name, shown(request, full, json)));
  }

  /** What is shown of each: all, or what {@code disable_stats} leaves. */
  private static Function<QueueInfo, ObjectNode> shown(
      ApiRequest request, Function<QueueInfo, ObjectNode> full, QueueJson json) {
    if (!request.isTrue("disable_stats")) {
      return full;
    }
    return request.isTrue("enable_queue_totals") ? json::totals : json::withoutStats;
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    StatsJson stats = StatsJson.of(request::query);
    QueueJson json = new QueueJson(node.name(), stats);
    return node.inspection()
        .queue(request.vhost(), request.path("queue"))
        .thenCompose(
            queue -> {
              if (queue == null) {
                throw ApiException.notFound();
              }
              if (request.isTrue("disable_stats")) {
                return CompletableFuture.completedFuture(Answer.of(json.withoutStats(queue)));
              }
              return node.inspection()
                  .consumers(queue.vhost()::equals)
                  .thenCombine(
                      node.inspection().flows().ofQueue(queue.vhost(), queue.name()),
                      (consumers, flows) -> {
                        ObjectNode body = detailed(json, queue, consumers);
                        new FlowJson(node.name(), queue.vhost(), stats).ofQueue(body, flows);
                        return Answer.of(Listing.columns(request, body));
                      });
            });
  }

  private ObjectNode detailed(QueueJson json, QueueInfo queue, List<ConsumerInfo> consumers) {
    ObjectNode body = json.full(queue);
    ArrayNode details = body.putArray("consumer_details");
    for (ConsumerInfo consumer : consumers) {
      if (consumer.queue().equals(queue.name()) && consumer.vhost().equals(queue.vhost())) {
        details.add(clients.consumer(consumer));
      }
    }
    return body;
  }

  private CompletionStage<Answer> declare(ApiRequest request) {
    ObjectNode body = request.body();
    String name = request.path("queue");
    String wanted = ApiRequest.text(body, "node", node.name());
    if (!wanted.equals(node.name())) {
      throw ApiException.badRequest("Node " + wanted + " could not be contacted");
    }
    QueueMethod.Declare declare =
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
                    .carryOut(request.actor(), request.vhost(), declare)
                    .thenApply(done -> Answer.put(before == null)));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    return existing(
        request,
        "DELETE /queues/:vhost/:queue",
        () ->
            new QueueMethod.Delete(
                request.path("queue"),
                request.isTrue("if-unused"),
                request.isTrue("if-empty"),
                false));
  }

  private CompletionStage<Answer> purge(ApiRequest request) {
    return existing(
        request,
        "DELETE /queues/:vhost/:queue/contents",
        () -> new QueueMethod.Purge(request.path("queue"), false));
  }

  /** With {@code if-messages} the answer tells how many messages are gone. */
  private CompletionStage<Answer> existing(
      ApiRequest request, String endpoint, Supplier<QueueMethod> method) {
    LossBound most = LossQuery.of(request, endpoint);
    return node.inspection()
        .queue(request.vhost(), request.path("queue"))
        .thenCompose(
            queue -> {
              if (queue == null) {
                throw ApiException.notFound();
              }
              return node.commands().carryOut(request.actor(), request.vhost(), method.get(), most);
            })
        .thenApply(
            done ->
                most.most().containsKey(LossBound.Kind.MESSAGES) ? lost(done) : Answer.noContent());
  }

  private static Answer lost(Method done) {
    long count =
        done instanceof QueueMethod.PurgeOk purged
            ? purged.messageCount()
            : ((QueueMethod.DeleteOk) done).messageCount();
    return Answer.of(Json.object().put("message_count", count));
  }

  /** What concerned mirrored queues, of which there are none. */
  private CompletionStage<Answer> act(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "action");
    String action = body.get("action").asText();
    if (!action.equals("sync") && !action.equals("cancel_sync")) {
      throw ApiException.badRequest(Json.array().add("unknown").add(body.get("action")));
    }
    return node.inspection()
        .queue(request.vhost(), request.path("queue"))
        .thenApply(
            queue -> {
              if (queue == null) {
                throw ApiException.notFound();
              }
              return Answer.noContent();
            });
  }
}
