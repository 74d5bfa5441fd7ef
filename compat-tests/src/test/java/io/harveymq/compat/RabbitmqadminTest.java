package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RabbitMQ's own command line tool for the HTTP API, the one in Python that came with the server up
 * to 4.2: every subcommand.
 */
@Tag("clients")
class RabbitmqadminTest extends HttpTest {
  @TempDir private Path folder;
  private String vhost;

  @BeforeEach
  void addVhost() {
    vhost = newVhost();
  }

  private List<String> command(String... arguments) throws IOException {
    URI base = BrokerUnderTest.managementUri();
    List<String> command = new ArrayList<>(List.of(Rabbitmqadmins.program()));
    command.addAll(List.of("-H", base.getHost(), "-P", Integer.toString(base.getPort())));
    command.addAll(List.of("-u", BrokerUnderTest.user(), "-p", BrokerUnderTest.password()));
    command.addAll(List.of("-V", vhost));
    command.addAll(List.of(arguments));
    return command;
  }

  /** What the tool says; it has to end well. */
  private List<String> run(String... arguments) throws Exception {
    try (Program program = new Program(Python.process(command(arguments)))) {
      return program.rest();
    }
  }

  /** What the tool writes to its standard error; it has to fail. */
  private String fail(String... arguments) throws Exception {
    try (Program program = new Program(Python.process(command(arguments)))) {
      assertThat(program.exitCode()).as("exit code").isNotZero();
      return program.errors();
    }
  }

  private JsonNode list(String what, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-f", "raw_json", "list", what));
    arguments.addAll(List.of(more));
    return HttpAnswer.parse(String.join("", run(arguments.toArray(String[]::new))));
  }

  @Test
  void overviewIsShown() throws Exception {
    assertThat(String.join("\n", run("show", "overview")))
        .contains("rabbitmq_version", "cluster_name", HttpTarget.current().version());
  }

  @ParameterizedTest
  @MethodSource("io.harveymq.compat.Rabbitmqadmins#kinds")
  void everythingIsListed(String what) throws Exception {
    assertThat(list(what).isArray()).isTrue();
    assertThat(run("list", what)).isNotEmpty();
    assertThat(run("-f", "kvp", "-d", "3", "list", what)).isNotNull();
  }

  @Test
  void listsAreCutToColumns() throws Exception {
    run("declare", "queue", "name=b");
    run("declare", "queue", "name=a");
    assertThat(run("-f", "tsv", "-q", "list", "queues", "name", "durable"))
        .containsExactly("a\tTrue", "b\tTrue");
    assertThat(run("-f", "bash", "-S", "name", "-R", "list", "queues")).containsExactly("b a");
  }

  @Test
  void queueIsDeclaredFilledGotPurgedAndDeleted() throws Exception {
    assertThat(run("declare", "queue", "name=q", "queue_type=classic"))
        .containsExactly("queue declared");
    assertThat(run("publish", "routing_key=q", "payload=one", "properties={\"delivery_mode\":2}"))
        .containsExactly("Message published");
    assertThat(run("publish", "routing_key=none", "payload=one"))
        .containsExactly("Message published but NOT routed");
    JsonNode got =
        HttpAnswer.parse(String.join("", run("-f", "raw_json", "get", "queue=q", "count=5")));
    assertThat(HttpAnswer.column(got, "payload")).containsExactly("one");
    assertThat(got.get(0).at("/properties/delivery_mode").intValue()).isEqualTo(2);
    Path file = folder.resolve("payload");
    run("get", "queue=q", "payload_file=" + file, "ackmode=ack_requeue_false");
    assertThat(file).hasContent("one");
    run("publish", "routing_key=q", "payload=two");
    assertThat(run("purge", "queue", "name=q")).containsExactly("queue purged");
    assertThat(run("get", "queue=q")).noneMatch(line -> line.contains("two"));
    assertThat(run("delete", "queue", "name=q")).containsExactly("queue deleted");
    assertThat(fail("delete", "queue", "name=q")).contains("*** Not found: /api/queues/");
  }

  @Test
  void exchangesAndBindingsAreDeclaredAndDeleted() throws Exception {
    run("declare", "queue", "name=q");
    assertThat(run("declare", "exchange", "name=x", "type=topic"))
        .containsExactly("exchange declared");
    assertThat(run("declare", "binding", "source=x", "destination=q", "routing_key=k"))
        .containsExactly("binding declared");
    run("declare", "binding", "source=x", "destination=q");
    assertThat(run("publish", "exchange=x", "routing_key=k", "payload=p"))
        .containsExactly("Message published");
    assertThat(HttpAnswer.column(list("bindings"), "properties_key"))
        .containsExactlyInAnyOrder("q", "k", "~");
    String[] delete = {"delete", "binding", "source=x", "destination_type=queue", "destination=q"};
    assertThat(run(delete)).containsExactly("binding deleted");
    String[] named =
        Stream.concat(Stream.of(delete), Stream.of("properties_key=k")).toArray(String[]::new);
    assertThat(run(named)).containsExactly("binding deleted");
    assertThat(run("delete", "exchange", "name=x")).containsExactly("exchange deleted");
    assertThat(HttpAnswer.column(list("exchanges"), "name")).doesNotContain("x");
  }

  @Test
  void usersAndPermissionsAreDeclaredAndDeleted() throws Exception {
    String user = name("hu");
    temporary("/users/" + user);
    run("declare", "user", "name=" + user, "password=p", "tags=management");
    ManagementClient.as(user, "p").get("/whoami").hasStatus(200);
    String[] rights = {"vhost=" + vhost, "user=" + user};
    run("declare", "permission", rights[0], rights[1], "configure=a", "write=b", "read=c");
    assertThat(only(list("permissions"), "user", user).get("write").textValue()).isEqualTo("b");
    run("delete", "permission", rights[0], rights[1]);
    run("delete", "user", "name=" + user);
    assertThat(HttpAnswer.column(list("users"), "name")).doesNotContain(user);
  }

  @Test
  void vhostsAndTheirLimitsAreDeclaredAndDeleted() throws Exception {
    String other = name("hv");
    temporary("/vhosts/" + other);
    run("declare", "vhost", "name=" + other, "tracing=false");
    run("declare", "vhost_limit", "vhost=" + other, "name=max-queues", "value=5");
    assertThat(only(list("vhost_limits"), "vhost", other).at("/value/max-queues").intValue())
        .isEqualTo(5);
    run("delete", "vhost_limit", "vhost=" + other, "name=max-queues");
    run("delete", "vhost", "name=" + other);
    assertThat(HttpAnswer.column(list("vhosts"), "name")).doesNotContain(other);
  }

  @Test
  void policiesAndParametersAreDeclaredAndDeleted() throws Exception {
    String definition = "definition={\"max-length\":3}";
    for (String kind : List.of("policy", "operator_policy")) {
      String plural = kind.replace("policy", "policies");
      run("declare", kind, "name=p", "pattern=^q", definition, "priority=4", "apply-to=queues");
      assertThat(only(list(plural), "vhost", vhost).get("priority").intValue()).isEqualTo(4);
      run("delete", kind, "name=p");
      assertThat(HttpAnswer.column(list(plural), "vhost")).doesNotContain(vhost);
    }
    String value = "value={\"max-queues\":8}";
    run("declare", "parameter", "component=vhost-limits", "name=limits", value);
    assertThat(only(list("parameters"), "vhost", vhost).get("name").textValue())
        .isEqualTo("limits");
    run("delete", "parameter", "component=vhost-limits", "name=limits");
  }

  @Test
  void connectionIsClosed() throws Exception {
    Connection doomed = keep(factory().newConnection(name("doomed")));
    String name = awaitListed(doomed.getClientProvidedName()).get("name").textValue();
    assertThat(run("close", "connection", "name=" + name)).containsExactly("connection closed");
    await().until(() -> !doomed.isOpen());
  }

  @Test
  void definitionsAreExportedAndImported() throws Exception {
    run("declare", "queue", "name=q");
    Path all = folder.resolve("all.json");
    assertThat(run("export", all.toString())).anyMatch(line -> line.contains("Exported"));
    assertThat(HttpAnswer.column(HttpAnswer.parse(Files.readString(all)).get("queues"), "name"))
        .contains("q");
    run("delete", "queue", "name=q");
    assertThat(run("import", all.toString()))
        .anyMatch(line -> line.startsWith("Uploaded definitions"));
    assertThat(HttpAnswer.column(list("queues"), "name")).containsExactly("q");
  }

  @Test
  void wordsOfAmqpReachTheUser() throws Exception {
    run("declare", "queue", "name=q", "durable=true");
    assertThat(fail("declare", "queue", "name=q", "durable=false"))
        .contains("*** inequivalent arg 'durable' for queue 'q' in vhost '" + vhost + "'");
  }

  @Test
  void wrongPasswordIsTold() throws Exception {
    assertThat(fail("-p", "wrong", "list", "queues")).contains("*** Access refused: /api/queues");
  }

  @Test
  void brokerServesTheToolUpTo42() throws Exception {
    HttpAnswer served =
        ManagementClient.authorized(null).request("GET", "/cli/rabbitmqadmin", null);
    assertThat(served.status()).isIn(200, 404);
    if (HttpTarget.current().is310()) {
      assertThat(served.body()).startsWith("#!/usr/bin/env python3");
    }
  }
}
