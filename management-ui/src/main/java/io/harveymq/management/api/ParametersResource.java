package io.harveymq.management.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessChange;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.ParameterDefinitions;
import io.harveymq.management.definitions.PolicyDefinitions;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code /api/parameters}, {@code /api/global-parameters} and {@code /api/cluster-name}. Owned by
 * the HTTP server's event loop.
 */
public final class ParametersResource {
  private static final Set<String> POLICIES =
      Set.of(ParameterDefinitions.POLICY, ParameterDefinitions.OPERATOR_POLICY);

  private final Node node;

  public ParametersResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    Right right = Right.POLICYMAKER;
    routes.get("/parameters", right, this::list);
    routes.get("/parameters/:component", right, this::list);
    routes.get("/parameters/:component/:vhost", right, this::list);
    routes.get("/parameters/:component/:vhost/:name", right, this::one);
    routes.put("/parameters/:component/:vhost/:name", right, this::put);
    routes.delete("/parameters/:component/:vhost/:name", right, this::delete);
    routes.get("/global-parameters", right, this::globals);
    routes.get("/global-parameters/:name", right, this::global);
    routes.put("/global-parameters/:name", right, this::putGlobal);
    routes.delete("/global-parameters/:name", right, this::deleteGlobal);
    routes.get("/cluster-name", Right.MANAGEMENT, this::clusterName);
    routes.put("/cluster-name", Right.ADMINISTRATOR, this::putClusterName);
  }

  // ---- of virtual hosts

  /** Those that the path leaves and the user may see. */
  private CompletionStage<ArrayNode> chosen(ApiRequest request) {
    String component = request.path("component");
    Predicate<String> vhosts =
        request.vhost() == null ? request.visibleVhosts() : request.vhost()::equals;
    ArrayNode found = Json.array();
    if (component == null || component.equals(ParameterDefinitions.VHOST_LIMITS)) {
      node.access().vhosts().stream()
          .filter(vhost -> vhosts.test(vhost.name()) && !vhost.limits().equals(VhostLimits.NONE))
          .forEach(vhost -> found.add(ParameterDefinitions.limits(vhost)));
    }
    if (component == null || component.equals(ParameterDefinitions.OPERATOR_POLICY)) {
      return PoliciesResource.all(node, vhosts, true, PolicyDefinitions::toParameter)
          .thenApply(found::addAll);
    }
    return CompletableFuture.completedFuture(found);
  }

  private CompletionStage<Answer> list(ApiRequest request) {
    return chosen(request).thenCompose(found -> Lists.answer(request, found));
  }

  private CompletionStage<ObjectNode> existing(ApiRequest request) {
    return chosen(request)
        .thenApply(
            found -> {
              for (JsonNode parameter : found) {
                if (parameter.get("name").textValue().equals(request.path("name"))) {
                  return (ObjectNode) parameter;
                }
              }
              throw ApiException.notFound();
            });
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    return existing(request).thenApply(found -> Answer.of(Listing.columns(request, found)));
  }

  private CompletionStage<Answer> put(ApiRequest request) {
    String component = request.path("component");
    String name = request.path("name");
    ObjectNode body = request.body();
    ApiRequest.require(body, "value");
    if (POLICIES.contains(component)) {
      throw ApiException.badRequest("policies may not be set using this method");
    }
    AccessChange change;
    try {
      change = ParameterDefinitions.setting(component, request.vhost(), name, body.get("value"));
    } catch (ApiException wrong) {
      throw ApiException.badRequest(PoliciesResource.escaped(wrong.getMessage()));
    }
    boolean isNew = request.rules().vhost(request.vhost()).limits().equals(VhostLimits.NONE);
    return node.access().submit(change).thenApply(done -> Answer.put(isNew));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    String vhost = request.vhost();
    if (POLICIES.contains(request.path("component"))) {
      throw ApiException.badRequest("policies may not be cleared using this method");
    }
    return existing(request)
        .thenCompose(
            found ->
                node.access()
                    .submit(
                        editor ->
                            editor.putVhost(editor.vhost(vhost).withLimits(VhostLimits.NONE))))
        .thenApply(done -> Answer.noContent());
  }

  // ---- of the broker

  private CompletionStage<Answer> globals(ApiRequest request) {
    ArrayNode body = Json.array();
    request.rules().parameters().stream()
        .filter(Parameter::isGlobal)
        .sorted(Comparator.comparing(Parameter::name))
        .forEach(parameter -> body.add(ParameterDefinitions.global(parameter)));
    return Lists.answer(request, body);
  }

  private static Parameter existingGlobal(ApiRequest request) {
    Parameter parameter = request.rules().parameter("", "", request.path("name"));
    if (parameter == null) {
      throw ApiException.notFound();
    }
    return parameter;
  }

  private CompletionStage<Answer> global(ApiRequest request) {
    ObjectNode body = ParameterDefinitions.global(existingGlobal(request));
    return CompletableFuture.completedFuture(Answer.of(Listing.columns(request, body)));
  }

  private CompletionStage<Answer> putGlobal(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "value");
    String name = request.path("name");
    Parameter parameter = ParameterDefinitions.global(name, body.get("value"));
    boolean isNew = request.rules().parameter("", "", name) == null;
    return node.access()
        .submit(editor -> editor.putParameter(parameter))
        .thenApply(done -> Answer.put(isNew));
  }

  private CompletionStage<Answer> deleteGlobal(ApiRequest request) {
    String name = existingGlobal(request).name();
    return node.access()
        .submit(editor -> editor.clearParameter("", "", name))
        .thenApply(done -> Answer.noContent());
  }

  // ---- the name of the cluster

  private CompletionStage<Answer> clusterName(ApiRequest request) {
    ObjectNode body = Json.object().put("name", node.broker().clusterName());
    return CompletableFuture.completedFuture(Answer.of(body));
  }

  private CompletionStage<Answer> putClusterName(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "name");
    JsonNode name = body.get("name");
    if (!name.isTextual() || name.textValue().isEmpty()) {
      throw ApiException.badRequest("name has to be a string that is not empty");
    }
    Parameter parameter = ParameterDefinitions.global(Parameter.CLUSTER_NAME, name);
    return node.access()
        .submit(editor -> editor.putParameter(parameter))
        .thenApply(done -> Answer.noContent());
  }
}
