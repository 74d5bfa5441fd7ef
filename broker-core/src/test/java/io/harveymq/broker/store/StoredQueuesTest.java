package io.harveymq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times, limits, dead letters and priorities of what is stored. */
class StoredQueuesTest {
  private static final long HOUR = 3_600_000;
  private static final int SHARE = 8 << 20;

  private final MemoryStore store = new MemoryStore();
  private TestBroker broker = TestBroker.on(store, SHARE);
  private TestChannel channel = broker.channel();

  private static FieldTable.Builder arguments() {
    return FieldTable.builder();
  }

  private static FieldTable.Builder deadTo(String queue) {
    return arguments().put("x-dead-letter-exchange", "").put("x-dead-letter-routing-key", queue);
  }

  private void declare(String queue, FieldTable.Builder arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
  }

  private static BasicProperties.Builder persistent() {
    return BasicProperties.builder().deliveryMode(2);
  }

  private void publish(String queue, BasicProperties.Builder properties, String body) {
    channel.publish("", queue, properties.build(), body.getBytes(StandardCharsets.UTF_8));
  }

  /** The broker is cut off, and another one starts on what was committed, after so much time. */
  private void crash(long downMillis) {
    long now = broker.loop().clock().millis();
    broker = TestBroker.on(store, SHARE, now + downMillis);
    channel = broker.channel();
  }

  private int ready(String queue) {
    return broker.queue(queue).readyCount();
  }

  private void idle() {
    broker.advance(1_000);
  }

  @Test
  void deadlinesSurviveWithTheirTime() {
    declare("q", arguments().put("x-message-ttl", (int) HOUR));
    publish("q", persistent(), "x");
    idle();
    crash(HOUR / 2);
    broker.advance(HOUR / 2 - 1_002);
    assertThat(ready("q")).isEqualTo(1);
    broker.advance(2);
    assertThat(ready("q")).isZero();
  }

  @Test
  void whatExpiredWhileTheBrokerWasDownGoesAtItsStart() {
    declare("dead", arguments());
    declare("q", deadTo("dead"));
    publish("q", persistent().expiration("5000"), "expired");
    publish("q", persistent().expiration("10000000"), "alive");
    publish("q", persistent().expiration("5000"), "hidden");
    idle();
    crash(HOUR);
    broker.run();
    assertThat(ready("q")).isEqualTo(2);
    assertThat(channel.drain("dead")).containsExactly("expired");
    assertThat(channel.drain("q")).containsExactly("alive");
    idle();
    crash(0);
    assertThat(channel.drain("dead")).containsExactly("expired", "hidden");
  }

  @Test
  void queueThatExpiresHasItsWholeTimeAgainAfterAStart() {
    declare("q", arguments().put("x-expires", 10_000));
    broker.advance(9_000);
    crash(HOUR);
    broker.advance(9_999);
    assertThat(broker.vhost().queueOrNull("q")).isNotNull();
    broker.advance(1);
    assertThat(broker.vhost().queueOrNull("q")).isNull();
    idle();
    crash(0);
    assertThat(broker.vhost().queueOrNull("q")).isNull();
    assertThat(store.logs()).isEmpty();
  }

  @Test
  void prioritiesKeepTheirOrder() {
    declare("q", arguments().put("x-max-priority", 200));
    for (int priority : new int[] {3, 200, 0, 3, 255, 7}) {
      publish("q", persistent().priority(priority), priority + " of " + ready("q"));
    }
    idle();
    List<String> expected = List.of("200 of 1", "255 of 4", "7 of 5", "3 of 0", "3 of 3", "0 of 2");
    crash(0);
    assertThat(ready("q")).isEqualTo(6);
    channel.get("q");
    broker.run();
    crash(0);
    publish("q", persistent().priority(1), "1 of 6");
    List<String> withNew = new ArrayList<>(expected);
    withNew.add(5, "1 of 6");
    assertThat(channel.drain("q")).isEqualTo(withNew);
  }

  @Test
  void limitsInBytesCountBodiesOnlyAfterAStart() {
    declare("q", arguments().put("x-max-length-bytes", 1_000));
    BasicProperties.Builder large =
        persistent().headers(arguments().put("large", "x".repeat(2_000)).build());
    for (int i = 0; i < 10; i++) {
      publish("q", large, "b".repeat(100));
    }
    idle();
    assertThat(ready("q")).isEqualTo(10);
    crash(0);
    idle();
    assertThat(ready("q")).isEqualTo(10);
    assertThat(broker.queue("q").bodyBytes()).isEqualTo(1_000);
    publish("q", large, "c");
    assertThat(channel.drain("q")).hasSize(10);
    assertThat(broker.queue("q").bodyBytes()).isZero();
  }

  @Test
  void queueThatIsOnlyInTheStoreExpiresWithoutConsumers() {
    channel.confirm();
    declare("dead", arguments());
    declare("q", deadTo("dead").put("x-message-ttl", 60_000));
    for (int i = 0; i < 20_000; i++) {
      publish("q", persistent(), i + " ".repeat(1_000));
    }
    broker.run();
    assertThat(ready("q")).isEqualTo(20_000);
    assertThat(broker.memory().used()).isLessThan(SHARE / 4);
    broker.advance(59_999);
    assertThat(ready("q")).isEqualTo(20_000);
    broker.advance(1);
    assertThat(ready("q")).isZero();
    assertThat(ready("dead")).isEqualTo(20_000);
    assertThat(broker.memory().used()).isLessThan(SHARE / 2);
    List<String> letters =
        broker.channel().consume("dead", "c", true, FieldTable.EMPTY).deliveries();
    assertThat(letters).hasSize(20_000);
    for (int i = 0; i < letters.size(); i++) {
      assertThat(letters.get(i).trim()).isEqualTo(String.valueOf(i));
    }
  }

  @Test
  void transientMessagesInTheStoreKeepTheirDeadline() {
    declare("q", arguments().put("x-message-ttl", 60_000));
    for (int i = 0; i < 10_000; i++) {
      publish("q", BasicProperties.builder(), i + " ".repeat(1_000));
    }
    broker.advance(60_000);
    assertThat(ready("q")).isZero();
    idle();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void fullQueueDropsWhatIsOnlyInTheStore() {
    declare("q", arguments().put("x-max-length", 5_000));
    for (int i = 0; i < 20_000; i++) {
      publish("q", persistent(), i + " ".repeat(1_000));
    }
    broker.run();
    assertThat(ready("q")).isEqualTo(5_000);
    List<String> rest = broker.channel().consume("q", "c", true, FieldTable.EMPTY).deliveries();
    assertThat(rest).hasSize(5_000);
    assertThat(rest.get(0).trim()).isEqualTo("15000");
  }

  @Test
  void deathsGoOnBeingCountedAfterAStart() {
    declare("work", deadTo("wait"));
    declare("wait", deadTo("work").put("x-message-ttl", 1_000));
    publish("work", persistent(), "retry");
    for (int round = 0; round < 4; round++) {
      channel.send(new BasicMethod.Reject(channel.get("work").deliveryTag(), false));
      idle();
      crash(2_000);
      broker.run();
    }
    FieldTable headers = BasicProperties.trusted(channel.get("work").properties()).headers();
    for (FieldValue death : ((FieldValue.Array) headers.get("x-death")).values()) {
      assertThat(((FieldValue.Table) death).value().get("count").asLong()).isEqualTo(4);
    }
  }

  @Test
  void crashFindsALetterInExactlyOneQueue() {
    declare("dead", arguments());
    declare("q", deadTo("dead").put("x-message-ttl", 60_000));
    for (int i = 0; i < 500; i++) {
      publish("q", persistent(), String.valueOf(i));
    }
    idle();
    long now = broker.loop().clock().millis();
    broker.loop().advance(60_000, () -> {});
    int steps = 0;
    do {
      assertThat(stored(broker.queue("q").log()) + stored(broker.queue("dead").log()))
          .isEqualTo(500);
      steps++;
    } while (broker.step());
    assertThat(steps).isGreaterThan(3);
    assertThat(broker.loop().clock().millis()).isGreaterThan(now);
    broker.run();
    assertThat(stored(broker.queue("dead").log())).isEqualTo(500);
  }

  private int stored(long log) {
    return store.read(log, 0, Integer.MAX_VALUE).size();
  }

  @Test
  void confirmWaitsForTheLetterThatTookThePlaceOfTheMessage() {
    declare("dead", arguments());
    declare("end", arguments());
    declare("q", deadTo("dead").put("x-message-ttl", 0));
    channel.confirm();
    idle();
    broker.holdStore(true);
    publish("q", persistent(), "expires at once");
    channel.expectNothing();
    broker.holdStore(false);
    assertThat(channel.expect(BasicMethod.Ack.class).deliveryTag()).isEqualTo(1);
    crash(0);
    assertThat(channel.drain("dead")).containsExactly("expires at once");
  }

  @Test
  void confirmDoesNotWaitForALetterThatIsNotStored() {
    declare("q", deadTo("nowhere").put("x-message-ttl", 0));
    channel.confirm();
    idle();
    broker.holdStore(true);
    publish("q", persistent(), "lost");
    assertThat(channel.expect(BasicMethod.Ack.class).deliveryTag()).isEqualTo(1);
  }

  @Test
  void refusedLettersOfATransactionAreCommittedWithIt() {
    declare("dead", arguments());
    declare("q", deadTo("dead"));
    publish("q", persistent(), "refused");
    idle();
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    Received got = channel.get("q");
    channel.send(new BasicMethod.Reject(got.deliveryTag(), false));
    publish("dead", persistent(), "published");
    broker.holdStore(true);
    channel.send(new TxMethod.Commit());
    channel.expectNothing();
    crash(0);
    assertThat(channel.drain("q")).containsExactly("refused");
    assertThat(ready("dead")).isZero();
  }

  @Test
  void letterThatAFullDiskRefusesLeavesTheMessageWhereItWas() {
    FullStore disk = new FullStore(store);
    broker = TestBroker.on(disk, SHARE);
    channel = broker.channel();
    declare("dead", arguments());
    declare("q", deadTo("dead").put("x-message-ttl", 60_000));
    publish("q", persistent(), "x");
    idle();
    disk.full(true);
    broker.advance(60_000);
    assertThat(ready("dead")).isEqualTo(1);
    assertThat(stored(broker.queue("q").log())).isEqualTo(1);
    disk.full(false);
    idle();
    assertThat(stored(broker.queue("q").log())).isZero();
    assertThat(stored(broker.queue("dead").log())).isEqualTo(1);
  }
}
