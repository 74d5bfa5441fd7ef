package io.harveymq.management.api;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.ClientJson;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code /api/connections}. Who does not monitor sees the own ones, and only administrators close
 * those of others. Owned by the HTTP server's event loop.
 */
public final class ConnectionsResource {
  private static final String DEFAULT_REASON = "Closed via management plugin";

  private final Node node;
  private final ClientJson json;

  public ConnectionsResource(Node node) {
    this.node = node;
    this.json = new ClientJson(node);
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/connections", Right.MANAGEMENT, r -> list(r, any -> true, true));
    routes.get("/vhosts/:vhost/connections", Right.VHOST, r -> list(r, isIn(r.vhost()), false));
    routes.get("/dev/connections/:vhost", Right.VHOST, r -> list(r, isIn(r.vhost()), true));
    routes.get("/connections/:connection", Right.MANAGEMENT, this::one);
    routes.delete("/connections/:connection", Right.MANAGEMENT, this::close);
    routes.get("/connections/:connection/channels", Right.MANAGEMENT, this::channels);
    routes.get("/connections/username/:username", Right.MANAGEMENT, this::ofUser);
    routes.delete("/connections/username/:username", Right.MANAGEMENT, this::closeOfUser);
  }

  private static Predicate<ConnectionInfo> isIn(String vhost) {
    return info -> info.vhost().equals(vhost);
  }

  private CompletionStage<Answer> list(
      ApiRequest request, Predicate<ConnectionInfo> chosen, boolean paged) {
    StatsJson stats = StatsJson.of(request::query);
    Listing<ConnectionInfo> listing =
        new Listing<ConnectionInfo>(
            ConnectionInfo::name,
            info ->
                request.isTrue("disable_stats")
                    ? json.tracked(info)
                    : json.connection(info, stats));
    listing.sortable("name", Comparator.comparing(ConnectionInfo::name));
    return node.inspection()
        .connections()
        .thenApply(
            all ->
                listing.answer(
                    request,
                    all.stream().filter(chosen.and(one -> request.mayWatch(one.user()))).toList(),
                    paged));
  }

  /** The connection of the path, if the user may have it. */
  private CompletionStage<ConnectionInfo> find(ApiRequest request, Right otherwise) {
    return node.inspection()
        .connection(request.path("connection"))
        .thenApply(
            info -> {
              if (info == null) {
                throw ApiException.notFound();
              }
              request.requireOwner(info.user(), otherwise);
              return info;
            });
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    StatsJson stats = StatsJson.of(request::query);
    return find(request, Right.MONITORING)
        .thenApply(
            info ->
                Answer.of(
                    request.isTrue("disable_stats")
                        ? Json.object().put("name", info.name())
                        : json.connection(info, stats)));
  }

  private CompletionStage<Answer> close(ApiRequest request) {
    return find(request, Right.ADMINISTRATOR)
        .thenCompose(
            info ->
                node.inspection()
                    .closeConnection(
                        info.name(),
                        reason(request),
                        LossQuery.of(request, "DELETE /connections/:connection")))
        .thenApply(closed -> Answer.noContent());
  }

  private static String reason(ApiRequest request) {
    String given = request.header("x-reason");
    return given == null ? DEFAULT_REASON : given;
  }

  private CompletionStage<Answer> channels(ApiRequest request) {
    StatsJson stats = StatsJson.of(request::query);
    Listing<ChannelInfo> listing =
        new Listing<ChannelInfo>(ChannelInfo::name, info -> json.channel(info, stats));
    return find(request, Right.MONITORING)
        .thenCombine(
            node.inspection().channels(),
            (connection, all) ->
                listing.answer(
                    request,
                    all.stream()
                        .filter(channel -> channel.connection().equals(connection.name()))
                        .toList(),
                    false));
  }

  // ---- of a user

  private CompletionStage<List<ConnectionInfo>> allOf(String user) {
    return node.inspection()
        .connections()
        .thenApply(all -> all.stream().filter(info -> info.user().equals(user)).toList());
  }

  private CompletionStage<Answer> ofUser(ApiRequest request) {
    String user = request.path("username");
    request.requireOwner(user, Right.MONITORING);
    Listing<ConnectionInfo> listing = new Listing<>(ConnectionInfo::name, json::tracked);
    return allOf(user).thenApply(all -> listing.answer(request, all, true));
  }

  private CompletionStage<Answer> closeOfUser(ApiRequest request) {
    String user = request.path("username");
    request.requireOwner(user, Right.ADMINISTRATOR);
    return allOf(user)
        .thenCompose(
            all ->
                CompletableFuture.allOf(
                    all.stream()
                        .map(
                            info ->
                                node.inspection()
                                    .closeConnection(info.name(), reason(request), LossBound.NONE)
                                    .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
        .thenApply(closed -> Answer.noContent());
  }
}
