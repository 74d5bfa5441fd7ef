package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.broker.inspect.RouteTrace;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /api/dev/route}: where a message would go, and which bindings it would not follow and
 * why. Nothing is published. Owned by the HTTP server's event loop.
 */
public final class RouteResource {
  private static final List<String> TEXTS = List.of("vhost", "exchange", "routing_key");

  private final Node node;

  public RouteResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.post("/dev/route", Right.MANAGEMENT, this::route);
  }

  private CompletionStage<Answer> route(ApiRequest request) {
    ObjectNode body = request.body();
    for (String text : TEXTS) {
      JsonNode value = body.get(text);
      if (value != null && !value.isNull() && !value.isTextual()) {
        throw ApiException.badRequest(text + " has to be a string");
      }
    }
    ApiRequest.require(body, "exchange");
    String vhost = ApiRequest.text(body, "vhost", "/");
    if (!request.visibleVhosts().test(vhost)) {
      throw ApiException.notAuthorised("User not authorised to access virtual host");
    }
    String exchange = ApiRequest.text(body, "exchange", "");
    return node.inspection()
        .route(
            vhost,
            exchange.equals(AccessRules.DEFAULT_EXCHANGE) ? "" : exchange,
            ApiRequest.text(body, "routing_key", ""),
            ApiRequest.table(body, "headers"))
        .thenApply(trace -> Answer.of(json(trace)));
  }

  private static ObjectNode json(RouteTrace trace) {
    ObjectNode body = Json.object();
    ArrayNode queues = body.putArray("queues");
    trace.queues().forEach(queues::add);
    if (trace.delayMillis() > 0) {
      body.put("delayed_ms", trace.delayMillis());
    }
    ArrayNode steps = body.putArray("steps");
    for (RouteTrace.Step step : trace.steps()) {
      ObjectNode one = steps.addObject();
      one.put("exchange", step.exchange());
      ArrayNode matched = one.putArray("matched");
      step.matched().forEach(binding -> matched.add(json(binding)));
      ArrayNode missed = one.putArray("not_matched");
      for (RouteTrace.Miss miss : step.notMatched()) {
        ObjectNode not = missed.addObject();
        not.set("binding", json(miss.binding()));
        not.put("reason", miss.reason());
      }
      if (step.alternate() != null) {
        one.put("alternate", step.alternate());
      }
    }
    return body;
  }

  private static ObjectNode json(BindingInfo binding) {
    ObjectNode body = Json.object();
    body.put("source", binding.source());
    body.put("vhost", binding.vhost());
    body.put("destination", binding.destination());
    body.put("destination_type", binding.toQueue() ? "queue" : "exchange");
    body.put("routing_key", binding.routingKey());
    body.set("arguments", FieldTables.toJson(binding.arguments()));
    return body;
  }
}
