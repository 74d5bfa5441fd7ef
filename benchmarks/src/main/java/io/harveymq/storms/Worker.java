package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One client of the soak, with a topology that nobody else touches, so that it knows what must be
 * in it. It works in rounds; each ends with a comparison. Confined to the thread that runs it.
 */
abstract class Worker implements Runnable {
  private static final Duration API_LIMIT = Duration.ofSeconds(20);

  /** What all workers share. */
  record Setting(StormBroker broker, Faults faults, Figures figures, long endNanos) {}

  /** A connection with the socket under it. */
  record Line(Connection connection, Socket socket) {
    /** Cuts it off with RST, as a client that dies does. */
    void cut() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
      connection.abort(2_000);
    }
  }

  protected final Setting setting;
  protected final String name;
  protected final Random random;
  protected final Pace pace;
  private long lastNumber;
  private int lines;

  Worker(Setting setting, String name, long seed, double perSecond) {
    this.setting = setting;
    this.name = name;
    this.random = new Random(seed);
    this.pace = new Pace(perSecond);
  }

  /** Connects and declares. */
  abstract void begin() throws Exception;

  /** Works for a while and compares. */
  abstract void round() throws Exception;

  /** Empties and deletes all, comparing, and disconnects. */
  abstract void end() throws Exception;

  @Override
  public final void run() {
    try {
      begin();
      while (!isOver()) {
        round();
        setting.figures().checks.increment();
      }
      end();
    } catch (Exception | AssertionError e) {
      StringBuilder text = new StringBuilder(name + " failed: " + e);
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        text.append(" <- ").append(cause);
      }
      for (int i = 0; i < Math.min(6, e.getStackTrace().length); i++) {
        text.append("\n    at ").append(e.getStackTrace()[i]);
      }
      setting.faults().add(text.toString());
    }
  }

  /** Whether the time of the soak is over. */
  boolean isOver() {
    return System.nanoTime() > setting.endNanos();
  }

  void fault(String text) {
    setting.faults().add(name + ": " + text);
  }

  /** Notes a fault unless both are equal. */
  void expect(String what, long expected, long actual) {
    if (expected != actual) {
      fault(what + " is " + actual + ", must be " + expected);
    }
  }

  long nextNumber() {
    return ++lastNumber;
  }

  /** The number that {@link #nextNumber} gave last. */
  long lastNumber() {
    return lastNumber;
  }

  /** A new connection with a name of its own. */
  Line connect() throws IOException, TimeoutException {
    ConnectionFactory factory = setting.broker().factory();
    Socket[] socket = new Socket[1];
    factory.setSocketConfigurator(
        made -> {
          made.setTcpNoDelay(true);
          socket[0] = made;
        });
    return new Line(factory.newConnection(name + "-" + ++lines), socket[0]);
  }

  /** Waits until the broker has none of this worker's connections but those that are given. */
  void awaitConnections(int expected) throws IOException, InterruptedException {
    if (!Await.within(API_LIMIT, () -> ownConnections() == expected)) {
      fault(ownConnections() + " connections by the API, must be " + expected);
    }
  }

  private int ownConnections() throws IOException, InterruptedException {
    int count = 0;
    for (var connection : setting.broker().api().get("connections")) {
      if (connection.path("user_provided_name").asText().startsWith(name + "-")) {
        count++;
      }
    }
    return count;
  }

  /** Compares what the API tells of a queue; statistics may come late. */
  void compareWithApi(String queue, long ready, long unacked)
      throws IOException, InterruptedException {
    String expected = List.of(ready, unacked, ready + unacked).toString();
    if (!Await.within(API_LIMIT, () -> countsByApi(queue).equals(expected))) {
      fault(
          "%s has %s messages ready, unacknowledged and together by the API, must be %s"
              .formatted(queue, countsByApi(queue), expected));
    }
  }

  private String countsByApi(String queue) throws IOException, InterruptedException {
    var info = setting.broker().api().queue(queue);
    return Stream.of("messages_ready", "messages_unacknowledged", "messages")
        .map(name -> info.path(name).asLong(-1))
        .toList()
        .toString();
  }

  /** Messages that wait in a queue, by a passive declare. */
  static long ready(Channel channel, String queue) throws IOException {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  /** The number of a message that was got, or that of a fault. */
  long numberOf(String queue, byte[] body) {
    setting.figures().delivered.increment();
    long number = NumberedBody.number(body);
    if (number < 0) {
      fault(queue + ": a body of " + body.length + " octets is not as it was sent");
    }
    return number;
  }

  long numberOf(String queue, GetResponse got) {
    return numberOf(queue, got.getBody());
  }

  /** Deletes a queue and compares the count in the answer. */
  void delete(Channel channel, String queue, long expected) throws IOException {
    expect("the count of deleted " + queue, expected, channel.queueDelete(queue).getMessageCount());
  }

  void declare(Channel channel, String queue, boolean durable, Map<String, Object> arguments)
      throws IOException {
    setting.figures().declares.increment();
    channel.queueDeclare(queue, durable, false, false, arguments);
  }
}
