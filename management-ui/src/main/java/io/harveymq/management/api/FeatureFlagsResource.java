package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.harveymq.broker.DeprecatedFeature;
import io.harveymq.broker.inspect.QueueInfo;
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
 * {@code /api/feature-flags} and {@code /api/deprecated-features}: what RabbitMQ of the version to
 * behave like knows of those that mean something here. Owned by the HTTP server's event loop.
 */
public final class FeatureFlagsResource {
  private record Flag(String name, String description) {}

  private static final List<Flag> FLAGS =
      List.of(
          new Flag("drop_unroutable_metric", "Messages dropped as unroutable are counted"),
          new Flag("empty_basic_get_metric", "Each basic.get on an empty queue is counted"),
          new Flag("implicit_default_bindings", "Default bindings are not stored"),
          new Flag("maintenance_mode_status", "The status tells of maintenance mode"),
          new Flag("quorum_queue", "Queues of type quorum"),
          new Flag("stream_queue", "Queues of type stream"),
          new Flag("user_limits", "Limits of a user's connections and channels"),
          new Flag("virtual_host_metadata", "Description and tags of virtual hosts"));

  /** Those that came after 3.10. */
  private static final List<Flag> LATER_FLAGS =
      List.of(
          new Flag("detailed_queues_endpoint", "The endpoint /api/queues/detailed"),
          new Flag("message_containers", "Messages of any protocol are kept alike"),
          new Flag("message_containers_deaths_v2", "How messages keep their deaths"),
          new Flag("stream_filtering", "Filters of stream consumers"),
          new Flag("stream_single_active_consumer", "Single active consumers of streams"));

  private record Deprecated(String name, String phase, String description) {}

  private static final String TRANSIENT_QUEUES =
      DeprecatedFeature.TRANSIENT_NONEXCL_QUEUES.protocolName();

  private final Node node;

  public FeatureFlagsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/feature-flags", Right.ADMINISTRATOR, this::flags);
    routes.put("/feature-flags/:name/enable", Right.ADMINISTRATOR, this::enable);
    if (node.version().management().hasLaterEndpoints()) {
      routes.get("/deprecated-features", Right.ADMINISTRATOR, this::deprecated);
      routes.get("/deprecated-features/used", Right.ADMINISTRATOR, this::used);
    }
  }

  // ---- feature flags

  private boolean later() {
    return node.version().management().hasLaterEndpoints();
  }

  private CompletionStage<Answer> flags(ApiRequest request) {
    ArrayNode body = Json.array();
    FLAGS.forEach(flag -> add(body, flag));
    if (later()) {
      LATER_FLAGS.forEach(flag -> add(body, flag));
    }
    return Lists.answer(request, body);
  }

  private void add(ArrayNode body, Flag flag) {
    body.addObject()
        .put("name", flag.name)
        .put("desc", flag.description)
        .put("doc_url", "")
        .put("state", "enabled")
        .put("stability", later() ? "required" : "stable")
        .put("provided_by", flag.name.endsWith("_metric") ? "rabbitmq_management_agent" : "rabbit");
  }

  /** All are enabled. */
  private CompletionStage<Answer> enable(ApiRequest request) {
    String name = request.path("name");
    boolean known =
        FLAGS.stream().anyMatch(flag -> flag.name.equals(name))
            || later() && LATER_FLAGS.stream().anyMatch(flag -> flag.name.equals(name));
    if (!known) {
      throw ApiException.badRequest("unsupported");
    }
    return CompletableFuture.completedFuture(Answer.noContent());
  }

  // ---- deprecated features

  private List<Deprecated> allDeprecated() {
    return List.of(
        new Deprecated(
            "classic_queue_mirroring", "removed", "Classic queues are not mirrored any more"),
        deprecated(DeprecatedFeature.GLOBAL_QOS, "A prefetch count for all consumers of a channel"),
        deprecated(
            DeprecatedFeature.TRANSIENT_NONEXCL_QUEUES,
            "Queues that are neither durable nor exclusive"));
  }

  /** The phase is the version's: what is configured does not change it. */
  private Deprecated deprecated(DeprecatedFeature feature, String description) {
    boolean denied = node.version().deprecated().deniedByDefault().contains(feature);
    return new Deprecated(
        feature.protocolName(), denied ? "denied_by_default" : "permitted_by_default", description);
  }

  private CompletionStage<Answer> deprecated(ApiRequest request) {
    ArrayNode body = Json.array();
    allDeprecated().forEach(feature -> add(body, feature));
    return Lists.answer(request, body);
  }

  private CompletionStage<Answer> used(ApiRequest request) {
    return node.inspection()
        .queues(vhost -> true)
        .thenCompose(
            queues -> {
              ArrayNode body = Json.array();
              if (queues.stream().anyMatch(FeatureFlagsResource::isTransient)) {
                allDeprecated().stream()
                    .filter(feature -> feature.name.equals(TRANSIENT_QUEUES))
                    .forEach(feature -> add(body, feature));
              }
              return Lists.answer(request, body);
            });
  }

  private static boolean isTransient(QueueInfo queue) {
    return !queue.durable() && !queue.exclusive();
  }

  private static void add(ArrayNode body, Deprecated feature) {
    body.addObject()
        .put("name", feature.name)
        .put("deprecation_phase", feature.phase)
        .put("desc", feature.description)
        .put("doc_url", "")
        .put("provided_by", "rabbit");
  }
}
