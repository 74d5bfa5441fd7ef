package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.Test;

/** Quorum queues whose dead letters stay until others have taken them. */
class AtLeastOnceTest {
  private static final int RETRY = 180_000;

  private final MemoryStore store = new MemoryStore();
  private TestBroker broker = TestBroker.on(store);
  private TestChannel channel = broker.channel();

  private void declareSource(String overflow) {
    FieldTable arguments =
        FieldTable.builder()
            .put("x-queue-type", "quorum")
            .put("x-dead-letter-exchange", "dlx")
            .put("x-dead-letter-strategy", "at-least-once")
            .put("x-overflow", overflow)
            .build();
    declare("source", arguments);
  }

  private void declare(String queue, FieldTable arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
  }

  private void publishAndReject(String body) {
    BasicProperties persistent = BasicProperties.builder().deliveryMode(2).build();
    channel.publish("", "source", persistent, body.getBytes());
    channel.send(new BasicMethod.Reject(channel.get("source").deliveryTag(), false));
    broker.run();
  }

  private void assertNothingKept() {
    channel.ackUpTo(0);
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aLetterWaitsForTheExchangeAndForItsBindings() {
    declareSource("reject-publish");
    publishAndReject("a");
    broker.advance(RETRY);
    channel.declareExchange("dlx", "fanout").declare("end");
    broker.advance(RETRY);
    assertThat(broker.queue("source").readyCount()).isZero();
    channel.bind("end", "dlx", "");
    broker.advance(RETRY - 1);
    assertThat(broker.queue("end").readyCount()).isZero();
    broker.advance(1);
    assertThat(channel.drain("end")).containsExactly("a");
    assertNothingKept();
    broker.advance(2 * RETRY);
    assertThat(channel.drain("end")).isEmpty();
  }

  @Test
  void aLetterWaitsForTheQueueThatRefusesItAndGoesOnlyOnceToTheOthers() {
    declareSource("reject-publish");
    channel.declareExchange("dlx", "fanout").declare("roomy");
    declare(
        "full",
        FieldTable.builder().put("x-max-length", 1).put("x-overflow", "reject-publish").build());
    channel.bind("roomy", "dlx", "").bind("full", "dlx", "").publish("full", "in the way");
    publishAndReject("a");
    assertThat(channel.drain("roomy")).containsExactly("a");
    assertThat(channel.drain("full")).containsExactly("in the way");
    broker.advance(RETRY);
    assertThat(channel.drain("full")).containsExactly("a");
    assertThat(channel.drain("roomy")).isEmpty();
    assertNothingKept();
  }

  @Test
  void whatIsKeptCountsTowardsTheLengthLimit() {
    FieldTable arguments =
        FieldTable.builder()
            .put("x-queue-type", "quorum")
            .put("x-dead-letter-exchange", "dlx")
            .put("x-dead-letter-strategy", "at-least-once")
            .put("x-overflow", "reject-publish")
            .put("x-max-length", 2)
            .build();
    declare("source", arguments);
    publishAndReject("a");
    publishAndReject("b");
    publishAndReject("c");
    channel.confirm().publish("source", "too much");
    assertThat(channel.next().method()).isEqualTo(new BasicMethod.Nack(1, false, true));
    channel.declareExchange("dlx", "fanout").declare("end").bind("end", "dlx", "");
    broker.advance(RETRY);
    channel.publish("source", "fits");
    assertThat(channel.next().method()).isEqualTo(new BasicMethod.Ack(2, false));
  }

  @Test
  void lettersThatNobodyTookAreInTheQueueAgainAfterARestart() {
    declareSource("reject-publish");
    publishAndReject("a");
    broker.end();
    broker = TestBroker.on(store);
    channel = broker.channel();
    Received again = channel.get("source");
    assertThat(again.redelivered()).isTrue();
    assertThat(again.text()).isEqualTo("a");
  }

  @Test
  void aPolicyThatNamesAnotherExchangeFreesThem() {
    FieldTable arguments =
        FieldTable.builder()
            .put("x-queue-type", "quorum")
            .put("x-dead-letter-strategy", "at-least-once")
            .put("x-overflow", "reject-publish")
            .build();
    channel.declare("end");
    setPolicy("missing");
    declare("source", arguments);
    publishAndReject("a");
    assertThat(channel.drain("end")).isEmpty();
    setPolicy("");
    assertThat(channel.drain("end")).containsExactly("a");
  }

  private void setPolicy(String deadLetterExchange) {
    FieldTable definition =
        FieldTable.builder()
            .put("dead-letter-exchange", deadLetterExchange)
            .put("dead-letter-routing-key", "end")
            .build();
    Policy policy = Policy.of("p", "^source$", ApplyTo.QUEUES, 0, definition);
    broker.home().run(() -> broker.vhost().policies().set(policy, false));
    broker.run();
  }

  @Test
  void withDropHeadItIsNowOrNever() {
    declareSource("drop-head");
    publishAndReject("a");
    channel.declareExchange("dlx", "fanout").declare("end").bind("end", "dlx", "");
    broker.advance(2 * RETRY);
    assertThat(channel.drain("end")).isEmpty();
    assertNothingKept();
  }

  @Test
  void deletingTheQueueDropsWhatItHolds() {
    declareSource("reject-publish");
    publishAndReject("a");
    channel.call(new QueueMethod.Delete("source", false, false, false), QueueMethod.DeleteOk.class);
    channel.declareExchange("dlx", "fanout").declare("end").bind("end", "dlx", "");
    broker.advance(RETRY);
    assertThat(channel.drain("end")).isEmpty();
    assertNothingKept();
  }

  @Test
  void manyLettersAreTriedOverSeveralTurns() {
    declareSource("reject-publish");
    for (int i = 0; i < 300; i++) {
      publishAndReject("m" + i);
    }
    channel.declareExchange("dlx", "fanout").declare("end").bind("end", "dlx", "");
    broker.advance(RETRY);
    assertThat(channel.drain("end")).hasSize(300).startsWith("m0", "m1").endsWith("m299");
    assertNothingKept();
  }

  @Test
  void anotherQueueGetsItsMessagesBackWhileVeryManyLettersAreTried() {
    int letters = 20_000;
    int returned = 10_000;
    declareSource("reject-publish");
    takeAll(channel, "source", letters);
    channel.send(new BasicMethod.Nack(0, true, false));
    broker.run();
    TestChannel other = broker.channel().declare("other").declare("end");
    other.declareExchange("dlx", "fanout").bind("end", "dlx", "");
    takeAll(other, "other", returned);
    broker.loop().advance(RETRY, () -> {});
    while (broker.queue("end").readyCount() == 0) {
      assertThat(broker.step()).isTrue();
    }
    other.send(new BasicMethod.Cancel("c", true)).requeueUpTo(returned);
    while (broker.queue("other").readyCount() < returned) {
      assertThat(broker.step()).isTrue();
    }
    assertThat(broker.queue("end").readyCount()).isBetween(1, letters / 4);
    broker.run();
    assertThat(broker.queue("end").readyCount()).isEqualTo(letters);
  }

  private void takeAll(TestChannel consumer, String queue, int count) {
    broker.fill(queue, count);
    consumer.client().socket().discardOutput();
    consumer.send(new BasicMethod.Consume(queue, "c", false, false, false, true, FieldTable.EMPTY));
    broker.run();
    assertThat(broker.queue(queue).unackedCount()).isEqualTo(count);
  }
}
