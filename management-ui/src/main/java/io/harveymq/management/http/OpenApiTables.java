package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables that describe the API, a resource for each area: {@code openapi/AREA.json}. Each has
 * its {@code tag}, what it is {@code about}, its {@code operations} by method and path, and {@code
 * schemas} by name, written as {@link OpenApiNotation} says. They are read when somebody asks.
 * Immutable but for its JSON.
 *
 * @param operations with the tag of their area as {@code tag}
 * @param tags with what their areas are about
 * @param common what all areas have: parameters of paths, groups of query parameters, refusals
 */
record OpenApiTables(
    Map<String, ObjectNode> operations,
    Map<String, JsonNode> schemas,
    Map<String, String> tags,
    JsonNode common) {
  private static final List<String> AREAS =
      List.of(
          "broker",
          "health",
          "connections",
          "exchanges",
          "queues",
          "vhosts",
          "users",
          "policies",
          "definitions",
          "dev-broker",
          "dev-topology",
          "dev-messages",
          "dev-stories",
          "dev-tests");

  /** Reads all of them. Takes a moment: not for an event loop. */
  static OpenApiTables read() {
    Map<String, ObjectNode> operations = new LinkedHashMap<>();
    Map<String, JsonNode> schemas = new LinkedHashMap<>();
    Map<String, String> tags = new LinkedHashMap<>();
    JsonNode common = read("common");
    putAll(schemas, common.get("schemas"));
    for (String area : AREAS) {
      JsonNode table = read(area);
      String tag = table.get("tag").textValue();
      tags.put(tag, table.get("about").textValue());
      table
          .get("operations")
          .properties()
          .forEach(
              one -> operations.put(one.getKey(), ((ObjectNode) one.getValue()).put("tag", tag)));
      putAll(schemas, table.get("schemas"));
    }
    return new OpenApiTables(operations, schemas, tags, common);
  }

  private static void putAll(Map<String, JsonNode> into, JsonNode schemas) {
    schemas.properties().forEach(one -> into.put(one.getKey(), one.getValue()));
  }

  private static JsonNode read(String area) {
    try (InputStream in = OpenApiTables.class.getResourceAsStream("openapi/" + area + ".json")) {
      return Json.read(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the table openapi/" + area + ".json", unreadable);
    }
  }
}
