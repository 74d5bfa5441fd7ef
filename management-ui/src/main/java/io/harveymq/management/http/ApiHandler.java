package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.User;
import io.harveymq.codec.AmqpException;
import io.harveymq.management.definitions.DefinitionsException;
import io.harveymq.management.json.Json;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests to the API: finds the endpoint, then the user, then the right, as RabbitMQ does,
 * and is the one place where an exception becomes an answer. Owned by the HTTP server's event loop.
 */
public final class ApiHandler implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
  private static final String BASIC = "Basic ";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
  private static final String BEARER = "Bearer ";

  /** Where the body of a request is kept, as bytes. */
  static final String BODY = "harvey.body";

  /** As RabbitMQ's management.http.max_body_size. */
  private static final long LARGEST_BODY = 10_000_000;

  /** What anybody may send: a form to log in with. */
  private static final long LARGEST_BODY_OF_ANYBODY = 65_536;

  private final ApiRoutes routes;
  private final AccessControl access;
  private final Logins logins;
  private final Compatibility version;
  private final String prefix;
  private final ControlToken control;

  /**
   * @param prefix of the path up to and with {@code /api}
   * @param control lets command line tools of this machine in
   */
  public ApiHandler(
      ApiRoutes routes,
      AccessControl access,
      Compatibility version,
      String prefix,
      ControlToken control) {
    this.control = control;
    this.routes = routes;
    this.access = access;
    this.logins = new Logins(access);
    this.version = version;
    this.prefix = prefix;
  }

  @Override
  public void handle(RoutingContext context) {
    try {
      dispatch(context);
    } catch (Exception failure) {
      fail(context, failure);
    }
  }

  private void dispatch(RoutingContext context) throws Exception {
    ApiRoutes.Match match = find(context);
    if (match == null) {
      throw ApiException.notFound();
    }
    String method = context.request().method().name();
    if (method.equals("OPTIONS")) {
      respond(context, new Answer(200, null, Map.of("allow", match.route().allow())));
      return;
    }
    ApiRoutes.Entry entry = match.route().entry(method);
    if (entry == null) {
      respond(context, new Answer(405, null, Map.of("allow", match.route().allow())));
      return;
    }
    AccessRules rules = access.rules();
    User user = null;
    if (entry.right() != Right.NOBODY_IN_PARTICULAR) {
      user = login(context, rules);
      if (user == null) {
        return;
      }
      boolean changes = method.equals("PUT") || method.equals("POST");
      entry.right().check(user, match.variables().get("vhost"), rules, changes);
    }
    if (!acceptsJson(context)) {
      respond(context, new Answer(406, null, Map.of()));
      return;
    }
    User known = user;
    new RequestBody(context, user == null ? LARGEST_BODY_OF_ANYBODY : LARGEST_BODY)
        .read(
            body -> {
              context.put(BODY, body);
              try {
                answer(context, entry, new ApiRequest(context, match.variables(), known, access));
              } catch (Exception failure) {
                fail(context, failure);
              }
            });
  }

  private static void answer(RoutingContext context, ApiRoutes.Entry entry, ApiRequest request)
      throws Exception {
    CompletionStage<Answer> answer = entry.endpoint().answer(request);
    var loop = context.vertx().getOrCreateContext();
    answer.whenComplete(
        (done, failure) ->
            loop.runOnContext(
                ignored -> {
                  if (failure != null) {
                    fail(context, failure);
                    return;
                  }
                  try {
                    respond(context, done);
                  } catch (RuntimeException unfit) {
                    fail(context, unfit);
                  }
                }));
  }

  private ApiRoutes.Match find(RoutingContext context) {
    try {
      return routes.find(context.request().path().substring(prefix.length()));
    } catch (IllegalArgumentException undecodable) {
      throw ApiException.badRequest("the path is not properly percent-encoded");
    }
  }

  /** Whether the client takes what there is; to who watches it is another type. */
  private static boolean acceptsJson(RoutingContext context) {
    String accept = context.request().getHeader("accept");
    return accept == null
        || accept.contains("*/*")
        || accept.contains("application/*")
        || accept.contains("application/json")
        || accept.contains("text/event-stream");
  }

  // ---- who asks

  /** The user, or null when the answer is given already. */
  private User login(RoutingContext context, AccessRules rules) {
    String header = context.request().getHeader("authorization");
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      boolean token = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
      if (token && control.isIn(context, header.substring(BEARER.length()).strip())) {
        return ControlToken.ADMINISTRATOR;
      }
      unauthorized(context, token ? version.management().loginRefusal() : null);
      return null;
    }
    String credentials;
    try {
      credentials =
          new String(
              Base64.getDecoder().decode(header.substring(BASIC.length()).trim()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException undecodable) {
      context.response().setStatusCode(400).end();
      return null;
    }
    int colon = credentials.indexOf(':');
    String name = colon < 0 ? credentials : credentials.substring(0, colon);
    String password = colon < 0 ? "" : credentials.substring(colon + 1);
    if (!logins.accept(context, rules, name, password)) {
      unauthorized(context, version.management().loginRefusal());
      return null;
    }
    return rules.user(name);
  }

  private void unauthorized(RoutingContext context, String reason) {
    HttpServerResponse response = context.response();
    usual(context, "origin");
    response.putHeader("www-authenticate", "Basic realm=\"RabbitMQ Management\"");
    response.setStatusCode(401);
    if (reason == null) {
      response.end();
    } else {
      send(context, error("not_authorized", Json.object().textNode(reason)));
    }
  }

  // ---- answers

  private static void respond(RoutingContext context, Answer answer) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    HttpServerResponse response = context.response();
    boolean refused = answer.status() >= 400 || answer.headers().containsKey("allow");
    usual(context, refused ? "origin" : "accept, accept-encoding, origin");
    answer.headers().forEach(response::putHeader);
    response.setStatusCode(answer.status());
    if (answer.body() != null) {
      if (answer.status() == 200) {
        response.putHeader("cache-control", "no-cache");
      }
      send(context, Json.write(answer.body()));
    } else {
      response.end();
    }
  }

  private static void send(RoutingContext context, byte[] body) {
    HttpServerResponse response = context.response();
    response.putHeader("content-type", "application/json");
    if (context.request().method().name().equals("HEAD")) {
      response.putHeader("content-length", Integer.toString(body.length));
      response.end();
    } else {
      response.end(Buffer.buffer(body));
    }
  }

  private static void usual(RoutingContext context, String vary) {
    context
        .response()
        .putHeader("vary", vary)
        .putHeader("content-security-policy", "script-src 'self'; object-src 'self'")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("date", DATE.format(Instant.now().atOffset(ZoneOffset.UTC)));
  }

  private static byte[] error(String error, JsonNode reason) {
    ObjectNode body = Json.object();
    body.put("error", error);
    body.set("reason", reason);
    return Json.write(body);
  }

  /** Answers with an error. */
  static void refuse(RoutingContext context, ApiException error) {
    usual(context, "origin");
    context.response().setStatusCode(error.status());
    send(context, error(error.error(), error.reason()));
  }

  private static void fail(RoutingContext context, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    ApiException known = known(cause);
    if (known == null) {
      LOG.error("{} failed", LogText.of(context.request().uri()), cause);
      known = ApiException.of(500, "internal_error", "a fault of the broker; see its log");
    }
    refuse(context, known);
  }

  private static ApiException known(Throwable cause) {
    if (cause instanceof ApiException api) {
      return api;
    }
    if (cause instanceof AmqpException refusal) {
      return ApiException.of(refusal);
    }
    if (cause instanceof DefinitionsException refusal) {
      return ApiException.badRequest(refusal.reason());
    }
    if (cause instanceof AccessException refusal) {
      return ApiException.badRequest(refusal.getMessage());
    }
    return null;
  }
}
