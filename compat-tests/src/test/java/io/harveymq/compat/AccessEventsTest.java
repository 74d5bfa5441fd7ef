package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** What amq.rabbitmq.event tells of users, virtual hosts, permissions, policies and alarms. */
@EnabledIf("io.harveymq.compat.Administration#isAvailable")
@Timeout(180)
class AccessEventsTest extends CompatTest {
  private final Administration administration = Administration.ofTarget();
  private WatchedEvents events;
  private String user;
  private String vhost;

  @BeforeEach
  void watch() throws Exception {
    events = WatchedEvents.on(connection, newQueue());
    user = name("u");
    vhost = name("v");
    administration.addUser(user, "p");
    administration.addVhost(vhost);
  }

  @AfterEach
  void remove() {
    for (Runnable removal :
        List.<Runnable>of(
            () -> administration.deleteUser(user), () -> administration.deleteVhost(vhost))) {
      Throwable gone = catchThrowable(removal::run);
      assertThat(gone == null ? "does not exist" : gone.getMessage()).contains("does not exist");
    }
  }

  private Map<String, Object> next(String key, String header, String value) throws Exception {
    return events.nextByAdministrator(key, header, value);
  }

  @Test
  void usersAreTold() throws Exception {
    administration.setUserTags(user, "one", "two");
    administration.changePassword(user, "q");
    administration.setUserLimits(user, 5, 7);
    administration.clearUserLimits(user);
    administration.deleteUser(user);

    Map<String, Object> named = Map.of("name", user);
    assertThat(next("user.created", "name", user)).isEqualTo(named);
    assertThat(next("user.tags.set", "name", user))
        .isEqualTo(Map.of("name", user, "tags", List.of("one", "two")));
    assertThat(next("user.password.changed", "name", user)).isEqualTo(named);
    Map<String, Object> limits = Map.of("name", "limits", "username", user);
    assertThat(next("user.limits.set", "username", user))
        .isEqualTo(with(limits, Map.of("max-connections", 5L, "max-channels", 7L)));
    assertThat(next("user.limits.cleared", "username", user)).isEqualTo(limits);
    assertThat(next("user.deleted", "name", user)).isEqualTo(named);
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> others) {
    Map<String, Object> all = new TreeMap<>(some);
    all.putAll(others);
    return all;
  }

  @Test
  void virtualHostsAreTold() throws Exception {
    administration.setVhostLimits(vhost, 5, 7);
    administration.clearVhostLimits(vhost);
    administration.deleteVhost(vhost);

    assertThat(next("exchange.created", "vhost", vhost)).containsEntry("durable", true);
    assertThat(next("vhost.created", "name", vhost))
        .containsEntry("description", "")
        .containsEntry("tags", "")
        .containsEntry("tracing", false)
        .containsEntry("default_queue_type", "undefined")
        .hasEntrySatisfying(
            "cluster_state", state -> assertThat(((Map<?, ?>) state).values()).hasSize(1));
    Map<String, Object> limits = Map.of("max-connections", 5L, "max-queues", 7L);
    Map<String, Object> parameter =
        Map.of("vhost", vhost, "component", "vhost-limits", "name", "limits");
    assertThat(next("parameter.set", "vhost", vhost))
        .isEqualTo(with(parameter, Map.of("value", limits)));
    assertThat(next("vhost.limits.set", "name", "limits"))
        .isEqualTo(with(limits, Map.of("name", "limits")));
    assertThat(next("parameter.cleared", "vhost", vhost)).isEqualTo(parameter);
    assertThat(next("vhost.limits.cleared", "name", "limits")).isEqualTo(Map.of("name", "limits"));
    assertThat(next("exchange.deleted", "vhost", vhost)).hasSize(2);
    assertThat(next("vhost.deleted", "name", vhost)).isEqualTo(Map.of("name", vhost));
    assertThat(next("vhost.down", "name", vhost)).containsOnlyKeys("name", "node");
  }

  @Test
  void permissionsAreTold() throws Exception {
    administration.setPermissions(user, vhost, "c", "w", "r");
    administration.setTopicPermissions(user, vhost, "amq.topic", "w", "r");
    administration.clearTopicPermissions(user, vhost);
    administration.clearPermissions(user, vhost);
    administration.setPermissions(user, vhost, "", "", "");
    administration.deleteVhost(vhost);

    Map<String, Object> who = Map.of("user", user, "vhost", vhost);
    assertThat(next("permission.created", "user", user))
        .isEqualTo(with(who, Map.of("configure", "c", "write", "w", "read", "r")));
    assertThat(next("topic.permission.created", "user", user))
        .isEqualTo(with(who, Map.of("exchange", "amq.topic", "write", "w", "read", "r")));
    assertThat(next("topic.permission.deleted", "user", user)).isEqualTo(who);
    assertThat(next("permission.deleted", "user", user)).isEqualTo(who);
    assertThat(next("permission.created", "user", user)).containsEntry("read", "");
    assertThat(next("permission.deleted", "user", user)).isEqualTo(who);
  }

  @Test
  void policiesAreTold() throws Exception {
    String policy = name("policy");
    Map<String, Object> definition = Map.of("max-length", 5);
    administration.setPolicy(vhost, policy, "^q", "queues", definition);
    administration.clearPolicy(vhost, policy);
    administration.setOperatorPolicy(vhost, policy, "^q", definition);
    administration.clearOperatorPolicy(vhost, policy);

    Map<String, Object> named = Map.of("name", policy, "vhost", vhost);
    Map<String, Object> said =
        Map.of(
            "apply-to",
            "queues",
            "priority",
            0L,
            "pattern",
            "^q",
            "definition",
            Map.of("max-length", 5L));
    assertThat(next("policy.set", "name", policy)).isEqualTo(with(named, said));
    assertThat(next("policy.cleared", "name", policy)).isEqualTo(named);
    Map<String, Object> parameter = with(named, Map.of("component", "operator_policy"));
    assertThat(next("parameter.set", "name", policy))
        .isEqualTo(with(parameter, Map.of("value", said)));
    assertThat(next("policy.set", "name", policy)).isEqualTo(with(named, said));
    assertThat(next("parameter.cleared", "name", policy)).isEqualTo(parameter);
    assertThat(next("operator.policy.cleared", "name", policy)).isEqualTo(named);
  }

  @Test
  void loginsAreTold() throws Exception {
    Connection accepted = newConnection();
    ConnectionFactory factory = factory();
    factory.setUsername(user);
    factory.setPassword("wrong");
    assertThat(catchThrowable(factory::newConnection)).isNotNull();

    int port = ((com.rabbitmq.client.impl.AMQConnection) accepted).getLocalPort();
    String name = "127.0.0.1:" + port + " -> 127.0.0.1:" + BrokerUnderTest.port();
    Map<String, Object> common =
        Map.of(
            "ssl",
            false,
            "auth_mechanism",
            "PLAIN",
            "protocol",
            "{0,9,1}",
            "peer_host",
            "{127,0,0,1}",
            "host",
            "{127,0,0,1}",
            "connection_type",
            "network");
    assertThat(events.next("user.authentication.success", "connection_name", name))
        .containsAllEntriesOf(common)
        .containsEntry("name", BrokerUnderTest.user())
        .containsEntry("peer_port", (long) port)
        .hasSize(common.size() + 3);
    assertThat(events.next("connection.created", "name", name))
        .containsEntry("peer_port", (long) port)
        .containsEntry("channel_max", 2047L);
    Map<String, Object> refused = events.next("user.authentication.failure", "name", user);
    assertThat(refused).containsAllEntriesOf(common).hasSize(common.size() + 4);
    assertThat(text((List<?>) refused.get("error")))
        .isEqualTo("user '" + user + "' - invalid credentials");
  }

  /** RabbitMQ gives the text as an array of its characters. */
  private static String text(List<?> characters) {
    return characters.stream()
        .map(character -> Character.toString(((Long) character).intValue()))
        .collect(Collectors.joining());
  }

  @Test
  void whatHappensInOtherVirtualHostsIsToldToo() throws Exception {
    administration.setPermissions(BrokerUnderTest.user(), vhost, ".*", ".*", ".*");
    ConnectionFactory factory = factory();
    factory.setVirtualHost(vhost);
    try (Connection other = factory.newConnection()) {
      other.createChannel().queueDeclare("left", true, false, false, null);
      other.createChannel().queueDeclare("elsewhere", false, true, false, null);
    }
    administration.deleteVhost(vhost);

    assertThat(events.next("connection.created", "vhost", vhost)).containsKey("pid");
    assertThat(events.next("channel.created", "vhost", vhost)).containsEntry("number", 1L);
    assertThat(events.next("queue.created", "name", "elsewhere")).containsEntry("vhost", vhost);
    assertThat(events.next("queue.deleted", "name", "elsewhere")).containsEntry("vhost", vhost);
    assertThat(next("queue.deleted", "name", "left")).containsEntry("vhost", vhost);
  }

  @Test
  void alarmsAreTold() throws Exception {
    try {
      administration.setMemoryHighWatermark(0);
      assertThat(events.next("alarm.set", "source", "memory")).containsOnlyKeys("source", "node");
    } finally {
      administration.setMemoryHighWatermark(1);
    }
    assertThat(events.next("alarm.cleared", "source", "memory")).containsOnlyKeys("source", "node");
  }
}
