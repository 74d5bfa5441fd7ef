package io.harveymq.compat.differential;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A client with one connection: it answers what has to be answered, and keeps everything that came
 * until it is taken. Confined to one thread.
 */
final class Client implements Closeable {
  /** Where connections with numbers from 100 on are. */
  static final String OTHER_VHOST = "other";

  private static final int CONTROL_CHANNEL = 2_000;

  private final WireConnection wire;
  private final TreeMap<Integer, ClientChannel> channels = new TreeMap<>();
  private final List<Event> received = new ArrayList<>();
  private boolean open = true;
  private boolean closing;

  private Client(WireConnection wire) {
    this.wire = wire;
  }

  /**
   * A client whose connection is open, and on it a channel that is used to see that all came.
   *
   * @param number of the connection, which says whose it is and where, and what it understands
   */
  static Client connect(int port, int number) throws IOException {
    String vhost = number > 99 ? OTHER_VHOST : "/";
    boolean modern = number % 2 == 1;
    Client client = new Client(WireConnection.open(port, LimitedUser.of(number), vhost, modern));
    client.openChannel(CONTROL_CHANNEL);
    return client;
  }

  /** Opens a channel and waits for the answer, which nobody gets to see. */
  void openChannel(int number) throws IOException {
    wire.send(step(number, "channel.open"));
    while (open && !channel(number).isOpen()) {
      Event event = next();
      if (event != null && !event.is("channel.open-ok")) {
        received.add(event);
      }
    }
  }

  private static Step step(int channel, String text) {
    return Step.parse("0." + channel + " " + text);
  }

  ClientChannel channel(int number) {
    return channels.computeIfAbsent(number, key -> new ClientChannel());
  }

  boolean isOpen() {
    return open;
  }

  void send(Step step) throws IOException {
    if (step.action().equals("frame")) {
      wire.sendFrame(step);
      return;
    }
    if (step.action().equals("channel.open")) {
      channels.remove(step.channel());
    }
    closing |= step.action().equals("connection.close");
    channel(step.channel()).sending(step);
    wire.send(step);
  }

  /**
   * Reads all that the broker sent before it answers a question, on each channel, that changes
   * nothing.
   *
   * @return whether something came
   */
  boolean readAll() throws IOException {
    int before = received.size();
    boolean wasOpen = open;
    Set<Integer> asked = new HashSet<>();
    for (Map.Entry<Integer, ClientChannel> each : channels.entrySet()) {
      if (open && !closing && each.getValue().isReady()) {
        asked.add(each.getKey());
        wire.send(step(each.getKey(), "channel.flow active=1"));
      }
    }
    while (open && (closing || !asked.isEmpty())) {
      Event event = next();
      if (event == null) {
        break;
      }
      boolean answer = event.is("channel.flow-ok");
      if (answer || event.is("channel.close") || event.is("channel.close-ok")) {
        asked.remove(event.channel());
      }
      if (!answer) {
        received.add(event);
      }
      if (event.is("connection.close-ok")) {
        // RabbitMQ leaves it to the client to end the connection then.
        end();
      }
    }
    return wasOpen != open || received.size() > before;
  }

  /** The next event, answered; null when the connection ended. */
  private Event next() throws IOException {
    Event event = wire.read();
    if (event == null) {
      end();
      return null;
    }
    switch (event.shape().name()) {
      case "connection.close" -> {
        closing = true;
        wire.send(step(0, "connection.close-ok"));
      }
      case "channel.close" -> wire.send(step(event.channel(), "channel.close-ok"));
      default -> {}
    }
    if (event.channel() != 0) {
      channel(event.channel()).received(event);
      if (event.is("channel.close") || event.is("channel.close-ok")) {
        channels.put(event.channel(), new ClientChannel());
      }
    }
    return event;
  }

  private void end() throws IOException {
    open = false;
    channels.clear();
    wire.close();
  }

  /** What came and was not taken. */
  List<Event> received() {
    return received;
  }

  /** What came since the last time, as lines in an order that does not depend on chance. */
  List<String> takeLines(int connection) {
    List<String> lines = new Lines(connection, received).all();
    channels.forEach(
        (number, channel) ->
            channel
                .takeConfirms()
                .forEach(line -> lines.add(connection + "." + number + " " + line)));
    received.clear();
    return lines;
  }

  /** Cuts the connection. */
  @Override
  public void close() throws IOException {
    end();
  }
}
