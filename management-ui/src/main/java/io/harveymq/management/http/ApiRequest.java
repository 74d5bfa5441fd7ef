package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.AccessControl;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.User;
import io.harveymq.codec.FieldTable;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** A request to the API, its user known. Owned by the HTTP server's event loop. */
public final class ApiRequest {
  /** Erlang breaks the lines of terms that are longer. */
  private static final int LINE_LENGTH = 80;

  private final RoutingContext context;
  private final Map<String, String> path;
  private final ApiUser user;
  private final AccessRules rules;
  private final AccessControl access;
  private final byte[] bytes;

  /**
   * @param context whose body is in {@link ApiHandler#BODY}
   * @param path the variable parts of the path by name, decoded
   * @param user null when nobody had to log in
   * @param rules by which the user has the right to ask
   */
  ApiRequest(
      RoutingContext context,
      Map<String, String> path,
      ApiUser user,
      AccessControl access,
      AccessRules rules) {
    this.context = context;
    this.path = path;
    this.user = user;
    this.rules = rules;
    this.access = access;
    this.bytes = context.get(ApiHandler.BODY);
  }

  /**
   * The same for another path, with the user and the rights of now.
   *
   * @throws ApiException 401 when the user may not, or is not the same any more
   */
  ApiRequest as(Map<String, String> variables, Right right) {
    return as(variables, right, false);
  }

  /**
   * The same.
   *
   * @param changes whether something is to be made there
   */
  ApiRequest as(Map<String, String> variables, Right right, boolean changes) {
    AccessRules rulesNow = access.rules();
    if (!isSame(rulesNow)) {
      throw ApiException.notAuthorised("Login failed");
    }
    ApiUser now = user;
    if (user.known() != null) {
      User known = rulesNow.user(user.known().name());
      now = ApiUser.own(access.ownIdentity(known.name()), known);
    }
    right.check(now, variables.get("vhost"), rulesNow, changes);
    return new ApiRequest(context, variables, now, access, rulesNow);
  }

  /** Others than the broker's own users stay what they were until their token expires. */
  private boolean isSame(AccessRules rulesNow) {
    if (user.known() == null) {
      return System.currentTimeMillis() < user.identity().expiresAt();
    }
    User now = rulesNow.user(user.known().name());
    return now != null && now.password().equals(user.known().password());
  }

  /** What HTTP knows of it. */
  public RoutingContext context() {
    return context;
  }

  /** Who asks; null when nobody had to log in. */
  public Identity user() {
    return user == null ? null : user.identity();
  }

  /** In whose name the broker is to act: that of the user; null for whoever has the token. */
  public Identity actor() {
    return user.isControl() ? null : user.identity();
  }

  /** The name of the actor, or null. */
  public String actorName() {
    return user.isControl() ? null : user.identity().name();
  }

  /** Users and permissions as they were when the right to ask was checked. */
  public AccessRules rules() {
    return rules;
  }

  /** A variable part of the path, decoded. */
  public String path(String name) {
    return path.get(name);
  }

  /** The virtual host of the path. */
  public String vhost() {
    return path.get("vhost");
  }

  /** Whether the user has a right, that of {@link Right#VHOST} as far as tags give it. */
  public boolean has(Right right) {
    return right.isOf(user.identity());
  }

  /**
   * Checks a right in a virtual host that is not that of the path.
   *
   * @throws ApiException 401 without it, 404 when there is no such virtual host
   */
  public void require(Right right, String vhost) {
    right.check(user, vhost, rules, false);
  }

  /**
   * Checks that the user owns an object or has a right to those of others.
   *
   * @throws ApiException 401 when neither is so
   */
  public void requireOwner(String owner, Right otherwise) {
    if (!owns(owner, otherwise)) {
      throw ApiException.notAuthorised("User not authorised to access object");
    }
  }

  /** Whether the user is the owner of an object or has a right to those of others. */
  public boolean owns(String owner, Right otherwise) {
    return user().name().equals(owner) || has(otherwise);
  }

  /** Whether an object is to be shown to the user: own ones are, to who monitors all. */
  public boolean mayWatch(String owner) {
    return user().name().equals(owner) || has(Right.MONITORING);
  }

  /** Virtual hosts whose objects the user may see. */
  public Predicate<String> visibleVhosts() {
    return has(Right.ADMINISTRATOR) ? vhost -> true : vhost -> user.mayUse(vhost, rules);
  }

  /** Whether the user has permissions for the virtual host of the path; tags give none. */
  public boolean mayUseVhost() {
    return user.mayUse(vhost(), rules);
  }

  /** Virtual hosts whose numbers the user may see. */
  public Predicate<String> monitoredVhosts() {
    return has(Right.MONITORING) ? vhost -> true : vhost -> user.mayUse(vhost, rules);
  }

  /** A parameter of the query, or null. */
  public String query(String name) {
    return context.request().getParam(name);
  }

  /** Whether a parameter of the query is the literal {@code true}. */
  public boolean isTrue(String name) {
    return "true".equals(query(name));
  }

  /** All parameters of the query. */
  public MultiMap queries() {
    return context.queryParams();
  }

  /** A header, or null. */
  public String header(String name) {
    return context.request().getHeader(name);
  }

  // ---- the body

  /** The body as it came; empty for none. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * The body as an object, an empty one if there is no body or it is {@code null}.
   *
   * @throws ApiException 400 when it is none
   */
  public ObjectNode body() {
    byte[] bytes = bytes();
    if (bytes.length == 0) {
      return Json.object();
    }
    try {
      JsonNode read = Json.read(bytes);
      if (read.isNull()) {
        return Json.object();
      }
      if (read instanceof ObjectNode object) {
        return object;
      }
      if (read.isTextual()) {
        throw ApiException.badRequest(
            "invalid payload: the request body JSON-decoded to a string. Is the input"
                + " doubly-JSON-encoded?");
      }
    } catch (IOException broken) {
      // RabbitMQ has the same words for this and for a document of the wrong kind.
    }
    throw ApiException.badRequest("not_json");
  }

  /**
   * Checks that the body has these keys.
   *
   * @throws ApiException 400 that names those it has not, as RabbitMQ lists them
   */
  public static void require(ObjectNode body, String... keys) {
    List<String> missing = new ArrayList<>();
    for (String key : keys) {
      if (!body.has(key)) {
        missing.add("{key_missing," + key + "}");
      }
    }
    if (!missing.isEmpty()) {
      String line = String.join(",", missing);
      boolean fits = line.length() + 2 <= LINE_LENGTH;
      throw ApiException.badRequest("[" + (fits ? line : String.join(",\n ", missing)) + "]");
    }
  }

  /**
   * A boolean of a body; strings will do, too.
   *
   * @throws ApiException 400 for anything else
   */
  public static boolean bool(ObjectNode body, String key, boolean otherwise) {
    JsonNode value = body.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isTextual() && value.textValue().matches("true|false")) {
      return Boolean.parseBoolean(value.textValue());
    }
    ArrayNode reason = Json.array();
    reason.add("not_boolean").add(value);
    throw ApiException.badRequest(reason);
  }

  /**
   * A text of a body; numbers and booleans will do, too.
   *
   * @throws ApiException 400 for a list or an object
   */
  public static String text(ObjectNode body, String key, String otherwise) {
    JsonNode value = body.get(key);
    if (value != null && value.isContainerNode()) {
      throw ApiException.badRequest(key + " has to be a string");
    }
    return value == null || value.isNull() ? otherwise : value.asText();
  }

  /**
   * A table of a body; an empty one when it is missing.
   *
   * @throws ApiException 400 when it is no object
   */
  public static FieldTable table(ObjectNode body, String key) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull() || value.isArray() && value.isEmpty()) {
      return FieldTable.EMPTY;
    }
    if (value instanceof ObjectNode object) {
      return FieldTables.fromJson(object);
    }
    throw ApiException.badRequest(key + " has to be an object");
  }

  /**
   * Writes a part of an answer that has no end; its memory counts until the client has taken it.
   *
   * @return false when there is no memory for it, and nothing is written
   */
  public boolean write(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    HttpMemory memory = HttpMemory.of(context);
    if (!memory.takeIfThere(bytes.length)) {
      return false;
    }
    context
        .response()
        .write(Buffer.buffer(bytes))
        .onComplete(sent -> memory.giveBack(bytes.length));
    return true;
  }

  /** Does something that may take a while on a thread that may wait. */
  public <T> CompletionStage<T> waiting(Callable<T> call) {
    return context.vertx().executeBlocking(call, false).toCompletionStage();
  }
}
