package io.harveymq.management.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** Messages as RabbitMQ's management shows them (rabbit_mgmt_wm_queue_get). Any thread. */
public final class MessageJson {
  /** Beside a message's properties. */
  public static final String HEADER_TYPES = "header_types";

  private static final Pattern WHITE_SPACE = Pattern.compile("[ \\t\\r\\n]+");

  /** Base64 comes in fours. */
  private static final int BASE64_UNIT = 4;

  private MessageJson() {}

  /** The properties that are set; an empty list when none is, as in RabbitMQ. */
  public static JsonNode properties(byte[] encoded) {
    BasicProperties properties = BasicProperties.trusted(encoded);
    ObjectNode body = Json.object();
    put(body, "type", properties.type());
    put(body, "message_id", properties.messageId());
    put(body, "reply_to", properties.replyTo());
    put(body, "expiration", properties.expiration());
    put(body, "correlation_id", properties.correlationId());
    put(body, "user_id", properties.userId());
    put(body, "app_id", properties.appId());
    put(body, "cluster_id", properties.clusterId());
    put(body, "content_type", properties.contentType());
    put(body, "content_encoding", properties.contentEncoding());
    if (properties.timestamp() != null) {
      body.put("timestamp", properties.timestamp());
    }
    if (BasicProperties.priority(encoded) >= 0) {
      body.put("priority", BasicProperties.priority(encoded));
    }
    if (properties.deliveryMode() > 0) {
      body.put("delivery_mode", properties.deliveryMode());
    }
    if (properties.headers() != null) {
      body.set("headers", FieldTables.toJson(properties.headers()));
    }
    return body.isEmpty() ? Json.array() : body;
  }

  /**
   * Adds {@code header_types}: the types of headers that JSON does not tell, if there are such.
   * What is no UTF-8 in the headers of the body comes in base64. To be read with {@link
   * PropertiesJson#read(JsonNode, JsonNode)}.
   */
  public static void putHeaderTypes(ObjectNode body, byte[] encoded) {
    FieldTable headers = BasicProperties.trusted(encoded).headers();
    JsonNode types = headers == null ? null : TypedHeaders.types(headers);
    if (types != null) {
      body.set(HEADER_TYPES, types);
      ((ObjectNode) body.get("properties")).set("headers", TypedHeaders.json(headers));
    }
  }

  private static void put(ObjectNode body, String name, String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  /**
   * Adds exchange, key, properties and payload.
   *
   * @param base64 whether the payload is to be encoded even if it is text
   * @param truncate the most bytes of the payload to show; negative for all
   */
  public static void put(ObjectNode body, Content message, boolean base64, long truncate) {
    body.put("payload_bytes", message.body().length);
    body.put("exchange", message.exchange());
    body.put("routing_key", message.routingKey());
    body.set("properties", properties(message.properties()));
    byte[] shown = message.body();
    if (truncate >= 0 && truncate < shown.length) {
      shown = Arrays.copyOf(shown, (int) truncate);
    }
    String text = base64 ? null : text(shown);
    if (text == null) {
      body.put("payload", Base64.getEncoder().encodeToString(shown));
      body.put("payload_encoding", "base64");
    } else {
      body.put("payload", text);
      body.put("payload_encoding", "string");
    }
  }

  /** Bytes as text; null when they are no UTF-8. */
  static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException none) {
      return null;
    }
  }

  /**
   * The bytes of a payload in base64. Spaces and line ends in it do not count, padding has to be
   * there.
   *
   * @throws IllegalArgumentException with a reason when that is no base64
   */
  public static byte[] decoded(String base64) {
    String dense = WHITE_SPACE.matcher(base64).replaceAll("");
    if (dense.length() % BASE64_UNIT != 0) {
      throw new IllegalArgumentException(dense.length() + " characters are no multiple of four");
    }
    return Base64.getDecoder().decode(dense);
  }
}
