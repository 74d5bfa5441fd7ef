package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Describes the endpoints of an API as an OpenAPI 3.0 document: what they do, what they take and
 * answer, who may use them. What there is comes from the server, what it means from {@link
 * OpenApiTables}. Any thread.
 */
public final class OpenApi {
  private static final String BASIC = "basic";

  private final OpenApiTables tables;

  private OpenApi(OpenApiTables tables) {
    this.tables = tables;
  }

  /**
   * The document, with the paths in alphabetical order. Reads the tables, which takes a moment: not
   * for an event loop.
   *
   * @param prefix of the paths up to and with {@code /api}
   * @param version of RabbitMQ that is behaved like
   * @throws IllegalStateException when the tables have nothing of an endpoint
   */
  public static ObjectNode describe(ApiRoutes routes, String prefix, String version) {
    OpenApi api = new OpenApi(OpenApiTables.read());
    ObjectNode body = Json.object();
    body.put("openapi", "3.0.3");
    ObjectNode info = body.putObject("info");
    info.put("title", "Harvey's HTTP API");
    info.put("version", version);
    info.put("description", api.tables.common().get("about").textValue());
    body.putArray("servers").addObject().put("url", prefix);
    body.putArray("security").addObject().putArray(BASIC);
    ArrayNode tags = body.putArray("tags");
    api.tables
        .tags()
        .forEach((tag, about) -> tags.addObject().put("name", tag).put("description", about));
    ObjectNode paths = body.putObject("paths");
    new TreeMap<>(routes.paths())
        .forEach((path, methods) -> paths.set(template(path), api.item(routes, path, methods)));
    body.set("components", api.components());
    return body;
  }

  private ObjectNode item(ApiRoutes routes, String path, List<String> methods) {
    ObjectNode item = Json.object();
    ArrayNode parameters = Json.array();
    for (String segment : path.substring(1).split("/")) {
      if (segment.startsWith(":")) {
        String name = segment.substring(1);
        parameters.add(OpenApiOperation.ofPath(name, meaning(path, name)));
      }
    }
    if (!parameters.isEmpty()) {
      item.set("parameters", parameters);
    }
    for (String method : methods) {
      JsonNode row = tables.operations().get(method + " " + path);
      if (row == null) {
        throw new IllegalStateException(method + " " + path + " is not described");
      }
      OpenApiOperation operation =
          new OpenApiOperation(method, path, routes.right(path, method), row, tables.common());
      item.set(method.toLowerCase(Locale.ROOT), operation.json());
    }
    return item;
  }

  /** What a variable stands for; below some paths it is something of their own. */
  private JsonNode meaning(String path, String name) {
    for (Map.Entry<String, JsonNode> own : tables.common().get("path_of").properties()) {
      if (path.startsWith(own.getKey()) && own.getValue().has(name)) {
        return own.getValue().get(name);
      }
    }
    JsonNode meaning = tables.common().get("path").get(name);
    if (meaning == null) {
      throw new IllegalStateException(":" + name + " of " + path + " is not described");
    }
    return meaning;
  }

  // ---- components

  /** The name of the schema of a page of something. */
  static String pageOf(String schema) {
    return schema + "Page";
  }

  private ObjectNode components() {
    ObjectNode components = Json.object();
    ObjectNode schemas = components.putObject("schemas");
    Map<String, ObjectNode> sorted = new TreeMap<>();
    tables.schemas().forEach((name, table) -> sorted.put(name, schema(table)));
    tables.common().get("pages").forEach(of -> sorted.put(pageOf(of.textValue()), page(of)));
    sorted.forEach(schemas::set);
    ObjectNode basic = Json.object().put("type", "http").put("scheme", "basic");
    components.putObject("securitySchemes").set(BASIC, basic);
    return components;
  }

  /** Of an object, or another name of some type. */
  private ObjectNode schema(JsonNode table) {
    return table.isTextual()
        ? OpenApiNotation.described(table.textValue())
        : OpenApiNotation.object(table, tables.schemas());
  }

  /** The envelope around the items of a page. */
  private ObjectNode page(JsonNode of) {
    ObjectNode page = OpenApiNotation.object(tables.common().get("page"), tables.schemas());
    ((ArrayNode) page.get("required")).add("items");
    page.withObject("/properties").set("items", OpenApiNotation.schema(of.textValue() + "[]"));
    return page;
  }

  private static String template(String path) {
    return path.replaceAll(":([^/]+)", "{$1}");
  }
}
