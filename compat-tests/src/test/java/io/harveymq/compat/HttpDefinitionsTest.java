package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.harveymq.broker.Compatibility;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /definitions}: export and import. */
class HttpDefinitionsTest extends HttpTest {
  private static final Map<String, Object> LENGTH = Map.of("max-length", 4);

  private static Map<String, Object> queue(String vhost, String name, boolean durable) {
    return Map.of(
        "name", name,
        "vhost", vhost,
        "durable", durable,
        "auto_delete", false,
        "arguments", Map.of("x-max-length", 5));
  }

  private JsonNode exported() {
    return http.read("/definitions");
  }

  private static JsonNode ofVhost(JsonNode section, String vhost) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    section.forEach(
        item -> {
          if (item.path("vhost").asText().equals(vhost)) {
            items.add(item);
          }
        });
    return items;
  }

  @Test
  void exportHasTheSectionsThatClientsRead() {
    JsonNode definitions = exported();
    assertFields(
        definitions,
        "rabbit_version",
        "rabbitmq_version",
        "product_name",
        "product_version",
        "users",
        "vhosts",
        "permissions",
        "topic_permissions",
        "parameters",
        "global_parameters",
        "policies",
        "queues",
        "exchanges",
        "bindings");
    assertThat(definitions.get("rabbit_version").textValue())
        .isEqualTo(HttpTarget.current().version());
    JsonNode user = only(definitions.get("users"), "name", BrokerUnderTest.user());
    assertFields(user, "name", "password_hash", "hashing_algorithm", "tags", "limits");
    assertJson(user.get("tags"), List.of("administrator"));
    assertThat(HttpAnswer.fields(only(definitions.get("vhosts"), "name", "/"))).contains("name");
    assertJson(http.read("/all-configuration"), definitions);
  }

  @Test
  void columnsAreChosen() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/q", Map.of("durable", true)).isEmpty(201);
    assertJson(
        http.read("/definitions/" + vhost + "?columns=queues.name"),
        Map.of("queues", List.of(Map.of("name", "q"))));
    JsonNode chosen = http.read("/definitions?columns=rabbit_version,users.name,vhosts,nope");
    assertThat(HttpAnswer.fields(chosen))
        .containsExactlyInAnyOrder("rabbit_version", "users", "vhosts");
    assertThat(HttpAnswer.fields(chosen.at("/users/0"))).containsExactly("name");
    assertThat(chosen.get("vhosts")).isEqualTo(exported().get("vhosts"));
    assertThat(HttpAnswer.fields(http.read("/all-configuration?columns=queues")))
        .containsExactly("queues");
  }

  @Test
  void everythingOfAVhostIsExported() {
    String vhost = newVhost();
    String everything = ".*";
    http.put("/queues/" + vhost + "/q", Map.of("durable", true)).isEmpty(201);
    http.put("/exchanges/" + vhost + "/x", Map.of("type", "topic", "durable", true)).isEmpty(201);
    http.post("/bindings/" + vhost + "/e/x/q/q", Map.of("routing_key", "k")).isEmpty(201);
    http.put("/policies/" + vhost + "/p", Map.of("pattern", "^q", "definition", LENGTH))
        .isEmpty(201);
    http.put("/operator-policies/" + vhost + "/o", Map.of("pattern", "^q", "definition", LENGTH))
        .isEmpty(201);
    http.put("/vhost-limits/" + vhost + "/max-queues", Map.of("value", 9)).isEmpty(204);
    JsonNode all = exported();
    assertThat(HttpAnswer.column(all.get("vhosts"), "name")).contains(vhost);
    assertJson(
        ofVhost(all.get("queues"), vhost),
        """
        [{"name":"q","vhost":"%s","durable":true,"auto_delete":false,"arguments":{%s}}]
        """
            .formatted(
                vhost, HttpTarget.current().before40() ? "" : "\"x-queue-type\":\"classic\""));
    assertJson(
        ofVhost(all.get("exchanges"), vhost),
        """
        [{"name":"x","vhost":"%s","type":"topic","durable":true,"auto_delete":false,
          "internal":false,"arguments":{}}]
        """
            .formatted(vhost));
    assertJson(
        ofVhost(all.get("bindings"), vhost),
        """
        [{"source":"x","vhost":"%s","destination":"q","destination_type":"queue",
          "routing_key":"k","arguments":{}}]
        """
            .formatted(vhost));
    assertJson(
        ofVhost(all.get("policies"), vhost),
        """
        [{"vhost":"%s","name":"p","pattern":"^q","apply-to":"all","definition":{"max-length":4},
          "priority":0}]
        """
            .formatted(vhost));
    assertJson(
        ofVhost(all.get("permissions"), vhost).get(0),
        Map.of(
            "user", BrokerUnderTest.user(),
            "vhost", vhost,
            "configure", everything,
            "write", everything,
            "read", everything));
    assertThat(HttpAnswer.column(ofVhost(all.get("parameters"), vhost), "component"))
        .containsExactlyInAnyOrder("vhost-limits", "operator_policy");
  }

  @Test
  void oneVhostIsExportedWithoutItsName() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/q", Map.of("durable", true)).isEmpty(201);
    JsonNode definitions = http.read("/definitions/" + vhost);
    assertFields(
        definitions, "rabbit_version", "parameters", "policies", "queues", "exchanges", "bindings");
    JsonNode queue = only(definitions.get("queues"), "name", "q");
    assertThat(HttpAnswer.fields(queue)).contains("name", "durable", "auto_delete", "arguments");
    if (HttpTarget.current().before40()) {
      assertThat(queue.has("vhost")).isFalse();
    }
    putPolicyAndLimits(http, vhost);
    boolean named = HttpTarget.current().is310();
    assertNamed(http.read("/definitions/" + vhost), named ? vhost : null);
  }

  private static void putPolicyAndLimits(ManagementClient http, String vhost) {
    http.put("/policies/" + vhost + "/p", Map.of("pattern", "^q", "definition", LENGTH))
        .isEmpty(201);
    http.put("/vhost-limits/" + vhost + "/max-queues", Map.of("value", 9)).isEmpty(204);
  }

  /** Whether policies and parameters name their virtual host; null for not at all. */
  private static void assertNamed(JsonNode definitions, String vhost) {
    for (String section : List.of("policies", "parameters")) {
      JsonNode named = definitions.get(section).get(0).path("vhost");
      assertThat(named.textValue()).as(section).isEqualTo(vhost);
    }
  }

  @Test
  void policiesOfOneVhostAreExportedAsTheVersionDoes() throws Exception {
    for (Compatibility version : List.of(Compatibility.V3_10, Compatibility.V4_2)) {
      try (PageBroker broker = PageBroker.start(version)) {
        ManagementClient of = ManagementClient.at(broker.uri(), "guest", "guest");
        of.put("/vhosts/one", EMPTY).isEmpty(201);
        putPolicyAndLimits(of, "one");
        JsonNode definitions = of.read("/definitions/one");
        assertNamed(definitions, version == Compatibility.V3_10 ? "one" : null);
        of.put("/vhosts/other", EMPTY).isEmpty(201);
        of.post("/definitions/other", definitions).isEmpty(204);
        assertThat(of.read("/policies/other")).hasSize(1);
      }
    }
  }

  @Test
  void limitsThatWereSetToNothingAreExportedAndImported() {
    String vhost = newVhost();
    String value = "/parameters/vhost-limits/" + vhost + "/limits";
    http.put(value, Map.of("value", List.of())).isEmpty(201);
    JsonNode parameters = ofVhost(exported().get("parameters"), vhost);
    assertJson(parameters.get(0).get("value"), List.of());
    http.delete(value).isEmpty(204);
    assertThat(ofVhost(exported().get("parameters"), vhost)).isEmpty();
    http.post("/definitions", Map.of("parameters", parameters)).isEmpty(204);
    assertThat(ofVhost(exported().get("parameters"), vhost)).isEqualTo(parameters);
  }

  @Test
  void transientExclusiveAndReservedThingsAreLeftOut() throws Exception {
    String exclusive = name("hq");
    channel.queueDeclare(exclusive, false, true, true, null);
    String named = channel.queueDeclare().getQueue();
    JsonNode all = exported();
    assertThat(HttpAnswer.column(all.get("queues"), "name")).doesNotContain(exclusive, named);
    assertThat(HttpAnswer.column(all.get("exchanges"), "name"))
        .noneMatch(name -> name.isEmpty() || name.startsWith("amq."));
    assertThat(HttpAnswer.column(all.get("bindings"), "source")).doesNotContain("");
  }

  private static String topology(String vhost, String user, String hash) {
    return """
    {"vhosts":[{"name":"$v"}],
     "users":[{"name":"$u","password_hash":"$h","tags":"management"}],
     "permissions":[{"user":"$u","vhost":"$v","configure":"c","write":"w","read":"r"}],
     "queues":[{"name":"q","vhost":"$v","durable":true,"auto_delete":false,
       "arguments":{"x-max-length":5}}],
     "exchanges":[{"name":"x","vhost":"$v","type":"topic","durable":true,"auto_delete":false,
       "internal":false,"arguments":{}}],
     "bindings":[{"source":"x","vhost":"$v","destination":"q","destination_type":"queue",
       "routing_key":"k","arguments":{}}],
     "policies":[{"vhost":"$v","name":"p","pattern":"^q","apply-to":"queues",
       "definition":{"max-length":4},"priority":3}]}
    """
        .replace("$v", vhost)
        .replace("$u", user)
        .replace("$h", hash);
  }

  @Test
  void importCreatesWhatItSays() {
    String vhost = name("hv");
    temporary("/vhosts/" + vhost);
    String user = name("hu");
    temporary("/users/" + user);
    String hash = http.read("/users/" + newUser("management")).get("password_hash").textValue();
    String definitions = topology(vhost, user, hash);
    http.post("/definitions", definitions).isEmpty(204);
    ManagementClient.as(user, "p").get("/whoami").hasStatus(200);
    assertThat(http.read("/users/" + user).get("password_hash").textValue()).isEqualTo(hash);
    assertThat(http.read("/permissions/" + vhost + "/" + user).get("write").textValue())
        .isEqualTo("w");
    assertJson(http.read("/queues/" + vhost + "/q").get("arguments").get("x-max-length"), "5");
    assertThat(http.read("/exchanges/" + vhost + "/x").get("type").textValue()).isEqualTo("topic");
    assertThat(http.read("/bindings/" + vhost + "/e/x/q/q")).hasSize(1);
    assertThat(http.read("/policies/" + vhost + "/p").get("priority").intValue()).isEqualTo(3);
  }

  @Test
  void importMergesAndChangesNoQueue() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/kept", EMPTY).isEmpty(201);
    http.post("/definitions", Map.of("queues", List.of(queue(vhost, "kept", true)))).isEmpty(204);
    http.post("/definitions", Map.of("queues", List.of(queue(vhost, "new", true)))).isEmpty(204);
    assertThat(HttpAnswer.column(http.read("/queues/" + vhost), "name"))
        .containsExactly("kept", "new");
    JsonNode kept = http.read("/queues/" + vhost + "/kept");
    assertThat(kept.get("durable").booleanValue()).isFalse();
    assertJson(kept.get("arguments"), EMPTY);
  }

  @Test
  void exportCanBeImportedAndIsTheSameAgain() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/q", Map.of("durable", true)).isEmpty(201);
    JsonNode before = exported();
    JsonNode description = http.read("/vhosts/%2F").get("description");
    http.post("/definitions", before.toString()).isEmpty(204);
    JsonNode after = exported();
    // 3.10 exports virtual hosts without their descriptions, and so loses them here
    http.put("/vhosts/%2F", Map.of("description", description)).isEmpty(204);
    for (String section :
        List.of("users", "vhosts", "permissions", "queues", "exchanges", "bindings", "policies")) {
      assertThat(after.get(section))
          .as(section)
          .containsExactlyInAnyOrderElementsOf(before.get(section));
    }
  }

  @Test
  void oneVhostIsImportedUnderAnotherName() {
    String from = newVhost();
    String to = newVhost();
    http.put("/queues/" + from + "/q", Map.of("durable", true)).isEmpty(201);
    http.put("/exchanges/" + from + "/x", Map.of("type", "fanout", "durable", true)).isEmpty(201);
    http.post("/bindings/" + from + "/e/x/q/q", EMPTY).isEmpty(201);
    JsonNode definitions = http.read("/definitions/" + from);
    http.post("/definitions/" + to, definitions.toString()).isEmpty(204);
    assertThat(http.read("/bindings/" + to + "/e/x/q/q")).hasSize(1);
    http.post("/definitions/" + name("none"), definitions.toString())
        .isError(404, "not_found", "vhost_not_found");
  }

  @Test
  void importMayComeAsAForm() {
    String vhost = name("hv");
    temporary("/vhosts/" + vhost);
    assertThat(upload("file", vhost).status()).isEqualTo(204);
    http.get("/vhosts/" + vhost).hasStatus(200);
    upload("other", vhost).isBadRequest("failed_to_parse_json");
  }

  private HttpAnswer upload(String field, String vhost) {
    String form =
        String.join(
            "\r\n",
            "--edge",
            "Content-Disposition: form-data; name=\"" + field + "\"; filename=\"d.json\"",
            "Content-Type: application/json",
            "",
            HttpAnswer.tree(Map.of("vhosts", List.of(Map.of("name", vhost)))).toString(),
            "--edge--",
            "");
    return http.send(
        "POST", "/definitions", form, "Content-Type", "multipart/form-data; boundary=edge");
  }

  @Test
  void exportMayBeADownload() {
    HttpAnswer download = http.get("/definitions?download=broker.json").hasStatus(200);
    assertThat(download.header("content-disposition"))
        .isEqualTo("attachment; filename=broker.json");
  }

  @Test
  void emptyImportDoesNothing() {
    http.post("/definitions", EMPTY).isEmpty(204);
    http.post("/definitions", "").isEmpty(204);
    http.post("/definitions", Map.of("unknown", List.of())).isEmpty(204);
    http.post("/all-configuration", EMPTY).isEmpty(204);
  }

  @Test
  void badImportsAreRefused() {
    String none = name("none");
    http.post("/definitions", "{").isBadRequest("failed_to_parse_json");
    http.post("/definitions", "[]").isBadRequest("failed_to_parse_json");
    http.post("/definitions", Map.of("users", List.of(Map.of("name", none))))
        .isBadRequest("tags_not_present");
    http.post("/definitions", Map.of("queues", List.of(queue(none, "q", true))))
        .isBadRequest(List.of("no_such_vhost", none));
    Map<String, Object> permission =
        Map.of("user", none, "vhost", "/", "configure", "", "write", "", "read", "");
    http.post("/definitions", Map.of("permissions", List.of(permission)))
        .isBadRequest(List.of("no_such_user", none));
    http.get("/definitions/" + none).isBadRequest("vhost_not_found");
  }
}
