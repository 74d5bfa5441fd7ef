package io.harveymq.management.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.vhost.BrokerClock;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.json.Json;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description of the API is whole and well-formed, of each version that has its own paths. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

  /** By what it is of. */
  private static final Map<String, String> DOCUMENTS = new TreeMap<>();

  @BeforeAll
  static void ask() throws Exception {
    DOCUMENTS.put("3.10", document(Compatibility.V3_10, BrokerClock.SYSTEM));
    DOCUMENTS.put("4.2, with a clock", document(Compatibility.V4_2, new ManualClock()));
  }

  private static String document(Compatibility version, BrokerClock clock) throws Exception {
    BrokerConfig config =
        BrokerConfig.builder().compatibility(version).amqpPort(0).clock(clock).build();
    try (Broker broker = Broker.start(config);
        Management management = Management.start(broker, ManagementOptions.loopback())) {
      URI docs = URI.create(management.uri()).resolve("api/docs");
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(docs).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static JsonNode json(String document) {
    try {
      return Json.read(document.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (java.io.IOException none) {
      throw new AssertionError(document, none);
    }
  }

  /** An operation with where it stands. */
  private record Operation(String name, JsonNode json) {}

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    DOCUMENTS.forEach(
        (version, document) ->
            json(document)
                .get("paths")
                .properties()
                .forEach(
                    path ->
                        path.getValue()
                            .properties()
                            .forEach(
                                one -> {
                                  if (METHODS.contains(one.getKey())) {
                                    String name = one.getKey() + " " + path.getKey();
                                    all.add(new Operation(name, one.getValue()));
                                  }
                                })));
    return all;
  }

  /** What a widely used reader of such documents says. */
  @Test
  void toolsReadIt() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    DOCUMENTS.forEach(
        (version, document) -> {
          SwaggerParseResult result = new OpenAPIV3Parser().readContents(document, null, options);
          assertThat(result.getMessages()).as(version).isNullOrEmpty();
          assertThat(result.getOpenAPI().getPaths()).as(version).hasSizeGreaterThan(100);
        });
  }

  @Test
  void referencesLeadSomewhereAndEverySchemaIsReferredTo() {
    Set<String> referred = new TreeSet<>();
    Set<String> schemas = new TreeSet<>();
    DOCUMENTS.forEach(
        (version, document) -> {
          JsonNode root = json(document);
          for (JsonNode reference : root.findValues("$ref")) {
            String pointer = reference.textValue().substring(1);
            assertThat(root.at(pointer).isObject()).as(reference.textValue()).isTrue();
            referred.add(pointer.substring(pointer.lastIndexOf('/') + 1));
          }
          root.at("/components/schemas").fieldNames().forEachRemaining(schemas::add);
        });
    schemas.removeAll(referred);
    // parts that others are made from
    assertThat(schemas).isSubsetOf(partsOfOthers());
  }

  private static Set<String> partsOfOthers() {
    Set<String> parts = new TreeSet<>();
    OpenApiTables.read()
        .schemas()
        .values()
        .forEach(schema -> schema.path("has").forEach(part -> parts.add(part.textValue())));
    return parts;
  }

  @Test
  void whatIsDescribedIsThereInSomeVersion() {
    Set<String> rows = new TreeSet<>();
    OpenApiTables.read()
        .operations()
        .keySet()
        .forEach(row -> rows.add(row.replaceAll(":([^/]+)", "{$1}")));
    Set<String> there = new TreeSet<>();
    operations()
        .forEach(
            one -> {
              String[] parts = one.name.split(" ");
              there.add(parts[0].toUpperCase(java.util.Locale.ROOT) + " " + parts[1]);
            });
    assertThat(there).isEqualTo(rows);
  }

  @Test
  void eachOperationSaysWhatItDoesTakesAndAnswers() {
    for (Operation one : operations()) {
      assertThat(one.json.path("summary").asText()).as(one.name).isNotBlank();
      assertThat(one.json.path("tags")).as(one.name).hasSize(1);
      assertThat(one.json.path("responses").properties()).as(one.name).hasSizeGreaterThan(0);
      boolean good =
          one.json.path("responses").properties().stream()
              .anyMatch(answer -> answer.getKey().startsWith("2"));
      assertThat(good).as(one.name).isTrue();
      one.json
          .path("responses")
          .properties()
          .forEach(
              answer ->
                  assertThat(answer.getValue().path("description").asText())
                      .as(one.name + " " + answer.getKey())
                      .isNotBlank());
      for (JsonNode content : one.json.at("/requestBody/content")) {
        assertThat(content.has("example")).as(one.name).isTrue();
      }
      one.json
          .path("parameters")
          .forEach(
              parameter ->
                  assertThat(parameter.path("description").asText())
                      .as(one.name + " " + parameter.path("name"))
                      .isNotBlank());
    }
  }

  @Test
  void eachVariableOfAPathHasAMeaningAndAnExample() {
    for (String document : DOCUMENTS.values()) {
      json(document)
          .get("paths")
          .forEach(
              item ->
                  item.path("parameters")
                      .forEach(
                          parameter -> {
                            String name = parameter.toString();
                            assertThat(parameter.path("in").asText()).isEqualTo("path");
                            assertThat(parameter.path("description").asText())
                                .as(name)
                                .isNotBlank();
                            assertThat(parameter.path("required").asBoolean()).as(name).isTrue();
                            assertThat(parameter.has("example")).as(name).isTrue();
                          }));
    }
  }

  @Test
  void eachFieldOfASchemaIsDescribedOrHasATypeWithAName() {
    for (String document : DOCUMENTS.values()) {
      json(document)
          .at("/components/schemas")
          .properties()
          .forEach(
              schema -> {
                assertThat(schema.getValue().path("description").asText())
                    .as(schema.getKey())
                    .isNotBlank();
                schema
                    .getValue()
                    .path("properties")
                    .properties()
                    .forEach(
                        field ->
                            assertThat(
                                    field.getValue().has("description")
                                        || field.getValue().has("$ref")
                                        || field.getKey().equals("items"))
                                .as(schema.getKey() + "." + field.getKey())
                                .isTrue());
              });
    }
  }
}
