package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.vhost.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Java client sees of a consumer that does not acknowledge in time. */
@Timeout(60)
class ConsumerTimeoutTest {
  private static final int SECONDS = 30;
  private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");
  private static final Map<String, Object> TEN_SECONDS = Map.of("x-consumer-timeout", 10_000);

  private final ManualClock clock = new ManualClock(ClockedBroker.EPOCH_MILLIS);
  private ClockedBroker broker;

  private Channel start(Compatibility version) throws Exception {
    broker = ClockedBroker.start(clock, version);
    return broker.confirmedChannel();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  /** Notes what comes. */
  private static final class Slow extends DefaultConsumer {
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> cancelled = new CompletableFuture<>();

    Slow(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      deliveries.add(new Delivery(envelope, properties, body));
    }

    @Override
    public void handleCancel(String tag) {
      cancelled.complete(tag);
    }

    Delivery next() throws Exception {
      Delivery delivery = deliveries.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(delivery).as("a delivery").isNotNull();
      return delivery;
    }
  }

  private static void publish(Channel channel, String queue) throws Exception {
    channel.basicPublish("", queue, null, CompatTest.bytes("job"));
    channel.waitForConfirmsOrDie(SECONDS * 1_000L);
  }

  @Test
  void like43TheConsumerIsCancelledAndTheChannelGoesOn() throws Exception {
    Channel channel = start(Compatibility.V4_3);
    channel.queueDeclare("jobs", true, false, false, QUORUM);
    Slow slow = new Slow(channel);
    publish(channel, "jobs");
    channel.basicConsume("jobs", false, "slow", false, false, TEN_SECONDS, slow);
    long late = slow.next().getEnvelope().getDeliveryTag();
    clock.advance(Duration.ofSeconds(11));
    assertThat(slow.cancelled.get(SECONDS, TimeUnit.SECONDS)).isEqualTo("slow");

    channel.basicAck(late, false);
    GetResponse again = channel.basicGet("jobs", false);
    assertThat(again.getEnvelope().isRedeliver()).isTrue();
    assertThat(again.getProps().getHeaders())
        .containsEntry("x-acquired-count", 1L)
        .doesNotContainKey("x-delivery-count");
    channel.basicAck(again.getEnvelope().getDeliveryTag(), false);
    assertThat(channel.queueDeclarePassive("jobs").getConsumerCount()).isZero();
  }

  @Test
  void like42TheChannelIsClosedAfterTheTimeOfTheQueue() throws Exception {
    Channel channel = start(Compatibility.V4_2);
    channel.queueDeclare("jobs", true, false, false, TEN_SECONDS);
    CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
    channel.addShutdownListener(closed::complete);
    Slow slow = new Slow(channel);
    publish(channel, "jobs");
    channel.basicConsume("jobs", false, "slow", slow);
    slow.next();
    clock.advance(Duration.ofSeconds(11));
    AMQP.Channel.Close reason =
        (AMQP.Channel.Close) closed.get(SECONDS, TimeUnit.SECONDS).getReason();
    assertThat(reason.getReplyCode()).isEqualTo(406);
    assertThat(reason.getReplyText()).contains("timed out. Timeout value used: 10000 ms.");
    assertThat(broker.connection().isOpen()).isTrue();
  }
}
