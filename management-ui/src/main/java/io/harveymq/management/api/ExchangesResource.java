package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.Method;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.FlowJson;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code /api/exchanges}, but for publishing. In paths the default exchange is {@code amq.default}.
 * Owned by the HTTP server's event loop.
 */
public final class ExchangesResource {
  private static final Comparator<ExchangeInfo> ORDER =
      Comparator.comparing(ExchangeInfo::vhost).thenComparing(info -> info.definition().name());

  private final Node node;

  public ExchangesResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/exchanges", Right.MANAGEMENT, r -> list(r, r.visibleVhosts()));
    routes.get("/exchanges/:vhost", Right.VHOST, r -> list(r, r.vhost()::equals));
    routes.get("/exchanges/:vhost/:exchange", Right.VHOST, this::one);
    routes.put("/exchanges/:vhost/:exchange", Right.VHOST, this::declare);
    routes.delete("/exchanges/:vhost/:exchange", Right.VHOST, this::delete);
  }

  /** The name of an exchange that is called so in a path. */
  static String nameOf(String path) {
    return path.equals(AccessRules.DEFAULT_EXCHANGE) ? "" : path;
  }

  private CompletionStage<Answer> list(ApiRequest request, Predicate<String> vhosts) {
    StatsJson stats = StatsJson.of(request::query);
    Listing<ExchangeInfo> listing =
        new Listing<ExchangeInfo>(info -> info.definition().name(), info -> json(info, stats))
            .usually(ORDER)
            .sortable("name", Comparator.comparing(info -> info.definition().name()))
            .sortable(
                "message_stats.publish_in",
                Comparator.comparingLong(info -> info.figures().count(Counter.PUBLISH_IN)));
    return node.inspection()
        .exchanges(vhosts)
        .thenApply((List<ExchangeInfo> all) -> listing.answer(request, all, true));
  }

  private CompletionStage<ExchangeInfo> find(ApiRequest request) {
    return node.inspection().exchange(request.vhost(), nameOf(request.path("exchange")));
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    StatsJson stats = StatsJson.of(request::query);
    String columns = request.query("columns");
    boolean toQueues = columns == null || columns.contains("outgoing");
    return find(request)
        .thenCombine(
            node.inspection()
                .flows()
                .ofExchange(request.vhost(), nameOf(request.path("exchange")), toQueues),
            (info, flows) -> {
              if (info == null) {
                throw ApiException.notFound();
              }
              ObjectNode body = json(info, stats);
              new FlowJson(node.name(), info.vhost(), stats).ofExchange(body, flows);
              return Answer.of(Listing.columns(request, body));
            });
  }

  private static ObjectNode json(ExchangeInfo info, StatsJson stats) {
    ExchangeDefinition definition = info.definition();
    ObjectNode body = Json.object();
    body.set("arguments", FieldTables.toJson(definition.arguments()));
    body.put("auto_delete", definition.autoDelete());
    body.put("durable", definition.durable());
    body.put("internal", definition.internal());
    ObjectNode messages = stats.ofExchange(info.figures());
    if (!messages.isEmpty()) {
      body.set("message_stats", messages);
    }
    if (info.delayed() >= 0) {
      body.put("messages_delayed", info.delayed());
    }
    body.put("name", definition.name());
    if (info.policy().policy() != null) {
      body.put("policy", info.policy().policy().name());
      // RabbitMQ tells what a policy sets of queues only; here it tells of an alternate exchange.
      body.set(
          "effective_policy_definition", FieldTables.toJson(info.policy().policy().definition()));
    }
    body.put("type", definition.type().protocolName());
    if (info.declaredBy() != null) {
      body.put("user_who_performed_action", info.declaredBy());
    }
    body.put("vhost", info.vhost());
    return body;
  }

  private CompletionStage<Answer> declare(ApiRequest request) {
    ObjectNode body = request.body();
    Method declare =
        new ExchangeMethod.Declare(
            nameOf(request.path("exchange")),
            ApiRequest.text(body, "type", "direct"),
            false,
            ApiRequest.bool(body, "durable", false),
            ApiRequest.bool(body, "auto_delete", false),
            ApiRequest.bool(body, "internal", false),
            false,
            ApiRequest.table(body, "arguments"));
    return find(request)
        .thenCompose(
            before -> carryOut(request, declare).thenApply(done -> Answer.put(before == null)));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    Method delete =
        new ExchangeMethod.Delete(
            nameOf(request.path("exchange")), request.isTrue("if-unused"), false);
    return find(request)
        .thenCompose(
            found -> {
              if (found == null) {
                throw ApiException.notFound();
              }
              return node.commands()
                  .carryOut(
                      request.actor(),
                      request.vhost(),
                      delete,
                      LossQuery.of(request, "DELETE /exchanges/:vhost/:exchange"));
            })
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Method> carryOut(ApiRequest request, Method method) {
    return node.commands().carryOut(request.actor(), request.vhost(), method);
  }
}
