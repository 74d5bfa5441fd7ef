package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts with RabbitMQ's names, against a broker that runs. */
@Tag("tools")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CtlIT {
  @TempDir Path temporary;

  private Path data() {
    return temporary.resolve("data");
  }

  private HarveyProcess broker() throws Exception {
    return broker("3.10");
  }

  private HarveyProcess broker(String version) throws Exception {
    return HarveyProcess.start(
        "--amqp-port=0",
        "--http-port=0",
        "--metrics-port=0",
        "--bind=127.0.0.1",
        "--compatibility=" + version,
        "--data-dir=" + data());
  }

  /** What a tool printed, after it ended with this status. */
  private List<String> tool(int status, String name, String... arguments) throws Exception {
    Path script = HarveyProcess.script().resolveSibling(name);
    Map<String, String> environment = Map.of("RABBITMQ_MNESIA_DIR", data().toString());
    try (HarveyProcess tool = HarveyProcess.start(script, environment, arguments)) {
      assertThat(tool.awaitExit())
          .describedAs("%s %s: %s", name, List.of(arguments), tool.lines())
          .isEqualTo(status);
      return tool.lines();
    }
  }

  private List<String> ctl(String... arguments) throws Exception {
    return tool(0, "rabbitmqctl", arguments);
  }

  @Test
  void servesTheCommandsOfASetUpScript() throws Exception {
    try (HarveyProcess harvey = broker()) {
      assertThat(ctl("await_startup", "--timeout", "100")).isEmpty();
      harvey.awaitStarted();
      assertThat(ctl("add_user", "bob", "secret")).first().isEqualTo("Adding user \"bob\" ...");
      assertThat(ctl("authenticate_user", "bob", "secret")).endsWith("Success");
      assertThat(ctl("-q", "set_user_tags", "bob", "monitoring")).isEmpty();
      assertThat(ctl("add_vhost", "mine")).containsExactly("Adding vhost \"mine\" ...");
      assertThat(ctl("set_permissions", "-p", "mine", "bob", "^b", ".*", ".*"))
          .containsExactly("Setting permissions for user \"bob\" in vhost \"mine\" ...");
      assertThat(ctl("list_permissions", "--vhost", "mine"))
          .containsExactly(
              "Listing permissions for vhost \"mine\" ...",
              "user\tconfigure\twrite\tread",
              "bob\t^b\t.*\t.*");
      assertThat(ctl("list_users", "--formatter", "json"))
          .containsExactly(
              "[",
              "{\"user\":\"bob\",\"tags\":[\"monitoring\"]}",
              ",{\"user\":\"guest\",\"tags\":[\"administrator\"]}",
              "]");
      assertThat(ctl("-q", "set_policy", "p", "^q", "{\"max-length\":5}")).isEmpty();
      assertThat(ctl("-s", "list_policies"))
          .containsExactly("/\tp\t^q\tall\t{\"max-length\":5}\t0");
      assertThat(ctl("-s", "list_deprecated_features")).containsOnly("");
    }
  }

  @Test
  void servesWhatCameWithLaterVersions() throws Exception {
    try (HarveyProcess harvey = broker("4.2").awaitStarted()) {
      assertThat(harvey.isAlive()).isTrue();
      List<String> hashed = ctl("hash_password", "secret");
      assertThat(hashed).first().isEqualTo("Will hash password secret");
      ctl("-q", "add_user", "bob", hashed.get(1), "--pre-hashed-password");
      assertThat(ctl("authenticate_user", "bob", "secret")).endsWith("Success");
      ctl("add_vhost", "mine", "--description", "first", "--tags", "a,b");
      assertThat(
              ctl(
                  "update_vhost_metadata",
                  "mine",
                  "-d",
                  "second",
                  "--default-queue-type",
                  "quorum"))
          .containsExactly("Updating metadata of vhost \"mine\" ...");
      assertThat(ctl("-s", "list_vhosts", "name", "description", "tags", "default_queue_type"))
          .contains("mine\tsecond\t[a, b]\tquorum");
      tool(64, "rabbitmqctl", "update_vhost_metadata", "mine");
      tool(64, "rabbitmqctl", "update_vhost_metadata", "mine", "--default-queue-type", "x");
      tool(65, "rabbitmqctl", "update_vhost_metadata", "none", "--tags", "a");
      tool(65, "rabbitmqctl", "hash_password", "");
      assertThat(ctl("list_deprecated_features"))
          .startsWith("Listing deprecated features ...", "name\tdeprecation_phase")
          .contains("transient_nonexcl_queues\tpermitted_by_default");
      assertThat(ctl("-s", "list_deprecated_features", "--used")).containsOnly("");
    }
  }

  @Test
  void stopsResetsAndStartsAsBetweenTwoSuites() throws Exception {
    Path definitions =
        Files.writeString(
            temporary.resolve("definitions.json"),
            """
            {"vhosts":[{"name":"shop"}],"users":[{"name":"app","password":"p","tags":"administrator"}]}
            """);
    Path configuration =
        Files.writeString(
            temporary.resolve("rabbitmq.conf"),
            "load_definitions = " + definitions + "\ndefinitions.skip_if_unchanged = true\n");
    try (HarveyProcess harvey =
        HarveyProcess.start(
                "--amqp-port=0",
                "--http-port=0",
                "--metrics-port=0",
                "--bind=127.0.0.1",
                "--config=" + configuration,
                "--data-dir=" + data())
            .awaitStarted()) {
      assertThat(harvey.isAlive()).isTrue();
      ctl("add_vhost", "mine");
      ctl("delete_vhost", "shop");
      assertThat(tool(64, "rabbitmqctl", "reset"))
          .anyMatch(line -> line.contains("requires the 'rabbit' app to be stopped"));
      assertThat(ctl("stop_app")).first().asString().startsWith("Stopping rabbit application on");
      tool(69, "rabbitmq-diagnostics", "-q", "check_running");
      for (String command : List.of("check_port_connectivity", "list_queues", "status")) {
        assertThat(tool(64, "rabbitmq-diagnostics", "-q", command))
            .first()
            .asString()
            .startsWith("Error: this command requires the 'rabbit' app to be running on");
      }
      assertThat(tool(0, "rabbitmq-diagnostics", "-q", "is_running"))
          .first()
          .asString()
          .contains("is not running");
      tool(75, "rabbitmqctl", "await_startup", "--timeout", "1");
      assertThat(ctl("reset")).first().asString().startsWith("Resetting node ");
      assertThat(ctl("force_reset")).first().asString().startsWith("Forcefully resetting node ");
      assertThat(ctl("start_app")).first().asString().startsWith("Starting node ");
      tool(0, "rabbitmq-diagnostics", "-q", "check_running");
      tool(0, "rabbitmq-diagnostics", "-q", "check_port_connectivity");
      assertThat(ctl("-s", "list_vhosts")).containsExactly("shop");
      assertThat(ctl("authenticate_user", "app", "p")).endsWith("Success");
    }
  }

  @Test
  void showsQueuesAndConnectionsOfClients() throws Exception {
    try (HarveyProcess harvey = broker().awaitStarted();
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(3, 10);
      List<String> table = ctl("list_queues");
      assertThat(table.subList(0, 3))
          .containsExactly(
              "Timeout: 60.0 seconds ...", "Listing queues for vhost / ...", "name\tmessages");
      assertThat(table).hasSizeGreaterThan(3).last().asString().endsWith("\t3");
      assertThat(ctl("-q", "list_queues", "messages", "durable", "--formatter=json"))
          .contains("{\"messages\":3,\"durable\":true}");
      String pid = ctl("-s", "list_connections", "pid").get(0);
      assertThat(ctl("close_connection", pid, "enough")).hasSize(1);
      assertThat(ctl("-s", "list_connections")).isEmpty();
      assertThat(ctl("status"))
          .contains("RabbitMQ version: 3.10.25", "Node data directory: " + data(), "(none)");
    }
  }

  @Test
  void checksHealthAsContainersDo() throws Exception {
    try (HarveyProcess harvey = broker().awaitStarted()) {
      String diagnostics = "rabbitmq-diagnostics";
      assertThat(tool(0, diagnostics, "-q", "ping")).containsExactly("Ping succeeded");
      tool(0, diagnostics, "-q", "check_running");
      assertThat(tool(0, diagnostics, "check_port_listener", "" + harvey.port())).hasSize(2);
      tool(69, diagnostics, "check_port_listener", "1");
      assertThat(tool(0, diagnostics, "-q", "check_port_connectivity"))
          .first()
          .asString()
          .startsWith("Successfully connected to ports " + harvey.port() + ", ");
      tool(0, diagnostics, "check_local_alarms");
      ctl("set_vm_memory_high_watermark", "absolute", "0");
      assertThat(tool(69, diagnostics, "check_local_alarms")).anyMatch(l -> l.contains("Memory"));
      ctl("set_vm_memory_high_watermark", "0.4");
      tool(0, diagnostics, "check_local_alarms");
      assertThat(tool(0, "rabbitmq-plugins", "enable", "rabbitmq_management"))
          .contains("Plugin configuration unchanged.");
      tool(69, "rabbitmq-plugins", "is_enabled", "rabbitmq_shovel");
    }
  }

  @Test
  void failsWithRabbitmqsStatuses() throws Exception {
    tool(69, "rabbitmqctl", "list_users");
    tool(69, "rabbitmq-diagnostics", "-q", "ping");
    try (HarveyProcess harvey = broker().awaitStarted()) {
      assertThat(harvey.isAlive()).isTrue();
      tool(64, "rabbitmqctl", "nosuch_command");
      tool(64, "rabbitmqctl", "add_user");
      tool(67, "rabbitmqctl", "delete_user", "nobody");
      tool(70, "rabbitmqctl", "add_user", "guest", "x");
      assertThat(tool(65, "rabbitmqctl", "delete_vhost", "none"))
          .endsWith("Virtual host 'none' does not exist");
      assertThat(tool(65, "rabbitmqctl", "authenticate_user", "guest", "wrong"))
          .endsWith("user 'guest' - invalid credentials");
      assertThat(tool(69, "rabbitmqctl", "eval", "1.")).last().asString().contains("no Erlang");
    }
  }

  @Test
  void leavesItsControlFileToItsOwnerAndStopsOnDemand() throws Exception {
    try (HarveyProcess harvey = broker().awaitStarted()) {
      Path control = data().resolve("control");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control)))
          .isEqualTo("rw-------");
      ctl("stop");
      assertThat(harvey.awaitExit()).isZero();
      assertThat(control).doesNotExist();
    }
  }
}
