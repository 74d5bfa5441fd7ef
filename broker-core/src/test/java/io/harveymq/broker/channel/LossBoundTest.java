package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.LossBound.Kind;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is deleted or moved takes no more with it than somebody was told. */
class LossBoundTest {
  private static final Method DELETE = new QueueMethod.Delete("q", false, false, false);

  private final TestBroker broker = TestBroker.start();
  private final TestChannel client = broker.channel().declare("q").declare("other");

  private AccessChecks access() {
    return AccessChecks.ofBroker(broker.access().on(broker.home()), "/", Compatibility.V4_2);
  }

  private <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> call) {
    AtomicReference<CompletableFuture<T>> answer = new AtomicReference<>();
    broker.home().run(() -> answer.set(call.get()));
    return answer.get();
  }

  private CompletableFuture<Method> carryOut(Method method, Map<Kind, Long> most) {
    Settings settings = Settings.defaults(Compatibility.V4_2);
    DirectCommand command =
        new DirectCommand(broker.vhost(), access(), settings, DeletedObjects.Cause.EMBEDDED)
            .losingAtMost(new LossBound(most));
    CompletableFuture<Method> answer = onLoop(() -> command.carryOut(method));
    broker.run();
    return answer;
  }

  private static void assertRefused(CompletableFuture<?> answer, String text) {
    assertThatThrownBy(answer::join)
        .hasCauseInstanceOf(ChannelException.class)
        .cause()
        .hasMessageContaining(text);
  }

  private CompletableFuture<DirectRemoval.Outcome> begin(
      Set<String> ids, Map<Integer, Long> until, LossBound most, DirectRemoval.Target target) {
    DirectRemoval removal = new DirectRemoval(broker.vhost(), access());
    return onLoop(
        () -> removal.move(new DirectRemoval.Selection("q", ids, until, null, most), target));
  }

  private CompletableFuture<DirectRemoval.Outcome> begin(
      Set<String> ids, LossBound most, DirectRemoval.Target target) {
    return begin(ids, null, most, target);
  }

  private static List<String> bodies(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
  }

  @Test
  void aQueueTakesNoMoreWithItThanWasTold() {
    client.declareExchange("x", "topic").bind("q", "x", "a").publish("q", "1").publish("q", "2");
    TestChannel consumer = broker.channel().prefetch(1).consume("q", "c");
    consumer.nextDelivery();
    client.bind("q", "x", "b");

    assertRefused(
        carryOut(DELETE, Map.of(Kind.MESSAGES, 1L, Kind.CONSUMERS, 0L, Kind.BINDINGS, 1L)),
        "queue 'q' in vhost '/' would lose 2 messages, more than 1, and 1 consumer, more than 0,"
            + " and 2 bindings, more than 1");

    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
    assertThat(broker.queue("q").incoming()).hasSize(2);
    assertThat(
            carryOut(DELETE, Map.of(Kind.MESSAGES, 2L, Kind.CONSUMERS, 1L, Kind.BINDINGS, 2L))
                .join())
        .isInstanceOf(QueueMethod.DeleteOk.class);
    assertThat(broker.vhost().queueOrNull("q")).isNull();
  }

  @Test
  void anExchangeTakesNoMoreBindingsWithItThanWasTold() {
    client.declareExchange("x", "fanout").declareExchange("y", "fanout").bind("q", "x", "");
    client.bindExchange("x", "y", "").bindExchange("x", "x", "");
    Method delete = new ExchangeMethod.Delete("x", false, false);

    assertRefused(
        carryOut(delete, Map.of(Kind.BINDINGS, 2L)),
        "exchange 'x' in vhost '/' would lose 3 bindings, more than 2");

    assertThat(broker.vhost().exchange("x").bindings()).hasSize(2);
    assertThat(broker.vhost().exchange("y").bindings()).hasSize(1);
    carryOut(delete, Map.of(Kind.BINDINGS, 3L)).join();
    assertThat(broker.vhost().exchangeOrNull("x")).isNull();
  }

  @Test
  void messagesThatCameMeanwhileAreNotDeletedAndNotMoved() {
    client.publishAll("q", bodies(4));
    broker.run();
    String refusal = "queue 'q' in vhost '/' would lose 4 messages, more than 3";
    LossBound three = LossBound.of(Kind.MESSAGES, 3);

    assertRefused(begin(null, three, null), refusal);
    assertRefused(begin(null, three, new DirectRemoval.ToExchange("", "other")), refusal);
    assertRefused(begin(null, three, new DirectRemoval.WhereItDied()), refusal);

    assertThat(broker.queue("q").readyCount()).isEqualTo(4);
    assertThat(broker.queue("other").readyCount()).isZero();
    LossBound four = LossBound.of(Kind.MESSAGES, 4);
    assertThat(begin(null, four, null).join()).isEqualTo(new DirectRemoval.Outcome(4, Map.of(), 0));
  }

  @Test
  void messagesThatComeWhileOthersGoStay() {
    client.publishAll("q", bodies(1_000));
    broker.run();
    CompletableFuture<DirectRemoval.Outcome> outcome =
        begin(null, LossBound.of(Kind.MESSAGES, 1_000), null);
    assertThat(outcome).isNotDone();
    assertThat(broker.queue("q").readyCount()).isBetween(1, 999);
    client.publish("q", "late");
    broker.run();

    assertThat(outcome.join()).isEqualTo(new DirectRemoval.Outcome(1_000, Map.of(), 0));
    assertThat(client.drain("q")).containsExactly("late");
  }

  @Test
  void messagesBehindTheLastOneThatWasShownStay() {
    FieldTable priorities = FieldTable.builder().put("x-max-priority", (byte) 5).build();
    client.call(
        new QueueMethod.Declare("p", false, false, false, false, false, priorities),
        QueueMethod.DeclareOk.class);
    publish(1, "low");
    publish(2, "high");
    long held = client.get("p").deliveryTag();
    publish(1, "low, late");
    publish(3, "highest, late");
    Map<Integer, Long> until = Map.of(1, 0L, 2, 0L);

    client.requeue(held);
    broker.run();
    assertRefused(
        begin("p", until, LossBound.of(Kind.MESSAGES, 1)),
        "queue 'p' in vhost '/' would lose 2 messages, more than 1");
    begin("p", until, LossBound.of(Kind.MESSAGES, 2));
    broker.run();

    assertThat(client.drain("p")).containsExactly("highest, late", "low, late");
  }

  private void publish(int priority, String body) {
    BasicProperties properties = BasicProperties.builder().priority(priority).build();
    client.publish("", "p", properties, body.getBytes(StandardCharsets.UTF_8));
    broker.run();
  }

  private CompletableFuture<DirectRemoval.Outcome> begin(
      String queue, Map<Integer, Long> until, LossBound most) {
    DirectRemoval removal = new DirectRemoval(broker.vhost(), access());
    return onLoop(
        () -> removal.delete(new DirectRemoval.Selection(queue, null, until, null, most)));
  }

  @Test
  void messagesThatHadLeftAreTold() {
    client.publishAll("q", bodies(3));
    client.get("q");
    Set<String> all = Set.of("0:0", "0:1", "0:2");

    DirectRemoval.Outcome nowhere =
        begin(all, LossBound.NONE, new DirectRemoval.ToExchange("", "none")).join();
    DirectRemoval.Outcome deleted = begin(all, LossBound.of(Kind.MESSAGES, 3), null).join();

    assertThat(nowhere).isEqualTo(new DirectRemoval.Outcome(0, Map.of("no queue takes it", 2), 1));
    assertThat(deleted).isEqualTo(new DirectRemoval.Outcome(2, Map.of(), 1));
  }

  @Test
  void messagesThatLeaveMeanwhileAreTold() {
    client.publishAll("q", bodies(1_000));
    broker.run();
    CompletableFuture<DirectRemoval.Outcome> outcome = begin(null, LossBound.NONE, null);
    int left = broker.queue("q").readyCount();
    broker.home().run(() -> broker.queue("q").purge());
    broker.run();

    assertThat(outcome.join()).isEqualTo(new DirectRemoval.Outcome(1_000 - left, Map.of(), left));
  }
}
