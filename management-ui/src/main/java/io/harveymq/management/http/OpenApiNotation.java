package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The short notation of types in the tables that describe the API, and the JSON schema that each
 * stands for:
 *
 * <table>
 * <caption>types</caption>
 * <tr><td>{@code string}, {@code integer}, {@code number}, {@code boolean}</td><td>itself</td></tr>
 * <tr><td>{@code object}</td><td>an object with any fields</td></tr>
 * <tr><td>{@code any}</td><td>any value</td></tr>
 * <tr><td>{@code Queue}</td><td>the schema with that name</td></tr>
 * <tr><td>{@code a|b}</td><td>one of these texts</td></tr>
 * <tr><td>{@code T[]}, <code>T{}</code></td><td>a list, an object with such values</td></tr>
 * <tr><td>{@code T?}</td><td>such a value, which is no schema with a name, or null</td></tr>
 * <tr><td>{@code T or U}</td><td>one of the two</td></tr>
 * <tr><td>{@code counter}</td><td>of a field: a count, and its rate in {@code NAME_details}</td></tr>
 * </table>
 *
 * <p>Behind it may come {@code = value}, which holds where nothing is given, and {@code : what it
 * is}. A field whose name ends with a question mark is not always there. Stateless; any thread.
 */
final class OpenApiNotation {
  private static final String COUNTER = "counter";
  private static final String OPTIONAL = "?";

  private OpenApiNotation() {}

  /** The name of a field without the mark of one that is not always there. */
  static String bare(String field) {
    return isOptional(field) ? field.substring(0, field.length() - 1) : field;
  }

  static boolean isOptional(String field) {
    return field.endsWith(OPTIONAL);
  }

  /** What stands before the first colon. */
  static String typeOf(String described) {
    int colon = described.indexOf(": ");
    return colon < 0 ? described : described.substring(0, colon);
  }

  /** What stands behind it; empty for nothing. */
  static String textOf(String described) {
    int colon = described.indexOf(": ");
    return colon < 0 ? "" : described.substring(colon + 2);
  }

  /** A type with its default. */
  static ObjectNode schema(String type) {
    int equals = type.indexOf(" = ");
    if (equals < 0) {
      return bareSchema(type);
    }
    ObjectNode schema = bareSchema(type.substring(0, equals));
    schema.set("default", value(type.substring(equals + 3)));
    return schema;
  }

  private static JsonNode value(String json) {
    try {
      return Json.read(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException none) {
      throw new UncheckedIOException("a default that is no JSON: " + json, none);
    }
  }

  private static ObjectNode bareSchema(String type) {
    ObjectNode schema = Json.object();
    if (type.contains(" or ")) {
      ArrayNode either = schema.putArray("oneOf");
      for (String one : type.split(" or ")) {
        either.add(bareSchema(one));
      }
    } else if (type.endsWith("?")) {
      return orNull(bareSchema(type.substring(0, type.length() - 1)));
    } else if (type.endsWith("[]")) {
      schema.put("type", "array").set("items", bareSchema(type.substring(0, type.length() - 2)));
    } else if (type.endsWith("{}")) {
      schema
          .put("type", "object")
          .set("additionalProperties", bareSchema(type.substring(0, type.length() - 2)));
    } else if (type.contains("|")) {
      ArrayNode values = schema.put("type", "string").putArray("enum");
      for (String one : type.split("\\|")) {
        values.add(one);
      }
    } else {
      simple(schema, type);
    }
    return schema;
  }

  private static void simple(ObjectNode schema, String type) {
    switch (type) {
      case "string", "boolean" -> schema.put("type", type);
      case "integer" -> schema.put("type", type).put("format", "int64");
      case "number" -> schema.put("type", type).put("format", "double");
      case "object" -> schema.put("type", type).put("additionalProperties", true);
      case "any" -> {}
      default -> {
        if (!Character.isUpperCase(type.charAt(0))) {
          throw new IllegalArgumentException("no type: " + type);
        }
        schema.put("$ref", "#/components/schemas/" + type);
      }
    }
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.has("enum")) {
      ((ArrayNode) schema.get("enum")).addNull();
    }
    return schema.put("nullable", true);
  }

  /** A type with what it is, such as {@code "integer: Messages that wait."}. */
  static ObjectNode described(String described) {
    ObjectNode schema = schema(typeOf(described));
    String text = textOf(described);
    if (text.isEmpty()) {
      return schema;
    }
    if (schema.has("$ref")) {
      ObjectNode wrapped = Json.object();
      wrapped.putArray("allOf").add(schema);
      schema = wrapped;
    }
    return schema.put("description", text);
  }

  /**
   * The schema of an object.
   *
   * @param table {@code about} what it is, its {@code fields}, and others that it {@code has}
   * @param all the tables by name, for those
   */
  static ObjectNode object(JsonNode table, Map<String, JsonNode> all) {
    ObjectNode schema = Json.object().put("type", "object");
    if (table.has("about")) {
      schema.put("description", table.get("about").textValue());
    }
    ArrayNode required = Json.array();
    ObjectNode properties = Json.object();
    fields(table, all, properties, required);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    schema.set("properties", properties);
    return schema;
  }

  private static void fields(
      JsonNode table, Map<String, JsonNode> all, ObjectNode properties, ArrayNode required) {
    table
        .path("fields")
        .properties()
        .forEach(
            field -> {
              String name = bare(field.getKey());
              String described = field.getValue().textValue();
              boolean counts = typeOf(described).equals(COUNTER);
              put(properties, name, counts ? "integer: " + textOf(described) : described);
              if (counts) {
                put(properties, name + "_details", "Rate");
              }
              if (!isOptional(field.getKey())) {
                required.add(name);
                if (counts) {
                  required.add(name + "_details");
                }
              }
            });
    for (JsonNode other : table.path("has")) {
      fields(all.get(other.textValue()), all, properties, required);
    }
  }

  private static void put(ObjectNode properties, String name, String described) {
    properties.set(name, described(described));
  }
}
