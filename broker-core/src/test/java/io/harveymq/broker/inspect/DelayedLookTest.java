package io.harveymq.broker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.channel.DirectDelayed;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.store.FullStore;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What waits in a delayed exchange is looked through in full, wherever it is. */
class DelayedLookTest {
  private static final int MESSAGES = 600;
  private static final String PADDING = "x".repeat(10_000);

  private final FullStore store = new FullStore(new MemoryStore());
  private TestBroker broker;

  /** Of which only the first are in memory; due in another order than they came. */
  private void start() {
    start(7);
  }

  private void start(int step) {
    broker = TestBroker.on(store, 4 << 20);
    TestChannel client = broker.channel();
    FieldTable fanout = FieldTable.builder().put("x-delayed-type", "fanout").build();
    client.call(
        new ExchangeMethod.Declare(
            "x", "x-delayed-message", false, true, false, false, false, fanout),
        ExchangeMethod.DeclareOk.class);
    for (int i = 0; i < MESSAGES; i++) {
      int due = i * step % MESSAGES;
      FieldTable delay =
          FieldTable.builder().put("x-delay", FieldValue.of(60_000L + 100 * due)).build();
      client.publish(
          "x",
          "k",
          BasicProperties.builder().headers(delay).deliveryMode(2).build(),
          (due + " " + PADDING).getBytes(StandardCharsets.UTF_8));
      broker.run();
    }
  }

  private DelayedMessages waiting() {
    return DirectDelayed.messagesOf(broker.vhost(), "x");
  }

  private DelayedInfo.Part look(String after, int count) {
    AtomicReference<CompletableFuture<DelayedInfo.Part>> answer = new AtomicReference<>();
    broker
        .home()
        .run(
            () -> {
              DelayedMessage place = after == null ? null : waiting().placeOf(after);
              answer.set(new DelayedLook(waiting(), 0, count).from(place));
            });
    broker.run();
    return answer.get().join();
  }

  private List<Integer> lookThrough() {
    List<Integer> seen = new ArrayList<>();
    DelayedInfo.Part part = look(null, 100);
    while (true) {
      for (DelayedInfo one : part.some()) {
        String body = new String(one.message().body(), StandardCharsets.UTF_8);
        seen.add(Integer.parseInt(body.substring(0, body.indexOf(' '))));
      }
      assertThat(seen).hasSizeLessThanOrEqualTo(MESSAGES);
      if (!part.hasMore()) {
        return seen;
      }
      part = look(part.some().get(part.some().size() - 1).id(), 100);
    }
  }

  private static void expectAll(List<Integer> seen) {
    assertThat(seen).hasSize(MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
      assertThat(seen.get(i)).isEqualTo(i);
    }
  }

  @Test
  void allAreSeenInTheOrderInWhichTheyAreDueAndNothingStaysInMemory() {
    start();
    assertThat(onlyStored()).isPositive();
    long before = broker.home().memory().used();
    expectAll(lookThrough());
    assertThat(broker.home().memory().used()).isEqualTo(before);
  }

  private long onlyStored() {
    return waiting().some(0, MESSAGES).stream().filter(m -> m.message() == null).count();
  }

  @Test
  void whatIsDueInAnotherOrderThanItCameIsReadOneByOne() {
    start();
    long stored = onlyStored();
    expectAll(lookThrough());
    assertThat((long) store.messagesRead()).isBetween(stored, 2 * stored);
  }

  @Test
  void whatIsDueAsItCameIsReadTogether() {
    start(1);
    long stored = onlyStored();
    expectAll(lookThrough());
    assertThat((long) store.reads()).isLessThan(stored / 10);
  }

  @Test
  void afterARestartItIsLookedThroughOnceAllIsKnown() {
    start();
    broker = TestBroker.on(store, 4 << 20);
    expectAll(lookThrough());
  }

  @Test
  void oneGoesOnBehindAMessageThatIsGone() {
    start();
    String second = look(null, 2).some().get(1).id();
    broker.home().run(() -> waiting().cancel(waiting().byId(second)));
    assertThat(look(second, 1).some().get(0).due()).isEqualTo(waiting().some(1, 1).get(0).due());
    assertThat(waiting().placeOf("7:7@other")).isNull();
    assertThat(waiting().placeOf("none")).isNull();
  }
}
