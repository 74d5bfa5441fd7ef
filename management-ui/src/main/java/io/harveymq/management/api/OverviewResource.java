package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.Totals;
import io.harveymq.broker.stats.Counter;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import io.harveymq.management.node.NodeJson;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /api/overview} and {@code /api/whoami}. Owned by the HTTP server's event loop. */
public final class OverviewResource {
  private static final List<Counter> CHURN =
      List.of(
          Counter.CHANNEL_CLOSED,
          Counter.CHANNEL_CREATED,
          Counter.CONNECTION_CLOSED,
          Counter.CONNECTION_CREATED,
          Counter.QUEUE_CREATED,
          Counter.QUEUE_DECLARED,
          Counter.QUEUE_DELETED);

  private final Node node;
  private final NodeJson nodeJson;

  public OverviewResource(Node node) {
    this.node = node;
    this.nodeJson = new NodeJson(node);
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/whoami", Right.MANAGEMENT, this::whoami);
    routes.get("/overview", Right.MANAGEMENT, this::overview);
  }

  private CompletionStage<Answer> whoami(ApiRequest request) {
    ObjectNode body = Json.object();
    body.put("name", request.user().name());
    ArrayNode tags = body.putArray("tags");
    request.user().tags().forEach(tags::add);
    return CompletableFuture.completedFuture(Answer.of(Listing.columns(request, body)));
  }

  private CompletionStage<Answer> overview(ApiRequest request) {
    return node.inspection()
        .totals(request.monitoredVhosts())
        .thenApply(totals -> Answer.of(Listing.columns(request, body(request, totals))));
  }

  private ObjectNode body(ApiRequest request, Totals totals) {
    ObjectNode body = Json.object();
    String version = node.version().version();
    body.put("management_version", version);
    body.put("rates_mode", "basic");
    retention(body.putObject("sample_retention_policies"));
    body.set("exchange_types", nodeJson.exchangeTypes());
    body.put("product_version", version);
    body.put("product_name", "RabbitMQ");
    body.put("rabbitmq_version", version);
    body.put("cluster_name", node.broker().clusterName());
    body.put("erlang_version", "none, this is Java " + Runtime.version().feature());
    body.put("erlang_full_version", "none, this is Harvey on Java " + Runtime.version());
    body.put("release_series_support_status", "supported");
    body.put("disable_stats", false);
    body.put("enable_queue_totals", false);
    if (node.version().management().hasLaterEndpoints()) {
      body.put("is_op_policy_updating_enabled", true);
      body.put("default_queue_type", "classic");
    }
    StatsJson stats = StatsJson.of(request::query);
    body.set("message_stats", stats.ofChannels(totals.figures()));
    ObjectNode churn = body.putObject("churn_rates");
    CHURN.forEach(counter -> stats.put(churn, totals.figures(), counter));
    stats.putLengths(body.putObject("queue_totals"), totals.figures());
    ObjectNode objects = body.putObject("object_totals");
    objects.put("channels", totals.channels());
    objects.put("connections", totals.connections());
    objects.put("consumers", totals.consumers());
    objects.put("exchanges", totals.exchanges());
    objects.put("queues", totals.queues());
    body.put("statistics_db_event_queue", 0);
    if (request.has(Right.MONITORING)) {
      body.put("node", node.name());
      body.set("listeners", nodeJson.listeners());
      body.set("contexts", nodeJson.contexts(true));
    }
    return body;
  }

  /**
   * The times that are told of, in seconds: RabbitMQ's, as {@link
   * io.harveymq.broker.stats.Retention} keeps them.
   */
  private static void retention(ObjectNode policies) {
    policies.putArray("global").add(600).add(3_600).add(28_800).add(86_400);
    policies.putArray("basic").add(600).add(3_600);
    policies.putArray("detailed").add(600);
  }
}
