package io.harveymq.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The API as its OpenAPI document describes it, to hold what is sent and answered against it:
 * strictly, so that a field that is not described is an error. One thread.
 */
final class ApiDescription {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

  private final JsonNode document;
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V4,
          builder ->
              builder
                  .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
                  .metaSchema(OpenApi30.getInstance()));
  private final Map<JsonNode, JsonSchema> known = new HashMap<>();

  ApiDescription(JsonNode document) {
    this.document = document;
    document.at("/components/schemas").forEach(ApiDescription::close);
  }

  /** Nothing but what is described. */
  private static void close(JsonNode schema) {
    if (schema.has("properties")) {
      ((ObjectNode) schema).put("additionalProperties", false);
    }
  }

  /** What can be done with a path. */
  record Operation(String method, String path, JsonNode json, ArrayNode parameters) {
    /** Whether a parameter with that name may be in the query. */
    boolean takes(String query) {
      return parameter("query", query) != null;
    }

    private JsonNode parameter(String in, String name) {
      for (JsonNode parameter : parameters) {
        if (parameter.path("in").asText().equals(in)
            && parameter.path("name").asText().equals(name)) {
          return parameter;
        }
      }
      return null;
    }

    /**
     * The path with a value for each variable.
     *
     * @param values by name; of others the example of the description is taken
     */
    String filled(Map<String, String> values) {
      StringBuilder filled = new StringBuilder();
      for (String segment : path.substring(1).split("/")) {
        String value = segment;
        if (segment.startsWith("{")) {
          String name = segment.substring(1, segment.length() - 1);
          String example = parameter("path", name).get("example").asText();
          value = ManagementClient.segment(values.getOrDefault(name, example));
        }
        filled.append('/').append(value);
      }
      return filled.toString();
    }

    JsonNode example() {
      for (JsonNode content : json.at("/requestBody/content")) {
        return content.get("example");
      }
      return null;
    }

    boolean isEndless() {
      return json.at("/responses/200/content").has("text/event-stream");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        one -> {
                          if (METHODS.contains(one.getKey())) {
                            all.add(operation(path.getKey(), path.getValue(), one.getKey()));
                          }
                        }));
    return all;
  }

  private Operation operation(String path, JsonNode item, String method) {
    ArrayNode parameters = ((ObjectNode) document).arrayNode();
    item.path("parameters").forEach(parameters::add);
    item.get(method).path("parameters").forEach(parameters::add);
    return new Operation(
        method.toUpperCase(java.util.Locale.ROOT), path, item.get(method), parameters);
  }

  // ---- what is wrong

  /** What is wrong with an answer; nothing when it is as described. */
  Set<String> wrong(Operation operation, HttpAnswer answer) {
    JsonNode response = operation.json().at("/responses/" + answer.status());
    if (response.isMissingNode()) {
      return Set.of("the status is not described");
    }
    if (answer.body().isEmpty()) {
      boolean mayBe = response.path("content").isEmpty() || answer.status() == 401;
      return mayBe ? Set.of() : Set.of("there is no body");
    }
    if (response.path("content").isEmpty()) {
      return Set.of("there is a body");
    }
    return wrong(response.path("content").iterator().next().get("schema"), answer.json());
  }

  /** What is wrong with an example of a body. */
  Set<String> wrongExample(Operation operation) {
    JsonNode content = operation.json().at("/requestBody/content").iterator().next();
    return wrong(content.get("schema"), content.get("example"));
  }

  /** What is wrong with a value that is to be as a schema of this document says. */
  Set<String> wrong(JsonNode schema, JsonNode value) {
    Set<String> wrong = new TreeSet<>();
    for (ValidationMessage message : known.computeIfAbsent(schema, this::schema).validate(value)) {
      wrong.add(message.getMessage());
    }
    return wrong;
  }

  private JsonSchema schema(JsonNode schema) {
    ObjectNode whole = ((ObjectNode) document).objectNode();
    whole.putArray("allOf").add(schema);
    whole.putObject("components").set("schemas", document.at("/components/schemas"));
    return factory.getSchema(whole);
  }
}
