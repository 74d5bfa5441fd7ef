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
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Input that has to wait in the broker, and clients that end meanwhile. */
class SuspendedAndFinishedTest {
  private static final int FANOUT = 40;
  private static final int MESSAGES = 5_000;

  @ParameterizedTest
  @EnumSource(EventLoopSetup.class)
  void whatAClientSentBeforeItFinishedIsKeptThoughTurnsAreInterrupted(EventLoopSetup setup)
      throws Exception {
    try (LogLines log = new LogLines();
        Broker broker = setup.start();
        WireClient observer = WireClient.openWithChannel(broker.port());
        WireClient client = WireClient.openWithChannel(broker.port())) {
      for (int i = 0; i < FANOUT; i++) {
        observer.call(Commands.declare(1, "q" + i));
        observer.call(
            Frame.method(
                1, new QueueMethod.Bind("q" + i, "amq.fanout", "", false, FieldTable.EMPTY)));
      }
      List<Frame> burst = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        burst.addAll(
            Commands.publish(
                1, new BasicMethod.Publish("amq.fanout", "", false, false), new byte[] {1}));
      }
      client.send(burst);
      client.finish();
      await()
          .untilAsserted(
              () ->
                  assertThat(observer.call(Commands.declare(1, "q0")))
                      .isEqualTo(new QueueMethod.DeclareOk("q0", MESSAGES, 0)));
      BufferLeaks.collect();
      assertThat(log.alarming()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(EventLoopSetup.class)
  void commandsThatWaitedAreSwallowedAfterAnErrorBeforeThem(EventLoopSetup setup) throws Exception {
    try (Broker broker = setup.start();
        WireClient client = WireClient.openWithChannel(broker.port())) {
      client.call(Commands.openChannel(2));
      takeManyOn1(client);
      ExchangeMethod.Declare failing =
          new ExchangeMethod.Declare(
              "missing", "direct", true, false, false, false, false, FieldTable.EMPTY);
      client.send(
          Frame.method(1, new BasicMethod.Nack(0, true, true)),
          Commands.get(2, "q", true),
          Frame.method(2, failing),
          Commands.declare(2, "must-not-exist"),
          Frame.method(2, new ChannelMethod.Close(200, "", 0, 0)));
      client.expect(BasicMethod.GetOk.class);
      assertThat(client.expect(ChannelMethod.Close.class).replyCode()).isEqualTo(404);
      client.expect(ChannelMethod.CloseOk.class);
      BrokerState state = BrokerState.of(broker);
      assertThat(state.queues()).containsExactly("q");
    }
  }

  @ParameterizedTest
  @EnumSource(EventLoopSetup.class)
  void aClientThatGoesWhileItsCommandsWaitLeavesNothing(EventLoopSetup setup) throws Exception {
    try (LogLines log = new LogLines();
        Broker broker = setup.start()) {
      try (WireClient client = WireClient.openWithChannel(broker.port())) {
        client.call(Commands.openChannel(2));
        takeManyOn1(client);
        List<Frame> burst = new ArrayList<>();
        burst.add(Frame.method(1, new BasicMethod.Nack(0, true, true)));
        burst.add(Commands.get(2, "q", false));
        burst.add(Commands.declareExclusive(2, "mine"));
        for (int i = 0; i < 30; i++) {
          burst.addAll(Commands.publish(2, "mine", new byte[100_000]));
        }
        client.send(burst);
        client.reset();
      }
      await().until(() -> BrokerState.of(broker).connections() == 0);
      await().until(() -> BrokerState.of(broker).unacked() == 0);
      assertThat(BrokerState.of(broker).queues()).containsExactly("q");
      try (WireClient client = WireClient.openWithChannel(broker.port())) {
        client.call(Commands.delete(1, "q"));
      }
      await().until(() -> BrokerState.of(broker).memory() == 0);
      BufferLeaks.collect();
      assertThat(log.alarming()).isEmpty();
    }
  }

  /** Lets channel 1 hold so many deliveries that putting them back takes several turns. */
  private static void takeManyOn1(WireClient client) throws IOException {
    client.call(Commands.declare(1, "q"));
    List<Frame> burst = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      burst.addAll(Commands.publish(1, "q", new byte[] {1}));
    }
    client.send(burst);
    client.call(Commands.qos(1, MESSAGES));
    BasicMethod.ConsumeOk consumer =
        (BasicMethod.ConsumeOk) client.call(Commands.consume(1, "q", false));
    for (int i = 0; i < MESSAGES; i++) {
      client.await(BasicMethod.Deliver.class);
    }
    client.next();
    client.next();
    client.call(Frame.method(1, new BasicMethod.Cancel(consumer.consumerTag(), false)));
  }
}
