package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.Content;
import org.junit.jupiter.api.Test;

/** How much of a stream's log is in memory, and how much is done in one turn. */
class StreamLogTest {
  private static final long NEVER_FULL = 500_000_000;

  private int told;

  private StreamLog inMemory(HomeLoop home, long maxLengthBytes) {
    return new StreamLog(
        home, 0, new StreamSettings(maxLengthBytes, null, NEVER_FULL), () -> told++);
  }

  private static Message message(int size) {
    return new Message(Content.address("", "s"), new byte[2], new byte[size]);
  }

  @Test
  void withoutAStoreReadersAreToldOnceOfAllThatComesInATurn() {
    TestBroker broker = TestBroker.start();
    StreamLog log = inMemory(broker.home(), 1 << 20);
    for (int turn = 1; turn <= 3; turn++) {
      broker
          .home()
          .run(
              () -> {
                for (int i = 0; i < 100; i++) {
                  log.append(message(10));
                }
              });
      broker.run();
      assertThat(told).isEqualTo(turn);
      assertThat(log.visible()).isEqualTo(100L * turn);
    }
  }

  @Test
  void withoutAStoreAStreamKeepsToItsLengthHoweverLongItsSegmentsAreToBe() {
    TestBroker broker = TestBroker.start();
    int limit = 1_000_000;
    StreamLog log = inMemory(broker.home(), limit);
    for (int i = 0; i < 10_000; i++) {
      broker.home().run(() -> log.append(message(936)));
      assertThat(log.bytes()).isLessThan(limit * 5 / 4 + 2_000);
    }
    broker.run();
    assertThat(log.bytes()).isGreaterThan(limit / 2);
    assertThat(broker.memory().used()).isLessThan(2 * limit);
  }

  @Test
  void manySegmentsLeaveTheStoreOverManyTurns() {
    MemoryStore store = new MemoryStore();
    TestBroker broker = TestBroker.on(store);
    HomeLoop home = broker.home();
    int segments = 20_000;
    StreamLog log =
        new StreamLog(
            home, home.store().newLogs(1L << 32), new StreamSettings(null, null, 1), () -> {});
    home.run(
        () -> {
          for (int i = 0; i < segments; i++) {
            log.append(message(10));
          }
        });
    broker.run();
    assertThat(store.logs()).hasSize(segments);
    int[] before = {home.store().changes()};
    int[] most = {0};
    broker.afterTurn(
        () -> {
          int now = home.store().changes();
          most[0] = Math.max(most[0], now - before[0]);
          before[0] = now;
        });
    broker.holdStore(true);
    home.run(() -> log.apply(new StreamSettings(10_000L, null, 1)));
    most[0] = Math.max(most[0], home.store().changes());
    home.run(log::remove);
    broker.run();
    assertThat(most[0]).isBetween(1, 1_000);
    broker.holdStore(false);
    broker.run();
    assertThat(store.logs()).isEmpty();
    assertThat(broker.memory().used()).isZero();
  }
}
