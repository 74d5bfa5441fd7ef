package io.harveymq.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.CommandEncoder;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Memory that fills up, and clients that don't take what they are sent. */
class FlowTest {
  private static final int SHARE = 100_000;
  private static final int HARD_LIMIT = 200_000;
  private static final int WINDOW = 128 << 10;

  private final TestBroker small = TestBroker.withMemory(SHARE, HARD_LIMIT);
  private final TestBroker broker = TestBroker.start();

  private static void publish(TestChannel channel, String queue, int size) {
    channel.publish("", queue, BasicProperties.EMPTY, new byte[size]);
  }

  // ---- memory

  @Test
  void publishersArePausedOverTheShareAndGoOnWhenConsumersCaughtUp() {
    TestChannel publisher = small.accept().open(10).channel(1).declare("q");
    TestChannel consumer = small.channel();
    for (int i = 0; i < 30; i++) {
      publish(publisher, "q", 10_000);
    }
    small.run();
    assertThat(small.queue("q").readyCount()).isEqualTo(10);
    assertThat(publisher.client().socket().unread()).isPositive();

    small.advance(100_000);
    assertThat(publisher.client().isClosed()).as("closed for missing heartbeats").isFalse();

    consumer.declare("other");
    for (int i = 0; i < 2; i++) {
      consumer.ack(consumer.get("q").deliveryTag());
    }
    small.run();
    assertThat(small.queue("q").readyCount()).as("above four fifths of the share").isEqualTo(8);
    consumer.ack(consumer.get("q").deliveryTag());
    small.run();
    assertThat(small.queue("q").readyCount()).isEqualTo(10);

    consumer.consume("q", "c", true, FieldTable.EMPTY);
    assertThat(consumer.deliveries()).hasSize(27);
    assertThat(publisher.client().socket().unread()).isZero();
    assertThat(small.memory().used()).isZero();
  }

  @Test
  void whoDoesNotPublishIsServedAllTheTime() {
    TestChannel publisher = small.channel().declare("q");
    publish(publisher, "q", 2 * SHARE);
    TestChannel another = small.channel().declare("another");
    assertThat(another.get("another")).isNull();
    assertThat(another.get("q")).isNotNull();
  }

  @Test
  void aConnectionWithDeliveriesOutstandingIsNotPausedButClosedOverTheHardLimit() {
    TestChannel channel = small.channel().declare("q");
    publish(channel, "q", 10);
    assertThat(channel.get("q")).isNotNull();
    for (int i = 0; i < 19; i++) {
      publish(channel, "q", 10_000);
    }
    assertThat(small.queue("q").readyCount()).isEqualTo(19);
    publish(channel, "q", 10_000);
    ConnectionMethod.Close close = channel.client().expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(506);
    assertThat(close.failedClassId()).isEqualTo(60);
    assertThat(close.failedMethodId()).isEqualTo(40);
  }

  @Test
  void aPausedPublisherThatIsGivenADeliveryMayAcknowledgeIt() {
    TestChannel both = small.channel().declare("q").consume("q", "c");
    for (int i = 1; i <= 5; i++) {
      publish(both, "q", SHARE + 1);
      assertThat(both.nextDelivery().deliveryTag()).isEqualTo(i);
      both.ack(i);
      small.run();
      assertThat(both.client().socket().unread()).isZero();
      assertThat(small.memory().used()).isZero();
    }
  }

  @Test
  void aPausedPublisherThatLeavesIsForgotten() {
    TestChannel publisher = small.channel().declare("q");
    publish(publisher, "q", 2 * SHARE);
    publish(publisher, "q", 1);
    publisher.client().drop();
    TestChannel other = small.channel();
    other.send(new QueueMethod.Purge("q", false));
    small.run();
    assertThat(small.queue("q").readyCount()).isZero();
    assertThat(small.memory().used()).isZero();
  }

  @Test
  void aStopOfTheBrokerIsAgreedToByAPausedPublisher() {
    TestChannel publisher = small.channel().declare("q");
    publish(publisher, "q", 2 * SHARE);
    publish(publisher, "q", 1);
    publisher.client().socket().shutDown("shutdown");
    publisher.client().expect(0, ConnectionMethod.Close.class);
    publisher.client().send(0, new ConnectionMethod.CloseOk());
    assertThat(publisher.client().isClosed()).isTrue();
    assertThat(small.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void anUnfinishedBodyIsCountedAsItArrives() {
    TestChannel channel = broker.channel();
    ByteBuf whole =
        channel
            .client()
            .encode(
                1,
                new BasicMethod.Publish("", "q", false, false),
                BasicProperties.EMPTY,
                new byte[1_000_000]);
    int frame = 131_072;
    channel.client().push(whole.readSlice(whole.readableBytes() - 7 * frame));
    long first = broker.memory().used();
    channel.client().push(whole.readSlice(frame));
    assertThat(broker.memory().used()).isBetween(first, 4L * frame);
    channel.client().push(whole.readSlice(3 * frame));
    assertThat(broker.memory().used()).isBetween(4L * frame - 100, 1_000_000L);
    channel.client().drop();
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  // ---- output

  @Test
  void aConsumerThatTakesNothingGetsNoMoreThanTheLimitWhileOthersGoOn() {
    TestChannel publisher = broker.channel().declare("q");
    TestChannel stuck = broker.channel().consume("q", "stuck", true, FieldTable.EMPTY);
    TestChannel free = broker.channel().consume("q", "free", true, FieldTable.EMPTY);
    stuck.client().socket().takeOnly(0);
    for (int i = 0; i < 400; i++) {
      byte[] body = new byte[10_000];
      body[0] = (byte) (i >> 8);
      body[1] = (byte) i;
      publisher.publish("", "q", BasicProperties.EMPTY, body);
    }
    List<Received> elsewhere = free.client().all(1);
    assertThat(broker.queue("q").readyCount()).isZero();
    assertThat(elsewhere).hasSizeBetween(400 - Outbound.DELIVERY_LIMIT / 10_000 - 1, 350);

    stuck.client().socket().takeOnly(Long.MAX_VALUE);
    List<Received> late = stuck.client().all(1);
    Set<Integer> seen = new TreeSet<>();
    int last = -1;
    for (Received one : late) {
      int number = (one.body()[0] & 0xFF) << 8 | one.body()[1] & 0xFF;
      assertThat(number).isGreaterThan(last);
      last = number;
      seen.add(number);
    }
    assertThat(seen.size() + elsewhere.size()).isEqualTo(400);
    publisher.publish("q", "next").publish("q", "after next");
    assertThat(stuck.deliveries()).hasSize(1);
  }

  @Test
  void aLoneStuckConsumerGoesOnInOrderAsItTakesItsOutput() {
    TestChannel publisher = broker.channel().declare("q");
    TestChannel slow = broker.channel().consume("q", "slow", true, FieldTable.EMPTY);
    slow.client().socket().takeOnly(0);
    for (int i = 0; i < 300; i++) {
      publisher.publish("q", "m" + i + "-" + "x".repeat(10_000));
    }
    broker.run();
    int waiting = broker.queue("q").readyCount();
    assertThat(waiting).isBetween(240, 260);

    List<String> got = new ArrayList<>();
    while (got.size() < 300) {
      slow.client().socket().takeOnly(50_000);
      slow.deliveries().forEach(body -> got.add(body.substring(0, body.indexOf('-'))));
    }
    for (int i = 0; i < 300; i++) {
      assertThat(got.get(i)).isEqualTo("m" + i);
    }
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aClientThatTakesNoRepliesIsNotReadUntilItTakesSome() {
    TestChannel channel = broker.channel().declare("q");
    TestChannel filler = broker.channel();
    for (int i = 0; i < 1_000; i++) {
      publish(filler, "q", 50_000);
    }
    channel.client().socket().takeOnly(0);
    for (int i = 0; i < 1_000; i++) {
      channel.send(new BasicMethod.Get("q", true));
    }
    broker.run();
    int taken = 1_000 - broker.queue("q").readyCount();
    assertThat(taken * 50_000L)
        .isBetween((long) Outbound.REPLY_LIMIT - 50_000, Outbound.REPLY_LIMIT + 300_000L);
    assertThat(channel.client().socket().unread()).isPositive();

    channel.client().socket().takeOnly(Long.MAX_VALUE);
    assertThat(channel.client().all(1)).hasSize(1_000);
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aLargeBodyGoesOutByWindowsAndOnlyItsChannelWaits() {
    TestClient client = broker.connect();
    TestChannel large = client.channel(1).declare("large").consume("large", "a");
    TestChannel nimble = client.channel(2).declare("small").consume("small", "b");
    TestChannel publisher = broker.channel();
    client.frames().clear();
    client.socket().takeOnly(0);
    publish(publisher, "large", 5_000_000);
    publish(publisher, "large", 7);
    broker.run();
    nimble.send(TestChannel.passive("small"));
    large.send(TestChannel.passive("large"));
    publish(publisher, "small", 5);
    client.socket().takeOnly(Long.MAX_VALUE);

    List<TestClient.Frame> frames = client.frames();
    int lastOfLarge = lastBody(frames, 1, 7) - 1;
    int firstOfSmall = firstFrame(frames, 2);
    assertThat(firstOfSmall).isLessThan(lastOfLarge - 10);
    assertThat(frames).allMatch(frame -> frame.length() <= WINDOW);
    List<Received> onLarge = client.arrived(1);
    assertThat(onLarge.get(0).body()).hasSize(5_000_000);
    assertThat(onLarge.get(1).method()).isInstanceOf(QueueMethod.DeclareOk.class);
    assertThat(onLarge.get(2).body()).hasSize(7);
    assertThat(onLarge).hasSize(3);
    assertThat(client.arrived(2)).hasSize(2);
  }

  private static int firstFrame(List<TestClient.Frame> frames, int channel) {
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).channel() == channel) {
        return i;
      }
    }
    throw new AssertionError("no frame on channel " + channel);
  }

  private static int lastBody(List<TestClient.Frame> frames, int channel, int length) {
    return frames.lastIndexOf(new TestClient.Frame(FrameDecoder.BODY, channel, length));
  }

  @Test
  void largeBodiesOfSeveralChannelsShareTheSocketAndArriveWhole() {
    TestClient client = broker.connect();
    TestChannel publisher = broker.channel();
    for (int i = 1; i <= 4; i++) {
      client.channel(i).declare("q" + i).consume("q" + i, "c");
    }
    client.socket().takeOnly(0);
    for (int round = 0; round < 3; round++) {
      for (int i = 1; i <= 4; i++) {
        byte[] body = new byte[900_000 + round * 1_000 + i];
        body[body.length - 1] = (byte) i;
        publisher.publish("", "q" + i, BasicProperties.EMPTY, body);
      }
    }
    broker.run();
    for (int turns = 0; turns < 200; turns++) {
      client.socket().takeOnly(100_000);
      broker.run();
    }
    for (int i = 1; i <= 4; i++) {
      List<Received> got = client.arrived(i);
      assertThat(got).hasSize(3);
      for (int round = 0; round < 3; round++) {
        byte[] body = got.get(round).body();
        assertThat(body).hasSize(900_000 + round * 1_000 + i);
        assertThat(body[body.length - 1]).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void heartbeatsGoOutInTheMiddleOfALargeBody() {
    TestClient client = broker.accept().open(10);
    client.channel(1).declare("q").consume("q", "c");
    client.socket().takeOnly(0);
    publish(broker.channel(), "q", 4_000_000);
    for (int i = 0; i < 3; i++) {
      broker.advance(5_000);
      client.heartbeat();
    }
    client.socket().takeOnly(Long.MAX_VALUE);
    List<TestClient.Frame> frames = client.frames();
    int heartbeat = frames.indexOf(new TestClient.Frame(FrameDecoder.HEARTBEAT, 0, 0));
    assertThat(heartbeat).isBetween(1, frames.size() - 10);
    assertThat(client.arrived(1)).hasSize(1);
  }

  // ---- confirms

  @Test
  void aBurstIsConfirmedWithOneCumulativeAckAtItsEnd() {
    TestChannel channel = broker.channel().declare("q").confirm();
    channel.publishAll("q", List.of("a", "b", "c"));
    assertThat(channel.expect(BasicMethod.Ack.class)).isEqualTo(new BasicMethod.Ack(3, true));
    channel.publish("q", "d");
    assertThat(channel.expect(BasicMethod.Ack.class)).isEqualTo(new BasicMethod.Ack(4, false));
    channel.expectNothing();
  }

  @Test
  void whatIsReturnedIsReturnedBeforeItIsConfirmed() {
    TestChannel channel = broker.channel().confirm();
    channel.publishMandatory("", "nowhere", "x");
    assertThat(channel.expect(BasicMethod.Return.class).replyCode()).isEqualTo(312);
    channel.expect(BasicMethod.Ack.class);
  }

  @Test
  void aPublishReadAsSoonAsRepliesWereTakenIsConfirmed() {
    TestChannel channel = broker.channel().declare("q").confirm();
    TestChannel filler = broker.channel();
    // As many replies as stop the reading, in one burst with a publish behind them.
    int gets = Outbound.REPLY_LIMIT / 50_000 + 1;
    ByteBuf burst = Unpooled.buffer();
    for (int i = 0; i < gets; i++) {
      publish(filler, "q", 50_000);
      CommandEncoder.method(burst, 1, new BasicMethod.Get("q", true));
    }
    burst.writeBytes(
        channel
            .client()
            .encode(
                1,
                new BasicMethod.Publish("", "q", false, false),
                BasicProperties.EMPTY,
                new byte[1]));
    channel.client().push(burst);
    List<Received> all = channel.client().all(1);
    assertThat(all).hasSize(gets + 1);
    assertThat(all.get(gets).method()).isEqualTo(new BasicMethod.Ack(1, false));
  }
}
