package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.Broker;
import io.harveymq.broker.auth.AccessChange;
import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.policy.PolicyException;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import io.harveymq.management.http.ApiException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Takes up definitions, in RabbitMQ's order: users, virtual hosts, permissions, parameters,
 * policies, queues, exchanges, bindings. What is there and not mentioned stays; queues and
 * exchanges that are there are never changed; bindings of what is not there are passed over. All up
 * to the parameters take effect together or not at all. Any thread; it waits for nothing.
 */
public final class DefinitionsImport {
  /** So many commands are under way at a time, for one commit to serve all of them. */
  private static final int AT_A_TIME = 256;

  private static final String RESERVED = "amq.";

  private final Broker broker;
  private final ObjectNode document;
  private final String actingUser;
  private final String vhost;
  private final List<AccessChange> changes = new ArrayList<>();
  private final Set<String> required = new HashSet<>();

  /** What follows the changes, in order: each is begun when what was before it is done. */
  private final List<List<Supplier<CompletionStage<?>>>> steps = new ArrayList<>();

  private DefinitionsImport(Broker broker, ObjectNode document, String actingUser, String vhost) {
    this.broker = broker;
    this.document = document;
    this.actingUser = actingUser;
    this.vhost = vhost;
  }

  /**
   * Takes up definitions of a whole broker.
   *
   * @param document as {@link Definitions} or RabbitMQ writes it
   * @param actingUser gets all permissions in virtual hosts that are made; null for nobody
   * @return completed when all of it holds and is stored, exceptionally with a {@link
   *     DefinitionsException} for what can't be taken up
   */
  public static CompletionStage<Void> load(Broker broker, JsonNode document, String actingUser) {
    return load(broker, document, actingUser, null);
  }

  /**
   * Takes up definitions of one virtual host, whatever it was called where they are from.
   *
   * @param vhost has to exist
   * @return as {@link #load(Broker, JsonNode, String)}
   */
  public static CompletionStage<Void> load(
      Broker broker, JsonNode document, String actingUser, String vhost) {
    if (!(document instanceof ObjectNode object)) {
      return CompletableFuture.failedFuture(
          new DefinitionsException(
              "definitions", ApiException.badRequest("failed_to_parse_json").reason()));
    }
    DefinitionsImport load = new DefinitionsImport(broker, object, actingUser, vhost);
    return CompletableFuture.supplyAsync(load::read).thenCompose(DefinitionsImport::carryOut);
  }

  // ---- reading

  private DefinitionsImport read() {
    if (vhost == null) {
      each("users", "user", this::user);
      each("vhosts", "virtual host", this::vhost);
      each("permissions", "permission", this::permission);
      each("topic_permissions", "topic permission", this::topicPermission);
    }
    newStep();
    each("parameters", "parameter", this::parameter);
    if (vhost == null) {
      each("global_parameters", "global parameter", this::globalParameter);
    }
    each("policies", "policy", (item, object) -> policy(item, object, false));
    // how the store writes what RabbitMQ has among the parameters
    each("operator_policies", "policy", (item, object) -> policy(item, object, true));
    newStep();
    each("queues", "queue", this::queue);
    newStep();
    each("exchanges", "exchange", this::exchange);
    newStep();
    each("bindings", "binding", this::binding);
    return this;
  }

  private void newStep() {
    steps.add(new ArrayList<>());
  }

  private void then(Supplier<CompletionStage<?>> step) {
    steps.get(steps.size() - 1).add(step);
  }

  private interface Reader {
    void read(ObjectNode item, String object);
  }

  private void each(String section, String what, Reader reader) {
    JsonNode items = document.get(section);
    if (items == null || items.isNull()) {
      return;
    }
    if (!items.isArray()) {
      throw new DefinitionsException(
          section, ApiException.badRequest(section + " has to be a list").reason());
    }
    for (JsonNode item : items) {
      String object = what + name(item);
      if (!(item instanceof ObjectNode fields)) {
        throw new DefinitionsException(
            object,
            ApiException.badRequest("each of " + section + " has to be an object").reason());
      }
      try {
        reader.read(fields, object);
      } catch (ApiException | PolicyException wrong) {
        throw DefinitionsException.of(object, wrong);
      }
    }
  }

  /** For messages, whatever there is of it. */
  private String name(JsonNode item) {
    StringBuilder name = new StringBuilder();
    for (String key : new String[] {"name", "user", "source", "destination"}) {
      if (item.path(key).isTextual()) {
        name.append(name.isEmpty() ? " '" : " to '").append(item.get(key).textValue()).append('\'');
      }
    }
    if (item.path("vhost").isTextual()) {
      name.append(" in virtual host '").append(item.get("vhost").textValue()).append('\'');
    }
    return name.toString();
  }

  private String vhostOf(ObjectNode item) {
    if (vhost != null) {
      return vhost;
    }
    JsonNode name = item.get("vhost");
    if (name == null || !name.isTextual()) {
      throw ParameterDefinitions.missing("no_such_vhost", "undefined");
    }
    return name.textValue();
  }

  /** A change that tells which object it could not be made for. */
  private void change(String object, AccessChange change) {
    changes.add(
        editor -> {
          try {
            change.applyTo(editor);
          } catch (RuntimeException failure) {
            DefinitionsException known = DefinitionsException.of(object, failure);
            throw known == null ? failure : known;
          }
        });
  }

  // ---- users, virtual hosts, permissions

  private void user(ObjectNode item, String object) {
    String name = TopologyDefinitions.required(item, "name");
    UserDefinitions.Described described = UserDefinitions.of(name, item);
    change(
        object,
        editor -> editor.putUser(described.over(editor.hasUser(name) ? editor.user(name) : null)));
  }

  private void vhost(ObjectNode item, String object) {
    String name = TopologyDefinitions.required(item, "name");
    VhostDefinitions.of(VirtualHostDefinition.of(name), item);
    change(
        object,
        editor -> {
          if (editor.hasVhost(name)) {
            editor.putVhost(VhostDefinitions.of(editor.vhost(name), item));
          } else {
            editor.putVhost(VhostDefinitions.of(VirtualHostDefinition.of(name), item));
            if (actingUser != null && editor.hasUser(actingUser)) {
              editor.setPermission(Permission.all(actingUser, name));
            }
          }
        });
  }

  private void permission(ObjectNode item, String object) {
    String user = TopologyDefinitions.required(item, "user");
    Permission permission = PermissionDefinitions.of(user, vhostOf(item), item);
    change(
        object,
        editor -> {
          requireBoth(editor, user, permission.vhost());
          editor.setPermission(permission);
        });
  }

  private void topicPermission(ObjectNode item, String object) {
    String user = TopologyDefinitions.required(item, "user");
    TopicPermission permission = PermissionDefinitions.topic(user, vhostOf(item), item);
    change(
        object,
        editor -> {
          requireBoth(editor, user, permission.vhost());
          editor.setTopicPermission(permission);
        });
  }

  private static void requireBoth(AccessEditor editor, String user, String vhost) {
    if (!editor.hasUser(user)) {
      throw ParameterDefinitions.missing("no_such_user", user);
    }
    ParameterDefinitions.requireVhost(editor, vhost);
  }

  // ---- parameters and policies

  private void parameter(ObjectNode item, String object) {
    String component = TopologyDefinitions.required(item, "component");
    String name = TopologyDefinitions.required(item, "name");
    String in = vhostOf(item);
    JsonNode value = item.get("value");
    if (component.equals(ParameterDefinitions.OPERATOR_POLICY)
        && value instanceof ObjectNode fields) {
      policy(in, name, fields, true, object);
      return;
    }
    try {
      change(object, ParameterDefinitions.setting(component, in, name, value));
    } catch (ApiException wrong) {
      throw ApiException.badRequest(
          wrong.reason().asText() + " (" + in + "/" + component + "/" + name + ")");
    }
  }

  private void globalParameter(ObjectNode item, String object) {
    String name = TopologyDefinitions.required(item, "name");
    if (!item.has("value")) {
      throw ApiException.badRequest("value is missing");
    }
    var parameter = ParameterDefinitions.global(name, item.get("value"));
    change(object, editor -> editor.putParameter(parameter));
  }

  private void policy(ObjectNode item, String object, boolean operator) {
    policy(vhostOf(item), TopologyDefinitions.required(item, "name"), item, operator, object);
  }

  private void policy(String in, String name, ObjectNode fields, boolean operator, String object) {
    Policy policy;
    try {
      policy = PolicyDefinitions.of(name, fields, operator);
    } catch (PolicyException wrong) {
      String reason = PolicyDefinitions.failed(wrong.getMessage());
      throw ApiException.badRequest(reason + " (" + in + "/" + name + ")");
    }
    requireVhost(object, in);
    then(() -> named(object, broker.policies().submit(in, policy, operator)));
  }

  /** The virtual host has to be there once all virtual hosts are. */
  private void requireVhost(String object, String in) {
    if (required.add(in)) {
      change(object, editor -> ParameterDefinitions.requireVhost(editor, in));
    }
  }

  // ---- queues, exchanges, bindings

  private void queue(ObjectNode item, String object) {
    String in = vhostOf(item);
    QueueMethod.Declare declare = TopologyDefinitions.queue(item);
    String name = declare.queue();
    requireVhost(object, in);
    if (name.startsWith(RESERVED)) {
      return;
    }
    then(
        () ->
            named(
                object,
                unless(
                    broker.inspection().queue(in, name).thenApply(found -> found != null),
                    in,
                    declare)));
  }

  private void exchange(ObjectNode item, String object) {
    String in = vhostOf(item);
    ExchangeMethod.Declare declare = TopologyDefinitions.exchange(item);
    String name = declare.exchange();
    requireVhost(object, in);
    if (name.isEmpty() || name.startsWith(RESERVED)) {
      return;
    }
    then(
        () ->
            named(
                object,
                unless(
                    broker.inspection().exchange(in, name).thenApply(found -> found != null),
                    in,
                    declare)));
  }

  private CompletionStage<?> unless(CompletionStage<Boolean> isThere, String in, Method declare) {
    return isThere.thenCompose(
        there ->
            there
                ? CompletableFuture.<Method>completedFuture(null)
                : broker.commands().carryOut(in, declare));
  }

  private void binding(ObjectNode item, String object) {
    String in = vhostOf(item);
    Method bind = TopologyDefinitions.binding(item);
    requireVhost(object, in);
    if (item.get("source").textValue().isEmpty()) {
      return;
    }
    then(
        () ->
            named(
                object,
                broker
                    .commands()
                    .carryOut(in, bind)
                    .handle(
                        (done, failure) -> {
                          if (failure != null && !isNotFound(failure)) {
                            throw new CompletionException(causeOf(failure));
                          }
                          return done;
                        })));
  }

  private static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static boolean isNotFound(Throwable failure) {
    return causeOf(failure) instanceof AmqpException refusal
        && refusal.replyCode() == ReplyCode.NOT_FOUND;
  }

  private static CompletionStage<?> named(String object, CompletionStage<?> step) {
    return step.handle(
        (done, failure) -> {
          if (failure != null) {
            DefinitionsException known = DefinitionsException.of(object, failure);
            throw new CompletionException(known == null ? causeOf(failure) : known);
          }
          return done;
        });
  }

  // ---- carrying out

  private CompletionStage<Void> carryOut() {
    CompletionStage<Void> done =
        changes.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : broker.access().submit(editor -> changes.forEach(one -> one.applyTo(editor)));
    for (List<Supplier<CompletionStage<?>>> step : steps) {
      for (int from = 0; from < step.size(); from += AT_A_TIME) {
        var some = step.subList(from, Math.min(step.size(), from + AT_A_TIME));
        done =
            done.thenComposeAsync(
                before ->
                    CompletableFuture.allOf(
                        some.stream()
                            .map(one -> one.get().toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new)));
      }
    }
    return done;
  }
}
