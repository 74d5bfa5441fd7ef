package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.inspect.VhostInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.PermissionDefinitions;
import io.harveymq.management.definitions.VhostDefinitions;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.StatsJson;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** {@code /api/vhosts}. Owned by the HTTP server's event loop. */
public final class VhostsResource {
  private final Node node;

  public VhostsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/vhosts", Right.MANAGEMENT, this::list);
    routes.get("/vhosts/:vhost", Right.ADMINISTRATOR, this::one);
    routes.put("/vhosts/:vhost", Right.ADMINISTRATOR, this::put);
    routes.delete("/vhosts/:vhost", Right.ADMINISTRATOR, this::delete);
    routes.get("/vhosts/:vhost/permissions", Right.ADMINISTRATOR, this::permissions);
    routes.get("/vhosts/:vhost/topic-permissions", Right.ADMINISTRATOR, this::topicPermissions);
    routes.post("/vhosts/:vhost/start/:node", Right.ADMINISTRATOR, this::start);
    if (node.version().management().hasLaterEndpoints()) {
      String protection = "/vhosts/:vhost/deletion/protection";
      routes.post(protection, Right.ADMINISTRATOR, request -> protect(request, true));
      routes.delete(protection, Right.ADMINISTRATOR, request -> protect(request, false));
    }
  }

  private CompletionStage<Answer> list(ApiRequest request) {
    Listing<VhostInfo> listing =
        new Listing<VhostInfo>(vhost -> vhost.definition().name(), vhost -> json(request, vhost))
            .usually(Comparator.comparing(vhost -> vhost.definition().name()));
    return node.inspection()
        .vhosts(request.monitoredVhosts())
        .thenApply(all -> listing.answer(request, all, true));
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    return node.inspection()
        .vhosts(request.vhost()::equals)
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                throw ApiException.notFound();
              }
              return Answer.of(Listing.columns(request, json(request, found.get(0))));
            });
  }

  private ObjectNode json(ApiRequest request, VhostInfo vhost) {
    VirtualHostDefinition definition = vhost.definition();
    ObjectNode body = VhostDefinitions.toJson(definition, node.version().management());
    if (node.version().management().hasLaterEndpoints()) {
      body.put("protected_from_deletion", definition.protectedFromDeletion());
    }
    body.put("tracing", vhost.tracing());
    body.putObject("cluster_state").put(node.name(), "running");
    if (request.isTrue("disable_stats")) {
      return body;
    }
    StatsJson stats = StatsJson.of(request::query);
    if (vhost.totals().figures().count(Counter.RECV_OCT) > 0) {
      stats.putOctets(body, vhost.totals().figures());
    }
    if (vhost.totals().queues() > 0) {
      stats.putLengths(body, vhost.totals().figures());
    }
    ObjectNode messages = stats.ofChannels(vhost.totals().figures());
    if (!messages.isEmpty()) {
      body.set("message_stats", messages);
    }
    return body;
  }

  private CompletionStage<Answer> put(ApiRequest request) {
    String name = request.vhost();
    ObjectNode body = request.body();
    boolean tracing = ApiRequest.bool(body, "tracing", false);
    boolean isNew = request.rules().vhost(name) == null;
    // what is wrong with the values is to be said here, not on the broker's thread
    VhostDefinitions.of(VirtualHostDefinition.of(name), body);
    String creator = request.actorName();
    return node.access()
        .submit(
            editor -> {
              if (editor.hasVhost(name)) {
                editor.putVhost(VhostDefinitions.of(editor.vhost(name), body));
              } else {
                editor.putVhost(VhostDefinitions.of(VirtualHostDefinition.of(name), body));
                if (creator != null && editor.hasUser(creator)) {
                  editor.setPermission(Permission.all(creator, name));
                }
              }
            })
        .thenCompose(
            done ->
                body.has("tracing")
                    ? node.broker().tracing().submit(name, tracing)
                    : CompletableFuture.completedFuture(null))
        .thenApply(done -> Answer.put(isNew));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    VirtualHostDefinition vhost = existing(request);
    if (vhost.protectedFromDeletion()) {
      throw ApiException.of(
          412,
          "precondition_failed",
          "Refused to delete virtual host '"
              + vhost.name()
              + "' because it is protected from deletion");
    }
    return node.access()
        .deleteVhost(vhost.name(), LossQuery.of(request, "DELETE /vhosts/:vhost"))
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> protect(ApiRequest request, boolean isProtected) {
    String name = existing(request).name();
    UnaryOperator<VirtualHostDefinition> change =
        vhost -> vhost.withProtectedFromDeletion(isProtected);
    return node.access()
        .submit(editor -> editor.putVhost(change.apply(editor.vhost(name))))
        .thenApply(done -> Answer.noContent());
  }

  private static VirtualHostDefinition existing(ApiRequest request) {
    VirtualHostDefinition vhost = request.rules().vhost(request.vhost());
    if (vhost == null) {
      throw ApiException.notFound();
    }
    return vhost;
  }

  private CompletionStage<Answer> permissions(ApiRequest request) {
    String vhost = existing(request).name();
    ArrayNode body = Json.array();
    node.access().permissions().stream()
        .filter(permission -> permission.vhost().equals(vhost))
        .forEach(permission -> body.add(PermissionDefinitions.toJson(permission)));
    return Lists.answer(request, body);
  }

  private CompletionStage<Answer> topicPermissions(ApiRequest request) {
    String vhost = existing(request).name();
    ArrayNode body = Json.array();
    node.access().topicPermissions().stream()
        .filter(permission -> permission.vhost().equals(vhost))
        .forEach(permission -> body.add(PermissionDefinitions.toJson(permission)));
    return Lists.answer(request, body);
  }

  /** Virtual hosts always run. */
  private CompletionStage<Answer> start(ApiRequest request) {
    String where = request.path("node");
    String failed = "Request to node " + where + " failed with ";
    if (!where.equals(node.name())) {
      throw ApiException.badRequest(failed + "nodedown");
    }
    if (request.rules().vhost(request.vhost()) == null) {
      throw ApiException.badRequest(failed + "{no_such_vhost,<<\"" + request.vhost() + "\">>}");
    }
    return CompletableFuture.completedFuture(Answer.noContent());
  }
}
