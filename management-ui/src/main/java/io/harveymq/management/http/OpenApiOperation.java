package io.harveymq.management.http;

import static io.harveymq.management.http.OpenApiNotation.bare;
import static io.harveymq.management.http.OpenApiNotation.described;
import static io.harveymq.management.http.OpenApiNotation.isOptional;
import static io.harveymq.management.http.OpenApiNotation.schema;
import static io.harveymq.management.http.OpenApiNotation.textOf;
import static io.harveymq.management.http.OpenApiNotation.typeOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.LossBound;
import io.harveymq.management.json.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * What can be done with a path, as OpenAPI describes it: made from its row in the tables, and from
 * what the server knows of it. One thread.
 */
final class OpenApiOperation {
  private static final String JSON = "application/json";
  private static final String NOTHING = "-";
  private static final String PAGED = "paged";

  private final String method;
  private final String path;
  private final Right right;
  private final JsonNode row;
  private final JsonNode common;

  /**
   * @param row of the tables
   * @param common what all areas have
   */
  OpenApiOperation(String method, String path, Right right, JsonNode row, JsonNode common) {
    this.method = method;
    this.path = path;
    this.right = right;
    this.row = row;
    this.common = common;
  }

  ObjectNode json() {
    ObjectNode operation = Json.object();
    operation.putArray("tags").add(row.get("tag"));
    operation.put("operationId", id());
    operation.put("summary", row.get("summary").textValue());
    String about = row.has("about") ? row.get("about").textValue() + "\n\n" : "";
    operation.put("description", about + who());
    if (right == Right.NOBODY_IN_PARTICULAR) {
      operation.putArray("security");
    }
    ArrayNode parameters = parameters();
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
    if (hasBody()) {
      operation.set("requestBody", body());
    }
    operation.set("responses", responses());
    return operation;
  }

  // ---- parameters

  /** What the name of a variable in the path means. */
  static ObjectNode ofPath(String name, JsonNode meaning) {
    ObjectNode parameter = parameter(name, "path", meaning.get("type").textValue());
    parameter.set("example", meaning.get("example"));
    return parameter;
  }

  private ArrayNode parameters() {
    ArrayNode parameters = Json.array();
    for (JsonNode group : row.path("with")) {
      addAll(parameters, common.get("query").get(group.textValue()));
    }
    addAll(parameters, row.path("query"));
    for (LossBound.Kind kind : LossQuery.heeded(method, path)) {
      String text = "integer: With more " + kind.word() + " to go nothing does: 400.";
      parameters.add(parameter(LossQuery.parameter(kind) + "?", "query", text));
    }
    addAll(parameters, "header", row.path("header"));
    return parameters;
  }

  private static void addAll(ArrayNode parameters, JsonNode queries) {
    addAll(parameters, "query", queries);
  }

  private static void addAll(ArrayNode parameters, String in, JsonNode some) {
    some.properties()
        .forEach(one -> parameters.add(parameter(one.getKey(), in, one.getValue().textValue())));
  }

  private static ObjectNode parameter(String name, String in, String described) {
    ObjectNode parameter = Json.object();
    parameter.put("name", bare(name)).put("in", in);
    parameter.put("description", textOf(described));
    if (!isOptional(name)) {
      parameter.put("required", true);
    }
    parameter.set("schema", schema(typeOf(described)));
    return parameter;
  }

  // ---- body

  private boolean hasBody() {
    return row.has("body") || row.has("body?");
  }

  private ObjectNode body() {
    ObjectNode body = Json.object();
    String type = row.path(row.has("body") ? "body" : "body?").textValue();
    body.put("required", row.has("body"));
    String media = row.has("body_media") ? row.get("body_media").textValue() : JSON;
    ObjectNode content = body.putObject("content").putObject(media);
    content.set("schema", schema(type));
    content.set("example", row.get("example"));
    return body;
  }

  // ---- answers

  private ObjectNode responses() {
    Map<String, ObjectNode> byStatus = new TreeMap<>();
    for (Map.Entry<String, JsonNode> refusal : common.get("refusals").properties()) {
      if (mayBeRefusedWith(refusal.getKey())) {
        byStatus.put(refusal.getKey(), response(refusal.getValue().textValue(), JSON));
      }
    }
    String media = row.has("media") ? row.get("media").textValue() : JSON;
    row.get("answers")
        .properties()
        .forEach(
            answer -> {
              boolean good = answer.getKey().startsWith("2");
              byStatus.put(
                  answer.getKey(), response(answer.getValue().textValue(), good ? media : JSON));
            });
    row.path("headers")
        .properties()
        .forEach(one -> header(byStatus.get("201"), one.getKey(), one.getValue().textValue()));
    ObjectNode responses = Json.object();
    byStatus.forEach(responses::set);
    return responses;
  }

  private boolean mayBeRefusedWith(String status) {
    boolean hasVariables = path.contains(":");
    boolean asksForVhost =
        path.contains(":vhost") && right != Right.ADMINISTRATOR && right != Right.MONITORING;
    boolean isBound = !LossQuery.heeded(method, path).isEmpty() || isPaged();
    return switch (status) {
      case "400" -> row.has("body") || isBound;
      case "401" -> right != Right.NOBODY_IN_PARTICULAR;
      case "404" -> asksForVhost || hasVariables && !method.equals("PUT");
      default -> false;
    };
  }

  private boolean isPaged() {
    for (JsonNode group : row.path("with")) {
      if (group.textValue().equals(PAGED)) {
        return true;
      }
    }
    return false;
  }

  private ObjectNode response(String described, String media) {
    ObjectNode response = Json.object().put("description", textOf(described));
    String type = typeOf(described);
    if (!type.equals(NOTHING)) {
      boolean pages = isPaged() && type.endsWith("[]");
      String page = OpenApi.pageOf(type.substring(0, Math.max(0, type.length() - 2)));
      response
          .putObject("content")
          .putObject(media)
          .set("schema", schema(pages ? type + " or " + page : type));
    }
    return response;
  }

  private static void header(ObjectNode response, String name, String text) {
    ObjectNode schema = described(text);
    String description = textOf(text);
    schema.remove("description");
    response.withObject("/headers/" + name).put("description", description).set("schema", schema);
  }

  // ---- what the server knows

  /** What the tags of a user have to be. */
  private String who() {
    return switch (right) {
      case NOBODY_IN_PARTICULAR -> "For anybody, without logging in.";
      case MANAGEMENT -> "For users with any tag of the management.";
      case VHOST, VISIBLE_VHOST -> "For users with permissions in the virtual host.";
      case POLICYMAKER -> "For the tags policymaker and administrator.";
      case MONITORING -> "For the tags monitoring and administrator.";
      case ADMINISTRATOR -> "For the tag administrator.";
    };
  }

  /** Such as {@code getQueuesVhostQueue}. */
  private String id() {
    StringBuilder id = new StringBuilder(method.toLowerCase(java.util.Locale.ROOT));
    for (String word : path.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return id.toString();
  }
}
