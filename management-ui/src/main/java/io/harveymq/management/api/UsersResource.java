package io.harveymq.management.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.User;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.PermissionDefinitions;
import io.harveymq.management.definitions.UserDefinitions;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code /api/users}. Owned by the HTTP server's event loop. */
public final class UsersResource {
  private final Node node;

  public UsersResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    Right right = Right.ADMINISTRATOR;
    routes.get("/users", right, request -> list(request, user -> true));
    routes.get("/users/without-permissions", right, this::withoutPermissions);
    routes.post("/users/bulk-delete", right, this::deleteMany);
    routes.get("/users/:user", right, this::one);
    routes.put("/users/:user", right, this::put);
    routes.delete("/users/:user", right, this::delete);
    routes.get("/users/:user/permissions", right, this::permissions);
    routes.get("/users/:user/topic-permissions", right, this::topicPermissions);
  }

  private CompletionStage<Answer> list(ApiRequest request, Predicate<User> chosen) {
    ArrayNode body = Json.array();
    node.access().users().stream()
        .filter(chosen)
        .forEach(user -> body.add(UserDefinitions.toJson(user)));
    return Lists.answer(request, body);
  }

  private CompletionStage<Answer> withoutPermissions(ApiRequest request) {
    Set<String> permitted =
        node.access().permissions().stream().map(Permission::user).collect(Collectors.toSet());
    return list(request, user -> !permitted.contains(user.name()));
  }

  private static User existing(ApiRequest request) {
    User user = request.rules().user(request.path("user"));
    if (user == null) {
      throw ApiException.notFound();
    }
    return user;
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    ObjectNode body = UserDefinitions.toJson(existing(request));
    return CompletableFuture.completedFuture(Answer.of(Listing.columns(request, body)));
  }

  private CompletionStage<Answer> put(ApiRequest request) {
    String name = request.path("user");
    UserDefinitions.Described described = UserDefinitions.of(name, request.body());
    boolean isNew = request.rules().user(name) == null;
    return node.access()
        .submit(
            editor ->
                editor.putUser(described.over(editor.hasUser(name) ? editor.user(name) : null)))
        .thenApply(done -> Answer.put(isNew));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    String name = existing(request).name();
    return node.access()
        .deleteUser(name, LossQuery.of(request, "DELETE /users/:user"))
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> deleteMany(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "users");
    if (!(body.get("users") instanceof ArrayNode users)) {
      throw ApiException.badRequest("users has to be a list");
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode name : users) {
      if (request.rules().user(name.asText()) == null) {
        ArrayNode reason = Json.array();
        reason.add("no_such_user").add(name.asText());
        throw ApiException.badRequest(reason);
      }
      names.add(name.asText());
    }
    return node.access()
        .submit(editor -> names.forEach(editor::deleteUser))
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> permissions(ApiRequest request) {
    String user = existing(request).name();
    ArrayNode body = Json.array();
    node.access().permissions().stream()
        .filter(permission -> permission.user().equals(user))
        .forEach(permission -> body.add(PermissionDefinitions.toJson(permission)));
    return Lists.answer(request, body);
  }

  private CompletionStage<Answer> topicPermissions(ApiRequest request) {
    String user = existing(request).name();
    ArrayNode body = Json.array();
    node.access().topicPermissions().stream()
        .filter(permission -> permission.user().equals(user))
        .forEach(permission -> body.add(PermissionDefinitions.toJson(permission)));
    return Lists.answer(request, body);
  }
}
