package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A durable queue with a publisher and a consumer that connect again whenever they lose their
 * connection, until they are told to end. The consumer either takes messages as they come and has
 * every so many acknowledgements certified by a confirm that follows them on their channel, or gets
 * and acknowledges in transactions. Two threads of its own work on it.
 */
final class Lane {
  private static final int PAUSE_MILLIS = 100;
  private static final int TRANSACTION = 20;
  private static final int JOIN_MILLIS = 120_000;
  private static final int ABANDON_MILLIS = 20_000;

  /**
   * What all lanes of a storm share.
   *
   * @param port of the broker, or of a proxy before it
   * @param heartbeat in seconds
   * @param perSecond messages that each lane publishes
   * @param patience for confirms, while nothing else comes from the broker either
   */
  record Setting(int port, int heartbeat, double perSecond, Duration patience) {
    Setting(int port, int heartbeat, double perSecond) {
      this(port, heartbeat, perSecond, ConfirmedChannel.PATIENCE);
    }
  }

  private final Setting setting;
  private final Faults faults;
  private final Figures figures;
  private final QueueModel model;
  private final String name;
  private final boolean transactional;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean publishing = true;
  private volatile boolean ending;
  private volatile boolean abandoned;
  private volatile long lastConfirmed;
  private long lastNumber;

  Lane(Setting setting, Faults faults, Figures figures, int index) {
    this.setting = setting;
    this.faults = faults;
    this.figures = figures;
    this.name = "lane" + index;
    this.transactional = index % 4 == 3;
    this.model = new QueueModel(name, faults);
  }

  QueueModel model() {
    return model;
  }

  /**
   * Where the consumer publishes what certifies its acknowledgements. All stay there: a message
   * that is gone before it was stored is confirmed at once.
   */
  String receipts() {
    return name + "-receipts";
  }

  /** Messages that were confirmed so far: the number of the last confirm's publish. */
  long lastConfirmed() {
    return lastConfirmed;
  }

  /** Deliveries that came so far. */
  long delivered() {
    return model.deliveries();
  }

  void start() {
    run("publisher", this::publish, model::publisherLost);
    Session session = transactional ? this::getInTransactions : this::consume;
    run("consumer", session, model::consumersLost);
  }

  private void run(String role, Session session, Runnable lost) {
    Thread thread = new Thread(() -> keepUp(role, session, lost), name + "-" + role);
    threads.add(thread);
    thread.start();
  }

  /** What one connection is used for, until it breaks or the lane ends. */
  private interface Session {
    void use(Connection connection) throws IOException, InterruptedException, TimeoutException;
  }

  private void keepUp(String role, Session session, Runnable lost) {
    boolean done = false;
    while (!done && !abandoned) {
      Connection connection = null;
      try {
        connection = connect(role);
        session.use(connection);
        connection.close(5_000);
        done = true;
      } catch (IOException | ShutdownSignalException | TimeoutException broken) {
        figures.clientRestarts.increment();
        noteComplaint(role, broken);
      } catch (InterruptedException | RuntimeException e) {
        if (!abandoned) {
          faults.add(name + " " + role + " failed: " + e);
        }
        done = true;
      }
      if (connection != null) {
        connection.abort(1_000);
      }
      lost.run();
      pause();
    }
  }

  /** A network or a broker that goes away breaks connections; it does not say what is wrong. */
  private void noteComplaint(String role, Exception broken) {
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException closed && isComplaint(closed)) {
        faults.add(name + " " + role + " was refused something: " + closed.getReason());
        return;
      }
    }
  }

  private static boolean isComplaint(ShutdownSignalException closed) {
    if (closed.isInitiatedByApplication()) {
      return false;
    }
    return closed.getReason() instanceof AMQP.Channel.Close
        || closed.getReason() instanceof AMQP.Connection.Close close
            && close.getReplyCode() != AMQP.CONNECTION_FORCED;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Connection connect(String role) throws IOException, TimeoutException {
    ConnectionFactory factory = StormBroker.factory(setting.port());
    factory.setRequestedHeartbeat(setting.heartbeat());
    factory.setConnectionTimeout(3_000);
    factory.setHandshakeTimeout(10_000);
    return factory.newConnection(name + "-" + role);
  }

  private void publish(Connection connection) throws IOException, InterruptedException {
    ConfirmedChannel channel = new ConfirmedChannel(connection, figures, setting.patience());
    Pace pace = new Pace(setting.perSecond());
    while (publishing) {
      pace.await();
      long number = ++lastNumber;
      model.publishing(number);
      byte[] body = NumberedBody.of(number, System.nanoTime());
      channel.publish("", name, MessageProperties.PERSISTENT_BASIC, body, model);
      lastConfirmed = channel.lastConfirmed();
    }
    channel.awaitConfirms();
  }

  private void consume(Connection connection) throws IOException, InterruptedException {
    Channel channel = connection.createChannel();
    LaneConsumer consumer = new LaneConsumer(this, channel, figures, faults);
    consumer.start();
    while (!ending && channel.isOpen()) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    consumer.finish(setting.patience());
  }

  private void getInTransactions(Connection connection) throws IOException, InterruptedException {
    Channel channel = connection.createChannel();
    channel.txSelect();
    while (!ending) {
      List<Long> taken = new ArrayList<>();
      for (int i = 0; i < TRANSACTION; i++) {
        GetResponse got = channel.basicGet(name, false);
        if (got == null) {
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
          break;
        }
        long number = take(got.getBody());
        model.settling(number);
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        taken.add(number);
      }
      channel.txCommit();
      model.settled(taken);
    }
  }

  /** Notes a message that came; its number. */
  long take(byte[] body) {
    figures.delivered.increment();
    long number = NumberedBody.number(body);
    if (number < 0) {
      faults.add(name + ": a body of " + body.length + " octets is not as it was sent");
    }
    model.delivered(number);
    return number;
  }

  /** The publisher waits for its last confirms and ends. */
  void endPublishing() throws InterruptedException {
    publishing = false;
    join(threads.get(0));
  }

  /** The consumer has its last acknowledgements certified and ends. */
  void end() throws InterruptedException {
    ending = true;
    for (Thread thread : threads) {
      join(thread);
    }
  }

  /** Both clients end, whatever they wait for. Does nothing once they have ended. */
  void abandon() {
    abandoned = true;
    publishing = false;
    ending = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(ABANDON_MILLIS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void join(Thread thread) throws InterruptedException {
    thread.join(JOIN_MILLIS);
    if (thread.isAlive()) {
      faults.add(thread.getName() + " did not end");
    }
  }
}
