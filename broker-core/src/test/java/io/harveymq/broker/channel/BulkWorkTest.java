package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.TurnBounds;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A million messages at once are dealt with in many turns, each of them short. */
class BulkWorkTest {
  private static final int MILLION = 1_000_000;

  /** More than a round of the other client changes by itself. */
  private static final int SLACK = 2_000;

  private static final BasicMethod CONSUME =
      new BasicMethod.Consume("q", "c", false, false, false, true, FieldTable.EMPTY);
  private static final BasicMethod CANCEL = new BasicMethod.Cancel("c", true);

  private final TestBroker broker = TestBroker.start();
  private final TestChannel worker = broker.channel().declare("q");
  private final TestChannel other = broker.channel().declare("other");
  private long turns;
  private long usedBefore;
  private long largestChange;

  /** What is done with a million messages. */
  enum Work {
    PURGE(false, 0, c -> c.send(new QueueMethod.Purge("q", false))),
    DELETE(false, 0, c -> c.send(new QueueMethod.Delete("q", false, false, false))),
    ACK_MULTIPLE(true, 0, c -> c.ackUpTo(MILLION)),
    REFUSE_MULTIPLE(true, 0, c -> c.send(new BasicMethod.Nack(MILLION, true, false))),
    REQUEUE_MULTIPLE(true, MILLION, c -> c.send(CANCEL).requeueUpTo(MILLION)),
    RECOVER(true, MILLION, c -> c.send(CANCEL, new BasicMethod.Recover(true))),
    CHANNEL_CLOSE(true, MILLION, c -> c.send(new ChannelMethod.Close(200, "bye", 0, 0))),
    CHANNEL_ERROR(true, MILLION, c -> c.ack(MILLION + 7)),
    CONNECTION_LOSS(true, MILLION, c -> c.client().drop());

    final boolean needsUnacked;
    final int readyAfterwards;
    final Consumer<TestChannel> start;

    Work(boolean needsUnacked, int readyAfterwards, Consumer<TestChannel> start) {
      this.needsUnacked = needsUnacked;
      this.readyAfterwards = readyAfterwards;
      this.start = start;
    }
  }

  private void watchTurns() {
    usedBefore = broker.memory().used();
    broker.afterTurn(
        () -> {
          long used = broker.memory().used();
          largestChange = Math.max(largestChange, Math.abs(used - usedBefore));
          usedBefore = used;
          turns++;
        });
  }

  @ParameterizedTest
  @EnumSource
  void takesManyShortTurnsAndServesOthersBetweenThem(Work work) {
    broker.fill("q", MILLION);
    if (work.needsUnacked) {
      worker.client().socket().discardOutput();
      worker.send(CONSUME);
      broker.run();
      assertThat(broker.queue("q").unackedCount()).isEqualTo(MILLION);
    }
    watchTurns();

    work.start.accept(worker);
    int rounds = 0;
    do {
      other.publish("other", "echo");
      long before = turns;
      Received echo = other.get("other");
      assertThat(echo.text()).isEqualTo("echo");
      assertThat(turns - before).isLessThanOrEqualTo(2);
      other.ack(echo.deliveryTag());
      rounds++;
    } while (broker.step());
    broker.run();

    int unit = MemoryAccount.UNACKED_SIZE + MemoryAccount.ENTRY_SIZE;
    assertThat(largestChange).isLessThan((long) TurnBounds.BULK_UNITS * unit + SLACK);
    assertThat(turns).isGreaterThan(MILLION / TurnBounds.BULK_UNITS);
    assertThat(rounds).isGreaterThan(20);
    if (work == Work.DELETE) {
      assertThat(broker.vhost().queueOrNull("q")).isNull();
    } else {
      assertThat(broker.queue("q").readyCount()).isEqualTo(work.readyAfterwards);
      assertThat(broker.queue("q").unackedCount()).isZero();
    }
    long expected =
        work.readyAfterwards == 0 ? 0 : 8L * MILLION + 12 + MemoryAccount.MESSAGE_OVERHEAD;
    assertThat(broker.memory().used()).isEqualTo(expected);
  }

  @Test
  void acknowledgingAFewOfAMillionCostsNoMoreThanThoseFew() {
    broker.fill("q", MILLION);
    worker.client().socket().discardOutput();
    worker.send(CONSUME);
    broker.run();

    watchTurns();
    for (int tag = 2_000; tag <= 200_000; tag += 2_000) {
      worker.ackUpTo(tag);
    }
    broker.run();
    assertThat(broker.queue("q").unackedCount()).isEqualTo(800_000);
    worker.ackUpTo(MILLION);
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void deliveringAMillionTakesBoundedTurns() {
    broker.fill("q", MILLION);
    worker.client().socket().discardOutput();
    worker.send(CONSUME);
    watchTurns();
    broker.run();
    assertThat(largestChange)
        .isLessThanOrEqualTo((long) TurnBounds.DELIVERIES * MemoryAccount.UNACKED_SIZE);
    assertThat(turns).isGreaterThanOrEqualTo(MILLION / TurnBounds.DELIVERIES - 1);
  }
}
