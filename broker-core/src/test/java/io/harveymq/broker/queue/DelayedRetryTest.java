package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that come back to a quorum queue of 4.3 and wait before they are delivered again. */
class DelayedRetryTest {
  private TestBroker broker = TestBroker.of(Compatibility.V4_3);
  private TestChannel channel = broker.channel();

  private static FieldTable.Builder retry(String type) {
    return FieldTable.builder()
        .put("x-queue-type", "quorum")
        .put("x-delayed-retry-type", type)
        .put("x-delayed-retry-min", 1_000)
        .put("x-delayed-retry-max", 2_500);
  }

  private static QueueMethod.Declare declare(FieldTable.Builder arguments) {
    return new QueueMethod.Declare("q", false, true, false, false, false, arguments.build());
  }

  private DelayedRetryTest declared(FieldTable.Builder arguments) {
    channel.call(declare(arguments), QueueMethod.DeclareOk.class);
    return this;
  }

  /** A broker starts on what the other had stored, after so many milliseconds. */
  private void restart(MemoryStore store, long downMillis) {
    long now = broker.loop().clock().millis();
    broker = TestBroker.on(store, Compatibility.V4_3, now + downMillis);
    channel = broker.channel();
  }

  private void onStore(MemoryStore store) {
    broker = TestBroker.on(store, Compatibility.V4_3);
    channel = broker.channel();
  }

  private void fail(Received delivery) {
    channel.requeue(delivery.deliveryTag());
    broker.run();
  }

  private void giveBack(Received delivery) {
    channel.send(new BasicMethod.Nack(delivery.deliveryTag(), false, true));
    broker.run();
  }

  private MessageQueue queue() {
    return broker.queue("q");
  }

  private void expectWaiting(int ready, int delayed) {
    assertThat(queue().readyCount()).as("ready").isEqualTo(ready);
    assertThat(queue().lanes().delayedCount()).as("delayed").isEqualTo(delayed);
  }

  @Test
  void theDelayGrowsWithEachFailureUpToTheLongest() {
    declared(retry("all"));
    channel.publish("q", "a");
    for (int delay : new int[] {1_000, 2_000, 2_500, 2_500}) {
      fail(channel.get("q"));
      expectWaiting(0, 1);
      broker.advance(delay - 1);
      assertThat(channel.get("q")).isNull();
      broker.advance(1);
      expectWaiting(1, 0);
    }
    Received last = channel.get("q");
    assertThat(last.redelivered()).isTrue();
    assertThat(BasicProperties.of(last.properties()).headers().get("x-delivery-count"))
        .isEqualTo(FieldValue.of(4L));
  }

  @ParameterizedTest
  @CsvSource({
    "all, true, true",
    "failed, true, false",
    "returned, false, true",
    "disabled, false, false"
  })
  void theTypeSaysWhichWait(String type, boolean failed, boolean returned) {
    declared(retry(type));
    channel.publish("q", "a");
    fail(channel.get("q"));
    expectWaiting(failed ? 0 : 1, failed ? 1 : 0);
    broker.advance(1_000);
    giveBack(channel.get("q"));
    expectWaiting(returned ? 0 : 1, returned ? 1 : 0);
  }

  @Test
  void whatIsGivenBackWithoutAFailureWaitsTheShortestTimeEachTime() {
    declared(retry("returned"));
    channel.publish("q", "a");
    for (int i = 0; i < 3; i++) {
      giveBack(channel.get("q"));
      broker.advance(999);
      expectWaiting(0, 1);
      broker.advance(1);
      expectWaiting(1, 0);
    }
  }

  @Test
  void aLostClientHasFailedAndOneThatIsTooSlowHasNot() {
    declared(retry("failed").put("x-consumer-timeout", 10_000));
    channel.publish("q", "a");
    TestChannel lost = broker.channel();
    lost.get("q");
    lost.client().drop();
    broker.run();
    expectWaiting(0, 1);
    broker.advance(1_000);
    broker.channel().consume("q", "c");
    expectWaiting(0, 0);
    broker.advance(10_001);
    expectWaiting(1, 0);
  }

  @Test
  void theDeliveryLimitComesFirst() {
    channel.call(
        new QueueMethod.Declare("dead", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    declared(
        retry("all")
            .put("x-delivery-limit", 1)
            .put("x-dead-letter-exchange", "")
            .put("x-dead-letter-routing-key", "dead"));
    channel.publish("q", "a");
    fail(channel.get("q"));
    broker.advance(1_000);
    fail(channel.get("q"));
    expectWaiting(0, 0);
    assertThat(channel.drain("dead")).containsExactly("a");
  }

  @Test
  void whatHasWaitedIsBeforeAllOthersInTheOrderInWhichItMayGoOn() {
    declared(retry("failed"));
    channel.publish("q", "1").publish("q", "2").publish("q", "3");
    Received one = channel.get("q");
    fail(channel.get("q"));
    fail(one);
    broker.advance(1_000);
    assertThat(channel.drain("q")).containsExactly("2", "1", "3");
  }

  @Test
  void aConsumerGetsItWhenItsTimeHasCome() {
    declared(retry("failed"));
    channel.publish("q", "a").consume("q", "c");
    fail(channel.nextDelivery());
    channel.expectNothing();
    broker.advance(1_000);
    assertThat(channel.nextDelivery().text()).isEqualTo("a");
    expectWaiting(0, 0);
  }

  @Test
  void itCountsAgainstTheLengthAndIsNotReady() {
    declared(retry("failed").put("x-max-length", 2).put("x-overflow", "reject-publish"));
    channel.confirm().publish("q", "1").publish("q", "2").publish("q", "3");
    assertThat(channel.client().all(1)).hasSize(3);
    fail(channel.get("q"));
    assertThat(channel.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class).messageCount())
        .isEqualTo(2);
    channel.publish("q", "4");
    channel.expect(BasicMethod.Nack.class);
    expectWaiting(2, 1);
  }

  @Test
  void onlyWhatIsReadyIsDroppedForTheLength() {
    declared(retry("failed").put("x-max-length", 2));
    channel.publish("q", "1").publish("q", "2");
    fail(channel.get("q"));
    channel.publish("q", "3");
    broker.run();
    expectWaiting(1, 1);
    broker.advance(1_000);
    assertThat(channel.drain("q")).containsExactly("1", "3");
  }

  @Test
  void aPurgeDropsItToo() {
    declared(retry("all"));
    long before = broker.memory().used();
    channel.publish("q", "1").publish("q", "2");
    fail(channel.get("q"));
    assertThat(
            channel
                .call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class)
                .messageCount())
        .isEqualTo(2);
    expectWaiting(0, 0);
    broker.advance(10_000);
    assertThat(channel.get("q")).isNull();
    assertThat(broker.memory().used()).isEqualTo(before);
  }

  @Test
  void itGoesWithItsQueue() {
    MemoryStore store = new MemoryStore();
    onStore(store);
    declared(retry("all"));
    channel.publish("q", "1");
    fail(channel.get("q"));
    assertThat(store.logs()).hasSize(2);
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    broker.advance(10_000);
    assertThat(store.logs()).isEmpty();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void itExpiresWhileItWaits() {
    channel.call(
        new QueueMethod.Declare("dead", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    declared(
        retry("all").put("x-dead-letter-exchange", "").put("x-dead-letter-routing-key", "dead"));
    channel.publish("", "q", BasicProperties.builder().expiration("500").build(), new byte[] {'a'});
    fail(channel.get("q"));
    broker.advance(499);
    expectWaiting(0, 1);
    broker.advance(1);
    expectWaiting(0, 0);
    assertThat(channel.drain("dead")).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 400, 5_000})
  void itWaitsForTheRestOfItsTimeAfterARestart(long down) {
    MemoryStore store = new MemoryStore();
    onStore(store);
    declared(retry("all"));
    BasicProperties urgent = BasicProperties.builder().priority(9).build();
    channel.publish("q", "1").publish("", "q", urgent, new byte[] {'2'}).publish("q", "3");
    fail(channel.get("q"));
    fail(channel.get("q"));
    broker.advance(500);
    restart(store, down);
    broker.run();
    if (down < 500) {
      expectWaiting(1, 2);
      assertThat(channel.drain("q")).containsExactly("3");
      broker.advance(499 - down);
      expectWaiting(0, 2);
      broker.advance(1);
    }
    Received first = channel.get("q");
    assertThat(first.text()).isEqualTo("2");
    assertThat(first.redelivered()).isTrue();
    assertThat(channel.drain("q")).startsWith("1");
    expectWaiting(0, 0);
    channel.ackUpTo(0);
    broker.advance(1_000);
    assertThat(store.logs()).allMatch(log -> log.messages() == 0);
  }

  @Test
  void whatGoesOnBeforeItsPlaceWasReadIsThereOnce() {
    MemoryStore store = new MemoryStore();
    onStore(store);
    declared(retry("all"));
    for (int i = 0; i < 6; i++) {
      channel.publish("q", String.valueOf(i));
    }
    List<Received> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(channel.get("q"));
    }
    fail(taken.get(3));
    fail(taken.get(1));
    broker.run();
    restart(store, 10_000);
    broker.run();
    expectWaiting(6, 0);
    assertThat(channel.drain("q")).containsExactly("3", "1", "0", "2", "4", "5");
  }

  @Test
  void manyThatWaitLeaveTheMemoryAndComeBack() {
    MemoryStore store = new MemoryStore();
    broker = TestBroker.on(store, Compatibility.V4_3, 2L << 20, 0);
    channel = broker.channel();
    declared(retry("all"));
    for (int i = 0; i < 1_000; i++) {
      byte[] body = new byte[1_000];
      byte[] number = String.format("%04d", i).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(number, 0, body, 0, 4);
      channel.publish("", "q", BasicProperties.EMPTY, body);
      fail(channel.get("q"));
    }
    expectWaiting(0, 1_000);
    assertThat(broker.memory().used()).isLessThan(1 << 20);
    broker.advance(1_000);
    List<String> got = new ArrayList<>();
    channel.drain("q").forEach(body -> got.add(body.substring(0, 4)));
    assertThat(got).hasSize(1_000).isSorted();
    channel.ackUpTo(0);
    broker.advance(1_000);
    expectWaiting(0, 0);
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aCopyInTheStoreIsCountedAsOne() {
    MemoryStore store = new MemoryStore();
    onStore(store);
    declared(retry("all"));
    channel.publish("q", "1").publish("q", "2");
    fail(channel.get("q"));
    assertThat(queue().lanes().persistent().count()).isEqualTo(2);
    restart(store, 0);
    broker.run();
    assertThat(queue().lanes().persistent().count()).isEqualTo(2);
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    assertThat(queue().lanes().persistent().count()).isZero();
    broker.run();
    assertThat(store.logs()).allMatch(log -> log.messages() == 0);
  }

  @Test
  void aPolicySaysSoToo() {
    declared(FieldTable.builder().put("x-queue-type", "quorum"));
    FieldTable definition =
        FieldTable.builder()
            .put("delayed-retry-type", "returned")
            .put("delayed-retry-min", 300)
            .build();
    Policy policy = Policy.of("retry", ".*", ApplyTo.QUEUES, 0, definition);
    broker.home().run(() -> broker.vhost().policies().set(policy, false));
    broker.run();
    channel.publish("q", "a");
    giveBack(channel.get("q"));
    broker.advance(299);
    expectWaiting(0, 1);
    broker.advance(1);
    expectWaiting(1, 0);
  }

  @Test
  void withoutAShortestDelayNothingWaits() {
    declared(FieldTable.builder().put("x-queue-type", "quorum").put("x-delayed-retry-type", "all"));
    channel.publish("q", "a");
    fail(channel.get("q"));
    expectWaiting(1, 0);
  }

  @Test
  void earlierVersionsKnowNothingOfIt() {
    broker = TestBroker.of(Compatibility.V4_2);
    channel = broker.channel();
    declared(retry("nonsense"));
    channel.publish("q", "a");
    fail(channel.get("q"));
    expectWaiting(1, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-delayed-retry-type | sometimes | invalid_delayed_retry_type",
        "x-delayed-retry-min  | -1        | {value_negative,-1}",
        "x-delayed-retry-max  | -2        | {value_negative,-2}"
      })
  void wrongValuesAreRefused(String name, String value, String error) {
    FieldTable.Builder arguments = FieldTable.builder().put("x-queue-type", "quorum");
    if (value.startsWith("-")) {
      arguments.put(name, Integer.parseInt(value));
    } else {
      arguments.put(name, value);
    }
    assertThat(channel.call(declare(arguments), ChannelMethod.Close.class).replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - invalid arg '%s' for queue 'q' in vhost '/': %s", name, error);
  }

  @Test
  void classicQueuesHaveNoSuchArgument() {
    FieldTable.Builder arguments = FieldTable.builder().put("x-delayed-retry-type", "all");
    assertThat(channel.call(declare(arguments), ChannelMethod.Close.class).replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - invalid arg 'x-delayed-retry-type' for queue 'q' in vhost '/' of"
                + " queue type rabbit_classic_queue");
  }
}
