package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.vhost.ManualClock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user of the embedded broker does with a clock of his own: hours pass at once. */
@Timeout(120)
class ManualClockTest {
  private static final int HOUR = 3_600_000;

  private final ManualClock clock = new ManualClock(ClockedBroker.EPOCH_MILLIS);
  private ClockedBroker broker;
  private Channel channel;

  @BeforeEach
  void start() throws Exception {
    broker = ClockedBroker.start(clock, Compatibility.V4_2);
    channel = broker.confirmedChannel();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private void publish(String queue, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      channel.basicPublish("", queue, null, CompatTest.bytes("message " + i));
    }
    channel.waitForConfirmsOrDie(60_000);
  }

  private int ready(String queue) throws Exception {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  @Test
  void retryOfAnHourTakesNoTime() throws Exception {
    channel.queueDeclare("work", false, false, false, null);
    Map<String, Object> retry =
        Map.of(
            "x-message-ttl",
            HOUR,
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            "work");
    channel.queueDeclare("retry", false, false, false, retry);
    publish("retry", 1);
    clock.advance(Duration.ofMinutes(59));
    assertThat(ready("work")).isZero();
    clock.advance(Duration.ofMinutes(1));
    GetResponse letter = channel.basicGet("work", true);
    Map<?, ?> death = (Map<?, ?>) ((List<?>) letter.getProps().getHeaders().get("x-death")).get(0);
    assertThat(death.get("time")).isEqualTo(new Date(ClockedBroker.EPOCH_MILLIS + HOUR));
  }

  @Test
  void allThatFollowsHasHappenedWhenTheClockIsThere() throws Exception {
    int count = 20_000;
    channel.queueDeclare("end", false, false, false, null);
    for (int i = 3; i > 0; i--) {
      Map<String, Object> arguments =
          Map.of(
              "x-message-ttl",
              HOUR,
              "x-dead-letter-exchange",
              "",
              "x-dead-letter-routing-key",
              i == 3 ? "end" : "wait" + (i + 1));
      channel.queueDeclare("wait" + i, false, false, false, arguments);
    }
    publish("wait1", count);
    clock.advance(Duration.ofHours(3).minusMillis(1));
    assertThat(ready("end")).isZero();
    assertThat(ready("wait3")).isEqualTo(count);
    clock.advance(Duration.ofMillis(1));
    assertThat(ready("end")).isEqualTo(count);
  }

  @Test
  void unusedQueueGoesAfterAnHour() throws Exception {
    channel.queueDeclare("unused", false, false, false, Map.of("x-expires", HOUR));
    clock.advance(Duration.ofMillis(HOUR - 1));
    assertThat(ready("unused")).as("which is use").isZero();
    clock.advance(Duration.ofMillis(HOUR - 1));
    clock.advance(Duration.ofMillis(1));
    Closing closing = CompatTest.closingOf(channel, ch -> ch.queueDeclarePassive("unused"));
    assertThat(closing.code()).isEqualTo(404);
  }
}
