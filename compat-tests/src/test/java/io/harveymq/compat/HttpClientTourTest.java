package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.http.client.Client;
import com.rabbitmq.http.client.ClientParameters;
import com.rabbitmq.http.client.GetAckMode;
import com.rabbitmq.http.client.GetEncoding;
import com.rabbitmq.http.client.domain.BindingInfo;
import com.rabbitmq.http.client.domain.ConnectionInfo;
import com.rabbitmq.http.client.domain.ConsumerDetails;
import com.rabbitmq.http.client.domain.Definitions;
import com.rabbitmq.http.client.domain.ExchangeInfo;
import com.rabbitmq.http.client.domain.InboundMessage;
import com.rabbitmq.http.client.domain.NodeInfo;
import com.rabbitmq.http.client.domain.OutboundMessage;
import com.rabbitmq.http.client.domain.OverviewResponse;
import com.rabbitmq.http.client.domain.Page;
import com.rabbitmq.http.client.domain.PolicyInfo;
import com.rabbitmq.http.client.domain.QueryParameters;
import com.rabbitmq.http.client.domain.QueueInfo;
import com.rabbitmq.http.client.domain.TopicPermissions;
import com.rabbitmq.http.client.domain.UserInfo;
import com.rabbitmq.http.client.domain.UserPermissions;
import com.rabbitmq.http.client.domain.VhostInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RabbitMQ's Java client for the HTTP API, which maps the JSON to classes of its own. */
@Tag("clients")
class HttpClientTourTest extends HttpTest {
  private Client client;
  private String vhost;

  @BeforeEach
  void connectClient() throws Exception {
    client =
        new Client(
            new ClientParameters()
                .url(BrokerUnderTest.managementUri() + "/api/")
                .username(BrokerUnderTest.user())
                .password(BrokerUnderTest.password()));
    vhost = newVhost();
  }

  @Test
  void brokerIsKnown() {
    assertThat(client.whoAmI().getName()).isEqualTo(BrokerUnderTest.user());
    assertThat(client.whoAmI().getTags()).containsExactly("administrator");
    OverviewResponse overview = client.getOverview();
    assertThat(overview.getServerVersion()).isEqualTo(HttpTarget.current().version());
    assertThat(overview.getNode()).isEqualTo(HttpTarget.current().node());
    assertThat(overview.getExchangeTypes()).isNotEmpty();
    assertThat(overview.getObjectTotals().getExchanges()).isPositive();
    assertThat(overview.getListeners()).isNotEmpty();
    List<NodeInfo> nodes = client.getNodes();
    assertThat(nodes).hasSize(1);
    NodeInfo node = client.getNode(nodes.get(0).getName());
    assertThat(node.isRunning()).isTrue();
    assertThat(node.getType()).isEqualTo("disc");
    assertThat(client.getClusterName().getName()).isEqualTo(overview.getClusterName());
    assertThat(client.getExtensions()).isNotNull();
    assertThat(client.alivenessTest("/")).isTrue();
  }

  @Test
  void vhostsAndLimitsAreKept() {
    String other = name("hv");
    temporary("/vhosts/" + other);
    client.createVhost(other, "of the tour", "a", "b");
    VhostInfo read = client.getVhost(other);
    assertThat(read.getName()).isEqualTo(other);
    assertThat(read.getDescription()).isEqualTo("of the tour");
    assertThat(read.getTags()).containsExactly("a", "b");
    assertThat(client.getVhosts()).extracting(VhostInfo::getName).contains("/", other);
    client.limitMaxNumberOfQueues(other, 7);
    client.limitMaxNumberOfConnections(other, 8);
    assertThat(client.getVhostLimits(other).getMaxQueues()).isEqualTo(7);
    assertThat(client.getVhostLimits())
        .filteredOn(limits -> limits.getVhost().equals(other))
        .singleElement()
        .satisfies(limits -> assertThat(limits.getMaxConnections()).isEqualTo(8));
    client.clearMaxQueuesLimit(other);
    client.clearMaxConnectionsLimit(other);
    assertThat(client.getVhostLimits(other).getMaxQueues()).isEqualTo(-1);
    client.deleteVhost(other);
    assertThat(client.getVhost(other)).isNull();
  }

  @Test
  void usersAndPermissionsAreKept() {
    String user = name("hu");
    temporary("/users/" + user);
    client.createUser(user, "p".toCharArray(), List.of("management"));
    UserInfo read = client.getUser(user);
    assertThat(read.getTags()).containsExactly("management");
    assertThat(client.getUsers()).extracting(UserInfo::getName).contains(user);
    client.updatePermissions(vhost, user, new UserPermissions("r", "w", "c"));
    UserPermissions permissions = client.getPermissions(vhost, user);
    assertThat(permissions.getConfigure()).isEqualTo("c");
    assertThat(permissions.getWrite()).isEqualTo("w");
    assertThat(permissions.getRead()).isEqualTo("r");
    assertThat(client.getPermissionsOf(user)).hasSize(1);
    assertThat(client.getPermissionsIn(vhost)).hasSize(2);
    client.updateTopicPermissions(vhost, user, new TopicPermissions("amq.topic", "a", "b"));
    assertThat(client.getTopicPermissions(vhost, user)).hasSize(1);
    assertThat(client.getTopicPermissionsOf(user).get(0).getExchange()).isEqualTo("amq.topic");
    client.clearTopicPermissions(vhost, user);
    client.clearPermissions(vhost, user);
    assertThat(client.getPermissions(vhost, user)).isNull();
    client.deleteUser(user);
    assertThat(client.getUser(user)).isNull();
  }

  @Test
  void exchangesQueuesAndBindingsAreKept() {
    client.declareExchange(
        vhost, "x", new ExchangeInfo("topic", true, false, false, Map.of("x-own", "a")));
    client.declareQueue(vhost, "q", new QueueInfo(true, false, false, Map.of("x-max-length", 5)));
    client.bindQueue(vhost, "q", "x", "a.*");
    client.bindQueue(vhost, "q", "x", "", Map.of("k", "v"));
    client.bindExchange(vhost, "amq.fanout", "x", "e");
    ExchangeInfo exchange = client.getExchange(vhost, "x");
    assertThat(exchange.getType()).isEqualTo("topic");
    assertThat(exchange.isDurable()).isTrue();
    assertThat(exchange.getArguments()).containsEntry("x-own", "a");
    assertThat(client.getExchanges(vhost)).hasSize(8);
    QueueInfo queue = client.getQueue(vhost, "q");
    assertThat(queue.isDurable()).isTrue();
    assertThat(queue.getArguments()).containsEntry("x-max-length", 5);
    assertThat(client.getQueues(vhost)).hasSize(1);
    assertThat(client.getQueueBindingsBetween(vhost, "x", "q"))
        .extracting(BindingInfo::getRoutingKey)
        .containsExactlyInAnyOrder("a.*", "");
    assertThat(client.getBindingsBySource(vhost, "x")).hasSize(3);
    assertThat(client.getExchangeBindingsBetween(vhost, "x", "amq.fanout")).hasSize(1);
    client.unbindQueue(vhost, "q", "x", "a.*");
    client.unbindExchange(vhost, "amq.fanout", "x", "e");
    assertThat(client.getBindingsBySource(vhost, "x")).hasSize(1);
    client.deleteQueue(vhost, "q");
    client.deleteExchange(vhost, "x");
    assertThat(client.getQueue(vhost, "q")).isNull();
    assertThat(client.getExchange(vhost, "x")).isNull();
  }

  @Test
  void messagesArePublishedAndGot() {
    client.declareQueue(vhost, "q", new QueueInfo(false, false, false));
    OutboundMessage message =
        new OutboundMessage().payload("hi").properties(Map.of("priority", 3)).utf8Encoded();
    assertThat(client.publish(vhost, "amq.default", "q", message)).isTrue();
    assertThat(client.publish(vhost, "amq.default", "none", message)).isFalse();
    List<InboundMessage> got =
        client.get(vhost, "q", 5, GetAckMode.REJECT_REQUEUE_TRUE, GetEncoding.AUTO);
    assertThat(got).hasSize(1);
    assertThat(got.get(0).getPayload()).isEqualTo("hi");
    assertThat(got.get(0).getProperties()).containsEntry("priority", 3);
    assertThat(got.get(0).getRoutingKey()).isEqualTo("q");
    client.purgeQueue(vhost, "q");
    assertThat(client.get(vhost, "q")).isNull();
  }

  @Test
  void policiesAreKept() {
    PolicyInfo policy = new PolicyInfo("^q", 3, "queues", Map.of("max-length", 9));
    client.declarePolicy(vhost, "p", policy);
    client.declareOperatorPolicy(vhost, "o", policy);
    assertThat(client.getPolicies(vhost))
        .singleElement()
        .satisfies(
            read -> {
              assertThat(read.getName()).isEqualTo("p");
              assertThat(read.getPriority()).isEqualTo(3);
              assertThat(read.getApplyTo()).isEqualTo("queues");
              assertThat(read.getDefinition()).containsEntry("max-length", 9);
            });
    assertThat(client.getOperatorPolicies(vhost)).hasSize(1);
    client.deletePolicy(vhost, "p");
    client.deleteOperatorPolicy(vhost, "o");
    assertThat(client.getPolicies(vhost)).isEmpty();
  }

  @Test
  void connectionsChannelsAndConsumersAreSeen() throws Exception {
    Connection seen = keep(factory().newConnection(name("tour")));
    String tag = seen.createChannel().basicConsume(newQueue(), true, (t, delivery) -> {}, t -> {});
    String hint = seen.getClientProvidedName();
    eventually(
        "/connections",
        found -> assertThat(HttpAnswer.column(found, "user_provided_name")).contains(hint));
    eventually(
        "/consumers",
        found -> assertThat(only(found, "consumer_tag", tag).get("channel_details")).isNotEmpty());
    ConnectionInfo info =
        client.getConnections().stream()
            .filter(one -> hint.equals(one.getClientProperties().getConnectionName()))
            .findFirst()
            .orElseThrow();
    assertThat(info.getUser()).isEqualTo(BrokerUnderTest.user());
    assertThat(info.getProtocol()).isEqualTo("AMQP 0-9-1");
    assertThat(client.getConnection(info.getName()).getPeerPort()).isEqualTo(info.getPeerPort());
    eventually(
        "/connections/" + ManagementClient.segment(info.getName()) + "/channels",
        found -> assertThat(found).isNotEmpty());
    assertThat(client.getChannels(info.getName()))
        .singleElement()
        .satisfies(
            channel -> assertThat(client.getChannel(channel.getName()).getNumber()).isEqualTo(1));
    assertThat(client.getConsumers("/")).extracting(ConsumerDetails::getConsumerTag).contains(tag);
    assertThat(client.getConnectionsOfUser(BrokerUnderTest.user())).isNotEmpty();
    client.closeConnection(info.getName(), "end of the tour");
    await().until(() -> !seen.isOpen());
    assertThat(seen.getCloseReason()).hasMessageContaining("end of the tour");
  }

  @Test
  void listsHavePages() {
    for (String queue : List.of("a", "b", "c")) {
      client.declareQueue(vhost, queue, new QueueInfo(false, false, false));
    }
    QueryParameters second =
        new QueryParameters().pagination().pageSize(2).query().columns().add("name").query();
    Page<QueueInfo> page = client.getQueues(vhost, second);
    assertThat(page.getTotalCount()).isEqualTo(3);
    assertThat(page.getItemsAsList()).extracting(QueueInfo::getName).containsExactly("a", "b");
  }

  @Test
  void definitionsAreExported() {
    client.declareQueue(vhost, "q", new QueueInfo(true, false, false));
    Definitions definitions = client.getDefinitions();
    assertThat(definitions.getServerVersion()).isEqualTo(HttpTarget.current().version());
    assertThat(definitions.getVhosts()).extracting(VhostInfo::getName).contains(vhost);
    assertThat(definitions.getQueues()).extracting(QueueInfo::getName).contains("q");
    assertThat(definitions.getUsers())
        .extracting(UserInfo::getName)
        .contains(BrokerUnderTest.user());
  }
}
