package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.vhost.SteadyClock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody sets the machine's time while messages and queues wait for theirs to be over. */
@Timeout(60)
class SetClockTest {
  private static final int HOUR = 3_600_000;
  private static final int SOON = 150;

  private final AtomicLong setBy = new AtomicLong();
  private Broker broker;
  private Connection connection;
  private Channel channel;

  @BeforeEach
  void start() throws Exception {
    SteadyClock clock =
        new SteadyClock(() -> System.currentTimeMillis() + setBy.get(), System::nanoTime);
    broker =
        Broker.start(
            BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).clock(clock).build());
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(broker.port());
    connection = factory.newConnection();
    channel = connection.createChannel();
    channel.confirmSelect();
    channel.queueDeclare("dead", false, false, false, null);
  }

  @AfterEach
  void stop() {
    connection.abort(5_000);
    broker.close();
  }

  private void declare(String queue, Map<String, Object> arguments) throws Exception {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("x-dead-letter-exchange", "");
    all.put("x-dead-letter-routing-key", "dead");
    channel.queueDeclare(queue, false, false, false, all);
  }

  private void publish(String queue, String expiration) throws Exception {
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder().expiration(expiration).build();
    channel.basicPublish("", queue, properties, new byte[] {1});
    channel.waitForConfirmsOrDie(20_000);
  }

  private int ready(String queue) throws Exception {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  @Test
  void setBackItFreezesNoMessageAndNoQueue() throws Exception {
    declare("by-queue", Map.of("x-message-ttl", SOON));
    declare("by-message", Map.of());
    channel.queueDeclare("unused", false, false, false, Map.of("x-expires", SOON));
    publish("by-queue", null);
    publish("by-message", String.valueOf(SOON));

    setBy.set(-HOUR);

    await().atMost(Duration.ofSeconds(10)).until(() -> ready("dead") == 2);
    await().atMost(Duration.ofSeconds(10)).until(() -> !exists("unused"));
  }

  private boolean exists(String queue) throws Exception {
    // To ask would be use: who binds it does not use it, and is told whether it is there.
    Channel asking = connection.createChannel();
    try {
      asking.queueBind(queue, "amq.direct", "key");
      asking.close();
      return true;
    } catch (java.io.IOException gone) {
      assertThat(Closing.of(gone).code()).isEqualTo(404);
      return false;
    }
  }

  @Test
  void setForwardItExpiresNothingEarly() throws Exception {
    declare("by-queue", Map.of("x-message-ttl", HOUR));
    declare("by-message", Map.of());
    declare("unused", Map.of("x-expires", HOUR));
    publish("by-queue", null);
    publish("by-message", String.valueOf(HOUR));

    setBy.set(24L * HOUR);

    declare("passing", Map.of("x-message-ttl", SOON));
    publish("passing", null);
    await().atMost(Duration.ofSeconds(10)).until(() -> ready("dead") > 0);
    assertThat(ready("dead")).isEqualTo(1);
    assertThat(ready("by-queue")).isEqualTo(1);
    assertThat(ready("by-message")).isEqualTo(1);
    assertThat(exists("unused")).isTrue();
  }

  @Test
  void usersAreToldTheTimeThatWasSet() throws Exception {
    declare("passing", Map.of("x-message-ttl", SOON));
    setBy.set(-24L * HOUR);
    publish("passing", null);
    await().atMost(Duration.ofSeconds(10)).until(() -> ready("dead") == 1);

    GetResponse letter = channel.basicGet("dead", true);

    Map<?, ?> death = (Map<?, ?>) ((List<?>) letter.getProps().getHeaders().get("x-death")).get(0);
    Date yesterday = new Date(System.currentTimeMillis() - 24L * HOUR);
    assertThat((Date) death.get("time")).isCloseTo(yesterday, 60_000);
  }
}
