package io.harveymq.persistence;

import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Definitions in the form of RabbitMQ's definitions file. For one thread; used once. */
final class DefinitionsJson {
  private final StringBuilder out = new StringBuilder();

  private DefinitionsJson() {}

  static String of(Collection<Definition> definitions) {
    DefinitionsJson json = new DefinitionsJson();
    json.write(definitions);
    return json.out.toString();
  }

  private void write(Collection<Definition> definitions) {
    List<VirtualHostDefinition> vhosts = vhosts(definitions);
    out.append("{\n  \"rabbit_version\": \"3.10.8\",\n  \"product_name\": \"Harvey\"");
    list("users", only(definitions, Definition.User.class), user -> user(user.user()));
    list("vhosts", vhosts, this::vhost);
    list("permissions", only(definitions, Definition.Permission.class), this::permission);
    list(
        "topic_permissions",
        only(definitions, Definition.TopicPermission.class),
        this::topicPermission);
    list("policies", policies(definitions, false), this::policy);
    list("operator_policies", policies(definitions, true), this::policy);
    parameters(definitions, vhosts);
    list("queues", only(definitions, Definition.Queue.class), this::queue);
    list("exchanges", only(definitions, Definition.Exchange.class), this::exchange);
    list("bindings", only(definitions, Definition.Binding.class), this::binding);
    out.append("\n}\n");
  }

  private static List<Definition.Policy> policies(
      Collection<Definition> definitions, boolean operator) {
    return only(definitions, Definition.Policy.class).stream()
        .filter(policy -> policy.operator() == operator)
        .toList();
  }

  /** Limits of virtual hosts are parameters, too. */
  private void parameters(Collection<Definition> definitions, List<VirtualHostDefinition> vhosts) {
    List<Runnable> ofVhosts = new ArrayList<>();
    vhosts.stream().filter(this::hasLimits).forEach(one -> ofVhosts.add(() -> vhostLimits(one)));
    List<Parameter> global = new ArrayList<>();
    for (Definition.Parameter stored : only(definitions, Definition.Parameter.class)) {
      if (stored.parameter().isGlobal()) {
        global.add(stored.parameter());
      } else {
        ofVhosts.add(() -> parameter(stored.parameter()));
      }
    }
    list("parameters", ofVhosts, Runnable::run);
    list("global_parameters", global, this::globalParameter);
  }

  private void parameter(Parameter parameter) {
    text("component", parameter.component());
    text(", ", "vhost", parameter.vhost());
    out.append(", ");
    globalParameter(parameter);
  }

  private void globalParameter(Parameter parameter) {
    text("name", parameter.name());
    out.append(", \"value\": ");
    value(parameter.value());
  }

  private void policy(Definition.Policy stored) {
    text("vhost", stored.vhost());
    text(", ", "name", stored.policy().name());
    text(", ", "pattern", stored.policy().pattern());
    text(", ", "apply-to", stored.policy().applyTo().protocolName());
    out.append(", \"definition\": ");
    table(stored.policy().definition());
    out.append(", \"priority\": ").append(stored.policy().priority());
  }

  /** Every virtual host, those included of which a store knows no more than what they hold. */
  private static List<VirtualHostDefinition> vhosts(Collection<Definition> definitions) {
    TreeMap<String, VirtualHostDefinition> vhosts = new TreeMap<>();
    for (Definition definition : definitions) {
      String name = definition.vhost();
      if (definition instanceof Definition.VirtualHost vhost) {
        vhosts.put(name, vhost.definition());
      } else if (!name.isEmpty()) {
        vhosts.putIfAbsent(name, VirtualHostDefinition.of(name));
      }
    }
    return List.copyOf(vhosts.values());
  }

  private static <T> List<T> only(Collection<Definition> definitions, Class<T> type) {
    return definitions.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <T> void list(String name, List<T> items, Consumer<T> writer) {
    out.append(",\n  \"").append(name).append("\": [");
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "\n    {" : ",\n    {");
      writer.accept(items.get(i));
      out.append('}');
    }
    out.append(items.isEmpty() ? "]" : "\n  ]");
  }

  private void user(User user) {
    text("name", user.name());
    text(", ", "password_hash", user.password().base64());
    text(", ", "hashing_algorithm", user.password().algorithm().protocolName());
    strings("tags", user.tags());
    out.append(", \"limits\": ");
    limits(
        "max-connections",
        user.limits().maxConnections(),
        "max-channels",
        user.limits().maxChannels());
  }

  private void vhost(VirtualHostDefinition vhost) {
    text("name", vhost.name());
    out.append(", \"metadata\": {");
    text("description", vhost.description());
    strings("tags", vhost.tags());
    if (vhost.defaultQueueType() != null) {
      text(", ", "default_queue_type", vhost.defaultQueueType());
    }
    if (vhost.protectedFromDeletion()) {
      flag("protected_from_deletion", true);
    }
    out.append('}');
  }

  private boolean hasLimits(VirtualHostDefinition vhost) {
    return !vhost.limits().equals(VhostLimits.NONE);
  }

  private void vhostLimits(VirtualHostDefinition vhost) {
    text("component", "vhost-limits");
    text(", ", "name", "limits");
    text(", ", "vhost", vhost.name());
    out.append(", \"value\": ");
    if (vhost.limits().isEmpty()) {
      out.append("[]");
      return;
    }
    limits(
        "max-connections",
        vhost.limits().maxConnections(),
        "max-queues",
        vhost.limits().maxQueues());
  }

  /** Two limits, each of which may be unset. */
  private void limits(String firstName, int first, String secondName, int second) {
    out.append('{');
    boolean hasSecond = second != VhostLimits.UNSET;
    if (first != VhostLimits.UNSET) {
      string(firstName);
      out.append(": ").append(first).append(hasSecond ? ", " : "");
    }
    if (hasSecond) {
      string(secondName);
      out.append(": ").append(second);
    }
    out.append('}');
  }

  private void permission(Definition.Permission permission) {
    text("user", permission.permission().user());
    text(", ", "vhost", permission.permission().vhost());
    text(", ", "configure", permission.permission().configure());
    text(", ", "write", permission.permission().write());
    text(", ", "read", permission.permission().read());
  }

  private void topicPermission(Definition.TopicPermission permission) {
    text("user", permission.permission().user());
    text(", ", "vhost", permission.permission().vhost());
    text(", ", "exchange", permission.permission().exchange());
    text(", ", "write", permission.permission().write());
    text(", ", "read", permission.permission().read());
  }

  private void queue(Definition.Queue queue) {
    text("name", queue.name());
    text(", ", "vhost", queue.vhost());
    flag("durable", true);
    flag("auto_delete", queue.autoDelete());
    arguments(queue.arguments());
  }

  private void exchange(Definition.Exchange exchange) {
    text("name", exchange.definition().name());
    text(", ", "vhost", exchange.vhost());
    text(", ", "type", exchange.definition().type().protocolName());
    flag("durable", exchange.definition().durable());
    flag("auto_delete", exchange.definition().autoDelete());
    flag("internal", exchange.definition().internal());
    arguments(exchange.definition().arguments());
  }

  private void binding(Definition.Binding binding) {
    text("source", binding.source());
    text(", ", "vhost", binding.vhost());
    text(", ", "destination", binding.destination());
    text(", ", "destination_type", binding.toQueue() ? "queue" : "exchange");
    text(", ", "routing_key", binding.routingKey());
    arguments(binding.arguments());
  }

  private void text(String name, String value) {
    text("", name, value);
  }

  private void text(String before, String name, String value) {
    out.append(before);
    string(name);
    out.append(": ");
    string(value);
  }

  private void strings(String name, List<String> values) {
    out.append(", ");
    string(name);
    out.append(": [");
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      string(values.get(i));
    }
    out.append(']');
  }

  private void flag(String name, boolean value) {
    out.append(", \"").append(name).append("\": ").append(value);
  }

  private void arguments(FieldTable table) {
    out.append(", \"arguments\": ");
    table(table);
  }

  private void table(FieldTable table) {
    out.append('{');
    for (int i = 0; i < table.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      string(table.key(i));
      out.append(": ");
      value(table.value(i));
    }
    out.append('}');
  }

  private void value(FieldValue value) {
    if (value instanceof FieldValue.Table table) {
      table(table.value());
    } else if (value instanceof FieldValue.Array array) {
      out.append('[');
      for (int i = 0; i < array.values().size(); i++) {
        out.append(i == 0 ? "" : ", ");
        value(array.values().get(i));
      }
      out.append(']');
    } else if (value instanceof FieldValue.LongString text) {
      string(text.asString());
    } else if (value instanceof FieldValue.Bool flag) {
      out.append(flag.value());
    } else if (value.isInteger()) {
      out.append(value.asLong());
    } else if (value instanceof FieldValue.Timestamp time) {
      out.append(time.seconds());
    } else if (value instanceof FieldValue.Float64 number && Double.isFinite(number.value())) {
      out.append(number.value());
    } else if (value instanceof FieldValue.Float32 number && Float.isFinite(number.value())) {
      out.append(number.value());
    } else {
      out.append("null");
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
