package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.node.AuthAttempts;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Logins;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /api/auth} and {@code /api/login}. Owned by the HTTP server's event loop. */
public final class AuthResource {
  private final Node node;
  private final Logins logins;

  public AuthResource(Node node) {
    this.node = node;
    this.logins = new Logins(node.access());
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/auth", Right.NOBODY_IN_PARTICULAR, this::auth);
    routes.post("/login", Right.NOBODY_IN_PARTICULAR, this::login);
    routes.get("/auth/attempts/:node", Right.MONITORING, this::attempts);
    routes.delete("/auth/attempts/:node", Right.MONITORING, this::reset);
    routes.get("/auth/attempts/:node/source", Right.MONITORING, this::attemptsBySource);
    routes.delete("/auth/attempts/:node/source", Right.MONITORING, this::reset);
    if (node.version().management().hasLaterEndpoints()) {
      routes.get("/auth/hash_password/:password", Right.ADMINISTRATOR, this::hashOfPath);
      routes.post("/auth/hash_password", Right.ADMINISTRATOR, this::hashOfBody);
    }
  }

  private static CompletionStage<Answer> answer(ObjectNode body) {
    return CompletableFuture.completedFuture(Answer.of(body));
  }

  /** There is no OAuth. */
  private CompletionStage<Answer> auth(ApiRequest request) {
    ObjectNode body = Json.object();
    if (node.version().management().hasLaterEndpoints()) {
      body.put("oauth_enabled", false);
    } else {
      body.put("enable_uaa", false).put("uaa_client_id", "").put("uaa_location", "");
    }
    return answer(body);
  }

  private CompletionStage<Answer> login(ApiRequest request) {
    String form = new String(request.bytes(), StandardCharsets.UTF_8);
    Map<String, List<String>> fields;
    try {
      fields = new QueryStringDecoder(form, false).parameters();
    } catch (IllegalArgumentException undecodable) {
      throw ApiException.badRequest("the form is not properly percent-encoded");
    }
    String name = fields.getOrDefault("username", List.of("")).get(0);
    String password = fields.getOrDefault("password", List.of("")).get(0);
    return logins
        .check(request.context(), name, password)
        .thenApply(answer -> answer.isAccepted() ? cookie(name, password) : refused());
  }

  private Answer refused() {
    ObjectNode refusal = Json.object();
    refusal.put("error", "not_authorized");
    refusal.put("reason", node.version().management().loginRefusal());
    Map<String, String> challenge =
        Map.of("www-authenticate", "Basic realm=\"RabbitMQ Management\"");
    return new Answer(401, refusal, challenge);
  }

  private static Answer cookie(String name, String password) {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    String cookie =
        URLEncoder.encode(
            Base64.getEncoder().encodeToString(credentials), StandardCharsets.US_ASCII);
    return Answer.of(TextNode.valueOf("ok")).with("set-cookie", "auth=" + cookie + "; Version=1");
  }

  // ---- attempts

  private void requireNode(ApiRequest request) {
    if (!node.name().equals(request.path("node"))) {
      throw ApiException.notFound();
    }
  }

  private CompletionStage<Answer> attempts(ApiRequest request) {
    requireNode(request);
    ArrayNode body = Json.array();
    for (AuthAttempts.Attempts attempts : node.access().attempts().all()) {
      body.addObject()
          .put("protocol", attempts.protocol())
          .put("auth_attempts", attempts.succeeded() + attempts.failed())
          .put("auth_attempts_failed", attempts.failed())
          .put("auth_attempts_succeeded", attempts.succeeded());
    }
    return Lists.answer(request, body);
  }

  /** Which RabbitMQ has only if it is configured to. */
  private CompletionStage<Answer> attemptsBySource(ApiRequest request) {
    requireNode(request);
    return Lists.answer(request, Json.array());
  }

  private CompletionStage<Answer> reset(ApiRequest request) {
    requireNode(request);
    node.access().attempts().reset();
    return CompletableFuture.completedFuture(Answer.noContent());
  }

  // ---- hashes

  private CompletionStage<Answer> hashOfPath(ApiRequest request) {
    return hash(request.path("password"));
  }

  private CompletionStage<Answer> hashOfBody(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "password");
    if (!body.get("password").isTextual()) {
      throw ApiException.badRequest("password must be a string");
    }
    return hash(body.get("password").textValue());
  }

  private static CompletionStage<Answer> hash(String password) {
    return answer(Json.object().put("ok", PasswordHash.of(password).base64()));
  }
}
