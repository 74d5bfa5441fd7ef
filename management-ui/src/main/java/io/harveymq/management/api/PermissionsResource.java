package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.PermissionDefinitions;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/permissions} and {@code /api/topic-permissions}. Owned by the HTTP server's event
 * loop.
 */
public final class PermissionsResource {
  private final Node node;

  public PermissionsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    Right right = Right.ADMINISTRATOR;
    routes.get("/permissions", right, this::list);
    routes.get("/permissions/:vhost/:user", right, this::one);
    routes.put("/permissions/:vhost/:user", right, this::put);
    routes.delete("/permissions/:vhost/:user", right, this::delete);
    routes.get("/topic-permissions", right, this::topicList);
    for (String path :
        List.of("/topic-permissions/:vhost/:user", "/topic-permissions/:vhost/:user/:exchange")) {
      routes.get(path, right, this::topics);
      routes.put(path, right, this::putTopic);
      routes.delete(path, right, this::deleteTopics);
    }
  }

  // ---- permissions

  private CompletionStage<Answer> list(ApiRequest request) {
    ArrayNode body = Json.array();
    node.access()
        .permissions()
        .forEach(permission -> body.add(PermissionDefinitions.toJson(permission)));
    return Lists.answer(request, body);
  }

  private static Permission existing(ApiRequest request) {
    Permission permission = request.rules().permission(request.path("user"), request.vhost());
    if (permission == null) {
      throw ApiException.notFound();
    }
    return permission;
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    ObjectNode body = PermissionDefinitions.toJson(existing(request));
    return CompletableFuture.completedFuture(Answer.of(Listing.columns(request, body)));
  }

  /** Both have to be there, which RabbitMQ finds out before it reads the body. */
  private static void requireBoth(ApiRequest request) {
    if (request.rules().vhost(request.vhost()) == null
        || request.rules().user(request.path("user")) == null) {
      throw ApiException.badRequest("vhost_or_user_not_found");
    }
  }

  private CompletionStage<Answer> put(ApiRequest request) {
    requireBoth(request);
    String user = request.path("user");
    boolean isNew = request.rules().permission(user, request.vhost()) == null;
    Permission permission = PermissionDefinitions.of(user, request.vhost(), request.body());
    return node.access()
        .submit(editor -> editor.setPermission(permission))
        .thenApply(done -> Answer.put(isNew));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    Permission permission = existing(request);
    return node.access()
        .submit(editor -> editor.clearPermission(permission.user(), permission.vhost()))
        .thenApply(done -> Answer.noContent());
  }

  // ---- topic permissions

  private CompletionStage<Answer> topicList(ApiRequest request) {
    return topicAnswer(request, node.access().topicPermissions());
  }

  private static CompletionStage<Answer> topicAnswer(
      ApiRequest request, List<TopicPermission> permissions) {
    ArrayNode body = Json.array();
    permissions.forEach(permission -> body.add(PermissionDefinitions.toJson(permission)));
    return Lists.answer(request, body);
  }

  /** Those of a user in a virtual host, for one exchange if the path names it. */
  private List<TopicPermission> existingTopics(ApiRequest request) {
    String exchange = request.path("exchange");
    List<TopicPermission> found =
        node.access().topicPermissions().stream()
            .filter(
                permission ->
                    permission.vhost().equals(request.vhost())
                        && permission.user().equals(request.path("user"))
                        && (exchange == null || permission.exchange().equals(exchange)))
            .toList();
    if (found.isEmpty()) {
      throw ApiException.notFound();
    }
    return found;
  }

  private CompletionStage<Answer> topics(ApiRequest request) {
    return topicAnswer(request, existingTopics(request));
  }

  private CompletionStage<Answer> putTopic(ApiRequest request) {
    requireBoth(request);
    String user = request.path("user");
    TopicPermission permission = PermissionDefinitions.topic(user, request.vhost(), request.body());
    boolean isNew = !request.rules().hasTopicPermissions(user, request.vhost());
    return node.access()
        .submit(editor -> editor.setTopicPermission(permission))
        .thenApply(done -> Answer.put(isNew));
  }

  private CompletionStage<Answer> deleteTopics(ApiRequest request) {
    List<TopicPermission> found = existingTopics(request);
    return node.access()
        .submit(
            editor ->
                found.forEach(
                    one -> editor.clearTopicPermissions(one.user(), one.vhost(), one.exchange())))
        .thenApply(done -> Answer.noContent());
  }
}
