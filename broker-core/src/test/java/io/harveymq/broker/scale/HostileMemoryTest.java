package io.harveymq.broker.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that make a broker with a heap of 64 MiB hold more than that, each in another way: it
 * goes on serving others.
 */
class HostileMemoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<WireClient> clients = new ArrayList<>();
  private BrokerProcess broker;
  private WireClient other;

  @BeforeEach
  void start() throws IOException {
    broker = BrokerProcess.start("64m", 1);
    other = add(WireClient.openWithChannel(broker.port()));
    other.call(Commands.declare(1, "other"));
  }

  @AfterEach
  void othersAreServed() throws Exception {
    try {
      other.send(Commands.get(1, "other", true));
      other.await(BasicMethod.GetEmpty.class);
      assertThat(broker.alarmingLines()).isEmpty();
    } finally {
      broker.close();
      for (WireClient client : clients) {
        client.close();
      }
    }
  }

  private WireClient add(WireClient client) {
    clients.add(client);
    return client;
  }

  private static void send(WireClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException cut) {
      // That is one way to stay within bounds.
    }
  }

  @Test
  void framesOfManyClientsThatNeverEnd() throws IOException {
    byte[] most = new byte[120_000];
    System.arraycopy(new byte[] {3, 0, 1, 0, 1, (byte) 0xFF, 0}, 0, most, 0, 7);
    for (int i = 0; i < 150; i++) {
      send(add(WireClient.openWithChannel(broker.port())), most);
    }
    await().atMost(PATIENCE).until(() -> broker.usage().connections() < 130);
    assertThat(broker.usage().connections()).isGreaterThan(20);
  }

  @Test
  void bindingsWithArgumentsWithoutEnd() throws IOException {
    WireClient client = add(WireClient.openWithChannel(broker.port()));
    client.call(Commands.declare(1, "q"));
    FieldTable.Builder arguments = FieldTable.builder();
    for (int i = 0; i < 500; i++) {
      arguments.put("h" + i, true);
    }
    FieldTable table = arguments.build();
    String text = "";
    for (int i = 0; text.isEmpty() && i < 10_000; i++) {
      Method answer =
          client.call(
              Frame.method(1, new QueueMethod.Bind("q", "amq.headers", "k" + i, false, table)));
      text = answer instanceof QueueMethod.BindOk ? "" : answer.toString();
    }
    assertThat(text).contains("cannot declare a binding").contains("bytes of memory");
  }
}
