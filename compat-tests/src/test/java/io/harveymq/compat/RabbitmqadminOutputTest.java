package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import io.harveymq.compat.Rabbitmqadmins.Outcome;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Harvey's rabbitmqadmin beside RabbitMQ's own, with the broker under test: what one does in one
 * virtual host the other does in another, and both have to print the same and end with the same
 * status.
 */
@Tag("clients")
class RabbitmqadminOutputTest extends HttpTest {
  @TempDir private Path home;

  private Rabbitmqadmins tools;
  private String theirVhost;
  private String ourVhost;

  @BeforeEach
  void addVhosts() {
    tools = new Rabbitmqadmins(home);
    theirVhost = newVhost();
    ourVhost = newVhost();
  }

  private List<String> words(String vhost, String... words) {
    URI base = BrokerUnderTest.managementUri();
    List<String> all = new ArrayList<>();
    all.addAll(List.of("-H", base.getHost(), "-P", Integer.toString(base.getPort())));
    all.addAll(List.of("-u", BrokerUnderTest.user(), "-p", BrokerUnderTest.password()));
    all.addAll(List.of("-V", vhost));
    for (String word : words) {
      all.add(word.replace("VHOST", vhost));
    }
    return all;
  }

  /** Runs both, and returns what they agree on. */
  private Outcome same(String... words) throws Exception {
    assertThat(theirVhost).hasSameSizeAs(ourVhost);
    Outcome theirs = tools.theirs(words(theirVhost, words)).replace(theirVhost, ourVhost);
    return agree(theirs, tools.ours(words(ourVhost, words)), words);
  }

  private static Outcome agree(Outcome theirs, Outcome ours, String... words) {
    assertThat(theirs.hasTraceback() ? ours.withoutErrors() : ours)
        .as("rabbitmqadmin %s", List.of(words))
        .isEqualTo(theirs.hasTraceback() ? theirs.withoutErrors() : theirs);
    return ours;
  }

  private void says(String out, String... words) throws Exception {
    assertThat(same(words)).isEqualTo(new Outcome(0, out + "\n", ""));
  }

  private void fails(String err, String... words) throws Exception {
    Outcome outcome = same(words);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).startsWith(err);
  }

  @Test
  void objectsComeAndGo() throws Exception {
    says("exchange declared", "declare", "exchange", "name=x", "type=topic", "arguments={}");
    says("exchange declared", "declare", "exchange", "name=größe/%", "type=fanout");
    fails("*** ", "declare", "exchange", "name=x", "type=nosuch");
    fails("*** inequivalent arg 'type'", "declare", "exchange", "name=x", "type=direct");
    says("queue declared", "declare", "queue", "name=q", "queue_type=classic");
    says("queue declared", "declare", "queue", "name=with a blank", "durable=true");
    fails("*** inequivalent arg 'durable'", "declare", "queue", "name=q", "durable=false");
    fails("*** ", "declare", "queue", "name=q2", "arguments={\"x-max-length\":\"no\"}");
    says("binding declared", "declare", "binding", "source=x", "destination=q", "routing_key=a.#");
    says("binding declared", "declare", "binding", "source=x", "destination=q");
    says(
        "binding declared",
        "declare",
        "binding",
        "source=x",
        "destination=größe/%",
        "destination_type=exchange",
        "arguments={\"k\":[1,\"two\"]}");
    fails("*** ", "declare", "binding", "source=x", "destination=nosuch");
    listTopology();
    String[] delete = {"delete", "binding", "source=x", "destination_type=queue", "destination=q"};
    says("binding deleted", delete);
    fails("*** Not found: /api/bindings/", delete);
    says("exchange deleted", "delete", "exchange", "name=größe/%");
    fails("*** Not found: /api/exchanges/", "delete", "exchange", "name=größe/%");
    says("queue deleted", "delete", "queue", "name=with a blank");
    fails("*** Not found: /api/queues/", "purge", "queue", "name=with a blank");
    fails("*** Not found: /api/connections/", "close", "connection", "name=nosuch");
  }

  private void listTopology() throws Exception {
    for (String format : List.of("table", "tsv", "kvp", "long", "bash", "pretty_json")) {
      for (String kind : List.of("exchanges", "bindings")) {
        same("-f", format, "list", kind);
        same("-f", format, "-d", "4", "-S", "type", "list", kind);
      }
      same("-f", format, "list", "queues", "name", "durable", "arguments.x-queue-type", "type");
      same("-f", format, "-R", "-S", "name", "list", "queues", "name");
      same("-f", format, "-q", "list", "consumers");
    }
    assertThat(same("-f", "tsv", "-q", "list", "queues", "name", "durable").out())
        .isEqualTo("q\tTrue\nwith a blank\tTrue\n");
  }

  @Test
  void messagesAreSentAndGot() throws Exception {
    same("declare", "queue", "name=q");
    says("Message published but NOT routed", "publish", "routing_key=nosuch", "payload=p");
    says("Message published", "publish", "routing_key=q", "payload=größer");
    tools.input("from standard input");
    String properties =
        "properties={\"delivery_mode\":2,\"priority\":0,\"headers\":{\"a\":[1,2.5,true]}}";
    says("Message published", "publish", "routing_key=q", properties);
    fails("*** ", "publish", "exchange=nosuch", "routing_key=q", "payload=p");
    for (String format : List.of("table", "tsv", "kvp", "long", "raw_json", "pretty_json")) {
      for (String depth : List.of("1", "5")) {
        String[] get = {"-f", format, "-d", depth, "get", "queue=q", "count=5"};
        same(get);
      }
    }
    Path file = home.resolve("payload");
    same("get", "queue=q", "payload_file=" + file, "ackmode=ack_requeue_false");
    assertThat(file).hasContent("größer");
    says("queue purged", "purge", "queue", "name=q");
    says("No items", "get", "queue=q");
  }

  @Test
  void bytesThatAreNoTextAreWrittenAsTheyAre() throws Exception {
    same("declare", "queue", "name=q");
    String[] publish = {"publish", "routing_key=q", "payload=/wABgA==", "payload_encoding=base64"};
    says("Message published", publish);
    Path file = home.resolve("payload");
    // RabbitMQ's tool fails with these
    Outcome got = tools.ours(words(ourVhost, "get", "queue=q", "payload_file=" + file));
    assertThat(got.status()).isZero();
    assertThat(Files.readAllBytes(file)).containsExactly(0xff, 0, 1, 0x80);
  }

  @Test
  void usersPermissionsPoliciesAndLimitsComeAndGo() throws Exception {
    String user = name("hu");
    temporary("/users/" + user);
    says("user declared", "declare", "user", "name=" + user, "password=p", "tags=management");
    String[] permission = {"permission", "vhost=VHOST", "user=" + user};
    says(
        "permission declared",
        "declare",
        permission[0],
        permission[1],
        permission[2],
        "configure=.*",
        "write=a",
        "read=");
    fails("*** Access refused: /api/queues", "-u", user, "-p", "wrong", "list", "queues");
    says("No items", "-u", user, "-p", "p", "list", "queues");
    String definition = "definition={\"max-length\":3,\"overflow\":\"reject-publish\"}";
    for (String kind : List.of("policy", "operator_policy")) {
      String accepted = kind.equals("policy") ? definition : "definition={\"max-length\":3}";
      says(kind + " declared", "declare", kind, "name=p", "pattern=^q", accepted, "priority=4");
      fails("*** ", "declare", kind, "name=p", "pattern=^q", "definition={\"nosuch\":3}");
      says(kind + " deleted", "delete", kind, "name=p");
      fails("*** Not found: ", "delete", kind, "name=p");
    }
    String[] limit = {"vhost_limit", "vhost=VHOST", "name=max-queues"};
    says("vhost_limit declared", "declare", limit[0], limit[1], limit[2], "value=5");
    says("vhost_limit deleted", "delete", limit[0], limit[1], limit[2]);
    String value = "value={\"max-queues\":8}";
    says(
        "parameter declared",
        "declare",
        "parameter",
        "component=vhost-limits",
        "name=limits",
        value);
    says("parameter deleted", "delete", "parameter", "component=vhost-limits", "name=limits");
    says("permission deleted", "delete", permission[0], permission[1], permission[2]);
    says("vhost deleted", "delete", "vhost", "name=VHOST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list users",
        "list users name tags",
        "-f kvp list users",
        "list nodes name type running",
        "list vhosts name tracing",
        "list permissions",
        "list vhost_limits",
        "-f tsv list policies",
        "show overview",
        "show overview rabbitmq_version listeners",
        "list connections name user nosuch",
        "-V nosuch list queues",
        "-f pretty_json list permissions",
        "-f raw_json list permissions"
      })
  void whatTheBrokerHasIsListed(String line) throws Exception {
    eventually("/connections", found -> assertThat(found).isNotEmpty());
    String[] words = line.split(" ");
    // what is counted, and who is connected, may change between the two
    await()
        .untilAsserted(
            () ->
                agree(
                    tools.theirs(words(ourVhost, words)),
                    tools.ours(words(ourVhost, words)),
                    words));
  }

  @Test
  void definitionsAreExportedAndImported() throws Exception {
    same("declare", "queue", "name=q");
    Path file = home.resolve("definitions.json");
    String host = BrokerUnderTest.managementUri().getHost();
    says("Exported definitions for " + host + " to \"" + file + "\"", "export", file.toString());
    assertThat(Files.readString(file)).contains("\"q\"");
    same("delete", "queue", "name=q");
    // RabbitMQ's tool has the two names in the wrong places
    Outcome ours = tools.ours(words(ourVhost, "import", file.toString()));
    Outcome theirs = tools.theirs(words(theirVhost, "import", file.toString()));
    assertThat(ours)
        .isEqualTo(
            new Outcome(0, "Uploaded definitions from \"" + file + "\" to " + host + ".\n", ""));
    assertThat(theirs.status()).isZero();
    says("queue deleted", "delete", "queue", "name=q");
    assertThat(same("import", "/nosuch").status()).isEqualTo(1);
  }

  @Test
  void aConnectionIsClosed() throws Exception {
    Connection doomed = keep(factory().newConnection(name("doomed")));
    String name = awaitListed(doomed.getClientProvidedName()).get("name").textValue();
    Outcome closed = tools.ours(words(ourVhost, "close", "connection", "name=" + name));
    assertThat(closed).isEqualTo(new Outcome(0, "connection closed\n", ""));
    await().until(() -> !doomed.isOpen());
    assertThat(doomed.getCloseReason().getReason())
        .isInstanceOfSatisfying(
            AMQP.Connection.Close.class, close -> assertThat(close.getReplyCode()).isEqualTo(320));
  }
}
