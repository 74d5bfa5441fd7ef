package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A turn ends by the copies that it made, whoever makes them for many queues. */
class FanOutTurnTest {
  private static final int QUEUES = 200;
  private static final int MESSAGES = 500;
  private static final int MOST_COPIES = 8_192 + QUEUES;

  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();
  private long before;
  private long most;

  @BeforeEach
  void bindQueues() {
    FieldTable type = FieldTable.builder().put("x-delayed-type", "fanout").build();
    channel.declareExchange("delayed", "x-delayed-message", type).declareExchange("fan", "fanout");
    for (int i = 0; i < QUEUES; i++) {
      channel.declare("q" + i).bind("q" + i, "delayed", "").bind("q" + i, "fan", "");
    }
  }

  private long copies() {
    long copies = 0;
    for (int i = 0; i < QUEUES; i++) {
      copies += broker.queue("q" + i).readyCount();
    }
    return copies;
  }

  private void turnEnded() {
    long now = copies();
    most = Math.max(most, now - before);
    before = now;
  }

  private void assertCopiesInSlicesAfter(long millis) {
    broker.run();
    assertThat(copies()).isZero();
    broker.loop().advance(millis, () -> {});
    turnEnded();
    broker.afterTurn(this::turnEnded);
    broker.run();
    assertThat(copies()).isEqualTo((long) QUEUES * MESSAGES);
    assertThat(most).isPositive().isLessThanOrEqualTo(MOST_COPIES);
  }

  @Test
  void delayedMessages() {
    FieldTable headers = FieldTable.builder().put("x-delay", 1_000).build();
    BasicProperties properties = BasicProperties.builder().headers(headers).build();
    for (int i = 0; i < MESSAGES; i++) {
      channel.publish("delayed", "", properties, new byte[1]);
    }
    assertCopiesInSlicesAfter(1_000);
  }

  @Test
  void deadLetters() {
    FieldTable arguments =
        FieldTable.builder()
            .put("x-message-ttl", 1_000)
            .put("x-dead-letter-exchange", "fan")
            .build();
    channel.call(
        new QueueMethod.Declare("dying", false, false, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
    broker.fill("dying", MESSAGES);
    assertCopiesInSlicesAfter(1_000);
  }
}
