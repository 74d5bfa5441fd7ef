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
import java.util.function.Consumer;
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
    routes.get(
        "/vhost-limits",
        Right.MANAGEMENT,
        r -> ofVhosts(r, r.monitoredVhosts(), VhostLimits::stated));
    routes.get(
        "/vhost-limits/:vhost",
        Right.VISIBLE_VHOST,
        r -> ofVhosts(r, r.vhost()::equals, limits -> !limits.isEmpty()));
    routes.put("/vhost-limits/:vhost/:name", Right.ADMINISTRATOR, this::setOfVhost);
    routes.delete("/vhost-limits/:vhost/:name", Right.ADMINISTRATOR, this::clearOfVhost);
    routes.get("/user-limits", Right.MANAGEMENT, r -> ofUsers(r, node.access().users()));
    routes.get("/user-limits/:user", Right.MANAGEMENT, this::ofUser);
    routes.put("/user-limits/:user/:name", Right.ADMINISTRATOR, this::setOfUser);
    routes.delete("/user-limits/:user/:name", Right.ADMINISTRATOR, this::clearOfUser);
  }

  // ---- of virtual hosts

  /**
   * Lists them.
   *
   * @param shown of one virtual host RabbitMQ shows no empty ones, of all it does
   */
  private CompletionStage<Answer> ofVhosts(
      ApiRequest request, Predicate<String> chosen, Predicate<VhostLimits> shown) {
    ArrayNode body = Json.array();
    for (VirtualHostDefinition vhost : node.access().vhosts()) {
      if (chosen.test(vhost.name()) && shown.test(vhost.limits())) {
        ObjectNode one = body.addObject();
        one.put("vhost", vhost.name());
        one.set("value", LimitDefinitions.parameter(vhost.limits()));
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
    return changeOfVhost(name, limits -> limits.set(request.path("name"), body.get("value")));
  }

  private CompletionStage<Answer> clearOfVhost(ApiRequest request) {
    String name = request.vhost();
    VirtualHostDefinition vhost = request.rules().vhost(name);
    if (vhost == null) {
      throw ApiException.notFound();
    }
    return changeOfVhost(name, limits -> limits.remove(request.path("name")));
  }

  /** Starts from the limits of the moment of the change, so that two changes don't meet. */
  private CompletionStage<Answer> changeOfVhost(String name, Consumer<ObjectNode> change) {
    return node.access()
        .submit(
            editor -> {
              VirtualHostDefinition vhost = editor.vhost(name);
              ObjectNode limits = LimitDefinitions.toJson(vhost.limits());
              change.accept(limits);
              editor.putVhost(vhost.withLimits(LimitDefinitions.ofVhost(limits)));
            })
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
    return changeOfUser(name, limits -> limits.set(request.path("name"), body.get("value")));
  }

  private CompletionStage<Answer> clearOfUser(ApiRequest request) {
    return changeOfUser(existing(request).name(), limits -> limits.remove(request.path("name")));
  }

  private CompletionStage<Answer> changeOfUser(String name, Consumer<ObjectNode> change) {
    return node.access()
        .submit(
            editor -> {
              User user = editor.user(name);
              ObjectNode limits = LimitDefinitions.toJson(user.limits());
              change.accept(limits);
              editor.putUser(user.withLimits(LimitDefinitions.ofUser(limits)));
            })
        .thenApply(done -> Answer.noContent());
  }
}
