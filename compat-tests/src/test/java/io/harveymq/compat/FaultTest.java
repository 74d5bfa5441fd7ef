package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Recoverable;
import com.rabbitmq.client.RecoveryListener;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.fault.Fault;
import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.FaultOperation;
import io.harveymq.broker.fault.FaultRule;
import io.harveymq.broker.vhost.ManualClock;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Java client meets of injected faults, which a test begins by the embedder's API. */
@Timeout(60)
class FaultTest {
  private final ManualClock clock = new ManualClock(ClockedBroker.EPOCH_MILLIS);
  private final List<Connection> connections = new ArrayList<>();
  private Broker broker;
  private Connection connection;
  private Channel channel;

  @BeforeEach
  void start() throws Exception {
    broker =
        Broker.start(
            BrokerConfig.builder()
                .bindAddress("127.0.0.1")
                .amqpPort(0)
                .eventLoops(Integer.getInteger("harvey.test.eventLoops", 1))
                .clock(clock)
                .build());
    connection = connect(factory());
    channel = connection.createChannel();
    channel.queueDeclare("q", false, false, false, null);
  }

  @AfterEach
  void stop() {
    connections.forEach(one -> one.abort(5_000));
    broker.close();
  }

  private ConnectionFactory factory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(broker.port());
    factory.setAutomaticRecoveryEnabled(false);
    return factory;
  }

  private Connection connect(ConnectionFactory factory) throws Exception {
    Connection opened = factory.newConnection();
    connections.add(opened);
    return opened;
  }

  private Fault begin(FaultRule.Builder rule) {
    return broker.faults().begin("/", rule.build());
  }

  private Fault fault() {
    return broker.faults().list("/").get(0);
  }

  private void publish(String body) throws IOException {
    channel.basicPublish("", "q", null, CompatTest.bytes(body));
  }

  /** Its answer comes after those to all that was sent before. */
  private int ready() throws IOException {
    return channel.queueDeclarePassive("q").getMessageCount();
  }

  @Test
  void aNackIsPublishedAgain() throws Exception {
    Set<Long> acked = new ConcurrentSkipListSet<>();
    Set<Long> nacked = new ConcurrentSkipListSet<>();
    channel.confirmSelect();
    channel.addConfirmListener(noteIn(acked), noteIn(nacked));
    begin(FaultRule.of(FaultKind.NACK).exchange("").count(2));
    publish("a");
    publish("b");
    await().until(() -> nacked.equals(Set.of(1L, 2L)));
    publish("b again");
    await().until(() -> acked.equals(Set.of(3L)));
    assertThat(ready()).isEqualTo(1);
    assertThat(fault().struck()).isEqualTo(2);
    assertThat(fault().on()).isFalse();
  }

  private static ConfirmCallback noteIn(Set<Long> tags) {
    return (tag, multiple) -> tags.add(tag);
  }

  @Test
  void confirmsAreWithheldUntilTheTimeOfTheFaultIsOver() throws Exception {
    BlockingQueue<Long> acked = new LinkedBlockingQueue<>();
    channel.confirmSelect();
    channel.addConfirmListener((tag, multiple) -> acked.add(tag), (tag, multiple) -> {});
    begin(FaultRule.of(FaultKind.WITHHOLD_CONFIRMS).lasting(Duration.ofMinutes(5)));
    publish("a");
    assertThat(ready()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(ready()).isEqualTo(1);
    assertThat(acked).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(acked.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void deliveriesAreHeldUntilTheFaultIsEndedByHand() throws Exception {
    Deliveries got = Deliveries.noAckFrom(channel, "q");
    Fault fault = begin(FaultRule.of(FaultKind.HOLD_DELIVERIES));
    publish("held");
    assertThat(ready()).isEqualTo(1);
    assertThat(got.taken()).isEmpty();
    assertThat(broker.faults().end("/", fault.id())).isTrue();
    assertThat(got.nextText()).isEqualTo("held");
    assertThat(broker.faults().end("/", fault.id())).isFalse();
    assertThat(broker.faults().list("/")).isEmpty();
  }

  @Test
  void aChannelIsClosedWithTheCodeAndATextThatTells() throws Exception {
    begin(FaultRule.of(FaultKind.CLOSE_CHANNEL).operation(FaultOperation.CONSUME).code(404));
    publish("not struck");
    Closing closing =
        CompatTest.closingOf(channel, ch -> ch.basicConsume("q", (tag, m) -> {}, t -> {}));
    assertThat(closing)
        .isEqualTo(
            Closing.channel(
                404, "NOT_FOUND - injected fault 1 (close-channel)", AmqpMethod.BASIC_CONSUME));
    channel = connection.createChannel();
    assertThat(ready()).isEqualTo(1);
  }

  @Test
  void connectionsOfAUserAreClosedAndOthersAreNot() throws Exception {
    broker.access().addUser("somebody", "p");
    broker.access().setPermissions("somebody", "/", ".*", ".*", ".*");
    ConnectionFactory factory = factory();
    factory.setUsername("somebody");
    factory.setPassword("p");
    BlockingQueue<ShutdownSignalException> lost = new LinkedBlockingQueue<>();
    connect(factory).addShutdownListener(lost::add);
    Fault over = begin(FaultRule.of(FaultKind.CLOSE_CONNECTION).user("somebody"));
    assertThat(over.struck()).isEqualTo(1);
    assertThat(over.on()).isFalse();
    assertThat(Closing.of(lost.poll(10, TimeUnit.SECONDS)))
        .isEqualTo(
            Closing.connection(
                320, "CONNECTION_FORCED - injected fault 1 (close-connection)", AmqpMethod.NONE));
    assertThat(ready()).isZero();
  }

  @Test
  void aCutLosesWhatIsNotConfirmedAndTheClientRecovers() throws Exception {
    ConnectionFactory factory = factory();
    factory.setAutomaticRecoveryEnabled(true);
    factory.setNetworkRecoveryInterval(50);
    Connection recovering = connect(factory);
    BlockingQueue<ShutdownSignalException> lost = new LinkedBlockingQueue<>();
    recovering.addShutdownListener(lost::add);
    CountDownLatch recovered = new CountDownLatch(1);
    ((Recoverable) recovering).addRecoveryListener(when(recovered));
    channel = recovering.createChannel();
    channel.confirmSelect();
    begin(FaultRule.of(FaultKind.CUT).operation(FaultOperation.PUBLISH).queue("q").every(2));
    publish("a");
    publish("b");
    assertWasReset(lost.poll(10, TimeUnit.SECONDS));
    assertThat(recovered.await(20, TimeUnit.SECONDS)).isTrue();
    publish("b again");
    channel.waitForConfirmsOrDie(10_000);
    assertThat(ready()).isEqualTo(2);
    assertThat(fault().struck()).isEqualTo(1);
    assertThat(connection.isOpen()).isTrue();
  }

  /** No word of AMQP, and not the end of the stream. */
  private static void assertWasReset(ShutdownSignalException signal) {
    assertThat(signal).isNotNull();
    assertThat(signal.isHardError()).isTrue();
    assertThat(signal.getCause()).isInstanceOf(SocketException.class);
  }

  private static RecoveryListener when(CountDownLatch recovered) {
    return new RecoveryListener() {
      @Override
      public void handleRecovery(Recoverable done) {
        recovered.countDown();
      }

      @Override
      public void handleRecoveryStarted(Recoverable begun) {
        // only the end matters
      }
    };
  }

  @Test
  void allConnectionsAreCutAtOnce() throws Exception {
    BlockingQueue<ShutdownSignalException> lost = new LinkedBlockingQueue<>();
    connection.addShutdownListener(lost::add);
    connect(factory()).addShutdownListener(lost::add);
    assertThat(begin(FaultRule.of(FaultKind.CUT)).struck()).isEqualTo(2);
    for (int i = 0; i < 2; i++) {
      assertWasReset(lost.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void whoWantsInIsRefusedUntilTheFaultHasStruck() throws Exception {
    begin(FaultRule.of(FaultKind.REFUSE_CONNECTIONS).count(1));
    assertThatThrownBy(() -> connect(factory()))
        .isInstanceOfSatisfying(
            IOException.class,
            refused ->
                assertThat(Closing.of(refused))
                    .isEqualTo(
                        Closing.connection(
                            530,
                            "NOT_ALLOWED - access to vhost '/' refused for user 'guest': injected"
                                + " fault 1 (refuse-connections)",
                            AmqpMethod.CONNECTION_OPEN)));
    assertThat(connect(factory()).isOpen()).isTrue();
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void publishersAreBlockedAndGoOn() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    connection.addBlockedListener(told::add, () -> told.add("unblocked"));
    begin(FaultRule.of(FaultKind.BLOCK));
    publish("later");
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("injected fault 1 (block)");
    broker.faults().endAll("/");
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("unblocked");
    assertThat(ready()).isEqualTo(1);
  }

  @Test
  void whereThereIsNoVirtualHostThereIsNoFault() {
    assertThatThrownBy(() -> broker.faults().list("other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no virtual host 'other'");
    broker.access().addVhost("other");
    broker.faults().begin("other", FaultRule.of(FaultKind.BLOCK).build());
    assertThat(broker.faults().list("other")).hasSize(1);
    assertThat(broker.faults().list("/")).isEmpty();
  }
}
