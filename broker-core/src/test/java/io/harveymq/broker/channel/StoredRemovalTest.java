package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages are deleted and moved also from where a queue is in the store only. */
class StoredRemovalTest {
  private static final int SHARE = 8 << 20;
  private static final int MESSAGES = 10_000;
  private static final byte[] PADDING = new byte[1_000];
  private static final DirectRemoval.Target TO_OTHER = new DirectRemoval.ToExchange("", "other");

  private final MemoryStore store = new MemoryStore();
  private final TestBroker broker = TestBroker.on(store, SHARE);
  private final TestChannel client = broker.channel();

  private void fill() {
    declare("q");
    declare("other");
    publish(0, MESSAGES);
    assertThat(broker.queue("q").lanes().inMemory()).isLessThan(MESSAGES / 2);
  }

  private void declare(String queue) {
    client.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
  }

  private void publish(int from, int count) {
    for (int i = from; i < from + count; i++) {
      byte[] body =
          Arrays.copyOf(String.valueOf(i).getBytes(StandardCharsets.US_ASCII), PADDING.length);
      client.publish("", "q", BasicProperties.builder().deliveryMode(2).build(), body);
    }
    broker.run();
  }

  private CompletableFuture<DirectRemoval.Outcome> begin(
      Set<String> ids, Map<Integer, Long> until, DirectRemoval.Target target) {
    AccessChecks access =
        AccessChecks.ofBroker(broker.access().on(broker.home()), "/", Compatibility.V4_2);
    DirectRemoval removal = new DirectRemoval(broker.vhost(), access);
    AtomicReference<CompletableFuture<DirectRemoval.Outcome>> answer = new AtomicReference<>();
    DirectRemoval.Selection which =
        new DirectRemoval.Selection("q", ids, until, null, LossBound.NONE);
    broker.home().run(() -> answer.set(removal.move(which, target)));
    return answer.get();
  }

  private DirectRemoval.Outcome carryOut(
      Set<String> ids, Map<Integer, Long> until, DirectRemoval.Target target) {
    CompletableFuture<DirectRemoval.Outcome> outcome = begin(ids, until, target);
    broker.run();
    return outcome.join();
  }

  private List<Integer> drain(TestBroker from, String queue) {
    List<Integer> numbers = new ArrayList<>();
    from.channel()
        .consume(queue, "drain", true, FieldTable.EMPTY)
        .deliveries()
        .forEach(body -> numbers.add(Integer.valueOf(body.trim())));
    return numbers;
  }

  private List<Integer> drain(String queue) {
    return drain(broker, queue);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Test
  void allAreDeletedWhereverTheyAre() {
    fill();

    DirectRemoval.Outcome outcome = carryOut(null, null, null);

    assertThat(outcome).isEqualTo(new DirectRemoval.Outcome(MESSAGES, Map.of(), 0));
    assertThat(broker.queue("q").readyCount()).isZero();
    assertThat(broker.memory().used()).isZero();
    assertThat(store.logs()).allMatch(log -> log.messages() == 0);
  }

  @Test
  void allAreMovedInOrderAndLateOnesStay() {
    fill();
    long last = MESSAGES - 1;
    publish(MESSAGES, 700);

    DirectRemoval.Outcome outcome = carryOut(null, Map.of(0, last), TO_OTHER);

    assertThat(outcome).isEqualTo(new DirectRemoval.Outcome(MESSAGES, Map.of(), 0));
    assertThat(drain("other")).isEqualTo(range(0, MESSAGES));
    assertThat(drain("q")).isEqualTo(range(MESSAGES, MESSAGES + 700));
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void theQueueItselfGetsEachOnce() {
    fill();

    DirectRemoval.Outcome outcome = carryOut(null, null, new DirectRemoval.ToExchange("", "q"));

    assertThat(outcome).isEqualTo(new DirectRemoval.Outcome(MESSAGES, Map.of(), 0));
    assertThat(drain("q")).isEqualTo(range(0, MESSAGES));
  }

  @Test
  void chosenOnesAreTakenFromTheirPlaceInTheStore() {
    fill();

    DirectRemoval.Outcome outcome =
        carryOut(Set.of("0:3", "0:9000", "0:9001", "0:9999", "0:10000"), null, null);

    assertThat(outcome).isEqualTo(new DirectRemoval.Outcome(4, Map.of(), 1));
    List<Integer> expected = new ArrayList<>(range(0, MESSAGES));
    expected.removeAll(List.of(3, 9_000, 9_001, 9_999));
    assertThat(broker.queue("q").readyCount()).isEqualTo(expected.size());
    assertThat(drain("q")).isEqualTo(expected);
    assertThat(broker.queue("q").readyCount()).isZero();
  }

  @Test
  void whatGoesNowhereStaysWhereItIs() {
    fill();

    DirectRemoval.Outcome outcome = carryOut(null, null, new DirectRemoval.WhereItDied());

    assertThat(outcome.done()).isZero();
    assertThat(outcome.failed())
        .containsExactly(Map.entry("it does not say where it died", MESSAGES));
    assertThat(drain("q")).isEqualTo(range(0, MESSAGES));
  }

  @Test
  void afterARestartNothingIsInMemoryAndAllIsMoved() {
    fill();
    TestBroker again = TestBroker.on(store, SHARE);
    AccessChecks access =
        AccessChecks.ofBroker(again.access().on(again.home()), "/", Compatibility.V4_2);
    AtomicReference<CompletableFuture<DirectRemoval.Outcome>> answer = new AtomicReference<>();
    DirectRemoval.Selection all =
        new DirectRemoval.Selection("q", null, null, null, LossBound.NONE);
    again
        .home()
        .run(() -> answer.set(new DirectRemoval(again.vhost(), access).move(all, TO_OTHER)));
    again.run();

    assertThat(answer.get().join()).isEqualTo(new DirectRemoval.Outcome(MESSAGES, Map.of(), 0));
    assertThat(drain(again, "other")).isEqualTo(range(0, MESSAGES));
  }

  @Test
  void whatIsConsumedMeanwhileIsNotMovedAndNothingIsLost() {
    fill();
    broker.holdStore(true);
    CompletableFuture<DirectRemoval.Outcome> outcome = begin(null, null, TO_OTHER);
    TestChannel consumer = broker.channel().prefetch(4_000).consume("q", "c");
    broker.holdStore(false);
    broker.run();

    List<Integer> all = new ArrayList<>();
    consumer.deliveries().forEach(body -> all.add(Integer.valueOf(body.trim())));
    int consumed = all.size();
    all.addAll(drain("other"));
    assertThat(all).hasSize(MESSAGES).containsExactlyInAnyOrderElementsOf(range(0, MESSAGES));
    assertThat(outcome.join())
        .isEqualTo(new DirectRemoval.Outcome(MESSAGES - consumed, Map.of(), consumed));
    assertThat(consumed).isPositive();
    assertThat(broker.queue("q").readyCount()).isZero();
  }

  @Test
  void twoAtATimeMoveNoneTwice() {
    fill();
    CompletableFuture<DirectRemoval.Outcome> one = begin(null, null, TO_OTHER);
    CompletableFuture<DirectRemoval.Outcome> two = begin(null, null, TO_OTHER);
    broker.run();

    assertThat(one.join().done() + two.join().done()).isEqualTo(MESSAGES);
    assertThat(broker.queue("q").readyCount()).isZero();
    assertThat(drain("other")).containsExactlyInAnyOrderElementsOf(range(0, MESSAGES));
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void whoWaitsForTheFirstMessageIsToldThatNoneIsLeft() {
    fill();
    broker.holdStore(true);
    TestChannel getting = broker.channel();
    do {
      getting.send(new BasicMethod.Get("q", true));
    } while (getting.next() != null);
    CompletableFuture<DirectRemoval.Outcome> outcome = begin(null, null, null);
    broker.holdStore(false);
    broker.run();

    assertThat(outcome.join().failed()).isEmpty();
    assertThat(broker.queue("q").readyCount()).isZero();
    assertThat(getting.next()).isNotNull();
  }

  @Test
  void endedHalfWayNothingIsLost() {
    fill();
    begin(null, null, TO_OTHER);
    while (broker.queue("other").readyCount() < MESSAGES / 2) {
      assertThat(broker.step()).as("goes on").isTrue();
    }
    assertThat(broker.queue("q").readyCount()).isPositive();
    TestBroker again = TestBroker.on(store, SHARE);
    List<Integer> all = new ArrayList<>(drain(again, "q"));
    all.addAll(drain(again, "other"));
    assertThat(all).containsAll(range(0, MESSAGES));
  }
}
