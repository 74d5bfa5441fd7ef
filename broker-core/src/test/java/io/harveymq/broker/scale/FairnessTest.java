package io.harveymq.broker.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.harveymq.broker.Broker;
import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.EventLoopSetup;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.BasicMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that send much leave room for those that send little. */
class FairnessTest {
  private static final int SMALL_CLIENTS = 50;
  private static final int ROUNDS = 20;
  private static final int BURST = 1_000;

  /**
   * Bursts of the large client that may go through, on average, while every small one gets its
   * answer. It would be without limit if the large one were served as long as it has something.
   */
  private static final int BURSTS_PER_ROUND = 1_000;

  @ParameterizedTest
  @EnumSource(EventLoopSetup.class)
  void aFirehoseDoesNotStarveClientsThatWaitForEachConfirm(EventLoopSetup setup) throws Exception {
    List<WireClient> clients = new ArrayList<>();
    try (Broker broker = setup.start();
        Firehose firehose = new Firehose(broker.port())) {
      for (int i = 0; i < SMALL_CLIENTS; i++) {
        WireClient client = WireClient.openWithChannel(broker.port());
        clients.add(client);
        client.call(Commands.confirmSelect(1));
        client.call(Commands.declare(1, "small"));
      }
      await().until(() -> firehose.bursts() > 5);
      long before = firehose.bursts();
      for (int round = 1; round <= ROUNDS; round++) {
        publishAndAwaitConfirms(clients, round);
      }
      long after = firehose.bursts();
      assertThat((after - before) / ROUNDS).isLessThan(BURSTS_PER_ROUND);
      await().until(() -> firehose.bursts() > after);
    } finally {
      for (WireClient client : clients) {
        client.close();
      }
    }
  }

  private static void publishAndAwaitConfirms(List<WireClient> clients, int round)
      throws IOException {
    for (WireClient client : clients) {
      client.send(Commands.publish(1, "small", new byte[] {1}));
    }
    for (WireClient client : clients) {
      assertThat(client.nextMethod()).isEqualTo(new BasicMethod.Ack(round, false));
    }
  }

  /** Publishes bursts to nowhere as fast as the broker reads. */
  private static final class Firehose implements AutoCloseable {
    private final WireClient client;
    private final byte[] burst;
    private volatile long bursts;

    Firehose(int port) throws IOException {
      client = WireClient.openWithChannel(port);
      List<Frame> frames = new ArrayList<>();
      for (int i = 0; i < BURST; i++) {
        frames.addAll(Commands.publish(1, "nowhere", new byte[] {1}));
      }
      burst = Frame.bytes(frames);
      Thread thread = new Thread(this::run, "firehose");
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      try {
        while (true) {
          client.send(burst);
          bursts++;
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    /** Bursts handed to the socket so far. */
    long bursts() {
      return bursts;
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }
}
