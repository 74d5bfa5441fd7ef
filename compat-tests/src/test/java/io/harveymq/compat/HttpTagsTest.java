package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the users with each of the tags see and may do. All of them have the permissions of an own
 * virtual host, and none in a second one.
 */
class HttpTagsTest extends HttpTest {
  private static final String NO_ADMINISTRATOR = "Not administrator user";
  private static final String NO_MONITOR = "Not monitor user";
  private static final String NO_VHOST = "User not authorised to access virtual host";
  private static final String NO_OBJECT = "User not authorised to access object";
  private static final Map<String, Object> POLICY =
      Map.of("pattern", "^none$", "definition", Map.of("max-length", 1));

  private String own;
  private String foreign;
  private String managementName;
  private ManagementClient management;
  private ManagementClient policymaker;
  private ManagementClient monitoring;
  private ManagementClient administrator;

  @BeforeEach
  void addUsers() {
    own = newVhost();
    foreign = newVhost();
    managementName = newUser("management");
    management = permitted(managementName);
    policymaker = permitted(newUser("policymaker"));
    monitoring = permitted(newUser("monitoring"));
    administrator = permitted(newUser("administrator"));
  }

  private ManagementClient permitted(String user) {
    permit(user, own, ".*", ".*", ".*");
    return ManagementClient.as(user, "p");
  }

  private static void refused(HttpAnswer answer, String reason) {
    answer.isError(401, "not_authorised", reason);
    assertThat(answer.header("www-authenticate")).isNull();
  }

  @Test
  void everyTagReadsTheGeneralThings() {
    for (ManagementClient client : List.of(management, policymaker, monitoring, administrator)) {
      for (String path :
          List.of(
              "/whoami",
              "/overview",
              "/cluster-name",
              "/extensions",
              "/vhosts",
              "/exchanges",
              "/queues",
              "/bindings",
              "/connections",
              "/channels",
              "/consumers",
              "/policies",
              "/vhost-limits",
              "/health/checks/alarms",
              "/exchanges/" + own,
              "/queues/" + own,
              "/bindings/" + own,
              "/consumers/" + own,
              "/policies/" + own,
              "/vhosts/" + own + "/connections",
              "/vhosts/" + own + "/channels",
              "/vhost-limits/" + own,
              "/aliveness-test/" + own)) {
        client.get(path).hasStatus(200);
      }
    }
  }

  @Test
  void listsShowOnlyWhatTheUserMayUse() {
    http.put("/queues/" + own + "/mine", EMPTY).isEmpty(201);
    http.put("/queues/" + foreign + "/theirs", EMPTY).isEmpty(201);
    for (ManagementClient client : List.of(management, policymaker, monitoring)) {
      assertThat(HttpAnswer.column(client.read("/queues?columns=name"), "name"))
          .containsExactly("mine");
      assertThat(HttpAnswer.column(client.read("/exchanges?columns=vhost"), "vhost"))
          .containsOnly(own);
      assertThat(HttpAnswer.column(client.read("/bindings?columns=vhost"), "vhost"))
          .containsOnly(own);
    }
    assertThat(HttpAnswer.column(administrator.read("/queues?columns=name"), "name"))
        .contains("mine", "theirs");
  }

  @Test
  void consumersAreListedToTheirUserAndToWhoMonitors() throws Exception {
    consume(managementName, own, "mine");
    permit(BrokerUnderTest.user(), own, ".*", ".*", ".*");
    consume(null, own, "other");
    consume(null, foreign, "foreign");
    String all = "/consumers?columns=consumer_tag";
    eventually(
        "/consumers",
        found -> {
          assertThat(HttpAnswer.column(found, "consumer_tag")).contains("mine", "other", "foreign");
          // RabbitMQ learns later than of the consumer whose it is
          found.forEach(one -> assertThat(one.at("/channel_details/user").isTextual()).isTrue());
        });
    assertThat(HttpAnswer.column(management.read(all), "consumer_tag")).containsExactly("mine");
    assertThat(policymaker.read(all)).isEmpty();
    assertThat(HttpAnswer.column(monitoring.read(all), "consumer_tag"))
        .contains("mine", "other", "foreign");
    String ofOwn = "/consumers/" + own + "?columns=consumer_tag";
    assertThat(HttpAnswer.column(management.read(ofOwn), "consumer_tag")).containsExactly("mine");
    assertThat(HttpAnswer.column(monitoring.read(ofOwn), "consumer_tag"))
        .containsExactlyInAnyOrder("mine", "other");
    assertThat(HttpAnswer.column(monitoring.read("/consumers/" + foreign), "consumer_tag"))
        .containsExactly("foreign");
  }

  /** Consumes as a user, or as that of the tests. */
  private void consume(String user, String vhost, String tag) throws Exception {
    ConnectionFactory factory = factory();
    factory.setVirtualHost(vhost);
    if (user != null) {
      factory.setUsername(user);
      factory.setPassword("p");
    }
    Channel opened = keep(factory.newConnection()).createChannel();
    String queue = opened.queueDeclare().getQueue();
    opened.basicConsume(queue, true, tag, (consumer, delivery) -> {}, consumer -> {});
  }

  @Test
  void vhostsAreListedByPermissionOrMonitoring() {
    for (ManagementClient client : List.of(management, policymaker)) {
      assertThat(HttpAnswer.column(client.read("/vhosts?columns=name"), "name"))
          .containsExactly(own);
    }
    for (ManagementClient client : List.of(monitoring, administrator)) {
      assertThat(HttpAnswer.column(client.read("/vhosts?columns=name"), "name"))
          .contains(own, foreign);
    }
  }

  @Test
  void foreignVhostsAreRefused() {
    for (ManagementClient client : List.of(management, policymaker)) {
      for (String path :
          List.of(
              "/queues/" + foreign,
              "/exchanges/" + foreign,
              "/bindings/" + foreign,
              "/policies/" + foreign,
              "/vhosts/" + foreign + "/channels",
              "/vhosts/" + foreign + "/connections",
              "/vhost-limits/" + foreign,
              "/aliveness-test/" + foreign,
              "/exchanges/" + foreign + "/amq.direct")) {
        refused(client.get(path), NO_VHOST);
      }
      refused(client.put("/queues/" + foreign + "/q", EMPTY), NO_VHOST);
    }
  }

  @Test
  void administratorSeesForeignVhostsButDeclaresOnlyWithPermission() {
    administrator.get("/queues/" + foreign).hasStatus(200);
    refused(administrator.put("/queues/" + foreign + "/q", EMPTY), "Access refused.");
    refused(
        administrator.put("/exchanges/" + foreign + "/x", Map.of("type", "direct")),
        "Access refused.");
  }

  @Test
  void nodesNeedMonitoring() {
    String node = "/nodes/" + HttpTarget.current().node();
    for (String path : List.of("/nodes", node, node + "/memory")) {
      refused(management.get(path), NO_MONITOR);
      refused(policymaker.get(path), NO_MONITOR);
      monitoring.get(path).hasStatus(200);
      administrator.get(path).hasStatus(200);
    }
    refused(management.get("/auth/attempts/" + HttpTarget.current().node()), NO_MONITOR);
  }

  @Test
  void usersAndPermissionsNeedAnAdministrator() {
    String user = "/users/" + managementName;
    for (ManagementClient client : List.of(management, policymaker, monitoring)) {
      for (String path :
          List.of(
              "/users",
              user,
              "/users/without-permissions",
              user + "/permissions",
              user + "/topic-permissions",
              "/permissions",
              "/permissions/" + own + "/" + managementName,
              "/topic-permissions",
              "/vhosts/" + own + "/permissions",
              "/vhosts/" + own + "/topic-permissions",
              "/definitions",
              "/definitions/" + own)) {
        refused(client.get(path), NO_ADMINISTRATOR);
      }
      refused(client.put(user, Map.of("password", "x", "tags", "administrator")), NO_ADMINISTRATOR);
      refused(client.delete(user), NO_ADMINISTRATOR);
      refused(client.put("/vhosts/" + own, EMPTY), NO_ADMINISTRATOR);
      refused(client.delete("/vhosts/" + own), NO_ADMINISTRATOR);
      refused(client.post("/definitions", EMPTY), NO_ADMINISTRATOR);
      refused(client.post("/users/bulk-delete", Map.of("users", List.of())), NO_ADMINISTRATOR);
      refused(client.put("/cluster-name", Map.of("name", "x")), NO_ADMINISTRATOR);
      refused(client.put("/permissions/" + own + "/" + managementName, EMPTY), NO_ADMINISTRATOR);
      refused(client.put("/vhost-limits/" + own + "/max-queues", EMPTY), NO_ADMINISTRATOR);
      refused(
          client.put("/user-limits/" + managementName + "/max-channels", EMPTY), NO_ADMINISTRATOR);
      refused(client.post("/rebalance/queues", EMPTY), NO_ADMINISTRATOR);
      refused(client.delete("/reset"), NO_ADMINISTRATOR);
    }
  }

  @Test
  void policiesNeedAPolicymaker() {
    String path = "/policies/" + own + "/p";
    refused(management.put(path, POLICY), NO_OBJECT);
    refused(monitoring.put(path, POLICY), NO_OBJECT);
    policymaker.put(path, POLICY).isEmpty(201);
    refused(management.delete(path), NO_OBJECT);
    administrator.put(path, POLICY).isEmpty(204);
    policymaker.delete(path).isEmpty(204);
    refused(policymaker.put("/policies/" + foreign + "/p", POLICY), NO_OBJECT);
  }

  @Test
  void operatorPoliciesNeedAnAdministrator() {
    String path = "/operator-policies/" + own + "/p";
    for (ManagementClient client : List.of(management, policymaker, monitoring)) {
      refused(client.put(path, POLICY), NO_ADMINISTRATOR);
      refused(client.delete(path), NO_ADMINISTRATOR);
    }
    administrator.put(path, POLICY).isEmpty(201);
  }

  @Test
  void parametersNeedAPolicymaker() {
    for (String path : List.of("/parameters", "/parameters/vhost-limits", "/global-parameters")) {
      refused(management.get(path), NO_OBJECT);
      refused(monitoring.get(path), NO_OBJECT);
      policymaker.get(path).hasStatus(200);
      administrator.get(path).hasStatus(200);
    }
    String global = temporary("/global-parameters/" + name("g"));
    refused(management.put(global, Map.of("value", 1)), NO_OBJECT);
    policymaker.put(global, Map.of("value", 1)).isEmpty(201);
  }

  @Test
  void managementDeclaresInItsOwnVhostWhatItsPermissionsAllow() {
    permit(managementName, own, "^mine", "^mine", "^mine");
    management.put("/queues/" + own + "/mine", EMPTY).isEmpty(201);
    refused(management.put("/queues/" + own + "/other", EMPTY), "Access refused.");
    http.put("/queues/" + own + "/other", EMPTY).isEmpty(201);
    refused(management.delete("/queues/" + own + "/other"), "Access refused.");
    management.delete("/queues/" + own + "/mine").isEmpty(204);
  }
}
