package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.Message;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange amq.rabbitmq.log, to which the lines of the log are published as in RabbitMQ, with
 * the level as routing key. It is in one virtual host; without that, nothing is published. Whoever
 * writes the log hands the lines over, on any thread, and never waits: lines that come faster than
 * the first loop takes them are left out, and counted by a warning once it is done with the others.
 * What that loop logs in the very turn that publishes is left out, too; what is logged later
 * because of a line, as when its queue expires it, is published. All but {@link #publish} belongs
 * to the first loop.
 */
public final class LogExchange {
  /** Its name. */
  public static final String NAME = "amq.rabbitmq.log";

  /** Lines that may wait for the loop. */
  static final int MOST_LINES = 1_000;

  /** Characters that may wait for the loop. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private static final int LINES_A_TURN = 100;

  private static final Logger LOG = LoggerFactory.getLogger(LogExchange.class);

  private record Line(String level, long seconds, String text) {}

  private final HomeLoop home;
  private final String node;
  private final String vhostName;
  private final ArrayDeque<Line> waiting = new ArrayDeque<>();
  private int characters;
  private int missing;
  private boolean isCalled;
  private VirtualHost vhost;
  private boolean publishes;

  /**
   * @param home the first loop
   * @param node the name of the node
   * @param vhost the name of the virtual host that has it
   */
  public LogExchange(HomeLoop home, String node, String vhost) {
    this.home = home;
    this.node = node;
    this.vhostName = vhost;
  }

  /** A virtual host is there, for the first time or again; it gets the exchange if it is to. */
  public void isThere(VirtualHost found) {
    if (found.name().equals(vhostName)) {
      found.predeclare(Predeclared.ofLog(vhostName));
      vhost = found;
    }
  }

  /**
   * Publishes a line, soon and if anybody wants it. Any thread; it does not wait.
   *
   * @param level such as {@code warning}
   * @param seconds when it was written, since 1970
   * @param text as it is written, with its line end
   */
  public void publish(String level, long seconds, String text) {
    if (home.loop().inLoop() && publishes) {
      return;
    }
    synchronized (waiting) {
      if (waiting.size() >= MOST_LINES || characters + text.length() > MOST_CHARACTERS) {
        missing++;
        return;
      }
      waiting.add(new Line(level, seconds, text));
      characters += text.length();
      if (isCalled) {
        return;
      }
      isCalled = true;
    }
    call();
  }

  private void call() {
    try {
      home.loop().executeOrReject(this::turn);
    } catch (RejectedExecutionException closed) {
      // nobody is there any more who could get it
    }
  }

  /** A turn of its own, so that what its end does is known to be due to the lines. */
  private void turn() {
    publishes = true;
    try {
      home.run(this::publishSome);
    } finally {
      publishes = false;
    }
    boolean goesOn;
    int untold = 0;
    synchronized (waiting) {
      goesOn = !waiting.isEmpty();
      isCalled = goesOn;
      if (!goesOn) {
        untold = missing;
        missing = 0;
      }
    }
    if (goesOn) {
      call();
    } else if (untold > 0 && wantedOrNull() != null) {
      LOG.warn(
          "lines of the log that were not published to {}, as too many came: {}", NAME, untold);
    }
  }

  /** The exchange, if anybody wants lines. */
  private Exchange wantedOrNull() {
    Exchange exchange = vhost == null ? null : vhost.exchangeOrNull(NAME);
    return exchange == null || exchange.isUnused() ? null : exchange;
  }

  private void publishSome() {
    List<Line> lines = take();
    Exchange exchange = wantedOrNull();
    if (exchange != null) {
      lines.forEach(line -> publish(exchange, line));
    }
  }

  private List<Line> take() {
    List<Line> lines = new ArrayList<>();
    synchronized (waiting) {
      while (lines.size() < LINES_A_TURN && !waiting.isEmpty()) {
        Line line = waiting.remove();
        characters -= line.text.length();
        lines.add(line);
      }
    }
    return lines;
  }

  private void publish(Exchange exchange, Line line) {
    byte[] properties =
        BasicProperties.builder()
            .contentType("text/plain")
            .headers(FieldTable.builder().put("node", node).build())
            .timestamp(line.seconds)
            .build()
            .encoded();
    byte[] body = line.text.getBytes(StandardCharsets.UTF_8);
    vhost.publish(exchange, new Message(Content.address(NAME, line.level), properties, body));
  }
}
