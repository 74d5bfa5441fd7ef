package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.LoginOutcome;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Logins;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.node.Listeners;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/dev/features}: which endpoints there are beyond RabbitMQ's, and what the login
 * form shows, and the port for AMQP clients. The page asks for them before anybody has logged in.
 * Any thread.
 */
public final class DevFeaturesResource {
  private static final String GUEST = "guest";

  private static final List<String> FEATURES =
      List.of(
          "live",
          "live-vhost",
          "topology",
          "route",
          "browse",
          "redrive",
          "declare-check",
          "limits",
          "findings",
          "lint",
          "dropped",
          "delayed",
          "streams",
          "deleted",
          "keys",
          "rights",
          "consumers",
          "search",
          "stories",
          "tail",
          "wait",
          "faults",
          "record",
          "header-types",
          "demo");

  /** Harvey's version, read when it is asked for. */
  private static final class Product {
    static final String VERSION = read();

    /** As the build wrote it into the jar, which other builds leave out. */
    private static String read() {
      try (InputStream in = Node.class.getResourceAsStream("version")) {
        return in == null
            ? "unknown"
            : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  private final Node node;

  public DevFeaturesResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get(
        "/dev/features",
        Right.NOBODY_IN_PARTICULAR,
        request -> {
          ObjectNode body = Json.object();
          ArrayNode all = body.putArray("features");
          FEATURES.forEach(all::add);
          if (node.broker().config().clock() instanceof ManualClock) {
            all.add("clock");
          }
          body.put("node", node.name());
          body.put("version", Product.VERSION);
          body.put("speaks", node.version().version());
          body.put("uptime", node.probe().uptime());
          node.listeners().all().stream()
              .filter(listener -> listener.protocol().equals(Listeners.AMQP))
              .findFirst()
              .ifPresent(listener -> body.put("amqp_port", listener.port()));
          if (isToldOfGuest(request)) {
            body.put("guest_hint", true);
          }
          return CompletableFuture.completedFuture(Answer.of(body));
        });
  }

  /** Only somebody on this machine, and only as long as the first user has the first password. */
  private boolean isToldOfGuest(ApiRequest request) {
    return Logins.isLoopback(request.context())
        && request.header("x-forwarded-for") == null
        && request.header("forwarded") == null
        && request.rules().login(GUEST, GUEST, true) == LoginOutcome.ACCEPTED;
  }
}
