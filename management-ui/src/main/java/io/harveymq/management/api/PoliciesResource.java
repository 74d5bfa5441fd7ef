package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.policy.PolicyException;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.PolicyDefinitions;
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
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * {@code /api/policies} and {@code /api/operator-policies}. Owned by the HTTP server's event loop.
 */
public final class PoliciesResource {
  private final Node node;

  public PoliciesResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    add(routes, "/policies", false, Right.POLICYMAKER);
    add(routes, "/operator-policies", true, Right.ADMINISTRATOR);
  }

  private void add(ApiRoutes routes, String path, boolean operator, Right change) {
    routes.get(path, Right.MANAGEMENT, r -> list(r, r.visibleVhosts(), operator));
    routes.get(path + "/:vhost", Right.VHOST, r -> list(r, r.vhost()::equals, operator));
    routes.get(path + "/:vhost/:name", change, r -> one(r, operator));
    routes.put(path + "/:vhost/:name", change, r -> put(r, operator));
    routes.delete(path + "/:vhost/:name", change, r -> delete(r, operator));
  }

  private CompletionStage<Answer> list(
      ApiRequest request, Predicate<String> vhosts, boolean operator) {
    return all(node, vhosts, operator, PolicyDefinitions::toJson)
        .thenCompose(all -> Lists.answer(request, all));
  }

  /** The policies of some virtual hosts, by virtual host and name. */
  static CompletionStage<ArrayNode> all(
      Node node,
      Predicate<String> vhosts,
      boolean operator,
      BiFunction<String, Policy, ObjectNode> toJson) {
    CompletionStage<ArrayNode> all = CompletableFuture.completedFuture(Json.array());
    for (var vhost : node.access().vhosts()) {
      String name = vhost.name();
      if (vhosts.test(name)) {
        CompletionStage<List<Policy>> policies =
            node.broker().policies().submitList(name, operator).exceptionally(gone -> List.of());
        all =
            all.thenCombine(
                policies,
                (body, some) -> {
                  some.forEach(policy -> body.add(toJson.apply(name, policy)));
                  return body;
                });
      }
    }
    return all;
  }

  private CompletionStage<Answer> one(ApiRequest request, boolean operator) {
    requireVhost(request, ApiException.notFound());
    return all(node, request.vhost()::equals, operator, PolicyDefinitions::toJson)
        .thenApply(
            all -> {
              for (var policy : all) {
                if (policy.get("name").textValue().equals(request.path("name"))) {
                  return Answer.of(Listing.columns(request, policy));
                }
              }
              throw ApiException.notFound();
            });
  }

  private static void requireVhost(ApiRequest request, ApiException otherwise) {
    if (request.rules().vhost(request.vhost()) == null) {
      throw otherwise;
    }
  }

  private CompletionStage<Answer> put(ApiRequest request, boolean operator) {
    requireVhost(request, ApiException.notFound("vhost_not_found"));
    ObjectNode body = request.body();
    ApiRequest.require(body, "pattern", "definition");
    Policy policy;
    try {
      policy = PolicyDefinitions.of(request.path("name"), body, operator);
    } catch (PolicyException wrong) {
      String reason = PolicyDefinitions.failed(wrong.getMessage());
      throw ApiException.badRequest(operator ? reason : escaped(reason));
    }
    return node.broker()
        .policies()
        .submit(request.vhost(), policy, operator)
        .thenApply(Answer::put);
  }

  /** As RabbitMQ does, for the sake of browsers. */
  static String escaped(String reason) {
    return reason.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private CompletionStage<Answer> delete(ApiRequest request, boolean operator) {
    requireVhost(request, ApiException.notFound());
    return node.broker()
        .policies()
        .submitClear(request.vhost(), request.path("name"), operator)
        .thenApply(
            wasThere -> {
              if (!wasThere) {
                throw ApiException.notFound();
              }
              return Answer.noContent();
            });
  }
}
