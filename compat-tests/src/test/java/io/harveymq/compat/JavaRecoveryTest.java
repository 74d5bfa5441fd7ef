package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Recoverable;
import com.rabbitmq.client.RecoveryListener;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.recovery.AutorecoveringConnection;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * RabbitMQ's Java client with automatic recovery, connections and topology: an application that
 * does not do anything when its broker goes away and comes back.
 */
@Tag("clients")
@Tag("restarts")
@Timeout(120)
class JavaRecoveryTest {
  private BrokerProcess broker;
  private AutorecoveringConnection connection;
  private final BlockingQueue<ShutdownSignalException> lost = new LinkedBlockingQueue<>();
  private final BlockingQueue<Recoverable> recovered = new LinkedBlockingQueue<>();

  @BeforeEach
  void connect() throws Exception {
    broker = BrokerProcess.create();
    broker.start();
    ConnectionFactory factory = broker.factory();
    factory.setAutomaticRecoveryEnabled(true);
    factory.setTopologyRecoveryEnabled(true);
    factory.setNetworkRecoveryInterval(100);
    factory.setSharedExecutor(null);
    connection = (AutorecoveringConnection) factory.newConnection();
    connection.addShutdownListener(lost::add);
    connection.addRecoveryListener(
        new RecoveryListener() {
          @Override
          public void handleRecovery(Recoverable done) {
            recovered.add(done);
          }

          @Override
          public void handleRecoveryStarted(Recoverable begun) {
            // only the end matters
          }
        });
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.abort(5_000);
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void durableTopologyAndConsumersGoOn(RestartEnd end) throws Exception {
    Channel channel = connection.createChannel();
    channel.exchangeDeclare("source", "topic", true);
    channel.exchangeDeclare("target", "fanout", true);
    channel.exchangeBind("target", "source", "a.#");
    channel.queueDeclare("work", true, false, false, null);
    channel.queueBind("work", "target", "");
    channel.basicQos(1);
    Deliveries work = Deliveries.from(channel, "work");
    Channel publishing = connection.createChannel();
    publishing.confirmSelect();
    publishPersistent(publishing, "source", "a.b", "one", "two");
    assertThat(work.nextText()).isEqualTo("one");

    restart(end);

    // The prefetch count was restored: the second comes when the first is acknowledged.
    var again = work.next();
    assertThat(Deliveries.text(again)).isEqualTo("one");
    assertThat(again.getEnvelope().isRedeliver()).isTrue();
    publishPersistent(publishing, "source", "a.c", "three");
    assertThat(work.taken()).isEmpty();
    channel.basicAck(Deliveries.tag(again), false);
    for (String expected : new String[] {"two", "three"}) {
      var next = work.next();
      assertThat(Deliveries.text(next)).isEqualTo(expected);
      channel.basicAck(Deliveries.tag(next), false);
    }
    channel.close();
    assertThat(publishing.messageCount("work")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void transientTopologyIsDeclaredAgain(RestartEnd end) throws Exception {
    Channel channel = connection.createChannel();
    channel.exchangeDeclare("events", "direct", false, true, null);
    String first = channel.queueDeclare().getQueue();
    channel.queueBind(first, "events", "key", Map.of("why", "a test"));
    Deliveries events = Deliveries.noAckFrom(channel, first);
    BlockingQueue<String> renamed = new LinkedBlockingQueue<>();
    connection.addQueueRecoveryListener((oldName, newName) -> renamed.add(oldName + " " + newName));
    publishConfirmed("events", "key", "before");
    assertThat(events.nextText()).isEqualTo("before");

    restart(end);

    String[] names = renamed.poll(10, TimeUnit.SECONDS).split(" ");
    assertThat(names[0]).isEqualTo(first);
    assertThat(names[1]).startsWith("amq.gen-").isNotEqualTo(first);
    publishConfirmed("events", "key", "after");
    publishConfirmed("", names[1], "directly");
    assertThat(events.nextTexts(2)).containsExactly("after", "directly");
  }

  private void restart(RestartEnd end) throws Exception {
    end.end(broker);
    ShutdownSignalException cause = lost.poll(20, TimeUnit.SECONDS);
    assertThat(cause).as("cause of the loss").isNotNull();
    if (end == RestartEnd.STOPPED) {
      assertThat(((AMQP.Connection.Close) cause.getReason()).getReplyCode())
          .isEqualTo(AMQP.CONNECTION_FORCED);
    }
    broker.start();
    assertThat(recovered.poll(20, TimeUnit.SECONDS)).as("recovery").isNotNull();
  }

  private void publishConfirmed(String exchange, String key, String body) throws Exception {
    Channel publishing = connection.createChannel();
    publishing.confirmSelect();
    publishPersistent(publishing, exchange, key, body);
    publishing.close();
  }

  private static void publishPersistent(
      Channel publishing, String exchange, String key, String... bodies) throws Exception {
    var persistent = CompatTest.properties().deliveryMode(2).build();
    for (String body : bodies) {
      publishing.basicPublish(exchange, key, persistent, CompatTest.bytes(body));
    }
    publishing.waitForConfirmsOrDie(10_000);
  }
}
