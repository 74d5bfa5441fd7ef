package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.stats.Counter;
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

/**
 * {@code GET /api/dev/topology}: all that messages flow through in a virtual host, from publishers
 * to consumers. Owned by the HTTP server's event loop.
 */
public final class TopologyResource {
  private static final List<String> PARTS = List.of("exchanges", "queues", "bindings", "consumers");

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
    if (vhost == null) {
      throw ApiException.badRequest("name the virtual host with ?vhost=");
    }
    ObjectNode body = Json.object();
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (String part : PARTS) {
      String[] path = {part, vhost};
      CompletionStage<Answer> answer = routes.endpoint(path).answer(routes.again(request, path));
      done = done.thenCombine(answer, (before, all) -> put(body, part, all.body()));
    }
    return done.thenCombine(
        node.inspection().channels(),
        (before, channels) -> {
          publishers(body.putArray("publishers"), shown(request, channels), vhost);
          return Answer.of(body);
        });
  }

  private static Void put(ObjectNode body, String part, JsonNode all) {
    body.set(part, all);
    return null;
  }

  private static List<ChannelInfo> shown(ApiRequest request, List<ChannelInfo> channels) {
    return channels.stream().filter(channel -> request.mayWatch(channel.user())).toList();
  }

  private static void publishers(ArrayNode into, List<ChannelInfo> channels, String vhost) {
    for (ChannelInfo channel : channels) {
      if (channel.vhost().equals(vhost) && channel.lastExchange() != null) {
        ObjectNode publisher = into.addObject();
        publisher.put("connection", channel.connection());
        publisher.put("channel", channel.name());
        publisher.put("user", channel.user());
        publisher.put("exchange", channel.lastExchange());
        publisher.put("vhost", vhost);
        publisher.put("rate", channel.figures().rate(Counter.PUBLISH));
      }
    }
  }
}
