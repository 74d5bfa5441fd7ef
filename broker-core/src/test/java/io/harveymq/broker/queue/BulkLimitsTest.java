package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.vhost.TurnBounds;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Very many messages that have to go at once do so in many short turns. */
class BulkLimitsTest {
  private static final int MILLION = 1_000_000;

  /** A dead letter costs much more than a delivery. */
  private static final int LETTERS_IN_A_TURN = 256;

  private final TestBroker broker = TestBroker.start();
  private final TestChannel worker = broker.channel();
  private final TestChannel other = broker.channel().declare("other");
  private long turns;
  private int before;
  private int mostAtOnce;

  private void declare(String queue, FieldTable.Builder arguments) {
    worker.call(
        new QueueMethod.Declare(queue, false, false, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
  }

  private static FieldTable.Builder arguments(boolean deadLetters) {
    FieldTable.Builder arguments = FieldTable.builder();
    return deadLetters
        ? arguments.put("x-dead-letter-exchange", "").put("x-dead-letter-routing-key", "dead")
        : arguments;
  }

  private int left() {
    MessageQueue queue = broker.queue("q");
    return queue.readyCount() + queue.unackedCount();
  }

  private void watchTurns() {
    before = left();
    broker.afterTurn(
        () -> {
          int now = left();
          mostAtOnce = Math.max(mostAtOnce, before - now);
          before = now;
          turns++;
        });
  }

  /** Another client is served all the time, after few turns. */
  private void serveOtherUntilDone(int mostInATurn) {
    int rounds = 0;
    do {
      other.publish("other", "echo");
      long start = turns;
      Received echo = other.get("other");
      assertThat(echo.text()).isEqualTo("echo");
      assertThat(turns - start).isLessThanOrEqualTo(2);
      other.ack(echo.deliveryTag());
      rounds++;
    } while (broker.step());
    broker.run();
    assertThat(mostAtOnce).isLessThanOrEqualTo(mostInATurn).isPositive();
    assertThat(rounds).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void expiring(boolean deadLetters) {
    int count = deadLetters ? MILLION / 20 : MILLION;
    worker.declare("dead");
    declare("q", arguments(deadLetters).put("x-message-ttl", 60_000));
    broker.fill("q", count);
    broker.run();
    broker.loop().advance(60_000, () -> {});
    watchTurns();
    serveOtherUntilDone(deadLetters ? LETTERS_IN_A_TURN : TurnBounds.DELIVERIES);
    assertThat(left()).isZero();
    assertThat(broker.queue("dead").readyCount()).isEqualTo(deadLetters ? count : 0);
    if (!deadLetters) {
      assertThat(broker.memory().used()).isZero();
    }
  }

  @Test
  void getWaitsForTheEndOfExpiry() {
    declare("q", arguments(false).put("x-message-ttl", 60_000));
    broker.fill("q", 100_000);
    broker.run();
    broker.loop().advance(60_000, () -> {});
    broker.step();
    assertThat(left()).isBetween(1, 99_999);
    worker.send(new BasicMethod.Get("q", false));
    worker.expect(BasicMethod.GetEmpty.class);
    assertThat(left()).isZero();
  }

  @Test
  void refusingDeadLetters() {
    int count = 100_000;
    worker.declare("dead");
    declare("q", arguments(true));
    broker.fill("q", count);
    worker.client().socket().discardOutput();
    worker.send(new BasicMethod.Consume("q", "c", false, false, false, true, FieldTable.EMPTY));
    broker.run();
    assertThat(broker.queue("q").unackedCount()).isEqualTo(count);
    watchTurns();
    worker.send(new BasicMethod.Nack(count, true, false));
    serveOtherUntilDone(LETTERS_IN_A_TURN);
    assertThat(left()).isZero();
    assertThat(broker.queue("dead").readyCount()).isEqualTo(count);
  }

  @Test
  void droppingWhatIsTooMuch() {
    int count = 100_000;
    worker.declare("dead");
    declare("q", arguments(true).put("x-max-length", 10));
    broker.fill("q", 10);
    worker.client().socket().discardOutput();
    broker.run();
    broker.queue("q").waiters().hold();
    broker.fill("q", count);
    broker.run();
    watchTurns();
    broker.home().run(() -> broker.queue("q").waiters().releaseHold());
    serveOtherUntilDone(LETTERS_IN_A_TURN);
    assertThat(left()).isEqualTo(10);
    assertThat(broker.queue("dead").readyCount()).isEqualTo(count);
  }

  @Test
  void manyQueuesShareTheTurn() {
    int queues = 50;
    int each = 4_000;
    for (int i = 0; i < queues; i++) {
      declare("q" + i, arguments(false).put("x-message-ttl", 60_000));
      broker.fill("q" + i, each);
    }
    broker.run();
    long used = broker.memory().used();
    broker.loop().advance(60_000, () -> {});
    long[] last = {broker.memory().used()};
    long[] most = {used - last[0]};
    broker.afterTurn(
        () -> {
          most[0] = Math.max(most[0], last[0] - broker.memory().used());
          last[0] = broker.memory().used();
        });
    broker.run();
    assertThat(broker.memory().used()).isZero();
    assertThat(most[0])
        .isLessThanOrEqualTo(TurnBounds.DELIVERIES * (used / queues / each + 1))
        .isPositive();
  }
}
