package io.harveymq.management.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.ShortString;
import io.harveymq.management.http.ApiException;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;

/**
 * The properties of a message that is to be published, from JSON, with RabbitMQ's errors
 * (rabbit_mgmt_format:to_basic_properties). Unknown ones mean nothing. Any thread.
 */
public final class PropertiesJson {
  private PropertiesJson() {}

  /**
   * Reads properties.
   *
   * @throws ApiException 400 for one of the wrong type
   */
  public static BasicProperties read(JsonNode json) {
    if (!(json instanceof ObjectNode properties)) {
      if (json instanceof ArrayNode array && array.isEmpty()) {
        return BasicProperties.EMPTY;
      }
      throw ApiException.badRequest("properties has to be an object");
    }
    BasicProperties.Builder builder = BasicProperties.builder();
    text(properties, "content_type", builder::contentType);
    text(properties, "content_encoding", builder::contentEncoding);
    if (properties.has("headers")) {
      refuseNull(properties.get("headers"));
      builder.headers(headers(properties.get("headers")));
    }
    octet(properties, "delivery_mode", builder::deliveryMode);
    octet(properties, "priority", builder::priority);
    text(properties, "correlation_id", builder::correlationId);
    text(properties, "reply_to", builder::replyTo);
    text(properties, "expiration", builder::expiration);
    text(properties, "message_id", builder::messageId);
    if (properties.has("timestamp")) {
      builder.timestamp(number(properties, "timestamp"));
    }
    text(properties, "type", builder::type);
    text(properties, "user_id", builder::userId);
    text(properties, "app_id", builder::appId);
    text(properties, "cluster_id", builder::clusterId);
    return builder.build();
  }

  /**
   * Reads properties whose headers have types that JSON does not tell, and may have null.
   *
   * @param types as {@link MessageJson#putHeaderTypes} writes them; null for none
   * @throws ApiException 400 for what has the wrong type, or does not fit the one that is given
   */
  public static BasicProperties read(JsonNode json, JsonNode types) {
    JsonNode headers = json.get("headers");
    if (headers == null) {
      if (types != null && !types.isNull()) {
        throw ApiException.badRequest(
            MessageJson.HEADER_TYPES + " is there without headers in properties");
      }
      return read(json);
    }
    ObjectNode others = ((ObjectNode) json).deepCopy();
    others.remove("headers");
    return read(others).toBuilder()
        .headers(TypedHeaders.read(isEmptyList(headers) ? Json.object() : headers, types))
        .build();
  }

  /** A table; PHP writes an empty one as a list. */
  private static FieldTable headers(JsonNode value) {
    if (isEmptyList(value)) {
      return FieldTable.EMPTY;
    }
    if (value instanceof ObjectNode headers) {
      return FieldTables.fromJson(headers);
    }
    throw ApiException.badRequest("headers has to be an object");
  }

  private static boolean isEmptyList(JsonNode value) {
    return value.isArray() && value.isEmpty();
  }

  private static void refuseNull(JsonNode value) {
    if (value.isNull()) {
      throw ApiException.badRequest("null_not_allowed");
    }
    value.forEach(PropertiesJson::refuseNull);
  }

  private static void text(ObjectNode properties, String name, Consumer<String> setter) {
    JsonNode value = properties.get(name);
    if (value != null) {
      if (!value.isTextual()) {
        throw wrong("not_string", name);
      }
      if (ByteBufUtil.utf8Bytes(value.textValue()) > ShortString.MAX_BYTES) {
        throw ApiException.badRequest(name + " may have 255 bytes at most");
      }
      setter.accept(value.textValue());
    }
  }

  private static void octet(ObjectNode properties, String name, Consumer<Integer> setter) {
    if (properties.has(name)) {
      setter.accept((int) number(properties, name) & 0xFF);
    }
  }

  private static long number(ObjectNode properties, String name) {
    JsonNode value = properties.get(name);
    if (!value.isIntegralNumber()) {
      throw wrong("not_int", name);
    }
    return value.longValue();
  }

  private static ApiException wrong(String what, String name) {
    return ApiException.badRequest(Json.array().add(what).add(name));
  }
}
