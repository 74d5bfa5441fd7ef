package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.ResourceLimit;
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
 * {@code /api/dev/limits}: the limits of the memory and disk alarms, which RabbitMQ lets its
 * command line tools alone set. Owned by the HTTP server's event loop.
 */
public final class AlarmLimitsResource {
  private static final String MEMORY = "memory_high_watermark";
  private static final String DISK = "disk_free_limit";

  private final Node node;

  public AlarmLimitsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/limits", Right.MONITORING, r -> CompletableFuture.completedFuture(show()));
    routes.put("/dev/limits", Right.ADMINISTRATOR, this::set);
  }

  private Answer show() {
    ResourceAlarms alarms = node.broker().alarms();
    return Answer.of(Json.object().put(MEMORY, alarms.memoryLimit()).put(DISK, alarms.diskLimit()));
  }

  /** Sets those that the body has: a text such as 0.4 or 512MiB. */
  private CompletionStage<Answer> set(ApiRequest request) {
    ObjectNode body = request.body();
    new DevBody(body, "this", List.of(MEMORY, DISK));
    ResourceLimit memory = limit(body.get(MEMORY));
    ResourceLimit disk = limit(body.get(DISK));
    ResourceAlarms alarms = node.broker().alarms();
    return request.waiting(
        () -> {
          if (memory != null) {
            alarms.memoryHighWatermark(memory);
          }
          if (disk != null) {
            setDisk(alarms, disk);
          }
          return Answer.noContent();
        });
  }

  private static void setDisk(ResourceAlarms alarms, ResourceLimit limit) {
    if (alarms.diskFree() < 0) {
      throw ApiException.badRequest("nothing is stored on a disk, so there is no limit to set");
    }
    alarms.diskFreeLimit(limit);
  }

  private static ResourceLimit limit(JsonNode value) {
    try {
      return value == null || value.isNull() ? null : ResourceLimit.parse(value.asText());
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest(wrong.getMessage());
    }
  }
}
