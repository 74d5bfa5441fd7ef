package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.Resource;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.node.Listeners;
import io.harveymq.management.node.Listeners.Listener;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/health/checks}, {@code /api/healthchecks} and {@code /api/aliveness-test}: 200 when
 * it is so, 503 when it is not. Owned by the HTTP server's event loop.
 */
public final class HealthResource {
  private static final String CHECKS = "/health/checks/";
  private static final String TEST_QUEUE = "aliveness-test";

  private static final Set<String> AMQP_NAMES =
      Set.of(
          "amqp091",
          "amqp0.9.1",
          "amqp0-9-1",
          "amqp0_9_1",
          "amqp10",
          "amqp1.0",
          "amqp1-0",
          "amqp1_0");

  private static final Set<String> HTTP_NAMES =
      Set.of("http1", "http1.1", "http_api", "management", "management_ui", "ui");

  /** Checks of things that can't go wrong in a node that is alone. */
  private static final List<String> ALWAYS_OK =
      List.of(
          "virtual-hosts", "metadata-store/initialized", "metadata-store/initialized/with-data");

  private static final List<String> OK_FROM_4_ON =
      List.of(
          "is-in-service",
          "ready-to-serve-clients",
          "below-node-connection-limit",
          "reached-target-cluster-size",
          "quorum-queues-without-elected-leaders/all-vhosts",
          "quorum-queues-without-elected-leaders/all-vhosts/pattern/:pattern",
          "quorum-queues-without-elected-leaders/vhost/:vhost",
          "quorum-queues-without-elected-leaders/vhost/:vhost/pattern/:pattern");

  private final Node node;

  public HealthResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    boolean later = node.version().management().hasLaterEndpoints();
    CertificateCheck certificates = new CertificateCheck(node);
    check(routes, "alarms", request -> alarms("There are alarms in effect in the cluster"));
    check(routes, "local-alarms", request -> alarms("There are alarms in effect on the node"));
    check(routes, "certificate-expiration/:within/:unit", certificates::check);
    check(routes, "port-listener/:port", this::portListener);
    check(routes, "protocol-listener/:protocol", this::protocolListener);
    check(routes, "node-is-quorum-critical", request -> alone());
    if (!later) {
      check(routes, "node-is-mirror-sync-critical", request -> alone());
    }
    for (String path : ALWAYS_OK) {
      if (later || path.equals("virtual-hosts")) {
        check(routes, path, request -> ok());
      }
    }
    if (later) {
      OK_FROM_4_ON.forEach(path -> check(routes, path, this::okIfThere));
    }
    routes.get("/healthchecks/node", Right.MANAGEMENT, request -> oldCheck());
    routes.get("/healthchecks/node/:node", Right.MANAGEMENT, this::oldCheckOf);
    routes.get("/aliveness-test/:vhost", Right.VHOST, this::aliveness);
  }

  private interface Check {
    Answer run(ApiRequest request);
  }

  private static void check(ApiRoutes routes, String path, Check check) {
    routes.get(
        CHECKS + path,
        Right.MANAGEMENT,
        request -> CompletableFuture.completedFuture(check.run(request)));
  }

  static Answer ok() {
    return Answer.of(Json.object().put("status", "ok"));
  }

  private static Answer alone() {
    return Answer.of(Json.object().put("status", "ok").put("reason", "single node cluster"));
  }

  static ObjectNode failed(String reason) {
    return Json.object().put("status", "failed").put("reason", reason);
  }

  static Answer failure(ObjectNode body) {
    return new Answer(503, body, Map.of());
  }

  private Answer okIfThere(ApiRequest request) {
    if (request.vhost() != null && request.rules().vhost(request.vhost()) == null) {
      throw ApiException.notFound();
    }
    return ok();
  }

  // ---- alarms

  private Answer alarms(String reason) {
    Set<Resource> raised = node.broker().alarms().raised();
    if (raised.isEmpty()) {
      return ok();
    }
    ObjectNode body = failed(reason);
    ArrayNode alarms = body.putArray("alarms");
    for (Resource resource : Resource.values()) {
      if (raised.contains(resource)) {
        ObjectNode alarm = alarms.addObject();
        alarm.put("node", node.name());
        alarm.put("resource", resource.name().toLowerCase(Locale.ROOT));
      }
    }
    return failure(body);
  }

  private CompletionStage<Answer> oldCheck() {
    Answer alarms = alarms("");
    return CompletableFuture.completedFuture(
        alarms.status() == 200
            ? alarms
            : failure(failed("resource alarm(s) in effect: " + alarms.body().get("alarms"))));
  }

  private CompletionStage<Answer> oldCheckOf(ApiRequest request) {
    if (!node.name().equals(request.path("node"))) {
      throw ApiException.notFound();
    }
    return oldCheck();
  }

  // ---- listeners

  private Answer portListener(ApiRequest request) {
    int port;
    try {
      port = Integer.parseInt(request.path("port"));
    } catch (NumberFormatException none) {
      throw ApiException.badRequest("Invalid port");
    }
    List<Listener> all = node.listeners().all();
    if (all.stream().anyMatch(listener -> listener.port() == port)) {
      return Answer.of(Json.object().put("status", "ok").put("port", port));
    }
    ObjectNode body = failed("No active listener").put("missing", port);
    ArrayNode ports = body.putArray("ports");
    all.forEach(listener -> ports.add(listener.port()));
    return failure(body);
  }

  private Answer protocolListener(ApiRequest request) {
    String protocol = protocol(request.path("protocol").toLowerCase(Locale.ROOT));
    List<Listener> all = node.listeners().all();
    if (all.stream().anyMatch(listener -> listener.protocol().equals(protocol))) {
      return Answer.of(Json.object().put("status", "ok").put("protocol", protocol));
    }
    ObjectNode body = failed("No active listener").put("missing", protocol);
    ArrayNode protocols = body.putArray("protocols");
    all.forEach(listener -> protocols.add(listener.protocol()));
    return failure(body);
  }

  /** The name that listeners have, of one that people use. */
  private static String protocol(String name) {
    if (AMQP_NAMES.contains(name)) {
      return Listeners.AMQP;
    }
    if (HTTP_NAMES.contains(name)) {
      return Listeners.HTTP;
    }
    return switch (name) {
      case "amqps" -> Listeners.AMQPS;
      case "prometheus" -> Listeners.PROMETHEUS;
      default -> name;
    };
  }

  // ---- a message there and back

  /** From 4.0.6 on this says ok and looks at nothing. */
  private CompletionStage<Answer> aliveness(ApiRequest request) {
    if (!node.version().management().testsAliveness()) {
      return CompletableFuture.completedFuture(ok());
    }
    Identity user = request.actor();
    String vhost = request.vhost();
    var commands = node.commands();
    byte[] body = "test_message".getBytes(StandardCharsets.UTF_8);
    byte[] properties = BasicProperties.EMPTY.encoded();
    return commands
        .carryOut(
            user,
            vhost,
            new QueueMethod.Declare(
                TEST_QUEUE, false, false, false, false, false, FieldTable.EMPTY))
        .thenCompose(
            declared ->
                commands.publish(
                    user, vhost, new DirectMessages.Publish("", TEST_QUEUE, properties, body)))
        .thenCompose(
            published ->
                commands.get(
                    user,
                    vhost,
                    new DirectMessages.Get(TEST_QUEUE, 1, DirectMessages.Afterwards.ACK)))
        .thenApply(got -> got.isEmpty() ? failure(failed("aliveness-test queue is empty")) : ok());
  }
}
