package io.harveymq.persistence;

import io.harveymq.broker.store.Definition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
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
    TreeSet<String> vhosts = new TreeSet<>();
    vhosts.add("/");
    definitions.forEach(definition -> vhosts.add(definition.vhost()));
    out.append("{\n  \"rabbit_version\": \"3.10.8\",\n  \"product_name\": \"Harvey\"");
    list("vhosts", List.copyOf(vhosts), vhost -> text("name", vhost));
    list("policies", policies(definitions, false), this::policy);
    list("operator_policies", policies(definitions, true), this::policy);
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

  private void policy(Definition.Policy stored) {
    text("vhost", stored.vhost());
    text(", ", "name", stored.policy().name());
    text(", ", "pattern", stored.policy().pattern());
    text(", ", "apply-to", stored.policy().applyTo().protocolName());
    out.append(", \"definition\": ");
    table(stored.policy().definition());
    out.append(", \"priority\": ").append(stored.policy().priority());
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
