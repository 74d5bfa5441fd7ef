package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /connections}: what they tell, and closing them. */
class HttpConnectionsTest extends HttpTest {
  private Connection named;
  private String user;
  private String hint;

  @BeforeEach
  void connectByAName() throws Exception {
    user = newUser("management");
    permit(user, "/", ".*", ".*", ".*");
    hint = name("connection");
    named = connect(user, hint);
  }

  private Connection connect(String as, String providedName) throws Exception {
    ConnectionFactory factory = factory();
    factory.setUsername(as);
    factory.setPassword("p");
    return keep(factory.newConnection(providedName));
  }

  private JsonNode listed() {
    return awaitListed(hint);
  }

  private String path() {
    return "/connections/" + ManagementClient.segment(listed().get("name").textValue());
  }

  private CompletableFuture<String> end(Connection closing) {
    CompletableFuture<String> end = new CompletableFuture<>();
    closing.addShutdownListener((ShutdownSignalException cause) -> end.complete("" + cause));
    return end;
  }

  @Test
  void connectionHasTheFieldsThatClientsRead() {
    JsonNode read = eventually(path(), found -> assertThat(found.has("send_oct_details")).isTrue());
    assertFields(
        read,
        List.of(
            "auth_mechanism",
            "channel_max",
            "channels",
            "client_properties",
            "connected_at",
            "frame_max",
            "garbage_collection",
            "host",
            "name",
            "node",
            "peer_host",
            "peer_port",
            "port",
            "protocol",
            "recv_cnt",
            "recv_oct",
            "recv_oct_details",
            "reductions",
            "reductions_details",
            "send_cnt",
            "send_oct",
            "send_oct_details",
            "send_pend",
            "ssl",
            "state",
            "timeout",
            "type",
            "user",
            "user_provided_name",
            "user_who_performed_action",
            "vhost"),
        List.of(
            "peer_cert_issuer",
            "peer_cert_subject",
            "peer_cert_validity",
            "ssl_cipher",
            "ssl_hash",
            "ssl_key_exchange",
            "ssl_protocol"));
  }

  @Test
  void connectionTellsOfItsHandshake() {
    JsonNode read = eventually(path(), found -> assertThat(found.has("send_oct_details")).isTrue());
    assertThat(read.get("name").textValue())
        .matches("127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:\\d+");
    assertThat(read.get("name").textValue())
        .isEqualTo(
            "%s:%d -> %s:%d"
                .formatted(
                    read.get("peer_host").textValue(),
                    read.get("peer_port").intValue(),
                    read.get("host").textValue(),
                    read.get("port").intValue()));
    assertThat(read.get("port").intValue()).isEqualTo(BrokerUnderTest.port());
    assertThat(read.get("protocol").textValue()).isEqualTo("AMQP 0-9-1");
    assertThat(read.get("type").textValue()).isEqualTo("network");
    assertThat(read.get("auth_mechanism").textValue()).isEqualTo("PLAIN");
    assertThat(read.get("ssl").booleanValue()).isFalse();
    assertThat(read.get("user").textValue()).isEqualTo(user);
    assertThat(read.get("vhost").textValue()).isEqualTo("/");
    assertThat(read.get("state").textValue()).isEqualTo("running");
    assertThat(read.get("node").textValue()).isEqualTo(HttpTarget.current().node());
    assertThat(read.get("frame_max").intValue()).isEqualTo(named.getFrameMax());
    assertThat(read.get("channel_max").intValue()).isEqualTo(named.getChannelMax());
    assertThat(read.get("timeout").intValue()).isEqualTo(named.getHeartbeat());
    assertThat(read.get("connected_at").longValue())
        .isCloseTo(System.currentTimeMillis(), Offset.offset(120_000L));
    assertThat(read.get("recv_oct").longValue()).isPositive();
    assertThat(read.at("/client_properties/connection_name").textValue()).isEqualTo(hint);
    assertThat(read.at("/client_properties/capabilities/publisher_confirms").booleanValue())
        .isTrue();
  }

  @Test
  void channelsOfAConnectionAreListed() throws Exception {
    named.createChannel();
    named.createChannel();
    String path = path();
    JsonNode channels = eventually(path + "/channels", found -> assertThat(found).hasSize(2));
    assertThat(HttpAnswer.column(channels, "number")).containsExactlyInAnyOrder("1", "2");
    JsonNode read =
        eventually(path, found -> assertThat(found.get("channels").asInt()).isEqualTo(2));
    assertThat(channels.get(0).at("/connection_details/name")).isEqualTo(read.get("name"));
  }

  @Test
  void connectionIsClosedForAReason() throws Exception {
    CompletableFuture<String> end = end(named);
    http.send("DELETE", path(), null, "X-Reason", "tired of tests").isEmpty(204);
    assertThat(end.get(10, TimeUnit.SECONDS))
        .contains("reply-code=320", "reply-text=CONNECTION_FORCED - tired of tests,");
  }

  @Test
  void connectionIsClosedWithoutAReason() throws Exception {
    CompletableFuture<String> end = end(named);
    String path = path();
    http.delete(path).isEmpty(204);
    assertThat(end.get(10, TimeUnit.SECONDS))
        .contains("reply-code=320", "reply-text=CONNECTION_FORCED - Closed via management plugin,");
    http.delete("/connections/none").isNotFound();
    http.get("/connections/none").isNotFound();
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> http.get(path).isNotFound());
  }

  @Test
  void connectionsOfAUserAreListed() throws Exception {
    connect(user, name("second"));
    JsonNode list =
        eventually("/connections/username/" + user, found -> assertThat(found).hasSize(2));
    assertFields(list.get(0), "name", "vhost", "user", "node");
    assertThat(HttpAnswer.column(list, "user")).containsOnly(user);
    assertThat(http.read("/connections/username/" + name("none"))).isEmpty();
  }

  @Test
  void connectionsOfAUserAreClosed() throws Exception {
    Connection second = connect(user, name("second"));
    CompletableFuture<String> first = end(named);
    CompletableFuture<String> other = end(second);
    eventually("/connections/username/" + user, found -> assertThat(found).hasSize(2));
    String path = "/connections/username/" + user;
    http.send("DELETE", path, null, "X-Reason", "all of them").isEmpty(204);
    for (CompletableFuture<String> end : List.of(first, other)) {
      assertThat(end.get(10, TimeUnit.SECONDS))
          .contains("reply-text=CONNECTION_FORCED - all of them,");
    }
    assertThat(connection.isOpen()).isTrue();
    http.delete("/connections/username/" + name("none")).isEmpty(204);
  }

  @Test
  void usersSeeOnlyTheirOwnConnections() {
    listed();
    String foreign = newUser("management");
    permit(foreign, "/", "", "", "");
    ManagementClient other = ManagementClient.as(foreign, "p");
    assertThat(other.read("/connections")).isEmpty();
    other.get(path()).isError(401, "not_authorised", "User not authorised to access object");
    ManagementClient own = ManagementClient.as(user, "p");
    assertThat(HttpAnswer.column(own.read("/connections"), "user")).containsOnly(user);
    own.delete(path()).isEmpty(204);
  }
}
