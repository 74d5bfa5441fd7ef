package io.harveymq.broker.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.QueueMethod;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a broker of its own holds when there are many connections or many queues. */
@Timeout(120)
class ScaleTest {
  private static final Logger LOG = LoggerFactory.getLogger(ScaleTest.class);
  private static final int CONNECTIONS = 5_000;
  private static final int QUEUES = 50_000;
  private static final long MOST_PER_CONNECTION = 20 << 10;
  private static final long MOST_PER_QUEUE = 2 << 10;

  /** Sockets of this side, and of the broker's process, and some files. */
  private static final long FILES_NEEDED = CONNECTIONS + 500;

  private BrokerProcess broker;

  @BeforeEach
  void start() throws IOException {
    broker = BrokerProcess.start("512m", 1);
  }

  @AfterEach
  void stop() throws IOException {
    try {
      assertThat(broker.alarmingLines()).isEmpty();
    } finally {
      broker.close();
    }
  }

  @Test
  void thousandsOfConnectionsWithAConsumerEachAreSmallAndServed() throws IOException {
    requireFiles();
    List<WireClient> clients = new ArrayList<>(CONNECTIONS);
    try (WireClient publisher = WireClient.openWithChannel(broker.port())) {
      BrokerProcess.Usage before = broker.usageAfterCollection();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(WireClient.openWithChannel(broker.port()));
      }
      BrokerProcess.Usage idle = broker.usageAfterCollection();
      long each = (idle.total() - before.total()) / CONNECTIONS;
      LOG.info("an idle connection with one channel takes {} bytes", each);
      assertThat(idle.connections()).isEqualTo(CONNECTIONS + 1);
      assertThat(each).isBetween(500L, MOST_PER_CONNECTION);
      eachConsumesOneMessage(clients, publisher);
    } finally {
      for (WireClient client : clients) {
        client.close();
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> broker.usage().connections() == 0);
    await().until(() -> broker.usage().queues() == 0);
  }

  private static void requireFiles() {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assertThat(system.getMaxFileDescriptorCount())
        .as("open files that this machine allows; raise it with ulimit -n")
        .isGreaterThan(FILES_NEEDED);
  }

  private static void eachConsumesOneMessage(List<WireClient> clients, WireClient publisher)
      throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      clients
          .get(i)
          .send(Commands.declareExclusive(1, "q" + i), Commands.consume(1, "q" + i, true));
    }
    for (WireClient client : clients) {
      client.await(BasicMethod.ConsumeOk.class);
    }
    List<Frame> messages = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      messages.addAll(Commands.publish(1, "q" + i, new byte[] {1}));
    }
    publisher.send(messages);
    for (int i = 0; i < CONNECTIONS; i++) {
      BasicMethod.Deliver delivery = clients.get(i).await(BasicMethod.Deliver.class);
      assertThat(delivery.routingKey()).isEqualTo("q" + i);
    }
  }

  @Test
  void tensOfThousandsOfQueuesAreSmallAndDeclaringDoesNotGetSlower() throws IOException {
    try (WireClient client = WireClient.openWithChannel(broker.port())) {
      declare(client, "warm-up", 5_000);
      BrokerProcess.Usage before = broker.usageAfterCollection();
      long first = declare(client, "first", 5_000);
      declare(client, "middle", QUEUES - 10_000);
      long last = declare(client, "last", 5_000);
      BrokerProcess.Usage after = broker.usageAfterCollection();
      long each = (after.total() - before.total()) / QUEUES;
      LOG.info(
          "a queue takes {} bytes; 500 declares took {} ms at first and {} ms at last",
          each,
          first / 1_000_000,
          last / 1_000_000);
      assertThat(after.queues()).isEqualTo(QUEUES + 5_000);
      assertThat(each).isBetween(100L, MOST_PER_QUEUE);
      assertThat(last).isLessThan(5 * first);
    }
  }

  /**
   * Declares queues, many at a time, and gives the nanoseconds that the quickest 500 of them took:
   * whatever else the machine does can make others slow.
   */
  private static long declare(WireClient client, String prefix, int count) throws IOException {
    int batch = 500;
    long least = Long.MAX_VALUE;
    for (int from = 0; from < count; from += batch) {
      long start = System.nanoTime();
      List<Frame> frames = new ArrayList<>(batch);
      for (int i = from; i < from + batch; i++) {
        frames.add(Commands.declare(1, prefix + i));
      }
      client.send(frames);
      for (int i = 0; i < batch; i++) {
        client.expect(QueueMethod.DeclareOk.class);
      }
      least = Math.min(least, System.nanoTime() - start);
    }
    return least;
  }

  @Test
  void closedChannelsAreForgotten() throws IOException {
    try (WireClient client = WireClient.open(broker.port())) {
      cycleChannels(client, 2_000);
      long before = broker.usageAfterCollection().total();
      cycleChannels(client, 20_000);
      assertThat(broker.usageAfterCollection().total()).isLessThan(before + (1 << 20));
    }
  }

  private static void cycleChannels(WireClient client, int count) throws IOException {
    for (int i = 0; i < count; i += 100) {
      List<Frame> frames = new ArrayList<>();
      for (int channel = 1; channel <= 100; channel++) {
        frames.add(Commands.openChannel(channel));
        frames.add(Frame.method(channel, new ChannelMethod.Close(200, "", 0, 0)));
      }
      client.send(frames);
      for (int reply = 0; reply < 200; reply++) {
        client.nextMethod();
      }
    }
  }
}
