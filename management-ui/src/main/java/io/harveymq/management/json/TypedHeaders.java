package io.harveymq.management.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.http.ApiException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What RabbitMQ's JSON does not tell of headers: the types of values that would come back as others
 * (see {@link FieldTables}). They have the shape of the headers, with RabbitMQ's names of types
 * where a value is, and nothing where no type has to be said. Any thread.
 */
final class TypedHeaders {
  private static final String DECIMAL = "decimal(";

  /** Ends the type of what is no UTF-8, whose value is in base64. */
  private static final String BASE64 = "-base64";

  private static final Pattern SCALE = Pattern.compile("\\d{1,3}");
  private static final int MOST_SCALE = 255;
  private static final String TYPES =
      "byte, unsignedbyte, short, unsignedshort, signedint, unsignedint, long, float, double,"
          + " decimal(SCALE) with a SCALE from 0 to 255, timestamp, binary, binary-base64, longstr,"
          + " longstr-base64, bool, void";

  private TypedHeaders() {}

  /** In base64 what is no UTF-8, which would be another after JSON; null for what is. */
  private static JsonNode encoded(FieldValue value) {
    byte[] bytes =
        value instanceof FieldValue.LongString string
            ? string.value()
            : value instanceof FieldValue.Binary binary ? binary.value() : null;
    return bytes == null || MessageJson.text(bytes) != null
        ? null
        : TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
  }

  /** Headers as RabbitMQ's JSON has them, but what is no UTF-8 in base64. */
  static ObjectNode json(FieldTable table) {
    ObjectNode object = Json.object();
    table.forEach((name, value) -> object.set(name, json(value)));
    return object;
  }

  private static JsonNode json(FieldValue value) {
    if (value instanceof FieldValue.Table table) {
      return json(table.value());
    }
    if (value instanceof FieldValue.Array array) {
      ArrayNode list = Json.array();
      array.values().forEach(one -> list.add(json(one)));
      return list;
    }
    JsonNode encoded = encoded(value);
    return encoded == null ? FieldTables.toJson(value) : encoded;
  }

  /** The types that have to be said; null for none. */
  static JsonNode types(FieldTable table) {
    ObjectNode types = Json.object();
    table.forEach(
        (name, value) -> {
          JsonNode type = type(value);
          if (type == null) {
            types.remove(name); // of several with one name JSON has the last
          } else {
            types.set(name, type);
          }
        });
    return types.isEmpty() ? null : types;
  }

  private static JsonNode type(FieldValue value) {
    if (value instanceof FieldValue.Table table) {
      return types(table.value());
    }
    if (value instanceof FieldValue.Array array) {
      ArrayNode types = Json.array();
      boolean any = false;
      for (FieldValue one : array.values()) {
        JsonNode type = type(one);
        any |= type != null;
        types.add(type == null ? NullNode.getInstance() : type);
      }
      return any ? types : null;
    }
    if (encoded(value) != null) {
      return TextNode.valueOf(value.typeName() + BASE64);
    }
    boolean isPlain =
        value instanceof FieldValue.LongString
            || value instanceof FieldValue.Bool
            || value instanceof FieldValue.Int64
            || value instanceof FieldValue.Float64 number && Double.isFinite(number.value());
    if (isPlain) {
      return null;
    }
    return TextNode.valueOf(
        value instanceof FieldValue.Decimal decimal
            ? DECIMAL + decimal.scale() + ")"
            : value.typeName());
  }

  /**
   * Headers with their types.
   *
   * @param types null for none
   * @throws ApiException 400 that says what does not fit
   */
  static FieldTable read(JsonNode headers, JsonNode types) {
    return table("headers", headers, types, 1);
  }

  private static FieldTable table(String path, JsonNode json, JsonNode types, int level) {
    if (!(json instanceof ObjectNode object)) {
      throw ApiException.badRequest(path + " has to be an object");
    }
    if (types == null || types.isNull()) {
      return FieldTables.table(object, level);
    }
    if (!(types instanceof ObjectNode)) {
      throw ApiException.badRequest("the types of " + path + " have to be an object");
    }
    for (Iterator<String> names = types.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!object.has(name)) {
        throw ApiException.badRequest(
            "header_types has " + path + "." + name + ", which is not there");
      }
    }
    FieldTable.Builder table = FieldTable.builder();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      JsonNode type = types.get(name);
      FieldTables.requireName(name);
      table.put(
          name,
          type == null
              ? FieldTables.valueOf(field.getValue(), level)
              : value(path + "." + name, field.getValue(), type, level));
    }
    return table.build();
  }

  private static FieldValue value(String path, JsonNode json, JsonNode type, int level) {
    FieldTables.requireLevel(level);
    if (type.isNull()) {
      return FieldTables.valueOf(json, level);
    }
    if (type.isObject()) {
      return FieldValue.of(table(path, json, type, level + 1));
    }
    if (type.isArray()) {
      if (!json.isArray() || json.size() != type.size()) {
        throw ApiException.badRequest(
            path + " has to be a list of " + type.size() + " values, as header_types says");
      }
      List<FieldValue> values = new ArrayList<>();
      for (int i = 0; i < json.size(); i++) {
        values.add(value(path + "[" + i + "]", json.get(i), type.get(i), level + 1));
      }
      return FieldValue.of(values);
    }
    try {
      FieldValue value = scalar(json, type.asText());
      if (value != null) {
        return value;
      }
    } catch (IllegalArgumentException | ArithmeticException unfit) {
      throw ApiException.badRequest(path + " does not fit its type " + type.asText());
    }
    throw ApiException.badRequest(
        path + " has the type " + type + ", which is none; there are " + TYPES);
  }

  /** Null for a type that there is not. */
  private static FieldValue scalar(JsonNode json, String type) {
    if (type.startsWith(DECIMAL) && type.endsWith(")")) {
      String number = type.substring(DECIMAL.length(), type.length() - 1);
      if (!SCALE.matcher(number).matches() || Integer.parseInt(number) > MOST_SCALE) {
        return null;
      }
      int scale = Integer.parseInt(number);
      BigDecimal scaled = number(json).decimalValue().setScale(scale, RoundingMode.HALF_EVEN);
      return new FieldValue.Decimal(scale, scaled.unscaledValue().longValueExact());
    }
    return switch (type) {
      case "byte" -> new FieldValue.Int8((byte) signed(json, Byte.SIZE));
      case "unsignedbyte" -> new FieldValue.UInt8((int) signed(json, Integer.SIZE));
      case "short" -> new FieldValue.Int16((short) signed(json, Short.SIZE));
      case "unsignedshort" -> new FieldValue.UInt16((int) signed(json, Integer.SIZE));
      case "signedint" -> FieldValue.of((int) signed(json, Integer.SIZE));
      case "unsignedint" -> new FieldValue.UInt32(signed(json, Long.SIZE));
      case "long" -> FieldValue.of(signed(json, Long.SIZE));
      case "timestamp" -> new FieldValue.Timestamp(signed(json, Long.SIZE));
      case "float" -> new FieldValue.Float32((float) real(json));
      case "double" -> new FieldValue.Float64(real(json));
      case "binary" -> new FieldValue.Binary(text(json).getBytes(StandardCharsets.UTF_8));
      case "binary-base64" -> new FieldValue.Binary(MessageJson.decoded(text(json)));
      case "longstr" -> FieldValue.of(text(json));
      case "longstr-base64" -> new FieldValue.LongString(MessageJson.decoded(text(json)));
      case "bool" -> FieldValue.of(require(json.isBoolean(), json).booleanValue());
      case "void" -> FieldTables.valueOf(require(json.isNull(), json));
      default -> null;
    };
  }

  private static JsonNode require(boolean fits, JsonNode json) {
    if (!fits) {
      throw new IllegalArgumentException();
    }
    return json;
  }

  private static JsonNode number(JsonNode json) {
    return require(json.isNumber(), json);
  }

  private static long signed(JsonNode json, int bits) {
    require(json.isIntegralNumber() && json.canConvertToLong(), json);
    long value = json.longValue();
    int left = Long.SIZE - bits;
    require(value << left >> left == value, json);
    return value;
  }

  /** JSON has no number for what is not finite; it is written as text. */
  private static double real(JsonNode json) {
    return json.isTextual() ? Double.parseDouble(json.textValue()) : number(json).doubleValue();
  }

  private static String text(JsonNode json) {
    return require(json.isTextual(), json).textValue();
  }
}
