package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sent takes effect before its channel or connection ends, though it had to wait. */
class EndOfSuspendedTest {
  private static final int MANY = 100_000;
  private static final byte[] LARGE = new byte[100_000];

  private final TestBroker broker = TestBroker.start();
  private final TestChannel holder = broker.channel().declare("q").declare("other");
  private final TestClient client = broker.connect();
  private final TestChannel waiting = client.channel(1);

  /** Suspends the channel: its get has to wait until many deliveries are put back. */
  @BeforeEach
  void suspend() {
    broker.fill("q", MANY);
    holder.client().socket().discardOutput();
    holder.send(new BasicMethod.Consume("q", "c", false, false, false, true, FieldTable.EMPTY));
    broker.run();
    holder.send(new BasicMethod.Cancel("c", true)).requeueUpTo(MANY);
    waiting.send(new BasicMethod.Get("q", false));
    assertThat(broker.queue("q").isHeld()).isTrue();
  }

  @AfterEach
  void everyByteIsCountedBack() {
    client.drop();
    broker.run();
    TestChannel last = broker.channel();
    last.send(new QueueMethod.Delete("q", false, false, false));
    last.send(new QueueMethod.Delete("other", false, false, false));
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  private void sayClose() {
    client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
  }

  @Test
  void aConnectionIsClosedAfterTheCommandsThatWaited() {
    waiting.publish("other", "one").publish("other", "two");
    sayClose();
    assertThat(client.arrived(0)).isEmpty();
    assertThat(broker.queue("q").isHeld()).isTrue();

    client.expect(0, ConnectionMethod.CloseOk.class);
    assertThat(waiting.next().method()).isInstanceOf(BasicMethod.GetOk.class);
    assertThat(broker.queue("other").readyCount()).isEqualTo(2);
    assertThat(broker.queue("q").readyCount()).isEqualTo(MANY);
    assertThat(broker.queue("q").unackedCount()).isZero();
  }

  @Test
  void whatComesAfterConnectionCloseIsIgnored() {
    TestChannel free = client.channel(2);
    sayClose();
    free.publish("other", "ignored").send(TestChannel.passive("other"));
    waiting.publish("other", "ignored");
    client.raw(new byte[] {1, 0, 1, 0, 0, 0, 1, 0, 17});

    client.expect(0, ConnectionMethod.CloseOk.class);
    free.expectNothing();
    assertThat(broker.queue("other").readyCount()).isZero();
  }

  @Test
  void everySuspendedChannelIsWaitedFor() {
    TestChannel second = client.channel(2);
    second.send(new BasicMethod.Get("q", true));
    waiting.publish("other", "one");
    second.publish("other", "two");
    sayClose();
    client.expect(0, ConnectionMethod.CloseOk.class);
    assertThat(broker.queue("other").readyCount()).isEqualTo(2);
  }

  @Test
  void aChannelThatIsSuspendedAgainIsWaitedForAgain() {
    TestChannel other = broker.channel().declare("q2");
    broker.fill("q2", MANY / 2);
    other.client().socket().discardOutput();
    other.send(new BasicMethod.Consume("q2", "c", false, false, false, true, FieldTable.EMPTY));
    while (broker.queue("q2").unackedCount() < MANY / 2) {
      assertThat(broker.step()).isTrue();
    }
    other.send(new BasicMethod.Cancel("c", true)).requeueUpTo(MANY / 2);
    assertThat(broker.queue("q").isHeld()).isTrue();
    waiting.send(new QueueMethod.Purge("q2", false));
    waiting.publish("other", "last");
    sayClose();
    client.expect(0, ConnectionMethod.CloseOk.class);
    waiting.expect(BasicMethod.GetOk.class);
    assertThat(waiting.expect(QueueMethod.PurgeOk.class).messageCount()).isEqualTo(MANY / 2);
    assertThat(broker.queue("other").readyCount()).isEqualTo(1);
    holder.send(new QueueMethod.Delete("q2", false, false, false));
  }

  @Test
  void anErrorThatWaitedIsToldInsteadOfCloseOk() {
    waiting.send(new BasicMethod.Qos(1, 0, false)).publish("other", "dropped");
    sayClose();
    assertThat(client.expect(0, ConnectionMethod.Close.class).replyCode()).isEqualTo(540);
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.isClosed()).isTrue();
    assertThat(broker.queue("other").readyCount()).isZero();
  }

  @Test
  void aStopOfTheBrokerDoesNotWait() {
    waiting.publish("other", "dropped");
    sayClose();
    client.socket().shutDown("shutdown");
    assertThat(client.expect(0, ConnectionMethod.Close.class).replyCode()).isEqualTo(320);
    assertThat(broker.queue("q").isHeld()).isTrue();
    client.send(0, new ConnectionMethod.CloseOk());
    assertThat(client.isClosed()).isTrue();
    assertThat(broker.queue("other").readyCount()).isZero();
  }

  @Test
  void aChannelIsClosedAfterTheCommandsThatWaited() {
    waiting.publish("other", "one").send(new ChannelMethod.Close(200, "", 0, 0));
    assertThat(client.arrived(1)).isEmpty();
    waiting.expect(BasicMethod.GetOk.class);
    waiting.expect(ChannelMethod.CloseOk.class);
    assertThat(broker.queue("other").readyCount()).isEqualTo(1);
    assertThat(broker.queue("q").readyCount()).isEqualTo(MANY);
  }

  @Test
  void whatWasReadBeforeTheSocketWasLostTakesEffect() {
    waiting.publish("other", "one").publish("other", "two");
    waiting.send(new BasicMethod.Ack(1, false));
    client.drop();
    broker.run();
    assertThat(broker.queue("other").readyCount()).isEqualTo(2);
    assertThat(broker.queue("q").readyCount()).isEqualTo(MANY - 1);
  }

  @Test
  void moreThanMayWaitTakesEffectTooOnceTheSocketIsLost() {
    ByteBuf bytes = Unpooled.buffer();
    for (int i = 0; i < 12; i++) {
      BasicMethod.Publish publish = new BasicMethod.Publish("", "other", false, false);
      bytes.writeBytes(client.encode(1, publish, BasicProperties.EMPTY, LARGE));
    }
    client.push(bytes);
    while (client.socket().unread() > 0) {
      assertThat(broker.step()).isTrue();
    }
    assertThat(client.socket().isReadRequested()).isFalse();
    assertThat(broker.queue("q").isHeld()).isTrue();
    client.drop();
    broker.run();
    assertThat(broker.queue("other").readyCount()).isEqualTo(12);
  }

  @Test
  void aLostSocketGetsNoMoreDeliveriesWhileItsCommandsWait() {
    client.channel(2).consume("other", "auto", true, FieldTable.EMPTY);
    client.drop();
    for (int turns = 0; turns < 3; turns++) {
      broker.step();
    }
    holder.publish("other", "for another");
    assertThat(broker.queue("q").isHeld()).isTrue();
    broker.run();
    assertThat(broker.queue("other").readyCount()).isEqualTo(1);
    assertThat(broker.queue("other").consumerCount()).isZero();
  }

  @Test
  void aSocketLostAfterConnectionCloseEndsItToo() {
    waiting.publish("other", "one");
    sayClose();
    client.drop();
    broker.run();
    assertThat(broker.queue("other").readyCount()).isEqualTo(1);
    assertThat(broker.queue("q").unackedCount()).isZero();
    assertOnlyTheTimerOfDeadlinesIsSet();
  }

  @Test
  void aClientWithHeartbeatsMayBeGoneWhileItsCommandsWait() {
    TestClient beating = broker.accept().open(1);
    TestChannel channel = beating.channel(1);
    assertThat(broker.queue("q").isHeld()).isTrue();
    channel.send(new BasicMethod.Get("q", false)).publish("other", "one");
    beating.drop();
    broker.run();
    assertThat(broker.queue("other").readyCount()).isEqualTo(1);
    assertOnlyTheTimerOfDeadlinesIsSet();
  }

  @Test
  void anExclusiveQueueGoesWithItsConnectionHoweverManyDeliveriesAreOut() {
    TestChannel owner = broker.channel();
    owner.declare("mine", true, false);
    broker.fill("mine", MANY);
    owner.consume("mine", "c");
    broker.run();
    owner.client().drop();
    broker.run();
    assertThat(broker.vhost().queueOrNull("mine")).isNull();
  }

  /** The other channel's deliveries have to be acknowledged in time; nothing else waits. */
  private void assertOnlyTheTimerOfDeadlinesIsSet() {
    assertThat(broker.loop().timers()).isEqualTo(Math.min(1, broker.home().deadlines().count()));
  }
}
