package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.FlowInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code GET /api/dev/topology}: all that messages flow through in a virtual host, or in all that
 * the user sees, from publishers to consumers, and how many a second went from each exchange that
 * was published to into each queue. Owned by the HTTP server's event loop.
 */
public final class TopologyResource {
  private static final String PUBLISHERS = "publishers";
  private static final String FLOWS = "flows";
  private static final String PASSED = "passed";

  /** Beside flows of which some are not told. */
  private static final String LEFT_OUT = "left_out";

  private static final List<String> LISTS = List.of("exchanges", "queues", "bindings", "consumers");

  /** What is told unless some of it is asked for. */
  private static final List<String> USUAL =
      List.of("exchanges", "queues", "bindings", "consumers", PUBLISHERS, FLOWS);

  private static final List<String> PARTS =
      List.of("exchanges", "queues", "bindings", "consumers", PUBLISHERS, FLOWS, PASSED);

  private final Node node;
  private final ApiRoutes routes;

  /**
   * @param routes of the endpoints that this is put together from
   */
  public TopologyResource(Node node, ApiRoutes routes) {
    this.node = node;
    this.routes = routes;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes all) {
    all.get("/dev/topology", Right.MANAGEMENT, this::topology);
  }

  private CompletionStage<Answer> topology(ApiRequest request) throws Exception {
    String vhost = request.query("vhost");
    Predicate<String> vhosts = vhost == null ? request.visibleVhosts() : vhost::equals;
    List<String> parts = parts(request.query("parts"));
    ObjectNode body = Json.object();
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (String part : LISTS) {
      String[] path = vhost == null ? new String[] {part} : new String[] {part, vhost};
      // Refuses who may not see the virtual host, whichever parts are asked for.
      ApiRequest asked = routes.again(request, path);
      if (parts.contains(part)) {
        CompletionStage<Answer> answer = routes.endpoint(path).answer(asked);
        done = done.thenCombine(answer, (before, all) -> put(body, part, all.body()));
      }
    }
    if (parts.stream().allMatch(LISTS::contains)) {
      return done.thenApply(all -> Answer.of(body));
    }
    CompletionStage<Void> andPartial =
        done.thenCombine(
            node.inspection().flows().isPartial(vhosts),
            (before, partial) -> partial ? put(body, LEFT_OUT, BooleanNode.TRUE) : null);
    return andPartial.thenCombine(
        node.inspection().flows().ofExchanges(vhosts),
        (before, flows) -> {
          if (parts.contains(PUBLISHERS)) {
            publishers(body.putArray(PUBLISHERS), request, flows);
          }
          if (parts.contains(FLOWS)) {
            routed(body.putArray(FLOWS), flows);
          }
          if (parts.contains(PASSED)) {
            passed(body.putArray(PASSED), flows);
          }
          return Answer.of(body);
        });
  }

  private static List<String> parts(String asked) {
    if (asked == null) {
      return USUAL;
    }
    List<String> parts = List.of(asked.split(",", -1));
    for (String part : parts) {
      if (!PARTS.contains(part)) {
        throw ApiException.badRequest("parts are " + String.join(", ", PARTS) + ", not " + part);
      }
    }
    return parts;
  }

  private static Void put(ObjectNode body, String part, JsonNode all) {
    body.set(part, all);
    return null;
  }

  private static void publishers(ArrayNode into, ApiRequest request, List<FlowInfo> flows) {
    for (FlowInfo flow : flows) {
      FlowInfo.Client channel = flow.channel();
      if (flow.kind() == Flow.Kind.PUBLISHED && request.mayWatch(channel.user())) {
        ObjectNode publisher = into.addObject();
        publisher.put("connection", channel.connection());
        publisher.put("channel", channel.name());
        publisher.put("user", channel.user());
        publisher.put("exchange", flow.exchange());
        publisher.put("vhost", flow.vhost());
        publisher.put("rate", flow.figures().rate(Counter.PUBLISH));
      }
    }
  }

  private static void routed(ArrayNode into, List<FlowInfo> flows) {
    for (FlowInfo flow : flows) {
      double rate = flow.kind() == Flow.Kind.ROUTED ? flow.figures().rate(Counter.PUBLISH) : 0;
      if (rate > 0) {
        routed(into, flow);
      }
    }
  }

  private static ObjectNode routed(ArrayNode into, FlowInfo flow) {
    ObjectNode one = into.addObject();
    one.put("exchange", flow.exchange());
    one.put("queue", flow.queue());
    one.put("vhost", flow.vhost());
    return one.put("rate", flow.figures().rate(Counter.PUBLISH));
  }

  /** The same with counts, of those that do not flow at this time, too. */
  private static void passed(ArrayNode into, List<FlowInfo> flows) {
    for (FlowInfo flow : flows) {
      if (flow.kind() == Flow.Kind.ROUTED) {
        routed(into, flow).put("publish", flow.figures().count(Counter.PUBLISH));
      }
    }
  }
}
