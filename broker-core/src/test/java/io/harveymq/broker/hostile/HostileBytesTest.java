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
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.QueueMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of bytes that break a rule gets the close that it should, and hurts nobody else. */
@ParameterizedClass
@EnumSource(EventLoopSetup.class)
class HostileBytesTest {
  /** Of longer ones the rest is sent at once. */
  private static final int SINGLE_BYTES = 300;

  private static Broker broker;
  private static WireClient bystander;

  @Parameter EventLoopSetup setup;
  private LogLines log;

  @BeforeParameterizedClassInvocation
  static void start(EventLoopSetup setup) throws Exception {
    broker = setup.start();
    bystander = WireClient.openWithChannel(broker.port());
  }

  @AfterParameterizedClassInvocation
  static void stop() throws Exception {
    bystander.close();
    broker.close();
  }

  @BeforeEach
  void keepLog() {
    log = new LogLines();
  }

  @AfterEach
  void nothingIsLeftAndTheOthersAreServed() throws IOException {
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> BrokerState.of(broker).connections() == 1);
    BrokerState state = BrokerState.of(broker);
    assertThat(state.memory()).isZero();
    assertThat(state.queues()).isEmpty();
    bystander.call(Commands.declare(1, "still-served"));
    assertThat(bystander.call(Commands.delete(1, "still-served")))
        .isInstanceOf(QueueMethod.DeleteOk.class);
    log.close();
    assertThat(log.alarming()).isEmpty();
    assertThat(log.all()).hasSizeLessThan(8);
  }

  static List<MalformedFrames.Case> malformed() {
    return MalformedFrames.all();
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedBytesCloseTheConnectionWithTheReason(MalformedFrames.Case sent) throws IOException {
    try (WireClient client = WireClient.openWithChannel(broker.port())) {
      client.send(sent.bytes());
      expectClose(client, sent);
      if (!sent.broken()) {
        client.send(Frame.method(0, new ConnectionMethod.CloseOk()));
        assertThat(client.readsEnd()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void theSameBytesOneAtATimeCloseItLikewise(MalformedFrames.Case sent) throws IOException {
    try (WireClient client = WireClient.openWithChannel(broker.port())) {
      byte[] bytes = sent.bytes();
      int single = Math.min(bytes.length, SINGLE_BYTES);
      for (int i = 0; i < single; i++) {
        client.send(new byte[] {bytes[i]});
      }
      client.send(Arrays.copyOfRange(bytes, single, bytes.length));
      expectClose(client, sent);
    }
  }

  private static void expectClose(WireClient client, MalformedFrames.Case sent) throws IOException {
    ConnectionMethod.Close close = client.expect(ConnectionMethod.Close.class);
    assertThat(close.replyText()).endsWith(" - " + sent.text());
    assertThat(close.replyCode()).isEqualTo(sent.code());
    assertThat(close.failedClassId() << 16 | close.failedMethodId()).isEqualTo(sent.method());
  }
}
