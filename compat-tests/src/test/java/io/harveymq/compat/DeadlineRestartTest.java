package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Times, limits and dead letters of a broker that was stopped or killed and started again. */
@Timeout(120)
class DeadlineRestartTest {
  private BrokerProcess broker;
  private Connection connection;
  private Channel channel;

  @BeforeEach
  void start() throws Exception {
    broker = BrokerProcess.create();
    broker.start();
    connect();
  }

  private void connect() throws Exception {
    connection = broker.connect();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  @AfterEach
  void remove() throws Exception {
    connection.abort(5_000);
    broker.close();
  }

  private void publish(String queue, String expiration, String body) throws Exception {
    var properties = CompatTest.properties().deliveryMode(2).expiration(expiration).build();
    channel.basicPublish("", queue, properties, CompatTest.bytes(body));
    channel.waitForConfirmsOrDie(10_000);
  }

  private int ready(String queue) throws Exception {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  private List<String> drain(String queue) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (GetResponse got = channel.basicGet(queue, true);
        got != null;
        got = channel.basicGet(queue, true)) {
      bodies.add(CompatTest.text(got));
    }
    return bodies;
  }

  @ParameterizedTest
  @EnumSource
  void whatExpiresWhileTheBrokerIsDownIsADeadLetterAfterItsStart(RestartEnd end) throws Exception {
    channel.queueDeclare("dead", true, false, false, null);
    channel.queueDeclare("full", true, false, false, Map.of("x-max-length-bytes", 30));
    Map<String, Object> toDead =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead");
    channel.queueDeclare("q", true, false, false, toDead);
    publish("q", "600000", "rejected before");
    publish("full", null, "ten bytes1");
    publish("full", null, "ten bytes2");
    publish("full", null, "ten bytes3");
    channel.basicReject(channel.basicGet("q", false).getEnvelope().getDeliveryTag(), false);
    publish("q", "1000", "expired");
    publish("q", "600000", "alive");

    end.end(broker);
    connection.abort(5_000);
    broker.start();
    connect();

    await().until(() -> ready("dead") == 2);
    assertThat(drain("q")).containsExactly("alive");
    GetResponse first = channel.basicGet("dead", false);
    assertThat(CompatTest.text(first)).isEqualTo("rejected before");
    assertThat(first.getProps().getHeaders().get("x-first-death-reason")).hasToString("rejected");
    assertThat(drain("dead")).containsExactly("expired");
    publish("full", null, "4");
    assertThat(drain("full")).containsExactly("ten bytes2", "ten bytes3", "4");
  }
}
