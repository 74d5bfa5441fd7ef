package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.LogText;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.codec.AmqpException;
import io.harveymq.management.HttpLimits;
import io.harveymq.management.definitions.DefinitionsException;
import io.harveymq.management.json.Json;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
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
import java.util.concurrent.CompletableFuture;
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

  /** What anybody may send: a form to log in with. */
  static final long LARGEST_BODY_OF_ANYBODY = 65_536;

  private final ApiRoutes routes;
  private final AccessControl access;
  private final Logins logins;
  private final Compatibility version;
  private final String prefix;
  private final ControlToken control;
  private final HttpLimits limits;
  private final HttpMemory memory;

  /**
   * @param prefix of the path up to and with {@code /api}
   * @param control lets command line tools of this machine in
   */
  public ApiHandler(
      ApiRoutes routes,
      AccessControl access,
      Compatibility version,
      String prefix,
      ControlToken control,
      HttpLimits limits) {
    this.control = control;
    this.limits = limits;
    this.memory = new HttpMemory(limits.memory());
    this.routes = routes;
    this.access = access;
    this.logins = new Logins(access);
    this.version = version;
    this.prefix = prefix;
  }

  @Override
  public void handle(RoutingContext context) {
    memory.serve(context);
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
    decodeQuery(context);
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
    if (entry.right() == Right.NOBODY_IN_PARTICULAR) {
      read(context, match, entry, null, access.rules());
      return;
    }
    CompletableFuture<ApiUser> login = login(context).toCompletableFuture();
    if (login.isDone()) {
      loggedIn(context, match, entry, login.join());
      return;
    }
    // what follows the head has to wait until somebody takes it
    context.request().pause();
    var loop = context.vertx().getOrCreateContext();
    login.thenAccept(
        user ->
            loop.runOnContext(
                ignored -> {
                  try {
                    loggedIn(context, match, entry, user);
                  } catch (RuntimeException failure) {
                    fail(context, failure);
                  } finally {
                    context.request().resume();
                  }
                }));
  }

  /** Goes on with somebody who is known; with nobody, the answer is given already. */
  private void loggedIn(
      RoutingContext context, ApiRoutes.Match match, ApiRoutes.Entry entry, ApiUser user) {
    if (user != null && !context.response().closed()) {
      AccessRules rules = access.rules();
      entry.right().check(user, match.variables().get("vhost"), rules, changes(context));
      read(context, match, entry, user, rules);
    }
  }

  private static boolean changes(RoutingContext context) {
    String method = context.request().method().name();
    return method.equals("PUT") || method.equals("POST");
  }

  /** Reads the body and goes on with it; by {@code rules} the user had the right. */
  private void read(
      RoutingContext context,
      ApiRoutes.Match match,
      ApiRoutes.Entry entry,
      ApiUser user,
      AccessRules rules) {
    if (!acceptsJson(context)) {
      respond(context, new Answer(406, null, Map.of()));
      return;
    }
    long largest =
        user == null
            ? Math.min(LARGEST_BODY_OF_ANYBODY, limits.maxBodySize())
            : limits.maxBodySize();
    new RequestBody(context, largest, limits.bodyMillis(user != null))
        .read(
            body -> {
              context.put(BODY, body);
              try {
                ApiRequest request =
                    new ApiRequest(context, match.variables(), user, access, rules);
                // who sends the body slowly may have lost the right by then
                if (user != null && access.rules() != rules) {
                  request = request.as(match.variables(), entry.right(), changes(context));
                }
                answerInTurn(context, match, entry, request);
              } catch (Exception failure) {
                fail(context, failure);
              }
            });
  }

  /** What is only looked at may be large: so many answers are made at a time. */
  private void answerInTurn(
      RoutingContext context, ApiRoutes.Match match, ApiRoutes.Entry entry, ApiRequest request) {
    String method = context.request().method().name();
    if (entry.waits() || !method.equals("GET") && !method.equals("HEAD")) {
      answer(context, entry, request, () -> {});
      return;
    }
    memory.whenPlace(
        () -> {
          Runnable made = memory.place(context.vertx());
          try {
            boolean same = request.user() == null || access.rules() == request.rules();
            answer(
                context,
                entry,
                same ? request : request.as(match.variables(), entry.right()),
                made);
          } catch (RuntimeException failure) {
            fail(context, failure);
            made.run();
          }
        });
  }

  /**
   * Makes the answer and sends it.
   *
   * @param made called once it is made
   */
  private static void answer(
      RoutingContext context, ApiRoutes.Entry entry, ApiRequest request, Runnable made) {
    CompletionStage<Answer> answer;
    try {
      answer = entry.endpoint().answer(request);
    } catch (Exception failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    var loop = context.vertx().getOrCreateContext();
    answer.whenComplete(
        (done, failure) ->
            loop.runOnContext(
                ignored -> {
                  answered(context, done, failure);
                  made.run();
                }));
  }

  private static void answered(RoutingContext context, Answer done, Throwable failure) {
    if (failure != null) {
      fail(context, failure);
      return;
    }
    try {
      respond(context, done);
    } catch (RuntimeException unfit) {
      fail(context, unfit);
    }
  }

  private ApiRoutes.Match find(RoutingContext context) {
    try {
      return routes.find(context.request().path().substring(prefix.length()));
    } catch (IllegalArgumentException undecodable) {
      throw ApiException.badRequest("the path is not properly percent-encoded");
    }
  }

  /** It is decoded once, here, and kept with the request. */
  private static void decodeQuery(RoutingContext context) {
    try {
      context.request().params();
    } catch (IllegalArgumentException undecodable) {
      throw ApiException.badRequest("the query is not properly percent-encoded");
    }
  }

  /** Whether the client takes what there is; to who watches it is another type. */
  private static boolean acceptsJson(RoutingContext context) {
    String header = context.request().getHeader("accept");
    if (header == null) {
      return true;
    }
    String accept = header.toLowerCase(Locale.ROOT);
    return accept.contains("*/*")
        || accept.contains("application/*")
        || accept.contains("application/json")
        || accept.contains("text/event-stream");
  }

  // ---- who asks

  /** The user; completed with null when the answer is given. */
  private CompletionStage<ApiUser> login(RoutingContext context) {
    String header = context.request().getHeader("authorization");
    if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      String token = header.substring(BEARER.length()).strip();
      return control.isIn(context, token)
          ? CompletableFuture.completedFuture(ApiUser.own(ControlToken.ADMINISTRATOR, null))
          : check(context, "", token);
    }
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      unauthorized(context, null);
      return CompletableFuture.completedFuture(null);
    }
    String credentials;
    try {
      credentials =
          new String(
              Base64.getDecoder().decode(header.substring(BASIC.length()).trim()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException undecodable) {
      context.response().setStatusCode(400).end();
      return CompletableFuture.completedFuture(null);
    }
    int colon = credentials.indexOf(':');
    String name = colon < 0 ? credentials : credentials.substring(0, colon);
    String password = colon < 0 ? "" : credentials.substring(colon + 1);
    return check(context, name, password);
  }

  private CompletionStage<ApiUser> check(RoutingContext context, String name, String password) {
    var loop = context.vertx().getOrCreateContext();
    return logins
        .login(context, name, password)
        .thenApply(
            user -> {
              if (user == null) {
                Runnable refuse = () -> unauthorized(context, version.management().loginRefusal());
                if (Vertx.currentContext() == loop) {
                  refuse.run();
                } else {
                  loop.runOnContext(ignored -> refuse.run());
                }
              }
              return user;
            });
  }

  private void unauthorized(RoutingContext context, String reason) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.putHeader("www-authenticate", "Basic realm=\"RabbitMQ Management\"");
    if (reason == null) {
      usual(context, "origin");
      response.setStatusCode(401).end();
    } else {
      refuse(context, ApiException.of(401, "not_authorized", reason));
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
    if (answer.status() == 200 && (answer.body() != null || answer.parts() != null)) {
      response.putHeader("cache-control", "no-cache");
    }
    if (answer.parts() != null) {
      new Download(context, answer.parts()).start();
    } else if (answer.body() != null) {
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
      HttpMemory memory = HttpMemory.of(context);
      memory.take(body.length);
      response.end(Buffer.buffer(body)).onComplete(sent -> memory.giveBack(body.length));
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

  /** Answers with an error, for which there always is memory. */
  static void refuse(RoutingContext context, ApiException error) {
    usual(context, "origin");
    context.response().setStatusCode(error.status());
    context.response().putHeader("content-type", "application/json");
    byte[] body = error(error.error(), error.reason());
    if (context.request().method().name().equals("HEAD")) {
      context.response().putHeader("content-length", Integer.toString(body.length)).end();
    } else {
      context.response().end(Buffer.buffer(body));
    }
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
