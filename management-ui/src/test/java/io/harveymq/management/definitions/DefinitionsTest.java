package io.harveymq.management.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.auth.LoginOutcome;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DefinitionsTest {
  private Broker broker;

  @BeforeEach
  void start() throws Exception {
    broker = broker(Compatibility.V3_10);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private static Broker broker(Compatibility version) throws Exception {
    return Broker.start(
        BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).compatibility(version).build());
  }

  private static JsonNode rabbitmqs() throws IOException {
    try (InputStream file = DefinitionsTest.class.getResourceAsStream("of-3.10.json")) {
      return Json.read(file.readAllBytes());
    }
  }

  private static JsonNode json(String text) throws IOException {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T await(CompletionStage<T> answer) throws Exception {
    return answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private void load(JsonNode document) throws Exception {
    await(DefinitionsImport.load(broker, document, null));
  }

  private ObjectNode exported() throws Exception {
    return await(new Definitions(broker).export());
  }

  /** Fails with what the import says of the document. */
  private void assertRefused(String document, String message) {
    assertThatThrownBy(() -> load(json(document)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(DefinitionsException.class)
        .hasMessage(message);
  }

  // ---- there and back

  @Test
  void whatRabbitMqExportedIsExportedAgain() throws Exception {
    JsonNode file = rabbitmqs();
    load(file);
    // read again, so that numbers are of the same type
    JsonNode exported = Json.read(Json.write(exported()));
    for (String section :
        new String[] {
          "users",
          "permissions",
          "topic_permissions",
          "parameters",
          "global_parameters",
          "policies",
          "queues",
          "exchanges",
          "bindings"
        }) {
      assertThat(exported.get(section))
          .as(section)
          .containsExactlyInAnyOrderElementsOf(file.get(section));
    }
    assertThat(exported.get("vhosts").findValuesAsText("name")).containsExactly("/", "shop");
    assertThat(broker.clusterName()).isEqualTo("rabbit@shop");
  }

  @Test
  void exportIsTheSameFromTheBrokerThatItWasImportedInto() throws Exception {
    for (Compatibility version : new Compatibility[] {Compatibility.V3_10, Compatibility.V4_2}) {
      ObjectNode first;
      try (Broker origin = broker(version)) {
        await(DefinitionsImport.load(origin, rabbitmqs(), null));
        first = await(new Definitions(origin).export());
      }
      try (Broker target = broker(version)) {
        await(DefinitionsImport.load(target, first, null));
        assertThat(await(new Definitions(target).export())).isEqualTo(first);
      }
    }
  }

  @Test
  void laterVersionsNameTypesAndOrigin() throws Exception {
    try (Broker later = broker(Compatibility.V4_2)) {
      await(DefinitionsImport.load(later, rabbitmqs(), null));
      JsonNode exported = await(new Definitions(later).export());
      assertThat(exported.get("rabbitmq_definition_format").textValue()).isEqualTo("cluster");
      assertThat(exported.get("original_cluster_name").textValue()).isEqualTo("rabbit@shop");
      assertThat(exported.at("/queues/0/arguments")).isEqualTo(json("{'x-queue-type':'classic'}"));
      assertThat(exported.at("/vhosts/0/metadata/default_queue_type").textValue())
          .isEqualTo("classic");
    }
  }

  @Test
  void hashedPasswordsStillWork() throws Exception {
    load(rabbitmqs());
    // the example of RabbitMQ's documentation
    assertThat(broker.access().rules().login("orders", "test12", true))
        .isEqualTo(LoginOutcome.ACCEPTED);
    assertThat(broker.access().rules().login("nobody", "", true))
        .isEqualTo(LoginOutcome.WRONG_CREDENTIALS);
  }

  @Test
  void queuesThatTheBrokerNamedAreLeftOut() throws Exception {
    QueueMethod.Declare unnamed =
        new QueueMethod.Declare("", false, false, false, false, false, FieldTable.EMPTY);
    var named = (QueueMethod.DeclareOk) await(broker.commands().carryOut("/", unnamed));
    await(
        broker
            .commands()
            .carryOut(
                "/",
                new QueueMethod.Bind(named.queue(), "amq.direct", "k", false, FieldTable.EMPTY)));
    assertThat(exported().get("queues")).isEmpty();
    assertThat(exported().get("bindings")).isEmpty();
    assertThat(exported().get("exchanges")).isEmpty();
  }

  // ---- merging

  @Test
  void whatIsThereAndNotMentionedStays() throws Exception {
    broker.access().addUser("mine", "p");
    load(rabbitmqs());
    load(json("{'vhosts':[{'name':'/'}],'queues':[]}"));
    assertThat(broker.access().user("mine")).isNotNull();
    assertThat(broker.access().vhost("/").description()).isEqualTo("Default virtual host");
    assertThat(exported().get("queues")).hasSize(5);
  }

  @Test
  void queuesAndExchangesThatAreThereAreNotChanged() throws Exception {
    load(rabbitmqs());
    JsonNode before = exported();
    load(
        json(
            "{'queues':[{'name':'plain','vhost':'/','durable':false,'auto_delete':false,"
                + "'arguments':{'x-max-length':1}}],'exchanges':[{'name':'orders','vhost':'shop',"
                + "'type':'direct','durable':true,'auto_delete':false,'internal':false,"
                + "'arguments':{}}]}"));
    assertThat(exported()).isEqualTo(before);
  }

  @Test
  void whoImportsGetsThePermissionsOfNewVhostsOnly() throws Exception {
    broker.access().addVhost("old");
    JsonNode document = json("{'vhosts':[{'name':'old'},{'name':'new'}]}");
    await(DefinitionsImport.load(broker, document, "guest"));
    assertThat(broker.access().permission("guest", "new")).isNotNull();
    assertThat(broker.access().permission("guest", "old")).isNull();
  }

  @Test
  void vhostIsImportedUnderAnotherName() throws Exception {
    load(rabbitmqs());
    ObjectNode shop = await(new Definitions(broker).export("shop"));
    assertThat(shop.get("queues").findValues("vhost")).isEmpty();
    broker.access().addVhost("copy");
    await(DefinitionsImport.load(broker, shop, null, "copy"));
    assertThat(await(new Definitions(broker).export("copy")).toString())
        .isEqualTo(shop.toString().replace("\"vhost\":\"shop\"", "\"vhost\":\"copy\""));
  }

  @Test
  void bindingOfWhatIsMissingIsPassedOver() throws Exception {
    load(
        json(
            "{'bindings':[{'source':'none','vhost':'/','destination':'q','routing_key':'',"
                + "'destination_type':'queue','arguments':{}}]}"));
    assertThat(exported().get("bindings")).isEmpty();
  }

  // ---- errors

  @Test
  void errorsNameTheObject() {
    assertRefused("{'users':[{'name':'u'}]}", "user 'u': tags_not_present");
    assertRefused(
        "{'permissions':[{'user':'u','vhost':'/','configure':'','write':'','read':''}]}",
        "permission 'u' in virtual host '/': [\"no_such_user\",\"u\"]");
    assertRefused(
        "{'queues':[{'name':'q','vhost':'none'}]}",
        "queue 'q' in virtual host 'none': [\"no_such_vhost\",\"none\"]");
    assertRefused(
        "{'queues':[{'name':'q','vhost':'/','arguments':{'x-expires':0}}]}",
        "queue 'q' in virtual host '/': invalid arg 'x-expires' for queue 'q' in vhost '/':"
            + " {value_zero,0}");
    assertRefused(
        "{'exchanges':[{'name':'x','vhost':'/','type':'none'}]}",
        "exchange 'x' in virtual host '/': unknown exchange type 'none'");
    assertRefused(
        "{'policies':[{'name':'p','vhost':'/','pattern':'','definition':{}}]}",
        "policy 'p' in virtual host '/': Validation failed\n\nno policy provided\n (//p)");
    assertRefused(
        "{'parameters':[{'component':'shovel','name':'s','vhost':'/','value':{}}]}",
        "parameter 's' in virtual host '/': Validation failed\n\n"
            + "component shovel not found\n (//shovel/s)");
    assertRefused("{'queues':'q'}", "queues: queues has to be a list");
    assertRefused("{'queues':[1]}", "queue: each of queues has to be an object");
    assertRefused(
        "{'bindings':[{'source':'x','vhost':'/'}]}",
        "binding 'x' in virtual host '/': destination is missing");
  }

  @Test
  void usersOfADocumentWithAnErrorAreNotMade() {
    assertRefused(
        "{'users':[{'name':'u','tags':''}],'vhosts':[{'name':'v','default_queue_type':'x'}]}",
        "virtual host 'v': unknown default queue type 'x'");
    assertThat(broker.access().user("u")).isNull();
  }

  @Test
  void namesThatNoFieldTableTakesAreRefused() {
    String name = "n".repeat(256);
    assertRefused(
        "{'global_parameters':[{'name':'g','value':{'" + name + "':1}}]}",
        "global parameter 'g': the name of a field may have 255 bytes at most");
  }
}
