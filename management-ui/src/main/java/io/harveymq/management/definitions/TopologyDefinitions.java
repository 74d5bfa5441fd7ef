package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import java.util.Locale;

/** Queues, exchanges and bindings as definitions have them. Any thread. */
final class TopologyDefinitions {
  private static final String QUEUE_TYPE = "x-queue-type";

  private TopologyDefinitions() {}

  /**
   * A queue.
   *
   * @param namesType whether its type is to be among the arguments although it was not asked for
   */
  static ObjectNode toJson(QueueInfo queue, boolean namesType) {
    ObjectNode body = Json.object();
    body.put("name", queue.name());
    body.put("vhost", queue.vhost());
    body.put("durable", queue.durable());
    body.put("auto_delete", queue.autoDelete());
    ObjectNode arguments = FieldTables.toJson(queue.arguments());
    if (namesType && !arguments.has(QUEUE_TYPE)) {
      arguments.put(QUEUE_TYPE, queue.type().name().toLowerCase(Locale.ROOT));
    }
    body.set("arguments", arguments);
    return body;
  }

  static ObjectNode toJson(ExchangeInfo exchange) {
    ObjectNode body = Json.object();
    body.put("name", exchange.definition().name());
    body.put("vhost", exchange.vhost());
    body.put("type", exchange.definition().type().protocolName());
    body.put("durable", exchange.definition().durable());
    body.put("auto_delete", exchange.definition().autoDelete());
    body.put("internal", exchange.definition().internal());
    body.set("arguments", FieldTables.toJson(exchange.definition().arguments()));
    return body;
  }

  static ObjectNode toJson(BindingInfo binding) {
    ObjectNode body = Json.object();
    body.put("source", binding.source());
    body.put("vhost", binding.vhost());
    body.put("destination", binding.destination());
    body.put("destination_type", binding.toQueue() ? "queue" : "exchange");
    body.put("routing_key", binding.routingKey());
    body.set("arguments", FieldTables.toJson(binding.arguments()));
    return body;
  }

  /** What declares a queue. */
  static QueueMethod.Declare queue(ObjectNode body) {
    return new QueueMethod.Declare(
        required(body, "name"),
        false,
        ApiRequest.bool(body, "durable", true),
        false,
        ApiRequest.bool(body, "auto_delete", false),
        false,
        ApiRequest.table(body, "arguments"));
  }

  /** What declares an exchange. */
  static ExchangeMethod.Declare exchange(ObjectNode body) {
    return new ExchangeMethod.Declare(
        required(body, "name"),
        required(body, "type"),
        false,
        ApiRequest.bool(body, "durable", true),
        ApiRequest.bool(body, "auto_delete", false),
        ApiRequest.bool(body, "internal", false),
        false,
        ApiRequest.table(body, "arguments"));
  }

  /** What binds. */
  static Method binding(ObjectNode body) {
    String source = required(body, "source");
    String destination = required(body, "destination");
    String key = ApiRequest.text(body, "routing_key", "");
    FieldTable arguments = ApiRequest.table(body, "arguments");
    String type = ApiRequest.text(body, "destination_type", "queue");
    if (type.equals("queue")) {
      return new QueueMethod.Bind(destination, source, key, false, arguments);
    }
    if (type.equals("exchange")) {
      return new ExchangeMethod.Bind(destination, source, key, false, arguments);
    }
    throw ApiException.badRequest("unknown destination_type '" + type + "'");
  }

  /**
   * A text that has to be there.
   *
   * @throws ApiException 400 when it is not
   */
  static String required(ObjectNode body, String key) {
    JsonNode value = body.get(key);
    if (value == null || !value.isTextual()) {
      throw ApiException.badRequest(key + (value == null ? " is missing" : " has to be a string"));
    }
    return value.textValue();
  }
}
