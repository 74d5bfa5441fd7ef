package io.harveymq.broker.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker with a heap of 64 MiB, and clients that want more of it than there is. */
class MemoryPressureTest {
  private static final long MIB = 1 << 20;

  /** 40 % of the heap. */
  private static final long SHARE = 64 * MIB * 4 / 10;

  private static final String QUEUE = "flood";

  private final List<AutoCloseable> clients = new ArrayList<>();
  private BrokerProcess broker;

  @BeforeEach
  void start() throws IOException {
    broker = BrokerProcess.start("64m", 1);
  }

  @AfterEach
  void stop() throws Exception {
    try {
      assertThat(broker.alarmingLines()).isEmpty();
    } finally {
      broker.close();
      for (AutoCloseable client : clients) {
        client.close();
      }
    }
  }

  private List<Publisher> publish(int count, int bodySize, long limit) throws IOException {
    List<Publisher> publishers = Publisher.start(count, broker.port(), QUEUE, bodySize, limit);
    clients.addAll(publishers);
    return publishers;
  }

  /** Waits until publishers get nothing more through. */
  private void awaitStall(List<Publisher> publishers) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                broker.usage().counted() > SHARE
                    && standsStill(() -> sum(publishers), broker::usage));
  }

  private static boolean standsStill(LongSupplier value, Runnable roundTrip) {
    long before = value.getAsLong();
    for (int i = 0; i < 50; i++) {
      roundTrip.run();
    }
    return value.getAsLong() == before;
  }

  private static long sum(List<Publisher> publishers) {
    return publishers.stream().mapToLong(Publisher::published).sum();
  }

  /** Takes and acknowledges messages one by one. */
  private static void take(WireClient consumer, long count, long firstTag) throws IOException {
    for (long i = 0; i < count; i++) {
      consumer.await(BasicMethod.Deliver.class);
      if (i % 10 == 9 || i == count - 1) {
        consumer.send(Commands.ack(1, firstTag + i, true));
      }
    }
  }

  private WireClient consumer() throws IOException {
    WireClient consumer = WireClient.openWithChannel(broker.port());
    clients.add(consumer);
    consumer.call(Commands.qos(1, 50));
    consumer.call(Commands.consume(1, QUEUE, false));
    return consumer;
  }

  @Test
  void publishersWithoutConsumersStallAndGoOnOnceOneHasCaughtUp() throws IOException {
    List<Publisher> publishers = publish(4, 4_000, Long.MAX_VALUE);
    awaitStall(publishers);
    assertThat(broker.usage().counted()).isLessThan(SHARE + 2 * MIB);
    long stalledAt = sum(publishers);
    WireClient consumer = consumer();
    take(consumer, 4_000, 1);
    await().until(() -> sum(publishers) > stalledAt);
    publishers.forEach(Publisher::stop);
    // All are read to their end only if the consumer goes on.
    long taken = 4_000;
    while (!publishers.stream().allMatch(Publisher::isDone)) {
      long next = Math.min(10, sum(publishers) - taken);
      take(consumer, next, taken + 1);
      taken += next;
    }
    long total = publishers.stream().mapToLong(Publisher::join).sum();
    take(consumer, total - taken, taken + 1);
    await().until(() -> broker.usage().counted() == 0);
  }

  @Test
  void manyPublishersOfLargeMessagesGetThroughAsFastAsOneConsumerTakesThem() throws IOException {
    int each = 16;
    List<Publisher> publishers = publish(20, 500_000, each);
    WireClient consumer = consumer();
    take(consumer, 20 * each, 1);
    publishers.forEach(publisher -> assertThat(publisher.join()).isEqualTo(each));
  }

  @Test
  void aThousandPublishersStallAndAllTheirMessagesArrive() throws IOException {
    int connections = 1_000;
    int each = 40;
    byte[] burst = burst(each, 8_000);
    List<WireClient> publishers = new ArrayList<>();
    WireClient observer = WireClient.openWithChannel(broker.port());
    clients.add(observer);
    observer.call(Commands.declare(1, QUEUE));
    for (int i = 0; i < connections; i++) {
      WireClient publisher = WireClient.openWithChannel(broker.port());
      clients.add(publisher);
      publishers.add(publisher);
    }
    for (WireClient publisher : publishers) {
      publisher.send(burst);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> broker.usage().counted() > SHARE);
    take(consumer(), connections * each, 1);
    assertThat(broker.usage().connections()).isEqualTo(connections + 2);
  }

  private static byte[] burst(int messages, int bodySize) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      frames.addAll(Commands.publish(1, QUEUE, new byte[bodySize]));
    }
    return Frame.bytes(frames);
  }

  @Test
  void halfSentBodiesOnManyChannelsAreStoppedAndTheOthersServed() throws IOException {
    WireClient other = WireClient.openWithChannel(broker.port());
    clients.add(other);
    WireClient client = WireClient.open(broker.port());
    clients.add(client);
    String reason = sendHalves(client, 200);
    assertThat(reason).startsWith("RESOURCE_ERROR").contains("unfinished");
    await().until(() -> broker.usage().counted() == 0);
    other.call(Commands.declare(1, QUEUE));
    other.send(Commands.publish(1, QUEUE, new byte[10]));
    other.send(Commands.get(1, QUEUE, true));
    other.expect(BasicMethod.GetOk.class);
  }

  private static String sendHalves(WireClient client, int channels) throws IOException {
    Frame body = Frame.body(1, new byte[Commands.FRAME_MAX - 8]);
    try {
      for (int channel = 1; channel <= channels; channel++) {
        client.send(
            Commands.openChannel(channel),
            Commands.publishMethod(channel, QUEUE, false),
            Frame.header(channel, MIB, BasicProperties.EMPTY));
        for (int i = 0; i < 7; i++) {
          client.send(body.withChannel(channel));
        }
      }
    } catch (IOException cut) {
      // The reason stands in what was sent before.
    }
    Method method = client.nextMethod();
    while (!(method instanceof ConnectionMethod.Close)) {
      method = client.nextMethod();
    }
    return ((ConnectionMethod.Close) method).replyText();
  }

  @Test
  void aDeclaredSizeCostsNothing() throws IOException {
    WireClient client = WireClient.open(broker.port());
    clients.add(client);
    for (int channel = 1; channel <= 2_000; channel++) {
      client.send(
          Commands.openChannel(channel),
          Commands.publishMethod(channel, QUEUE, false),
          Frame.header(channel, 15 * MIB, BasicProperties.EMPTY),
          Frame.body(channel, new byte[10]));
    }
    client.send(Commands.openChannel(2_001));
    for (int i = 0; i < 2_001; i++) {
      client.next();
    }
    assertThat(broker.usage().counted()).isLessThan(MIB);
    assertThat(broker.usageAfterCollection().total()).isLessThan(32 * MIB);
  }

  @Test
  void aConnectionThatPublishesAndHoldsDeliveriesIsClosedAtTheHardLimit() throws IOException {
    WireClient client = WireClient.openWithChannel(broker.port());
    clients.add(client);
    client.call(Commands.declare(1, QUEUE));
    client.send(Commands.publish(1, QUEUE, new byte[10]));
    client.send(Commands.get(1, QUEUE, false));
    client.expect(BasicMethod.GetOk.class);
    byte[] message = Frame.bytes(Commands.publish(1, QUEUE, new byte[100_000]));
    try {
      for (int i = 0; i < 1_000; i++) {
        client.send(message);
      }
    } catch (IOException cut) {
      // The reason stands in what was sent before.
    }
    Frame frame = client.next();
    while (frame.type() != FrameDecoder.METHOD || frame.channel() != 0) {
      frame = client.next();
    }
    String close = new String(frame.payload(), StandardCharsets.UTF_8);
    assertThat(close).contains("RESOURCE_ERROR - messages take").contains("hard limit");
    assertThat(broker.usage().counted()).isGreaterThan(SHARE);
  }

  @Test
  void anOpenTransactionLargerThanTheShareCanStillBeCommitted() throws IOException {
    WireClient client = WireClient.openWithChannel(broker.port());
    clients.add(client);
    client.call(Commands.declare(1, QUEUE));
    client.call(Frame.method(1, new TxMethod.Select()));
    byte[] message = Frame.bytes(Commands.publish(1, QUEUE, new byte[100_000]));
    for (int i = 0; i < 300; i++) {
      client.send(message);
    }
    assertThat(client.call(Frame.method(1, new TxMethod.Commit())))
        .isInstanceOf(TxMethod.CommitOk.class);
    assertThat(broker.usage().counted()).isGreaterThan(SHARE);
  }

  @Test
  void clientsThatNeverReadTheirRepliesAreBoundedAndOthersServed() throws IOException {
    WireClient other = WireClient.openWithChannel(broker.port());
    clients.add(other);
    other.call(Commands.declare(1, QUEUE));
    other.send(Commands.publish(1, QUEUE, new byte[(int) MIB]));
    for (int i = 0; i < 10; i++) {
      WireClient gets = WireClient.openWithChannel(broker.port());
      clients.add(gets);
      for (int n = 0; n < 100; n++) {
        gets.send(
            Commands.get(1, QUEUE, false), Frame.method(1, new BasicMethod.Nack(0, true, true)));
      }
    }
    for (int i = 0; i < 100; i++) {
      other.call(Commands.declare(1, "other" + i));
      assertThat(other.call(Commands.delete(1, "other" + i)))
          .isInstanceOf(QueueMethod.DeleteOk.class);
    }
    assertThat(broker.usageAfterCollection().total()).isLessThan(100 * MIB);
  }

  @Test
  void consumersThatNeverReadKeepNobodyFromWorkAndCostLittle() throws IOException {
    WireClient setup = WireClient.openWithChannel(broker.port());
    clients.add(setup);
    setup.call(Commands.declare(1, QUEUE));
    for (int i = 0; i < 300; i++) {
      WireClient deaf = WireClient.openWithChannel(broker.port());
      clients.add(deaf);
      deaf.socket().setReceiveBufferSize(4_096);
      deaf.send(Commands.consume(1, QUEUE, false));
    }
    WireClient good = consumer();
    List<Publisher> publishers = publish(2, 1_000, Long.MAX_VALUE);
    take(good, 30, 1);
    awaitStall(publishers);
    assertThat(broker.usageAfterCollection().total()).isLessThan(100 * MIB);
  }
}
