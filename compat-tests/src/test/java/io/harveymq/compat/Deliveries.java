package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A consumer that keeps what it gets until the test takes it. Filled by the reading thread. */
final class Deliveries extends DefaultConsumer {
  private final BlockingQueue<Delivery> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

  Deliveries(Channel channel) {
    super(channel);
  }

  /** Starts consuming with acknowledgements by hand. */
  static Deliveries from(Channel channel, String queue) throws Exception {
    Deliveries deliveries = new Deliveries(channel);
    channel.basicConsume(queue, false, deliveries);
    return deliveries;
  }

  /** Starts consuming without acknowledgements. */
  static Deliveries noAckFrom(Channel channel, String queue) throws Exception {
    Deliveries deliveries = new Deliveries(channel);
    channel.basicConsume(queue, true, deliveries);
    return deliveries;
  }

  @Override
  public void handleDelivery(
      String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
    received.add(new Delivery(envelope, properties, body));
  }

  @Override
  public void handleCancel(String tag) {
    cancelled.add(tag);
  }

  /** The next delivery; fails when none comes within ten seconds. */
  Delivery next() throws InterruptedException {
    Delivery delivery = received.poll(10, TimeUnit.SECONDS);
    assertThat(delivery).as("delivery").isNotNull();
    return delivery;
  }

  String nextText() throws InterruptedException {
    return text(next());
  }

  List<String> nextTexts(int count) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(nextText());
    }
    return texts;
  }

  /** All that has come so far and was not taken. */
  List<String> taken() {
    List<Delivery> all = new ArrayList<>();
    received.drainTo(all);
    return all.stream().map(Deliveries::text).toList();
  }

  /** The tag of the broker's basic.cancel; fails when none comes within ten seconds. */
  String nextCancel() throws InterruptedException {
    String tag = cancelled.poll(10, TimeUnit.SECONDS);
    assertThat(tag).as("cancelled consumer").isNotNull();
    return tag;
  }

  boolean wasCancelled() {
    return !cancelled.isEmpty();
  }

  static String text(Delivery delivery) {
    return new String(delivery.getBody(), StandardCharsets.UTF_8);
  }

  static long tag(Delivery delivery) {
    return delivery.getEnvelope().getDeliveryTag();
  }
}
