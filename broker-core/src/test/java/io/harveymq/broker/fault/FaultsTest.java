package io.harveymq.broker.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What injected faults do, event by event, and that they end. */
class FaultsTest {
  private static final long MINUTE = 60_000;

  private TestBroker broker = TestBroker.start();
  private TestChannel channel = broker.channel().declare("q");

  private Faults faults() {
    return broker.vhost().faults();
  }

  private long begin(FaultRule.Builder rule) {
    long[] id = new long[1];
    broker.home().run(() -> id[0] = faults().begin(rule.build()).id());
    return id[0];
  }

  private void end(long id) {
    broker.home().run(() -> faults().remove(id));
    broker.run();
  }

  private List<Method> answers(TestChannel of) {
    return of.client().all(of.number()).stream().map(Received::method).toList();
  }

  private static BasicMethod.Ack ack(long tag) {
    return new BasicMethod.Ack(tag, false);
  }

  private static BasicMethod.Nack nack(long tag) {
    return new BasicMethod.Nack(tag, false, true);
  }

  private int ready(String queue) {
    return broker.queue(queue).readyCount();
  }

  // ---- how often, how long

  @Test
  void strikesSoOftenAndIsOver() {
    channel.confirm();
    long id = begin(FaultRule.of(FaultKind.NACK).every(2).count(2));
    for (int i = 0; i < 6; i++) {
      channel.publish("q", "m");
      broker.run();
    }
    assertThat(answers(channel)).containsExactly(ack(1), nack(2), ack(3), nack(4), ack(5), ack(6));
    assertThat(ready("q")).isEqualTo(4);
    Fault over = faults().fault(id);
    assertThat(over.on()).isFalse();
    assertThat(over.struck()).isEqualTo(2);
    assertThat(over.leftMillis()).isZero();
    assertThat(faults().areOn()).isFalse();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void endsByItselfByTheBrokersClock() {
    channel.confirm();
    long id = begin(FaultRule.of(FaultKind.NACK).lasting(Duration.ofSeconds(10)));
    broker.advance(9_999);
    assertThat(faults().fault(id).leftMillis()).isEqualTo(1);
    channel.publish("q", "m");
    assertThat(answers(channel)).containsExactly(nack(1));
    broker.advance(1);
    channel.publish("q", "m");
    assertThat(answers(channel)).containsExactly(ack(2));
    assertThat(faults().fault(id).on()).isFalse();
    assertThat(faults().areOn()).isFalse();
  }

  @Test
  void lastsAMinuteUnlessItIsSaid() {
    begin(FaultRule.of(FaultKind.HOLD_DELIVERIES));
    broker.advance(MINUTE - 1);
    assertThat(faults().areOn()).isTrue();
    broker.advance(1);
    assertThat(faults().areOn()).isFalse();
  }

  @Test
  void thoseThatAreOverMakeRoomThoseThatAreOnDoNot() {
    long first = begin(FaultRule.of(FaultKind.NACK));
    long second = begin(FaultRule.of(FaultKind.NACK).lasting(Duration.ofSeconds(1)));
    while (faults().all().size() < Faults.MOST) {
      begin(FaultRule.of(FaultKind.NACK));
    }
    List<Throwable> refused = new ArrayList<>();
    broker
        .home()
        .run(
            () -> {
              try {
                faults().begin(FaultRule.of(FaultKind.CUT).build());
              } catch (IllegalArgumentException full) {
                refused.add(full);
              }
            });
    assertThat(refused)
        .singleElement()
        .hasToString(
            "java.lang.IllegalArgumentException: 64 faults are on in vhost '/'; end one before");
    broker.advance(1_000);
    begin(FaultRule.of(FaultKind.BLOCK));
    assertThat(faults().all()).hasSize(Faults.MOST);
    assertThat(faults().fault(first).on()).isTrue();
    assertThat(faults().fault(second)).isNull();
    broker.home().run(faults()::removeAll);
    assertThat(faults().all()).isEmpty();
    assertThat(faults().areOn()).isFalse();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void aVirtualHostThatIsDeletedTakesItsFaultsWithIt() {
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("other")));
    Faults others = broker.access().vhosts().get("other").faults();
    broker.home().run(() -> others.begin(FaultRule.of(FaultKind.NACK).build()));
    assertThat(broker.home().deadlines().count()).isEqualTo(1);
    broker.change(editor -> editor.deleteVhost("other"));
    broker.run();
    assertThat(broker.home().deadlines().count()).isZero();
  }

  // ---- publishes

  @Test
  void aNackIsForWhatIsPublishedToAnExchangeOrRoutedToAQueue() {
    channel.declare("other").declareExchange("x", "fanout").bind("other", "x", "").confirm();
    begin(FaultRule.of(FaultKind.NACK).exchange("x"));
    channel.publish("x", "", "m").publish("q", "m");
    assertThat(answers(channel)).containsExactlyInAnyOrder(nack(1), ack(2));
    broker.home().run(faults()::removeAll);
    begin(FaultRule.of(FaultKind.NACK).queue("other"));
    channel.publish("x", "", "m").publish("q", "m");
    assertThat(answers(channel)).containsExactlyInAnyOrder(nack(3), ack(4));
    broker.home().run(faults()::removeAll);
    begin(FaultRule.of(FaultKind.NACK).user("somebody"));
    begin(FaultRule.of(FaultKind.NACK).exchange(""));
    channel.publish("x", "", "m").publish("q", "m");
    assertThat(answers(channel)).containsExactlyInAnyOrder(ack(5), nack(6));
    assertThat(ready("other")).isEqualTo(1);
    assertThat(ready("q")).isEqualTo(2);
  }

  @Test
  void whoDoesNotAwaitConfirmsIsLeftAlone() {
    long id = begin(FaultRule.of(FaultKind.NACK).count(1));
    long withhold = begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS).count(1));
    channel.publish("q", "m");
    channel.expectNothing();
    assertThat(ready("q")).isEqualTo(1);
    assertThat(faults().fault(id).struck()).isZero();
    assertThat(faults().fault(withhold).struck()).isZero();
  }

  @Test
  void withheldConfirmsComeWhenTheFaultEnds() {
    channel.confirm();
    long id = begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS).count(2));
    channel.publish("q", "a").publish("q", "b").publish("q", "c");
    assertThat(answers(channel)).containsExactly(ack(3));
    assertThat(ready("q")).isEqualTo(3);
    assertThat(faults().fault(id).struck()).isEqualTo(2);
    assertThat(faults().fault(id).on()).isTrue();
    broker.advance(MINUTE);
    assertThat(answers(channel)).containsExactly(new BasicMethod.Ack(2, true));
    channel.publish("q", "d");
    assertThat(answers(channel)).containsExactly(ack(4));
  }

  @Test
  void lateConfirmsComeEachAfterItsTime() {
    channel.confirm();
    begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS).delay(Duration.ofMillis(500)));
    channel.publish("q", "a");
    broker.advance(200);
    channel.publish("q", "b");
    broker.advance(299);
    assertThat(answers(channel)).isEmpty();
    broker.advance(1);
    assertThat(answers(channel)).containsExactly(ack(1));
    broker.advance(200);
    assertThat(answers(channel)).containsExactly(ack(2));
  }

  @Test
  void whatIsNotStoredYetIsWithheldOnceItIs() {
    broker = TestBroker.on(new MemoryStore());
    channel = broker.channel().confirm();
    channel.call(
        new QueueMethod.Declare("d", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    long id = begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS));
    broker.holdStore(true);
    BasicProperties persistent = BasicProperties.builder().deliveryMode(2).build();
    channel.publish("", "d", persistent, new byte[1]);
    assertThat(answers(channel)).isEmpty();
    broker.holdStore(false);
    assertThat(answers(channel)).isEmpty();
    channel.publish("", "d", persistent, new byte[1]);
    broker.holdStore(true);
    end(id);
    assertThat(answers(channel)).containsExactly(ack(1));
    broker.holdStore(false);
    assertThat(answers(channel)).containsExactly(ack(2));
  }

  @Test
  void noMoreThanSoManyConfirmsAreHeld() {
    channel.confirm();
    long id = begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS));
    ByteBuf one =
        channel
            .client()
            .encode(
                1,
                new BasicMethod.Publish("", "nowhere", false, false),
                BasicProperties.EMPTY,
                new byte[0]);
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < WithheldConfirms.MOST + 1; i++) {
      all.writeBytes(one, 0, one.readableBytes());
    }
    channel.client().push(all);
    assertThat(answers(channel)).containsExactly(ack(WithheldConfirms.MOST + 1));
    end(id);
    List<Method> acks = answers(channel);
    assertThat(acks).hasSizeGreaterThan(1);
    assertThat(acks.get(acks.size() - 1))
        .isEqualTo(new BasicMethod.Ack(WithheldConfirms.MOST, true));
  }

  @Test
  void withheldConfirmsOfAChannelThatIsGoneAreForgotten() {
    TestChannel second = channel.client().channel(2).confirm();
    long id = begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS));
    for (int i = 0; i < WithheldConfirms.MOST; i++) {
      second.publish("q", "m");
    }
    second.close();
    channel.confirm().publish("q", "m");
    assertThat(answers(channel)).isEmpty();
    end(id);
    assertThat(answers(second)).isEmpty();
    assertThat(answers(channel)).containsExactly(ack(1));
  }

  // ---- deliveries

  @Test
  void aHeldQueueGivesConsumersNothingUntilTheFaultEnds() {
    channel.declare("free").consume("q", "c").consume("free", "f");
    TestChannel publisher = broker.channel();
    long id = begin(FaultRule.of(FaultKind.HOLD_DELIVERIES).queue("q"));
    publisher.publish("q", "held").publish("free", "given");
    assertThat(channel.deliveries()).containsExactly("given");
    assertThat(publisher.get("q").text()).isEqualTo("held");
    publisher.publish("q", "more");
    assertThat(channel.deliveries()).isEmpty();
    assertThat(faults().fault(id).struck()).isEqualTo(1);
    broker.advance(MINUTE);
    assertThat(channel.deliveries()).containsExactly("more");
  }

  @Test
  void allQueuesAreHeldThoseThatAreNewAndStreamsToo() {
    long id = begin(FaultRule.of(FaultKind.HOLD_DELIVERIES));
    channel.declare("new").prefetch(10).consume("q", "a").consume("new", "b");
    FieldTable stream = FieldTable.builder().put("x-queue-type", "stream").build();
    channel.call(
        new QueueMethod.Declare("s", false, true, false, false, false, stream),
        QueueMethod.DeclareOk.class);
    channel.consume("s", "c");
    TestChannel publisher = broker.channel();
    publisher.publish("q", "1").publish("new", "2").publish("s", "3");
    assertThat(channel.deliveries()).isEmpty();
    assertThat(faults().fault(id).struck()).isEqualTo(3);
    end(id);
    assertThat(channel.deliveries()).containsExactlyInAnyOrder("1", "2", "3");
  }

  @Test
  void whoPublishesToAHeldQueueIsNotPaced() {
    channel.consume("q", "c");
    begin(FaultRule.of(FaultKind.HOLD_DELIVERIES));
    broker.fill("q", 10_000);
    assertThat(broker.queue("q").isBehind()).isFalse();
    broker.home().run(faults()::removeAll);
    broker.queue("q").deliver();
    broker.run();
    assertThat(channel.deliveries()).hasSize(10_000);
  }

  // ---- closing

  @Test
  void aChannelIsClosedByItsNextCommandAndAnotherOneIsNot() {
    channel.confirm();
    long id = begin(FaultRule.of(FaultKind.CLOSE_CHANNEL).queue("q").code(404));
    channel.publish("q", "lost");
    assertThat(channel.expectClose(404).replyText())
        .isEqualTo("NOT_FOUND - injected fault 1 (close-channel)");
    assertThat(ready("q")).isZero();
    assertThat(faults().fault(id).on()).isFalse();
    channel = channel.client().channel(1);
    channel.publish("q", "m");
    assertThat(channel.get("q").text()).isEqualTo("m");
  }

  @Test
  void aFaultWaitsForItsOperation() {
    begin(
        FaultRule.of(FaultKind.CLOSE_CHANNEL)
            .operation(FaultOperation.CONSUME)
            .queue("q")
            .code(405));
    channel.publish("q", "m");
    channel.ack(channel.get("q").deliveryTag());
    channel.send(new BasicMethod.Consume("q", "c", false, false, false, false, FieldTable.EMPTY));
    assertThat(channel.expectClose(405).failedMethodId()).isEqualTo(BasicMethod.Consume.ID);
    assertThat(broker.queue("q").consumerCount()).isZero();
    channel = channel.client().channel(1);
    begin(FaultRule.of(FaultKind.CLOSE_CHANNEL).operation(FaultOperation.GET));
    channel.consume("q", "c").send(new BasicMethod.Get("q", true));
    assertThat(channel.expectClose(406).failedMethodId()).isEqualTo(BasicMethod.Get.ID);
  }

  @Test
  void whatIsWrongAnywayIsNoStrike() {
    long id = begin(FaultRule.of(FaultKind.CLOSE_CHANNEL).code(311));
    channel.publish("missing", "k", "m");
    channel.expectClose(404);
    assertThat(faults().fault(id).struck()).isZero();
  }

  @Test
  void aConnectionIsClosedByACommand() {
    begin(FaultRule.of(FaultKind.CLOSE_CONNECTION).operation(FaultOperation.PUBLISH).code(541));
    channel.publish("q", "m");
    assertThat(channel.client().expectClose(541))
        .isEqualTo("INTERNAL_ERROR - injected fault 1 (close-connection)");
    assertThat(ready("q")).isZero();
  }

  @Test
  void aCutTakesTheConfirmsWithItThatWereNotSent() {
    channel.confirm();
    begin(FaultRule.of(FaultKind.CUT).operation(FaultOperation.PUBLISH).every(3));
    channel.publishAll("q", List.of("routed", "routed too", "lost", "never read"));
    assertThat(channel.client().isClosed()).isTrue();
    assertThat(answers(channel)).isEmpty();
    assertThat(channel.client().arrived(0)).isEmpty();
    assertThat(ready("q")).isEqualTo(2);
    TestChannel next = broker.channel().confirm();
    next.publishAll("q", List.of("a", "b", "c"));
    assertThat(answers(next)).containsExactly(new BasicMethod.Ack(3, true));
  }

  @Test
  void aCutBetweenTwoLoopsIsTheSame() {
    broker = TestBroker.withTwoLoops();
    channel = broker.channel().declare("q");
    begin(FaultRule.of(FaultKind.CUT).operation(FaultOperation.GET));
    channel.send(new BasicMethod.Get("q", true));
    assertThat(channel.client().isClosed()).isTrue();
    assertThat(answers(channel)).isEmpty();
  }

  // ---- opening and blocking

  @Test
  void nobodyGetsInForAsLongAsItIsSaid() {
    long id = begin(FaultRule.of(FaultKind.REFUSE_CONNECTIONS).count(2));
    begin(FaultRule.of(FaultKind.REFUSE_CONNECTIONS).user("somebody"));
    for (int i = 0; i < 2; i++) {
      assertThat(broker.accept().refusedBy("guest", "guest", "/"))
          .isEqualTo(
              "NOT_ALLOWED - access to vhost '/' refused for user 'guest': injected fault 1"
                  + " (refuse-connections)");
    }
    assertThat(faults().fault(id).on()).isFalse();
    broker.accept().open("guest", "guest", "/");
    assertThat(broker.access().connections().countInVhost("/")).isEqualTo(2);
  }

  private TestChannel publisher() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities("connection.blocked"), "guest");
    return client.tuneAndOpen(0, 131_072).channel(1);
  }

  private static String blocked(TestChannel of) {
    return of.client().expect(0, ConnectionMethod.Blocked.class).reason();
  }

  @Test
  void whoPublishesIsBlockedAsByAnAlarm() {
    TestChannel publisher = publisher();
    long id = begin(FaultRule.of(FaultKind.BLOCK));
    assertThat(publisher.client().all(0)).isEmpty();
    publisher.publish("q", "m");
    assertThat(blocked(publisher)).isEqualTo("injected fault 1 (block)");
    assertThat(ready("q")).isZero();
    assertThat(faults().fault(id).struck()).isEqualTo(1);
    broker.advance(MINUTE);
    publisher.client().expect(0, ConnectionMethod.Unblocked.class);
    assertThat(ready("q")).isEqualTo(1);
  }

  // ---- what can't be

  private static void refuses(FaultRule.Builder rule, String text) {
    assertThatThrownBy(rule::build).isInstanceOf(IllegalArgumentException.class).hasMessage(text);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    refuses(
        FaultRule.of(FaultKind.HOLD_DELIVERIES).exchange("x"), "hold-deliveries has no exchange");
    refuses(FaultRule.of(FaultKind.BLOCK).user("u"), "block has no user");
    refuses(FaultRule.of(FaultKind.NACK).code(404), "nack has no code");
    refuses(FaultRule.of(FaultKind.NACK).delay(Duration.ofSeconds(1)), "nack has no delay_ms");
    refuses(FaultRule.of(FaultKind.CUT).code(320), "cut has no code");
    refuses(FaultRule.of(FaultKind.NACK).count(0), "count has to be from 1 to 1000000000");
    refuses(FaultRule.of(FaultKind.NACK).every(-1), "every has to be from 1 to 1000000000");
    refuses(
        FaultRule.of(FaultKind.NACK).lasting(Duration.ofHours(2)),
        "for_ms has to be from 1 to 3600000");
    refuses(
        FaultRule.of(FaultKind.CUT).operation(FaultOperation.GET).exchange("x"),
        "basic.get has no exchange");
    refuses(
        FaultRule.of(FaultKind.CUT).count(2),
        "cut with exchange, queue, count or every needs the operation that it waits for");
    refuses(
        FaultRule.of(FaultKind.CLOSE_CHANNEL).code(541),
        "541 does not close a channel in AMQP; 311 to 313 and 403 to 406 do");
    refuses(
        FaultRule.of(FaultKind.CLOSE_CONNECTION).code(404),
        "404 does not close a connection in AMQP; 320, 501 to 506, 530, 540, 541 do");
    refuses(
        FaultRule.of(FaultKind.CLOSE_CHANNEL).code(200),
        "200 does not close a channel in AMQP; 311 to 313 and 403 to 406 do");
  }

  @Test
  void namesAreThoseOfTheApi() {
    assertThat(Set.of(FaultKind.values()).stream().map(FaultKind::toString))
        .containsExactlyInAnyOrder(
            "nack",
            "withhold-confirms",
            "hold-deliveries",
            "close-channel",
            "close-connection",
            "cut",
            "refuse-connections",
            "block");
    assertThat(FaultKind.of("close-channel")).isEqualTo(FaultKind.CLOSE_CHANNEL);
    assertThat(FaultKind.of("CLOSE_CHANNEL")).isNull();
    assertThat(FaultOperation.of("basic.get")).isEqualTo(FaultOperation.GET);
    assertThat(FaultOperation.of("basic.ack")).isNull();
  }
}
