package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits in a delayed exchange is deleted, or let go before its time. */
class DirectDelayedTest {
  private static final FieldTable FANOUT =
      FieldTable.builder().put("x-delayed-type", "fanout").build();

  private TestBroker broker;
  private TestChannel client;

  private void start(TestBroker started) {
    broker = started;
    client = broker.channel();
    client.call(
        new ExchangeMethod.Declare(
            "x", "x-delayed-message", false, true, false, false, false, FANOUT),
        ExchangeMethod.DeclareOk.class);
    client.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    client.bind("q", "x", "");
  }

  private void publish(long delay, String body) {
    publish("x", delay, body);
  }

  private void publish(String exchange, long delay, String body) {
    BasicProperties properties =
        BasicProperties.builder()
            .headers(FieldTable.builder().put("x-delay", FieldValue.of(delay)).build())
            .deliveryMode(2)
            .build();
    client.publish(exchange, "k", properties, body.getBytes(StandardCharsets.UTF_8));
    broker.run();
  }

  private DelayedMessages waiting() {
    return DirectDelayed.messagesOf(broker.vhost(), "x");
  }

  private Set<String> ids(int... places) {
    List<DelayedMessage> all = waiting().some(0, 10_000);
    return IntStream.of(places).mapToObj(i -> waiting().id(all.get(i))).collect(Collectors.toSet());
  }

  private CompletableFuture<DirectRemoval.Outcome> carryOut(
      boolean delete, String exchange, Set<String> ids, LossBound most) {
    CompletableFuture<DirectRemoval.Outcome> answer =
        begin(delete, new DirectDelayed.Selection(exchange, ids, null, most));
    broker.run();
    return answer;
  }

  private CompletableFuture<DirectRemoval.Outcome> begin(
      boolean delete, DirectDelayed.Selection which) {
    AccessChecks access =
        AccessChecks.ofBroker(broker.access().on(broker.home()), "/", Compatibility.V4_2);
    DirectDelayed direct = new DirectDelayed(broker.vhost(), access);
    AtomicReference<CompletableFuture<DirectRemoval.Outcome>> answer = new AtomicReference<>();
    broker.home().run(() -> answer.set(delete ? direct.delete(which) : direct.letGo(which)));
    return answer.get();
  }

  private DirectRemoval.Outcome delete(Set<String> ids) {
    return carryOut(true, "x", ids, LossBound.NONE).join();
  }

  private DirectRemoval.Outcome letGo(Set<String> ids) {
    return carryOut(false, "x", ids, LossBound.NONE).join();
  }

  private static DirectRemoval.Outcome outcome(int done, int gone) {
    return new DirectRemoval.Outcome(done, Map.of(), gone);
  }

  @Test
  void chosenMessagesGoAndTheOthersComeAtTheirTime() {
    start(TestBroker.start());
    publish(3_000, "third");
    publish(1_000, "first");
    publish(2_000, "second");
    Set<String> first = ids(0);
    assertThat(delete(first)).isEqualTo(outcome(1, 0));
    assertThat(delete(first)).isEqualTo(outcome(0, 1));
    assertThat(letGo(ids(1))).isEqualTo(outcome(1, 0));
    assertThat(client.drain("q")).containsExactly("third");
    broker.advance(3_000);
    assertThat(client.drain("q")).containsExactly("second");
  }

  @Test
  void idsOfAnExchangeThatWasDeclaredAgainNameNothing() {
    start(TestBroker.start());
    publish(1_000, "old");
    Set<String> old = ids(0);
    client.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    start(broker);
    publish(1_000, "new");
    assertThat(waiting().some(0, 1)).as("due at the same time").hasSize(1);
    for (String none : List.of("", "0", "0@", "@x", "0:zzzzzzzzzzzzz@x", "-1:1@x", "999:1@1")) {
      assertThat(delete(Set.of(none))).as(none).isEqualTo(outcome(0, 1));
    }
    assertThat(delete(old)).isEqualTo(outcome(0, 1));
    assertThat(letGo(old)).isEqualTo(outcome(0, 1));
    assertThat(waiting().count()).isEqualTo(1);
  }

  @Test
  void allAreDealtWithInSlicesAndNoMoreThanTold() {
    start(TestBroker.start());
    IntStream.range(0, 1_000).forEach(i -> publish(1_000 + i, "m" + i));
    assertThatThrownBy(
            () -> carryOut(true, "x", null, LossBound.of(LossBound.Kind.MESSAGES, 999)).join())
        .hasCauseInstanceOf(ChannelException.class)
        .hasMessageContaining("exchange 'x' in vhost '/' would lose 1000 messages, more than 999");
    assertThat(letGo(null)).isEqualTo(outcome(1_000, 0));
    assertThat(client.drain("q")).hasSize(1_000).startsWith("m0", "m1").endsWith("m999");
    IntStream.range(0, 1_000).forEach(i -> publish(1_000, "n" + i));
    assertThat(delete(null)).isEqualTo(outcome(1_000, 0));
    broker.advance(5_000);
    assertThat(client.drain("q")).isEmpty();
  }

  @Test
  void messagesThatAreOnlyInTheStoreAreReadBackToBeRoutedAndStayAwayOnceDeleted() {
    MemoryStore store = new MemoryStore();
    startWithMoreThanMemory(store);
    assertThat(letGo(ids(0, 598, 599))).isEqualTo(outcome(3, 0));
    assertThat(client.drain("q"))
        .extracting(body -> body.split(" ")[0])
        .containsExactlyInAnyOrder("0", "598", "599");
    assertThat(delete(ids(0, 596))).isEqualTo(outcome(2, 0));
    broker.run();

    broker = TestBroker.on(store);
    client = broker.channel();
    broker.advance(5_000);
    assertThat(client.drain("q"))
        .extracting(body -> body.split(" ")[0])
        .hasSize(598)
        .doesNotContain("1", "597")
        .containsSubsequence("2", "3", "595", "596");
  }

  @Test
  void allAreThoseThatHadComeWhenSomebodyLooked() {
    start(TestBroker.start());
    publish(2_000, "a");
    publish(1_000, "b");
    String until = waiting().until();
    publish(500, "late");
    for (String other : List.of("x", "2@x", until + "x")) {
      assertThat(deleteUntil(other)).as(other).isEqualTo(outcome(0, 0));
    }
    assertThat(deleteUntil(until)).isEqualTo(outcome(2, 0));
    broker.advance(2_000);
    assertThat(client.drain("q")).containsExactly("late");
  }

  private DirectRemoval.Outcome deleteUntil(String until) {
    CompletableFuture<DirectRemoval.Outcome> answer =
        begin(true, new DirectDelayed.Selection("x", null, until, LossBound.NONE));
    broker.run();
    return answer.join();
  }

  /** A broker of which only the first messages that wait are in memory. */
  private void startWithMoreThanMemory(MemoryStore store) {
    start(TestBroker.on(store, 4 << 20));
    String padding = "x".repeat(10_000);
    IntStream.range(0, 600).forEach(i -> publish(1_000 + i, i + " " + padding));
    assertThat(waiting().some(599, 1).get(0).message()).isNull();
  }

  private CompletableFuture<DirectRemoval.Outcome> beginToLetLastGo() {
    broker.holdStore(true);
    return begin(false, new DirectDelayed.Selection("x", ids(599), null, LossBound.NONE));
  }

  private void goOn() {
    broker.holdStore(false);
    broker.run();
  }

  @Test
  void aMessageThatFallsDueWhileItIsReadBackGoesOnce() {
    startWithMoreThanMemory(new MemoryStore());
    CompletableFuture<DirectRemoval.Outcome> answer = beginToLetLastGo();
    broker.advance(5_000);
    goOn();
    broker.advance(1);
    assertThat(answer.join().done() + answer.join().gone()).isEqualTo(1);
    assertThat(client.drain("q")).hasSize(600).doesNotHaveDuplicates();
    assertThat(waiting().count()).isZero();
  }

  @Test
  void aMessageThatIsDeletedOrGoesWithItsExchangeWhileItIsReadBackGoesNowhere() {
    startWithMoreThanMemory(new MemoryStore());
    CompletableFuture<DirectRemoval.Outcome> deleted = beginToLetLastGo();
    DelayedMessage last = waiting().some(599, 1).get(0);
    assertThat(waiting().cancel(last)).isTrue();
    goOn();
    assertThat(deleted.join()).isEqualTo(outcome(0, 1));
    String previous = waiting().id(waiting().some(598, 1).get(0));
    broker.holdStore(true);
    CompletableFuture<DirectRemoval.Outcome> gone =
        begin(false, new DirectDelayed.Selection("x", Set.of(previous), null, LossBound.NONE));
    broker.home().run(() -> broker.vhost().deleteExchange(broker.vhost().exchange("x")));
    goOn();
    assertThat(gone.join()).isEqualTo(outcome(0, 1));
    broker.advance(5_000);
    assertThat(client.drain("q")).isEmpty();
  }

  @Test
  void afterARestartAllAreCountedAndDealtWithThatTheStoreHas() {
    MemoryStore store = new MemoryStore();
    startWithMoreThanMemory(store);
    broker = TestBroker.on(store);
    broker.holdStore(true);
    broker.run();
    assertThat(waiting().some(0, 1)).isEmpty();
    assertThat(waiting().count()).isEqualTo(600);
    CompletableFuture<DirectRemoval.Outcome> answer =
        begin(true, new DirectDelayed.Selection("x", null, null, LossBound.NONE));
    broker.run();
    assertThat(answer).isNotDone();
    goOn();
    assertThat(answer.join()).isEqualTo(outcome(600, 0));
    assertThat(waiting().count()).isZero();
    broker = TestBroker.on(store);
    broker.run();
    assertThat(waiting().count()).isZero();
  }

  @Test
  void idsOfMessagesThatAreGoneTakeTheirTurns() {
    start(TestBroker.start());
    Set<String> many =
        IntStream.range(0, 1_000).mapToObj(i -> i + ":1@x").collect(Collectors.toSet());
    CompletableFuture<DirectRemoval.Outcome> answer =
        begin(true, new DirectDelayed.Selection("x", many, null, LossBound.NONE));
    assertThat(answer).isNotDone();
    broker.run();
    assertThat(answer.join()).isEqualTo(outcome(0, 1_000));
  }

  @Test
  void whatNoQueueTakesStaysWhenItIsLetGoAndIsDroppedWhenItsTimeHasCome() {
    start(TestBroker.start());
    publish(1_000, "a");
    client.unbind("q", "x", "");
    DirectRemoval.Outcome stayed = letGo(null);
    assertThat(stayed).isEqualTo(new DirectRemoval.Outcome(0, Map.of("no queue takes it", 1), 0));
    assertThat(waiting().count()).isEqualTo(1);
    broker.advance(1_000);
    assertThat(waiting().count()).isZero();
    DroppedMessages.Loss lost = broker.vhost().dropped().of("x");
    assertThat(lost.total()).isEqualTo(1);
    assertThat(lost.kept().get(0).publisher().user()).isEqualTo("none");
    Exchange exchange = broker.vhost().exchange("x");
    assertThat(exchange.counters().get(Counter.DROP_UNROUTABLE)).isEqualTo(1);
  }

  @Test
  void whatCameByAnotherExchangeIsLostWhereItWaited() {
    start(TestBroker.start());
    client.unbind("q", "x", "");
    client.declareExchange("before", "fanout");
    client.bindExchange("x", "before", "");
    publish("before", 1_000, "a");
    broker.advance(1_000);
    assertThat(broker.vhost().dropped().of("before")).isNull();
    assertThat(counted("before", Counter.DROP_UNROUTABLE)).isZero();
    DroppedMessages.Loss lost = broker.vhost().dropped().of("x");
    assertThat(lost.total()).isEqualTo(counted("x", Counter.DROP_UNROUTABLE)).isEqualTo(1);
    assertThat(lost.kept().get(0).message().exchange()).isEqualTo("x");
    assertThat(lost.kept().get(0).message().routingKey()).isEqualTo("k");
  }

  private long counted(String exchange, Counter counter) {
    return broker.vhost().exchange(exchange).counters().get(counter);
  }

  @Test
  void aQueueThatIsFullKeepsItWaiting() {
    start(TestBroker.start());
    client.unbind("q", "x", "");
    FieldTable full =
        FieldTable.builder().put("x-max-length", 1).put("x-overflow", "reject-publish").build();
    client.call(
        new QueueMethod.Declare("full", false, false, false, false, false, full),
        QueueMethod.DeclareOk.class);
    client.bind("full", "x", "");
    publish(1_000, "a");
    publish(1_000, "b");
    assertThat(letGo(null))
        .isEqualTo(new DirectRemoval.Outcome(1, Map.of("the queue is full", 1), 0));
    assertThat(waiting().count()).isEqualTo(1);
  }

  @Test
  void whatIsLetGoIsCountedOnItsWay() {
    start(TestBroker.start());
    publish(1_000, "a");
    publish(2_000, "b");
    broker.advance(1_000);
    assertThat(letGo(null)).isEqualTo(outcome(1, 0));
    assertThat(broker.vhost().exchange("x").counters().get(Counter.PUBLISH_OUT)).isEqualTo(2);
    assertThat(broker.queue("q").counters().get(Counter.PUBLISH)).isEqualTo(2);
  }

  @Test
  void otherExchangesHaveNone() {
    start(TestBroker.start());
    assertThatThrownBy(() -> carryOut(true, "amq.direct", null, LossBound.NONE).join())
        .hasCauseInstanceOf(ChannelException.class)
        .hasMessageContaining(
            "exchange 'amq.direct' in vhost '/' is of type direct, no message waits in it");
    assertThatThrownBy(() -> carryOut(false, "nowhere", null, LossBound.NONE).join())
        .hasCauseInstanceOf(ChannelException.class)
        .hasMessageContaining("no exchange 'nowhere' in vhost '/'");
  }
}
