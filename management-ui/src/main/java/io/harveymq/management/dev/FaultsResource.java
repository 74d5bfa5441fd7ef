package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.FaultControl;
import io.harveymq.broker.fault.Fault;
import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.FaultOperation;
import io.harveymq.broker.fault.FaultRule;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/dev/faults}: faults that are injected to see how clients cope. Administrators begin
 * and end them; everybody sees those of his virtual hosts, but those of other users only if he
 * monitors. Owned by the HTTP server's event loop.
 */
public final class FaultsResource {
  private static final String DEFAULT_EXCHANGE = "amq.default";
  private static final List<String> KEYS =
      List.of(
          "kind",
          "exchange",
          "queue",
          "user",
          "operation",
          "count",
          "every",
          "delay_ms",
          "code",
          "for_ms");

  private final Node node;

  public FaultsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/faults", Right.MANAGEMENT, this::list);
    routes.post("/dev/faults/:vhost", Right.ADMINISTRATOR, this::begin);
    routes.delete("/dev/faults/:vhost", Right.ADMINISTRATOR, this::endAll);
    routes.delete("/dev/faults/:vhost/:id", Right.ADMINISTRATOR, this::end);
  }

  private FaultControl faults() {
    return node.broker().faults();
  }

  private CompletionStage<Answer> list(ApiRequest request) {
    return node.inspection()
        .faults(request.visibleVhosts())
        .thenApply(
            found -> {
              ArrayNode all = Json.array();
              found.stream()
                  .filter(one -> isShown(one, request))
                  .forEach(one -> all.add(json(one)));
              return Answer.of(all);
            });
  }

  private static boolean isShown(Fault fault, ApiRequest request) {
    return fault.rule().user() == null || request.mayWatch(fault.rule().user());
  }

  private CompletionStage<Answer> begin(ApiRequest request) {
    FaultRule rule = rule(request.body());
    requireVhost(request);
    return faults()
        .submitBegin(request.vhost(), rule)
        .handleAsync(DevRequests::orRefused, node.answers())
        .thenApply(begun -> Answer.of(json(begun)));
  }

  private CompletionStage<Answer> endAll(ApiRequest request) {
    requireVhost(request);
    return faults()
        .submitEndAll(request.vhost())
        .thenApplyAsync(done -> Answer.noContent(), node.answers());
  }

  private CompletionStage<Answer> end(ApiRequest request) {
    requireVhost(request);
    return faults()
        .submitEnd(request.vhost(), DevRequests.id(request))
        .thenApplyAsync(
            was -> {
              if (!was) {
                throw ApiException.notFound();
              }
              return Answer.noContent();
            },
            node.answers());
  }

  private static void requireVhost(ApiRequest request) {
    if (request.rules().vhost(request.vhost()) == null) {
      throw ApiException.notFound();
    }
  }

  // ---- JSON in and out

  private static FaultRule rule(ObjectNode json) {
    ApiRequest.require(json, "kind");
    DevBody body = new DevBody(json, "a fault", KEYS);
    FaultKind kind = FaultKind.of(body.text("kind"));
    if (kind == null) {
      throw ApiException.badRequest("kind has to be one of " + List.of(FaultKind.values()));
    }
    FaultRule.Builder rule = FaultRule.of(kind);
    rule.exchange(DEFAULT_EXCHANGE.equals(body.text("exchange")) ? "" : body.text("exchange"));
    rule.queue(body.text("queue")).user(body.text("user")).operation(operation(body));
    body.number("count", rule::count);
    body.number("every", rule::every);
    body.number("delay_ms", millis -> rule.delay(Duration.ofMillis(millis)));
    body.number("code", rule::code);
    body.number("for_ms", millis -> rule.lasting(Duration.ofMillis(millis)));
    try {
      return rule.build();
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest(wrong.getMessage());
    }
  }

  private static FaultOperation operation(DevBody body) {
    String name = body.text("operation");
    FaultOperation operation = FaultOperation.of(name);
    if (name != null && operation == null) {
      throw ApiException.badRequest(
          "operation has to be one of " + Arrays.toString(FaultOperation.values()));
    }
    return operation;
  }

  private static ObjectNode json(Fault fault) {
    FaultRule rule = fault.rule();
    ObjectNode body = Json.object();
    body.put("id", fault.id());
    body.put("vhost", fault.vhost());
    body.put("kind", rule.kind().toString());
    if (rule.exchange() != null) {
      body.put("exchange", rule.exchange().isEmpty() ? DEFAULT_EXCHANGE : rule.exchange());
    }
    putIfSaid(body, "queue", rule.queue());
    putIfSaid(body, "user", rule.user());
    putIfSaid(body, "operation", rule.operation());
    if (rule.count() > 0) {
      body.put("count", rule.count());
    }
    if (rule.every() > 1) {
      body.put("every", rule.every());
    }
    if (rule.delayMillis() > 0) {
      body.put("delay_ms", rule.delayMillis());
    }
    if (rule.code() != null) {
      body.put("code", rule.code().code());
    }
    body.put("for_ms", rule.forMillis());
    body.put("on", fault.on());
    body.put("struck", fault.struck());
    body.put("left_ms", fault.leftMillis());
    return body;
  }

  private static void putIfSaid(ObjectNode body, String key, Object value) {
    if (value != null) {
      body.put(key, value.toString());
    }
  }
}
