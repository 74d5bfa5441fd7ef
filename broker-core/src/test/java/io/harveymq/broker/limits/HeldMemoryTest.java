package io.harveymq.broker.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a client makes the broker hold is on the account, as long as it is held. */
class HeldMemoryTest {
  private static final int LARGE = 1 << 20;

  private final TestBroker broker = TestBroker.start();

  private static BasicProperties properties(int size) {
    return BasicProperties.builder()
        .headers(FieldTable.builder().put("h", "x".repeat(size)).build())
        .build();
  }

  private static ByteBuf publish(TestChannel channel, BasicProperties properties, int body) {
    return channel
        .client()
        .encode(
            channel.number(),
            new BasicMethod.Publish("", "q", false, false),
            properties,
            new byte[body]);
  }

  @Test
  void propertiesOfAMessageThatIsNeverFinishedCount() {
    TestChannel channel = broker.channel().declare("q");
    ByteBuf whole = publish(channel, properties(100_000), 10);
    channel.client().push(whole.readSlice(whole.readableBytes() - 18));
    assertThat(broker.memory().used()).isBetween(100_000L, 101_000L);

    channel.client().push(whole);
    broker.run();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void unfinishedPropertiesCountNoMoreWhenTheClientIsGone() {
    TestChannel channel = broker.channel().declare("q");
    ByteBuf whole = publish(channel, properties(100_000), 10);
    channel.client().push(whole.readSlice(whole.readableBytes() - 18));
    channel.client().drop();
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aFrameThatIsNotWholeCountsAsInput() {
    TestClient client = broker.connect();
    client.channel(1);
    client.push(Unpooled.wrappedBuffer(new byte[] {3, 0, 1, 0, 1, 0, 0}, new byte[50_000]));
    broker.run();
    assertThat(broker.memory().input()).isGreaterThanOrEqualTo(50_000);
    client.drop();
    broker.run();
    assertThat(broker.memory().input()).isZero();
  }

  @Test
  void unfinishedFramesOfManyClientsEndAtHalfTheShare() {
    TestBroker small = TestBroker.withMemory(1_000_000, 2_000_000);
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestClient client = small.connect();
      client.channel(1);
      client.push(Unpooled.wrappedBuffer(new byte[] {3, 0, 1, 0, 1, 0, 0}, new byte[60_000]));
      small.run();
      clients.add(client);
    }
    assertThat(small.memory().input()).isLessThan(700_000);
    ConnectionMethod.Close close = clients.get(19).expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(506);
    assertThat(clients.get(0).all(0)).isEmpty();
    small.channel().declare("q").publish("q", "others are served");
    assertThat(small.channel().get("q")).isNotNull();
  }

  @Test
  void aLargeMessageThatIsReturnedCountsUntilItsPublisherHasTakenIt() {
    TestChannel channel = broker.channel();
    channel.client().socket().takeOnly(0);
    channel
        .client()
        .push(
            channel
                .client()
                .encode(
                    1,
                    new BasicMethod.Publish("", "nowhere", true, false),
                    BasicProperties.EMPTY,
                    new byte[LARGE]));
    broker.run();
    assertThat(broker.memory().used()).isGreaterThan(LARGE);

    channel.client().socket().takeOnly(Long.MAX_VALUE);
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aLargeMessageFetchedForGoodCountsUntilItIsTakenOrTheSocketIsClosed() {
    TestChannel publisher = broker.channel().declare("q");
    publisher.publish("", "q", BasicProperties.EMPTY, new byte[LARGE]);
    broker.run();
    TestChannel reader = broker.channel();
    reader.client().socket().takeOnly(0);
    reader.send(new BasicMethod.Get("q", true));
    broker.run();
    assertThat(broker.queue("q").readyCount()).isZero();
    assertThat(broker.memory().used()).isGreaterThan(LARGE);

    reader.client().drop();
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void longRoutingKeysCount() {
    TestChannel channel = broker.channel().declare("q").bind("q", "amq.fanout", "");
    channel.publish("amq.fanout", "k".repeat(250), "");
    broker.run();
    long one = broker.memory().used();
    channel.publish("amq.fanout", "k", "");
    broker.run();
    assertThat(one).isGreaterThan(broker.memory().used() - one + 200);
    channel.get("q");
    channel.ack(1);
    channel.ack(channel.get("q").deliveryTag());
    broker.run();
    assertThat(broker.memory().used()).isZero();
  }
}
