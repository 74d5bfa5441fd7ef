package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.ResourceLimit;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Alarms as client libraries see them. The alarms are raised by the embedding API, so the suite
 * needs a Harvey inside this JVM. RabbitMQ 3.10.8, asked by hand with {@code rabbitmqctl
 * set_vm_memory_high_watermark 0.00001} and {@code set_disk_free_limit 9000GB}, answers so:
 *
 * <ul>
 *   <li>nothing is sent when an alarm is set; other methods, and connections that consume, go on;
 *   <li>the header of the next message blocks its connection: connection.blocked with {@code low on
 *       memory}, {@code low on disk} or, whichever was first, {@code low on disk & memory}; the
 *       message is routed after the alarm, or before if its body is empty;
 *   <li>a second alarm, and the end of one of two, is not told;
 *   <li>connection.unblocked comes before the answers to what waited;
 *   <li>channel.close and connection.close wait, too; a close by the operator does not.
 * </ul>
 */
@EnabledIf("io.harveymq.compat.BrokerUnderTest#isEmbedded")
class BlockedTest extends CompatTest {
  private static final ResourceLimit EVERYTHING = ResourceLimit.relative(1);
  private static final ResourceLimit NOTHING = ResourceLimit.absolute(0);

  private final ResourceAlarms alarms = BrokerUnderTest.alarms();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @BeforeEach
  void listen() {
    listenOn(connection, told);
  }

  private static void listenOn(Connection listening, BlockingQueue<String> told) {
    listening.addBlockedListener(
        new BlockedListener() {
          @Override
          public void handleBlocked(String reason) {
            told.add(reason);
          }

          @Override
          public void handleUnblocked() {
            told.add("unblocked");
          }
        });
  }

  @AfterEach
  void clearAlarms() {
    alarms.memoryHighWatermark(EVERYTHING);
    alarms.diskFreeLimit(NOTHING);
  }

  private String nextTold() throws InterruptedException {
    return told.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void aPublisherIsToldThatTheBrokerIsLowOnMemory() throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    alarms.memoryHighWatermark(NOTHING);
    assertThat(ready(queue)).isZero();
    assertThat(told).isEmpty();

    publish("", queue, "later");
    assertThat(nextTold()).isEqualTo("low on memory");
    try (Connection consumer = factory().newConnection()) {
      Channel other = consumer.createChannel();
      assertThat(other.basicGet(queue, true)).isNull();
      alarms.memoryHighWatermark(EVERYTHING);
      channel.waitForConfirmsOrDie(10_000);
      assertThat(nextTold()).isEqualTo("unblocked");
      GetResponse got = other.basicGet(queue, true);
      assertThat(text(got)).isEqualTo("later");
    }
  }

  @Test
  void bothResourcesAreNamedAndOnlyTheEndOfTheLastAlarmIsTold() throws Exception {
    String queue = newQueue();
    alarms.memoryHighWatermark(NOTHING);
    alarms.diskFreeLimit(ResourceLimit.absolute(Long.MAX_VALUE));
    publish("", queue, "later");
    assertThat(nextTold()).isEqualTo("low on disk & memory");

    alarms.memoryHighWatermark(EVERYTHING);
    alarms.diskFreeLimit(NOTHING);
    assertThat(nextTold()).isEqualTo("unblocked");
    assertThat(ready(queue)).isEqualTo(1);
    assertThat(told).isEmpty();
  }

  @Test
  void consumersGoOn() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    BlockingQueue<String> consumerTold = new LinkedBlockingQueue<>();
    Connection consumer = newConnection();
    listenOn(consumer, consumerTold);
    alarms.diskFreeLimit(ResourceLimit.absolute(Long.MAX_VALUE));

    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    Channel consuming = consumer.createChannel();
    consuming.basicQos(1);
    consuming.basicConsume(
        queue,
        false,
        (tag, delivery) -> {
          bodies.add(new String(delivery.getBody(), java.nio.charset.StandardCharsets.UTF_8));
          consuming.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        },
        tag -> {});
    assertThat(bodies.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
    assertThat(bodies.poll(10, TimeUnit.SECONDS)).isEqualTo("two");
    assertThat(consumerTold).isEmpty();
  }

  @Test
  void pikaIsToldToo() throws Exception {
    PikaProgram.requirePika();
    try (PikaProgram program = PikaProgram.start("blocked.py")) {
      assertThat(program.nextLine()).isEqualTo("ready");
      alarms.memoryHighWatermark(NOTHING);
      program.send("go");
      assertThat(program.nextLine()).isEqualTo("blocked: low on memory");
      alarms.memoryHighWatermark(EVERYTHING);
      assertThat(program.nextLine()).isEqualTo("unblocked");
      assertThat(program.nextLine()).isEqualTo("got taken later");
      assertThat(program.exitCode()).isZero();
    }
  }
}
