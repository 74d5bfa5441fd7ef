package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every suite needs: a connection and a channel of the Java client for each test, names that
 * nobody else uses, and removal of all of it afterwards. One thread, the test's.
 */
@ExtendWith(BrokerUnderTest.class)
@Timeout(60)
abstract class CompatTest {
  private static final String RUN =
      Long.toString(ProcessHandle.current().pid() * 1_000_000 + System.nanoTime() % 1_000_000, 36);
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final List<Connection> connections = new ArrayList<>();
  private final List<RawConnection> raws = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  protected Connection connection;
  protected Channel channel;

  /** Something done on a channel. */
  interface Action {
    void on(Channel channel) throws Exception;
  }

  @BeforeEach
  void openConnection() throws Exception {
    connection = newConnection();
    channel = connection.createChannel();
  }

  @AfterEach
  void closeAndRemoveAll() throws Exception {
    for (RawConnection raw : raws) {
      raw.close();
    }
    for (Connection open : connections) {
      open.abort(5_000);
    }
    if (names.isEmpty()) {
      return;
    }
    try (Connection cleaner = factory().newConnection()) {
      for (String name : names) {
        remove(cleaner.createChannel(), name);
      }
    }
  }

  private static void remove(Channel cleaning, String name) throws Exception {
    cleaning.exchangeDelete(name);
    try {
      cleaning.queueDelete(name);
      cleaning.close();
    } catch (IOException refused) {
      // an exclusive queue whose connection was just cut goes by itself
      assertThat(Closing.of(refused).code()).isEqualTo(405);
    }
  }

  static ConnectionFactory factory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(BrokerUnderTest.host());
    factory.setPort(BrokerUnderTest.port());
    factory.setUsername(BrokerUnderTest.user());
    factory.setPassword(BrokerUnderTest.password());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setChannelRpcTimeout(10_000);
    factory.setSharedExecutor(new SameThreadExecutor());
    return factory;
  }

  Connection newConnection() throws Exception {
    return keep(factory().newConnection());
  }

  /** Closes the connection after the test. */
  Connection keep(Connection opened) {
    connections.add(opened);
    return opened;
  }

  /** A raw connection after the handshake, closed after the test. */
  RawConnection openRaw() throws IOException {
    return keep(RawConnection.open());
  }

  /** A raw connection before the handshake, closed after the test. */
  RawConnection connectRaw() throws IOException {
    return keep(RawConnection.connect());
  }

  RawConnection keep(RawConnection raw) {
    raws.add(raw);
    return raw;
  }

  /** A name for a queue or an exchange; what has it is removed after the test. */
  String name(String hint) {
    String name = hint + "-" + RUN + "-" + COUNTER.incrementAndGet();
    names.add(name);
    return name;
  }

  /** A fresh queue, neither durable nor exclusive nor auto-delete. */
  String newQueue() throws IOException {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, null);
    return queue;
  }

  /** A fresh exchange of the type, neither durable nor auto-delete. */
  String newExchange(String type) throws IOException {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, type);
    return exchange;
  }

  /** A fresh queue that is bound to the exchange with the key. */
  String newQueue(String exchange, String bindingKey) throws IOException {
    String queue = newQueue();
    channel.queueBind(queue, exchange, bindingKey);
    return queue;
  }

  void publish(String exchange, String routingKey, String body) throws IOException {
    channel.basicPublish(exchange, routingKey, null, bytes(body));
  }

  /** Publishes to the queue through the default exchange and waits until the queue has it all. */
  void fill(String queue, String... bodies) throws Exception {
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    for (String body : bodies) {
      publisher.basicPublish("", queue, null, bytes(body));
    }
    publisher.waitForConfirmsOrDie(10_000);
    publisher.close();
  }

  /**
   * Ready messages of the queue, without touching it. RabbitMQ's queues answer this before the
   * publishes that wait in their mailbox, so it counts only what has been confirmed.
   */
  int ready(String queue) throws IOException {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  /** Takes all messages from the queue for good. */
  List<String> drain(String queue) throws IOException {
    List<String> bodies = new ArrayList<>();
    for (GetResponse got = get(queue); got != null; got = get(queue)) {
      bodies.add(text(got));
    }
    return bodies;
  }

  private GetResponse get(String queue) throws IOException {
    return channel.basicGet(queue, true);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(GetResponse got) {
    return new String(got.getBody(), StandardCharsets.UTF_8);
  }

  static AMQP.BasicProperties.Builder properties() {
    return new AMQP.BasicProperties.Builder();
  }

  /** The action must make the broker close the channel so, and leave the connection alone. */
  void assertChannelError(Closing expected, Action action) throws Exception {
    assertThat(expected.scope()).isEqualTo(Closing.Scope.CHANNEL);
    assertThat(closingOf(connection.createChannel(), action)).isEqualTo(expected);
    connection.createChannel().close();
  }

  /** The action, on a connection of its own, must make the broker close it so. */
  void assertConnectionError(Closing expected, Action action) throws Exception {
    assertThat(expected.scope()).isEqualTo(Closing.Scope.CONNECTION);
    Connection doomed = newConnection();
    assertThat(closingOf(doomed.createChannel(), action)).isEqualTo(expected);
    assertThat(doomed.isOpen()).isFalse();
  }

  /** Waits for the broker to close the channel, alone or with its connection. */
  static Closing closingOf(Channel doomed, Action action) throws Exception {
    CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
    doomed.addShutdownListener(closed::complete);
    Exception thrown = null;
    try {
      action.on(doomed);
    } catch (IOException | ShutdownSignalException failure) {
      thrown = failure;
    }
    try {
      return Closing.of(closed.get(10, TimeUnit.SECONDS));
    } catch (TimeoutException | ExecutionException notClosed) {
      notClosed.addSuppressed(thrown == null ? new IOException("nothing was thrown") : thrown);
      throw new AssertionError("the broker did not close the channel", notClosed);
    }
  }
}
