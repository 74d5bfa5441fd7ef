package io.harveymq.management.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ShortString;
import io.harveymq.management.http.ApiException;
import io.netty.buffer.ByteBufUtil;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Field tables as JSON, as RabbitMQ's management converts them (rabbit_mgmt_format:amqp_table,
 * to_amqp_table): whole numbers become 64-bit integers, others doubles, strings long strings. Any
 * thread.
 */
public final class FieldTables {
  /** Readers of field tables follow 128. */
  private static final int DEEPEST = 100;

  private FieldTables() {}

  /** A table as an object. */
  public static ObjectNode toJson(FieldTable table) {
    ObjectNode object = Json.object();
    table.forEach((name, value) -> object.set(name, toJson(value)));
    return object;
  }

  /** A value. */
  public static JsonNode toJson(FieldValue value) {
    if (value instanceof FieldValue.LongString string) {
      return TextNode.valueOf(string.asString());
    } else if (value instanceof FieldValue.Bool bool) {
      return BooleanNode.valueOf(bool.value());
    } else if (value.isInteger()) {
      return LongNode.valueOf(value.asLong());
    } else if (value instanceof FieldValue.Float32 number) {
      return DoubleNode.valueOf(number.value());
    } else if (value instanceof FieldValue.Float64 number) {
      return DoubleNode.valueOf(number.value());
    } else if (value instanceof FieldValue.Decimal number) {
      return DecimalNode.valueOf(BigDecimal.valueOf(number.unscaled(), number.scale()));
    } else if (value instanceof FieldValue.Timestamp time) {
      return LongNode.valueOf(time.seconds());
    } else if (value instanceof FieldValue.Binary binary) {
      return TextNode.valueOf(new String(binary.value(), StandardCharsets.UTF_8));
    } else if (value instanceof FieldValue.Table table) {
      return toJson(table.value());
    } else if (value instanceof FieldValue.Array array) {
      ArrayNode list = Json.array();
      array.values().forEach(one -> list.add(toJson(one)));
      return list;
    }
    return NullNode.getInstance();
  }

  /**
   * An object as a table.
   *
   * @throws ApiException 400 when a field table can't have it
   */
  public static FieldTable fromJson(ObjectNode object) {
    return table(object, 1);
  }

  /** The same within others. */
  static FieldTable table(ObjectNode object, int level) {
    FieldTable.Builder table = FieldTable.builder();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      requireName(field.getKey());
      table.put(field.getKey(), valueOf(field.getValue(), level));
    }
    return table.build();
  }

  /**
   * A value.
   *
   * @throws ApiException 400 when a field table can't have it
   */
  public static FieldValue valueOf(JsonNode value) {
    return valueOf(value, 1);
  }

  /** The same within others. */
  static FieldValue valueOf(JsonNode value, int level) {
    requireLevel(level);
    if (value.isTextual()) {
      return FieldValue.of(value.textValue());
    } else if (value.isBoolean()) {
      return FieldValue.of(value.booleanValue());
    } else if (value.isIntegralNumber() && value.canConvertToLong()) {
      return FieldValue.of(value.longValue());
    } else if (value.isNumber()) {
      return new FieldValue.Float64(value.doubleValue());
    } else if (value instanceof ObjectNode object) {
      return new FieldValue.Table(table(object, level + 1));
    } else if (value instanceof ArrayNode array) {
      List<FieldValue> values = new ArrayList<>();
      array.forEach(one -> values.add(valueOf(one, level + 1)));
      return new FieldValue.Array(values);
    }
    return new FieldValue.Void();
  }

  static void requireName(String name) {
    if (ByteBufUtil.utf8Bytes(name) > ShortString.MAX_BYTES) {
      throw ApiException.badRequest("the name of a field may have 255 bytes at most");
    }
  }

  static void requireLevel(int level) {
    if (level > DEEPEST) {
      throw ApiException.badRequest("values may have " + DEEPEST + " levels at most");
    }
  }
}
