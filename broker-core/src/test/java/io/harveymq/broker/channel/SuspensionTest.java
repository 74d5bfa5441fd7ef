package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to a channel, and around it, while one of its commands has to wait. */
class SuspensionTest {
  private static final int MANY = 100_000;
  private static final int MIB = 1 << 20;

  private final TestBroker broker = TestBroker.start();
  private final TestChannel holder = broker.channel().declare("q");
  private final TestClient client = broker.connect();
  private final TestChannel waiting = client.channel(1).declare("other");
  private final TestChannel second = broker.channel();

  /** Lets a client hold many deliveries and give them back, which takes several turns. */
  private void startRequeue() {
    broker.fill("q", MANY);
    holder.client().socket().discardOutput();
    requeueAll();
  }

  private void startRequeueOfDifferentMessages() {
    holder.publishAll("q", IntStream.range(0, MANY).mapToObj(i -> "m" + i).toList());
    requeueAll();
    holder.client().arrived(1);
  }

  private void requeueAll() {
    holder.send(new BasicMethod.Consume("q", "c", false, false, false, true, FieldTable.EMPTY));
    broker.run();
    assertThat(broker.queue("q").unackedCount()).isEqualTo(MANY);
    holder.send(new BasicMethod.Cancel("c", true)).requeueUpTo(MANY);
    assertThat(broker.queue("q").isHeld()).isTrue();
  }

  @AfterEach
  void everyByteIsCountedBack() {
    broker.run();
    TestChannel last = broker.channel();
    last.send(new QueueMethod.Delete("q", false, false, false));
    last.send(new QueueMethod.Delete("other", false, false, false));
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aGetWaitsForTheWholeQueueAndSeesItInOrder() {
    startRequeueOfDifferentMessages();
    second.send(new BasicMethod.Get("q", true));
    assertThat(second.client().arrived(1)).isEmpty();

    for (int i = 0; i < 3_000; i++) {
      Received got = second.next();
      assertThat(got.text()).isEqualTo("m" + i);
      assertThat(got.redelivered()).isTrue();
      assertThat(((BasicMethod.GetOk) got.method()).messageCount()).isEqualTo(MANY - 1 - i);
      second.send(new BasicMethod.Get("q", true));
    }
  }

  @Test
  void aConsumerGetsNothingBeforeTheQueueIsWhole() {
    startRequeueOfDifferentMessages();
    second.consume("q", "c", true, FieldTable.EMPTY);
    second.publish("q", "fresh");
    List<Received> all = second.client().all(1);
    assertThat(all).hasSize(MANY + 1);
    for (int i = 0; i < MANY; i++) {
      assertThat(all.get(i).text()).isEqualTo("m" + i);
      assertThat(all.get(i).redelivered()).isTrue();
    }
    assertThat(all.get(MANY).text()).isEqualTo("fresh");
    assertThat(all.get(MANY).redelivered()).isFalse();
  }

  @Test
  void countsAreThoseOfTheWholeQueue() {
    startRequeue();
    waiting.send(TestChannel.passive("q"));
    second.send(new QueueMethod.Purge("q", false));
    assertThat(waiting.client().arrived(1)).isEmpty();
    assertThat(second.client().arrived(1)).isEmpty();
    assertThat(waiting.expect(QueueMethod.DeclareOk.class).messageCount()).isEqualTo(MANY);
    assertThat(second.expect(QueueMethod.PurgeOk.class).messageCount()).isEqualTo(MANY);
  }

  @Test
  void deletingWaitsAndCountsTheWholeQueue() {
    startRequeue();
    second.send(new QueueMethod.Delete("q", false, true, false));
    assertThat(second.client().arrived(1)).isEmpty();
    second.expectClose(406);
    startAgain(second);
    assertThat(
            second
                .call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class)
                .messageCount())
        .isEqualTo(MANY);
  }

  private static void startAgain(TestChannel channel) {
    channel.call(new ChannelMethod.Open(), ChannelMethod.OpenOk.class);
  }

  @Test
  void laterCommandsOfTheChannelKeepTheirOrderAndOtherChannelsGoOn() {
    TestChannel free = client.channel(2);
    startRequeue();
    waiting.send(new BasicMethod.Get("q", true));
    waiting.publish("other", "one");
    waiting.send(TestChannel.passive("other"));
    waiting.publish("other", "two");
    waiting.send(new BasicMethod.Get("other", true), TestChannel.passive("other"));

    assertThat(free.call(TestChannel.passive("other"), QueueMethod.DeclareOk.class).messageCount())
        .isZero();
    assertThat(broker.queue("q").isHeld()).isTrue();

    waiting.expect(BasicMethod.GetOk.class);
    assertThat(waiting.expect(QueueMethod.DeclareOk.class).messageCount()).isEqualTo(1);
    assertThat(waiting.next().text()).isEqualTo("one");
    assertThat(waiting.expect(QueueMethod.DeclareOk.class).messageCount()).isEqualTo(1);
    assertThat(free.drain("other")).containsExactly("two");
    free.ackUpTo(0);
  }

  @Test
  void overAMebibyteOfWaitingCommandsTheConnectionIsNotRead() {
    startRequeue();
    waiting.send(new BasicMethod.Get("q", true));
    byte[] body = new byte[100_000];
    for (int i = 0; i < 10; i++) {
      waiting.publish("", "other", BasicProperties.EMPTY, body);
    }
    assertThat(client.socket().unread()).isZero();
    for (int i = 0; i < 10; i++) {
      waiting.publish("", "other", BasicProperties.EMPTY, body);
    }
    assertThat(client.socket().unread()).isGreaterThan(MIB / 2);
    assertThat(broker.queue("q").isHeld()).isTrue();

    broker.run();
    assertThat(client.socket().unread()).isZero();
    assertThat(broker.queue("other").readyCount()).isEqualTo(20);
  }

  @Test
  void largeArgumentsOfWaitingCommandsCountTowardsThatMebibyte() {
    startRequeue();
    waiting.send(new BasicMethod.Get("q", true));
    // Arguments count eight times: in memory they may take as much.
    int eighth = 12_500;
    FieldTable large = FieldTable.builder().put("x-note", "n".repeat(eighth)).build();
    for (int i = 0; i < 10; i++) {
      waiting.send(new QueueMethod.Declare("d" + i, false, false, false, false, true, large));
    }
    assertThat(client.socket().unread()).isZero();
    for (int i = 10; i < 20; i++) {
      waiting.send(new QueueMethod.Declare("d" + i, false, false, false, false, true, large));
    }
    assertThat(client.socket().unread()).isGreaterThan(8 * eighth);
    assertThatThrownBy(() -> broker.queue("d0")).hasMessageContaining("no queue 'd0'");

    broker.run();
    assertThat(client.socket().unread()).isZero();
    for (int i = 0; i < 20; i++) {
      assertThat(broker.queue("d" + i).readyCount()).isZero();
      second.send(new QueueMethod.Delete("d" + i, false, false, true));
    }
  }

  @Test
  void aStopOfTheBrokerIsAgreedToThoughTheConnectionWasNotRead() {
    startRequeue();
    waiting.send(new BasicMethod.Get("q", false));
    byte[] body = new byte[100_000];
    for (int i = 0; i < 20; i++) {
      waiting.publish("", "other", BasicProperties.EMPTY, body);
    }
    waiting.client().socket().shutDown("shutdown");
    waiting.client().expect(0, ConnectionMethod.Close.class);
    waiting.client().send(0, new ConnectionMethod.CloseOk());
    assertThat(waiting.client().isClosed()).isTrue();
    assertThat(broker.queue("other").readyCount()).isZero();
  }

  @Test
  void whatWaitsBehindACommandThatClosesTheChannelIsSwallowed() {
    startRequeue();
    waiting.send(new QueueMethod.Delete("q", false, true, false));
    waiting.publish("other", "swallowed");
    waiting.send(
        new BasicMethod.Consume("other", "c", false, false, false, false, FieldTable.EMPTY),
        TestChannel.passive("other"));
    waiting.expectClose(406);
    waiting.expectNothing();
    assertThat(waiting.client().isClosed()).isFalse();
    assertThat(broker.queue("other").consumerCount()).isZero();
    assertThat(broker.queue("other").readyCount()).isZero();
    startAgain(waiting);
  }

  @Test
  void aCloseThatWaitedBehindAnErrorIsAnswered() {
    startRequeue();
    waiting.send(
        new QueueMethod.Delete("q", false, true, false), new ChannelMethod.Close(200, "", 0, 0));
    waiting.expect(ChannelMethod.Close.class);
    waiting.expect(ChannelMethod.CloseOk.class);
    waiting.send(new ChannelMethod.CloseOk());
    startAgain(waiting);
  }

  @Test
  void nothingIsExecutedBehindACommandThatClosesTheConnection() {
    startRequeue();
    waiting.send(
        new BasicMethod.Get("q", false),
        new BasicMethod.Qos(1, 0, false),
        new BasicMethod.Consume("other", "c", false, false, false, false, FieldTable.EMPTY));
    waiting.publish("other", "dropped");
    assertThat(waiting.client().expect(0, ConnectionMethod.Close.class).replyCode()).isEqualTo(540);
    broker.run();
    assertThat(broker.queue("other").consumerCount()).isZero();
    assertThat(broker.queue("other").readyCount()).isZero();
    assertThat(broker.queue("q").readyCount()).isEqualTo(MANY);
  }

  @Test
  void anAutoDeleteQueueGoesWithItsLastConsumerThoughItIsBeingPutTogether() {
    holder.declare("auto", false, true);
    broker.fill("auto", MANY);
    holder.consume("auto", "a");
    broker.run();
    holder.client().arrived(1);
    holder.requeueUpTo(0);
    waiting.send(new BasicMethod.Get("auto", false));
    holder.send(new BasicMethod.Cancel("a", true));
    assertThat(broker.vhost().queueOrNull("auto")).isNull();
    waiting.expectClose(404);
  }

  @Test
  void severalSuspendedChannelsHoldALimitedAmountTogether() {
    List<TestChannel> channels = new ArrayList<>(List.of(waiting));
    for (int i = 2; i <= 2; i++) {
      channels.add(client.channel(i));
    }
    startRequeue();
    channels.forEach(channel -> channel.send(new BasicMethod.Get("q", true)));
    ByteBuf commands = Unpooled.buffer();
    Method publish = new BasicMethod.Publish("", "nowhere", false, false);
    for (int i = 0; i < 200; i++) {
      byte[] body = new byte[50_000];
      commands.writeBytes(
          client.encode(channels.get(i % 2).number(), publish, BasicProperties.EMPTY, body));
    }
    client.push(commands);
    for (int turns = 0; turns < 9; turns++) {
      broker.step();
    }
    assertThat(client.socket().unread()).isPositive();
    assertThat(broker.memory().used()).isLessThan(MANY * 200L + 2L * MIB + 4 * 100_000);
    assertThat(broker.queue("q").isHeld()).isTrue();
    channels.forEach(channel -> channel.expect(BasicMethod.GetOk.class));
    broker.run();
    assertThat(client.socket().unread()).isZero();
  }
}
