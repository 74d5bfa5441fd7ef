package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.auth.HashingAlgorithm;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users, virtual hosts and permissions on the disk. */
@Timeout(60)
class AccessDefinitionsTest {
  private static final Runnable NOTHING = () -> {};
  private static final PasswordHash HASH =
      PasswordHash.imported(HashingAlgorithm.SHA512, "AQIDBAUGBwg=");

  private static final FieldValue PARAMETER =
      new FieldValue.Table(FieldTable.builder().put("a \"b\"", 1L).build());

  @TempDir Path home;

  private final List<Definition> definitions =
      List.of(
          new Definition.User(
              new User("u", HASH, List.of("administrator", "x"), new UserLimits(5, -1))),
          new Definition.User(new User("v", PasswordHash.NONE, List.of(), UserLimits.NONE)),
          new Definition.VirtualHost(
              new VirtualHostDefinition(
                  "v", "d \"e\"", List.of("a", "b"), "quorum", true, new VhostLimits(1, 2))),
          new Definition.VirtualHost(VirtualHostDefinition.of("/")),
          new Definition.Permission(new Permission("u", "v", "c", "w".repeat(9_000), "r")),
          new Definition.TopicPermission(new TopicPermission("u", "v", "x", "w", "r")),
          new Definition.TopicPermission(new TopicPermission("u", "v", "y", "w2", "r2")),
          new Definition.Parameter(Parameter.global("g", FieldValue.of(List.of(PARAMETER)))),
          new Definition.Parameter(new Parameter("c", "v", "g", PARAMETER)));

  private MapDbStore open() {
    return MapDbStore.open(home.resolve("store"), StoreOptions.defaults());
  }

  @Test
  void theyAreTheSameAfterARestart() {
    MapDbStore store = open();
    definitions.forEach(store.definitions()::put);
    store.messages().commit(NOTHING);
    store.close();

    MapDbStore again = open();

    assertThat(again.definitions().load()).containsExactlyInAnyOrderElementsOf(definitions);
    definitions.forEach(again.definitions()::remove);
    again.messages().commit(NOTHING);
    again.close();
    MapDbStore empty = open();
    assertThat(empty.definitions().load()).isEmpty();
    empty.close();
  }

  @Test
  void theExportHasThemAsRabbitMqDoes() throws Exception {
    MapDbStore store = open();
    definitions.forEach(store.definitions()::put);
    store.messages().commit(NOTHING);
    store.close();

    assertThat(Files.readString(home.resolve("store").resolve("definitions.json")))
        .contains(
            "{\"name\": \"u\", \"password_hash\": \"AQIDBAUGBwg=\", \"hashing_algorithm\":"
                + " \"rabbit_password_hashing_sha512\", \"tags\": [\"administrator\", \"x\"],"
                + " \"limits\": {\"max-connections\": 5, \"max-channels\": -1}}")
        .contains("\"password_hash\": \"\"", "\"tags\": [], \"limits\": {}}")
        .contains(
            "{\"name\": \"v\", \"metadata\": {\"description\": \"d \\\"e\\\"\", \"tags\":"
                + " [\"a\", \"b\"], \"default_queue_type\": \"quorum\","
                + " \"protected_from_deletion\": true}}")
        .contains("{\"user\": \"u\", \"vhost\": \"v\", \"configure\": \"c\", \"write\": \"www")
        .contains(
            "{\"user\": \"u\", \"vhost\": \"v\", \"exchange\": \"x\", \"write\": \"w\", \"read\":"
                + " \"r\"}")
        .contains(
            "\"parameters\": [\n    {\"component\": \"vhost-limits\", \"name\": \"limits\","
                + " \"vhost\": \"v\", \"value\": {\"max-connections\": 1, \"max-queues\": 2}}")
        .contains(
            "{\"component\": \"c\", \"vhost\": \"v\", \"name\": \"g\", \"value\":"
                + " {\"a \\\"b\\\"\": 1}}")
        .contains(
            "\"global_parameters\": [\n    {\"name\": \"g\", \"value\":"
                + " [{\"a \\\"b\\\"\": 1}]}");
  }
}
