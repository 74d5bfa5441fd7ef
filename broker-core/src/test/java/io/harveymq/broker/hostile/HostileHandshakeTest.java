package io.harveymq.broker.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerState;
import io.harveymq.broker.wire.Commands;
import io.harveymq.broker.wire.EventLoopSetup;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.LogLines;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go wrong before their connection is open. */
@ParameterizedClass
@EnumSource(EventLoopSetup.class)
class HostileHandshakeTest {
  @Parameter EventLoopSetup setup;
  private Broker broker;
  private LogLines log;

  @BeforeEach
  void start() throws Exception {
    log = new LogLines();
    broker = setup.start();
  }

  @AfterEach
  void nothingIsLeft() {
    try {
      await().until(() -> BrokerState.of(broker).connections() == 0);
      assertThat(log.alarming()).isEmpty();
    } finally {
      broker.close();
      log.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "AMQP\0\1\0\0",
        "AMQP\1\1\0\12",
        "\26\3\1\2\0\1\0\1\3\3",
        "SSH-2.0-OpenSSH"
      })
  void otherProtocolsAreToldWhichOneIsSpoken(String greeting) throws IOException {
    try (WireClient client = new WireClient(broker.port())) {
      client.send(greeting.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.readProtocolHeader()).isEqualTo(Frame.PROTOCOL_HEADER);
      assertThat(client.readsEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aClientThatGoesWithinTheHeaderIsForgotten(int bytes) throws IOException {
    try (WireClient client = new WireClient(broker.port())) {
      client.send(Arrays.copyOf(Frame.PROTOCOL_HEADER, bytes));
      client.finish();
      assertThat(client.readsEnd()).isTrue();
    }
    assertThat(log.all()).isEmpty();
  }

  /** RabbitMQ lets a client wait that is no client, and says nothing; in one test for its 3 s. */
  @Test
  void whatIsNoLoginIsEndedWithoutAWord() throws IOException {
    Frame deep = Commands.startOk();
    byte[] table = MalformedFrames.nested(1_000);
    byte[] deepStart = Arrays.copyOf(deep.payload(), 4 + table.length);
    System.arraycopy(table, 0, deepStart, 4, table.length);
    List<byte[]> openings =
        List.of(
            Frame.body(0, new byte[3]).bytes(),
            Frame.heartbeat().withPayload(new byte[1]).bytes(),
            Commands.openChannel(1).bytes(),
            Commands.open().bytes(),
            Commands.startOk().withEnd(0).bytes(),
            Commands.startOk().withSize(1 << 20).bytes(),
            deep.withPayload(deepStart).bytes(),
            deep.withPayload(Arrays.copyOf(deep.payload(), 30)).bytes(),
            Frame.method(
                    0,
                    new ConnectionMethod.StartOk(
                        FieldTable.EMPTY, "PLAIN", new byte[] {0, 'x', 0, 'y'}, "en_US"))
                .bytes());
    List<WireClient> clients = new ArrayList<>();
    for (byte[] opening : openings) {
      WireClient client = new WireClient(broker.port());
      clients.add(client);
      client.send(Frame.PROTOCOL_HEADER);
      client.send(opening);
    }
    for (WireClient client : clients) {
      client.expect(ConnectionMethod.Start.class);
      assertThat(client.readsEnd()).isTrue();
      client.close();
    }
  }

  @Test
  void limitsOutOfRangeAreRefused() throws IOException {
    try (WireClient client = new WireClient(broker.port())) {
      client.send(Frame.PROTOCOL_HEADER);
      client.send(Commands.startOk(), Commands.tuneOk(2_047, 100, 0));
      client.expect(ConnectionMethod.Start.class);
      client.expect(ConnectionMethod.Tune.class);
      assertThat(client.expect(ConnectionMethod.Close.class))
          .isEqualTo(
              new ConnectionMethod.Close(
                  530,
                  "NOT_ALLOWED - negotiated frame_max = 100 is lower than the minimum allowed"
                      + " value (8192)",
                  10,
                  30));
    }
  }

  @Test
  void aWholeConversationInOneWriteWorks() throws IOException {
    List<Frame> frames = new ArrayList<>(Commands.handshake());
    frames.add(Commands.openChannel(1));
    frames.add(Commands.declareExclusive(1, "q"));
    frames.add(Commands.publishMethod(1, "q", true));
    frames.add(Frame.header(1, 0, BasicProperties.EMPTY));
    frames.add(Commands.get(1, "q", true));
    frames.add(Commands.close());
    byte[] all = Frame.bytes(frames);
    try (WireClient client = new WireClient(broker.port())) {
      byte[] withHeader = Arrays.copyOf(Frame.PROTOCOL_HEADER, 8 + all.length);
      System.arraycopy(all, 0, withHeader, 8, all.length);
      client.send(withHeader);
      client.await(ConnectionMethod.CloseOk.class);
      client.finish();
      assertThat(client.readsEnd()).isTrue();
    }
  }
}
