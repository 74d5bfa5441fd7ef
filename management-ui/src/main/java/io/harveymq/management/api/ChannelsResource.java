package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.inspect.ConsumerInfo;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.ClientJson;
import io.harveymq.management.json.FlowJson;
import io.harveymq.management.json.StatsJson;
import java.util.Comparator;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * {@code /api/channels} and {@code /api/consumers}. Who does not monitor sees the own ones. Owned
 * by the HTTP server's event loop.
 */
public final class ChannelsResource {
  private static final String NO_STATISTICS = "Stats in management UI are disabled on this node";

  private final Node node;
  private final ClientJson json;

  public ChannelsResource(Node node) {
    this.node = node;
    this.json = new ClientJson(node);
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/channels", Right.MANAGEMENT, r -> list(r, any -> true, true));
    routes.get(
        "/vhosts/:vhost/channels",
        Right.VHOST,
        r -> list(r, info -> info.vhost().equals(r.vhost()), false));
    routes.get(
        "/dev/channels/:vhost",
        Right.VHOST,
        r -> list(r, info -> info.vhost().equals(r.vhost()), true));
    routes.get("/channels/:channel", Right.MANAGEMENT, this::one);
    routes.get("/consumers", Right.MANAGEMENT, r -> consumers(r, any -> true));
    routes.get("/consumers/:vhost", Right.MANAGEMENT, this::consumersOfVhost);
  }

  private static void requireStatistics(ApiRequest request) {
    if (request.isTrue("disable_stats")) {
      throw ApiException.badRequest(NO_STATISTICS);
    }
  }

  private CompletionStage<Answer> list(
      ApiRequest request, Predicate<ChannelInfo> chosen, boolean paged) {
    requireStatistics(request);
    StatsJson stats = StatsJson.of(request::query);
    Listing<ChannelInfo> listing =
        new Listing<ChannelInfo>(ChannelInfo::name, info -> json.channel(info, stats))
            .sortable("name", Comparator.comparing(ChannelInfo::name));
    return node.inspection()
        .channels()
        .thenApply(
            all ->
                listing.answer(
                    request,
                    all.stream().filter(chosen.and(one -> request.mayWatch(one.user()))).toList(),
                    paged));
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    requireStatistics(request);
    StatsJson stats = StatsJson.of(request::query);
    return node.inspection()
        .channel(request.path("channel"))
        .thenCompose(
            info -> {
              if (info == null) {
                throw ApiException.notFound();
              }
              request.requireOwner(info.user(), Right.MONITORING);
              return node.inspection()
                  .consumers(info.vhost()::equals)
                  .thenCombine(
                      node.inspection().flows().ofChannel(info.name()),
                      (all, flows) -> {
                        var own = all.stream().filter(consumer -> isOf(consumer, info)).toList();
                        var body = json.channel(info, own, stats);
                        new FlowJson(node.name(), info.vhost(), stats).ofChannel(body, flows);
                        return Answer.of(Listing.columns(request, body));
                      });
            });
  }

  private static boolean isOf(ConsumerInfo consumer, ChannelInfo channel) {
    return consumer.channel() == channel.number()
        && consumer.connection().equals(channel.connection());
  }

  // ---- consumers

  private CompletionStage<Answer> consumersOfVhost(ApiRequest request) {
    if (request.rules().vhost(request.vhost()) == null) {
      throw ApiException.notFound();
    }
    return consumers(request, request.vhost()::equals);
  }

  private CompletionStage<Answer> consumers(ApiRequest request, Predicate<String> vhosts) {
    requireStatistics(request);
    // rabbitmqadmin makes a column of each field that there is
    Function<ConsumerInfo, ObjectNode> fields =
        request.query("columns") == null ? json::listedConsumer : json::consumer;
    Listing<ConsumerInfo> listing =
        new Listing<ConsumerInfo>(ConsumerInfo::tag, fields)
            .usually(
                Comparator.comparing(ConsumerInfo::vhost)
                    .thenComparing(ConsumerInfo::queue)
                    .thenComparing(ConsumerInfo::tag));
    return node.inspection()
        .consumers(vhosts)
        .thenApply(
            all ->
                listing.answer(
                    request,
                    all.stream().filter(consumer -> request.mayWatch(consumer.user())).toList(),
                    false));
  }
}
