package io.harveymq.broker.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerState;
import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.EventLoopSetup;
import io.harveymq.broker.wire.LogLines;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.QueueMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of conversations that break rules at random, against one broker that serves a healthy
 * client meanwhile; others with another {@code -Dharvey.test.seed}.
 */
class MutatedConversationsTest {
  private static final int CONVERSATIONS = Integer.getInteger("harvey.test.conversations", 1_200);
  private static final int THREADS = 4;
  private static final int LOG_LINES_EACH = 8;

  @ParameterizedTest
  @EnumSource(EventLoopSetup.class)
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void brokenConversationsLeaveNothingAndHurtNobodyElse(EventLoopSetup setup) throws Exception {
    long seed = Long.getLong("harvey.test.seed", 1);
    String run = "-Dharvey.test.seed=" + seed;
    try (LogLines log = new LogLines();
        Broker broker = setup.start()) {
      HealthyClient healthy = new HealthyClient(broker.port(), "healthy");
      Queue<String> failures = holdAll(broker.port(), seed);
      long before = healthy.rounds();
      await().until(() -> healthy.rounds() > before);
      healthy.finish();
      assertThat(failures).as(run).isEmpty();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(BrokerState.of(broker).connections()).as(run).isZero());
      BrokerState left = BrokerState.of(broker);
      assertThat(left.exclusiveQueues()).as(run).isEmpty();
      assertThat(left.consumers()).as(run).isZero();
      assertThat(left.unacked()).as(run).isZero();
      deleteAll(broker, left);
      BrokerState end = BrokerState.of(broker);
      assertThat(end.queues()).as(run).isEmpty();
      assertThat(end.memory()).as(run).isZero();
      BufferLeaks.collect();
      assertThat(log.alarming()).as(run).isEmpty();
      assertThat(log.all()).as(run).hasSizeLessThan(CONVERSATIONS * LOG_LINES_EACH);
    }
  }

  private static Queue<String> holdAll(int port, long seed) throws InterruptedException {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicLong next = new AtomicLong(seed);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < THREADS; i++) {
      threads.execute(
          () -> {
            long one = next.getAndIncrement();
            while (one < seed + CONVERSATIONS && failures.size() < 5) {
              hold(port, one, failures);
              one = next.getAndIncrement();
            }
          });
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    return failures;
  }

  private static void hold(int port, long seed, Queue<String> failures) {
    MutatedConversation conversation = new MutatedConversation(seed);
    try {
      conversation.hold(port);
    } catch (IOException | RuntimeException | AssertionError failure) {
      failures.add("conversation " + seed + " (" + conversation + "): " + failure);
    }
  }

  /** Flipped bits make queues that are not exclusive. */
  private static void deleteAll(Broker broker, BrokerState state) throws IOException {
    try (WireClient client = WireClient.openWithChannel(broker.port())) {
      for (String queue : List.copyOf(state.queues())) {
        client.send(Commands.delete(1, queue));
        client.expect(QueueMethod.DeleteOk.class);
      }
    }
  }

  @Test
  void aLeakWouldBeNoticed() {
    try (LogLines log = new LogLines()) {
      BufferLeaks.plantOne("planted");
      await()
          .untilAsserted(
              () -> {
                BufferLeaks.collect();
                assertThat(log.all()).anyMatch(line -> line.contains("planted"));
              });
    }
  }
}
