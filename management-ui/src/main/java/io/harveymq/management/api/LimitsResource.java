package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.LimitDefinitions;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code /api/vhost-limits} and {@code /api/user-limits}. Owned by the HTTP server's event loop.
 */
public final class LimitsResource {
  private final Node node;

  public LimitsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/vhost-limits", Right.MANAGEMENT, r -> ofVhosts(r, r.monitoredVhosts()));
    routes.get("/vhost-limits/:vhost", Right.VISIBLE_VHOST, r -> ofVhosts(r, r.vhost()::equals));
    routes.put("/vhost-limits/:vhost/:name", Right.ADMINISTRATOR, this::setOfVhost);
    routes.delete("/vhost-limits/:vhost/:name", Right.ADMINISTRATOR, this::clearOfVhost);
    routes.get("/user-limits", Right.MANAGEMENT, r -> ofUsers(r, node.access().users()));
    routes.get("/user-limits/:user", Right.MANAGEMENT, this::ofUser);
    routes.put("/user-limits/:user/:name", Right.ADMINISTRATOR, this::setOfUser);
    routes.delete("/user-limits/:user/:name", Right.ADMINISTRATOR, this::clearOfUser);
  }

  // ---- of virtual hosts

  private CompletionStage<Answer> ofVhosts(ApiRequest request, Predicate<String> chosen) {
    ArrayNode body = Json.array();
    for (VirtualHostDefinition vhost : node.access().vhosts()) {
      if (chosen.test(vhost.name()) && !vhost.limits().equals(VhostLimits.NONE)) {
        ObjectNode one = body.addObject();
        one.put("vhost", vhost.name());
        one.set("value", LimitDefinitions.toJson(vhost.limits()));
      }
    }
    return Lists.answer(request, body);
  }

  private CompletionStage<Answer> setOfVhost(ApiRequest request) {
    String name = request.vhost();
    VirtualHostDefinition vhost = request.rules().vhost(name);
    if (vhost == null) {
      throw ApiException.notFound("vhost_not_found");
    }
    ObjectNode body = request.body();
    ApiRequest.require(body, "value");
    ObjectNode limits = LimitDefinitions.toJson(vhost.limits());
    limits.set(request.path("name"), body.get("value"));
    VhostLimits changed = LimitDefinitions.ofVhost(limits);
    return node.access()
        .submit(editor -> editor.putVhost(editor.vhost(name).withLimits(changed)))
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> clearOfVhost(ApiRequest request) {
    String name = request.vhost();
    VirtualHostDefinition vhost = request.rules().vhost(name);
    if (vhost == null) {
      throw ApiException.notFound();
    }
    ObjectNode limits = LimitDefinitions.toJson(vhost.limits());
    limits.remove(request.path("name"));
    VhostLimits changed = LimitDefinitions.ofVhost(limits);
    return node.access()
        .submit(editor -> editor.putVhost(editor.vhost(name).withLimits(changed)))
        .thenApply(done -> Answer.noContent());
  }

  // ---- of users

  private CompletionStage<Answer> ofUsers(ApiRequest request, List<User> users) {
    ArrayNode body = Json.array();
    for (User user : users) {
      if (!user.limits().equals(UserLimits.NONE)) {
        ObjectNode one = body.addObject();
        one.put("user", user.name());
        one.set("value", LimitDefinitions.toJson(user.limits()));
      }
    }
    return Lists.answer(request, body);
  }

  private CompletionStage<Answer> ofUser(ApiRequest request) {
    return ofUsers(request, List.of(existing(request)));
  }

  private static User existing(ApiRequest request) {
    User user = request.rules().user(request.path("user"));
    if (user == null) {
      throw ApiException.notFound();
    }
    return user;
  }

  private CompletionStage<Answer> setOfUser(ApiRequest request) {
    String name = request.path("user");
    User user = request.rules().user(name);
    if (user == null) {
      ArrayNode reason = Json.array();
      reason.add("no_such_user").add(name);
      throw ApiException.badRequest(reason);
    }
    ObjectNode body = request.body();
    ApiRequest.require(body, "value");
    ObjectNode limits = LimitDefinitions.toJson(user.limits());
    limits.set(request.path("name"), body.get("value"));
    UserLimits changed = LimitDefinitions.ofUser(limits);
    return node.access()
        .submit(editor -> editor.putUser(editor.user(name).withLimits(changed)))
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> clearOfUser(ApiRequest request) {
    User user = existing(request);
    ObjectNode limits = LimitDefinitions.toJson(user.limits());
    limits.remove(request.path("name"));
    UserLimits changed = LimitDefinitions.ofUser(limits);
    return node.access()
        .submit(editor -> editor.putUser(editor.user(user.name()).withLimits(changed)))
        .thenApply(done -> Answer.noContent());
  }
}
