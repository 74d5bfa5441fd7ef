package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Broker;
import io.harveymq.broker.ManagementRules;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All that is defined in a broker, as RabbitMQ's definitions: users with password hashes, virtual
 * hosts, permissions, parameters, policies, queues, exchanges and bindings, each list in a fixed
 * order. Exclusive queues and what the broker made itself (amq.*) are left out. Any thread; answers
 * are completed on a thread that belongs neither to the broker nor to HTTP.
 */
public final class Definitions {
  private static final String RESERVED = "amq.";
  private static final Set<String> OF_POLICIES = Set.of("policies", "parameters");

  private final Broker broker;
  private final ManagementRules rules;

  public Definitions(Broker broker) {
    this.broker = broker;
    this.rules = broker.config().compatibility().management();
  }

  /** What the loops of the broker know. */
  private record Found(
      List<QueueInfo> queues,
      List<ExchangeInfo> exchanges,
      List<BindingInfo> bindings,
      List<OfVhost> policies) {}

  /** The policies of a virtual host. */
  private record OfVhost(String vhost, List<Policy> policies, List<Policy> operatorPolicies) {}

  /** Everything. */
  public CompletionStage<ObjectNode> export() {
    return find(vhost -> true).thenApplyAsync(this::all);
  }

  /**
   * What there is in a virtual host, without its name but where RabbitMQ 3.10 tells it.
   *
   * @param vhost has to exist
   */
  public CompletionStage<ObjectNode> export(String vhost) {
    VirtualHostDefinition definition = broker.access().vhost(vhost);
    return find(vhost::equals).thenApplyAsync(found -> ofVhost(definition, found));
  }

  private CompletionStage<Found> find(Predicate<String> vhosts) {
    CompletableFuture<List<QueueInfo>> queues =
        broker.inspection().queues(vhosts).toCompletableFuture();
    CompletableFuture<List<ExchangeInfo>> exchanges =
        broker.inspection().exchanges(vhosts).toCompletableFuture();
    CompletableFuture<List<BindingInfo>> bindings =
        broker.inspection().bindings(vhosts).toCompletableFuture();
    List<CompletableFuture<OfVhost>> policies =
        broker.access().vhosts().stream()
            .map(VirtualHostDefinition::name)
            .filter(vhosts)
            .map(this::policies)
            .toList();
    List<CompletableFuture<?>> all = new ArrayList<>(policies);
    all.addAll(List.of(queues, exchanges, bindings));
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                new Found(
                    queues.join(),
                    exchanges.join(),
                    bindings.join(),
                    policies.stream().map(CompletableFuture::join).toList()));
  }

  private CompletableFuture<OfVhost> policies(String vhost) {
    return broker
        .policies()
        .submitList(vhost, false)
        .thenCombine(
            broker.policies().submitList(vhost, true),
            (ordinary, operator) -> new OfVhost(vhost, ordinary, operator))
        // a virtual host that has just gone has no policies
        .exceptionally(gone -> new OfVhost(vhost, List.of(), List.of()))
        .toCompletableFuture();
  }

  // ---- documents

  private ObjectNode all(Found found) {
    AccessControl access = broker.access();
    ObjectNode body = Json.object();
    String version = broker.config().compatibility().version();
    body.put("rabbit_version", version);
    about(body, "cluster", "original_cluster_name", broker.clusterName(), "cluster");
    body.set("users", array(access.users(), UserDefinitions::toJson));
    body.set("vhosts", array(access.vhosts(), this::vhost));
    body.set("permissions", array(access.permissions(), PermissionDefinitions::toJson));
    body.set("topic_permissions", array(access.topicPermissions(), PermissionDefinitions::toJson));
    body.set("parameters", parameters(access.vhosts(), found));
    body.set("global_parameters", array(globalParameters(), ParameterDefinitions::global));
    topology(body, found);
    return body;
  }

  private ObjectNode ofVhost(VirtualHostDefinition vhost, Found found) {
    ObjectNode body = Json.object();
    body.put("rabbit_version", broker.config().compatibility().version());
    if (rules.namesQueueTypes()) {
      about(body, "single_virtual_host", "original_vhost_name", vhost.name(), "virtual host");
      body.put("description", vhost.description());
      body.set("metadata", VhostDefinitions.metadata(vhost, rules));
      body.set("limits", LimitDefinitions.toJson(vhost.limits()));
    }
    body.set("parameters", parameters(List.of(vhost), found));
    topology(body, found);
    for (Map.Entry<String, JsonNode> section : body.properties()) {
      boolean named = rules.namesVhostOfPolicies() && OF_POLICIES.contains(section.getKey());
      if (section.getValue().isArray() && !named) {
        section.getValue().forEach(item -> ((ObjectNode) item).remove("vhost"));
      }
    }
    return body;
  }

  /** Where the definitions are from. */
  private void about(ObjectNode body, String format, String nameKey, String name, String what) {
    String version = broker.config().compatibility().version();
    body.put("rabbitmq_version", version);
    body.put("product_name", "RabbitMQ");
    body.put("product_version", version);
    if (rules.namesQueueTypes()) {
      body.put("rabbitmq_definition_format", format);
      body.put(nameKey, name);
      body.put("explanation", "Definitions of " + what + " '" + name + "'");
    }
  }

  private ObjectNode vhost(VirtualHostDefinition vhost) {
    ObjectNode body = Json.object();
    body.put("name", vhost.name());
    body.put("description", vhost.description());
    ObjectNode metadata = VhostDefinitions.metadata(vhost, rules);
    body.set("tags", metadata.get("tags").deepCopy());
    if (metadata.has("default_queue_type")) {
      body.set("default_queue_type", metadata.get("default_queue_type"));
    }
    body.set("metadata", metadata);
    return body;
  }

  private List<Parameter> globalParameters() {
    return broker.access().rules().parameters().stream()
        .filter(Parameter::isGlobal)
        .sorted(Comparator.comparing(Parameter::name))
        .toList();
  }

  private ArrayNode parameters(List<VirtualHostDefinition> vhosts, Found found) {
    ArrayNode parameters = Json.array();
    for (VirtualHostDefinition vhost : vhosts) {
      if (!vhost.limits().equals(VhostLimits.NONE)) {
        parameters.add(ParameterDefinitions.limits(vhost));
      }
    }
    for (OfVhost of : found.policies) {
      of.operatorPolicies.forEach(
          policy -> parameters.add(PolicyDefinitions.toParameter(of.vhost, policy)));
    }
    return parameters;
  }

  private void topology(ObjectNode body, Found found) {
    ArrayNode policies = body.putArray("policies");
    for (OfVhost of : found.policies) {
      of.policies.forEach(policy -> policies.add(PolicyDefinitions.toJson(of.vhost, policy)));
    }
    List<QueueInfo> queues =
        found.queues.stream()
            .filter(queue -> !queue.exclusive() && !queue.name().startsWith(RESERVED))
            .sorted(Comparator.comparing(QueueInfo::vhost).thenComparing(QueueInfo::name))
            .toList();
    body.set(
        "queues",
        array(queues, queue -> TopologyDefinitions.toJson(queue, rules.namesQueueTypes())));
    List<ExchangeInfo> exchanges =
        found.exchanges.stream()
            .filter(Definitions::isExported)
            .sorted(
                Comparator.comparing(ExchangeInfo::vhost)
                    .thenComparing(exchange -> exchange.definition().name()))
            .toList();
    body.set("exchanges", array(exchanges, TopologyDefinitions::toJson));
    body.set("bindings", array(bindings(found, queues), TopologyDefinitions::toJson));
  }

  private static boolean isExported(ExchangeInfo exchange) {
    String name = exchange.definition().name();
    return !name.isEmpty() && !name.startsWith(RESERVED);
  }

  private record QueueKey(String vhost, String name) {}

  private static List<BindingInfo> bindings(Found found, List<QueueInfo> queues) {
    Set<QueueKey> exported = new HashSet<>();
    queues.forEach(queue -> exported.add(new QueueKey(queue.vhost(), queue.name())));
    return found.bindings.stream()
        .filter(binding -> !binding.source().isEmpty())
        .filter(
            binding ->
                !binding.toQueue()
                    || exported.contains(new QueueKey(binding.vhost(), binding.destination())))
        .sorted(
            Comparator.comparing(BindingInfo::vhost)
                .thenComparing(BindingInfo::source)
                .thenComparing(BindingInfo::toQueue)
                .thenComparing(BindingInfo::destination)
                .thenComparing(BindingInfo::routingKey)
                .thenComparing(binding -> binding.arguments().toString()))
        .toList();
  }

  private static <T> ArrayNode array(List<T> items, Function<T, ? extends JsonNode> toJson) {
    ArrayNode array = Json.array();
    items.forEach(item -> array.add(toJson.apply(item)));
    return array;
  }
}
