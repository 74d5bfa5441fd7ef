package io.harveymq.compat.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Plays conversations against a broker and writes down everything that clients can see of it. After
 * each step it waits until the broker has done all of it. Connections and channels are opened when
 * a step needs them. Besides methods, steps may be
 *
 * <ul>
 *   <li>{@code cut}: end the connection without a word;
 *   <li>{@code frame type= payload=}: a frame of any kind;
 *   <li>{@code drain queue=}: basic.get without acknowledgement until the queue is empty;
 *   <li>{@code await queue= messages=}: wait until the queue is so long, or gone;
 *   <li>what {@link PolicyStep} and {@link PermissionStep} have, at 0.0.
 * </ul>
 *
 * {@code pipe=1} sends a method and goes on without waiting. {@code raw=1} sends a method without
 * opening its channel before, {@code times=} publishes several times, {@code tag=@0} is the oldest
 * delivery that is outstanding, {@code tag=@-1} the newest. Confined to one thread.
 */
final class Player {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int LONGEST_DRAIN = 1_000;

  private final Peer peer;
  private final int rounds;
  private final Map<Integer, Client> clients = new TreeMap<>();
  private final List<String> lines = new ArrayList<>();
  private final Symbols symbols = new Symbols();

  /**
   * For one conversation.
   *
   * @param rounds how often at least every connection is read before a step is taken to be done
   */
  private Player(Peer peer, int rounds) {
    this.peer = peer;
    this.rounds = rounds;
  }

  /** Plays the script against a broker without definitions, and leaves it like that. */
  static List<String> play(Peer peer, Script script) throws IOException {
    Player player = new Player(peer, peer instanceof RabbitPeer ? 1 : 3);
    try {
      for (Step step : script.steps()) {
        player.play(step);
      }
    } catch (IOException | RuntimeException broken) {
      player.lines.add("! " + broken);
    }
    for (Client client : player.clients.values()) {
      client.close();
    }
    peer.clean();
    return player.lines;
  }

  private void play(Step step) throws IOException {
    lines.add("> " + step);
    if (PolicyStep.is(step) || PermissionStep.is(step)) {
      lines.add("  " + peer.administer(step));
      settle();
      takeLines();
      return;
    }
    Step actual = prepared(step);
    if (actual == null) {
      lines.add("  left out");
      return;
    }
    if (step.get("arguments", "").contains("x-queue-type=S:quorum")) {
      symbols.quorumQueue(step.get("queue", ""));
    }
    Client client = clients.get(step.connection());
    if (step.isSet("pipe")) {
      client.send(actual);
      return;
    }
    switch (step.action()) {
      case "cut" -> client.close();
      case "drain" -> drain(client, actual);
      case "await" -> await(client, actual);
      default -> send(client, actual);
    }
    settle();
    takeLines();
  }

  /** The step with the broker's names and tags, null if it can't be done; opens what it needs. */
  private Step prepared(Step step) throws IOException {
    Client client = clients.get(step.connection());
    boolean ends = step.action().equals("cut") || step.action().equals("connection.close");
    if (client == null && ends) {
      return null;
    }
    if (client == null) {
      int number = step.connection();
      client = Client.connect(peer.port(), number);
      clients.put(number, client);
    }
    boolean needsChannel =
        step.channel() != 0 && !step.isSet("raw") && !step.action().equals("channel.open");
    if (needsChannel && !client.channel(step.channel()).isOpen()) {
      if (step.action().equals("channel.close")) {
        return null;
      }
      client.openChannel(step.channel());
    }
    return resolved(step, client);
  }

  private Step resolved(Step step, Client client) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (Map.Entry<String, String> argument : step.arguments().entrySet()) {
      String value = symbols.actual(argument.getValue());
      if (argument.getKey().equals("tag") && value.startsWith("@")) {
        Long tag = client.channel(step.channel()).outstanding(Integer.parseInt(value.substring(1)));
        if (tag == null) {
          return null;
        }
        value = tag.toString();
      }
      arguments.put(argument.getKey(), value);
    }
    return new Step(step.connection(), step.channel(), step.action(), arguments);
  }

  private void send(Client client, Step step) throws IOException {
    int count = Integer.parseInt(step.get("times", "1"));
    for (int i = 1; i <= count; i++) {
      Step one = step;
      if (count > 1) {
        Map<String, String> arguments = new LinkedHashMap<>(step.arguments());
        arguments.merge("body", "." + i, String::concat);
        one = new Step(step.connection(), step.channel(), step.action(), arguments);
      }
      client.send(one);
    }
    client.readAll();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (isWaiting(client, step) && System.nanoTime() < deadline) {
      settle();
    }
  }

  private static boolean isWaiting(Client client, Step step) {
    if (!client.isOpen() || step.isSet("raw") || step.channel() == 0) {
      return false;
    }
    ClientChannel channel = client.channel(step.channel());
    boolean answerable = MethodTable.named(step.action() + "-ok") != null && !step.isSet("nowait");
    boolean answered =
        client.received().stream()
            .anyMatch(
                event ->
                    event.channel() == step.channel()
                        && (event.is("channel.close")
                            || event.is("basic.get-empty")
                            || event.is(step.action() + "-ok")));
    return channel.hasUnconfirmed() || answerable && !answered;
  }

  private void drain(Client client, Step step) throws IOException {
    Map<String, String> arguments = new LinkedHashMap<>(step.arguments());
    arguments.put("no-ack", "1");
    Step get = new Step(step.connection(), step.channel(), "basic.get", arguments);
    for (int i = 0; i < LONGEST_DRAIN; i++) {
      send(client, get);
      List<Event> received = client.received();
      boolean more =
          received.stream().anyMatch(event -> event.is("basic.get-ok"))
              && received.stream()
                  .noneMatch(event -> event.is("basic.get-empty") || event.is("channel.close"));
      if (!more) {
        return;
      }
    }
  }

  private void await(Client client, Step step) throws IOException {
    Map<String, String> arguments = Map.of("passive", "1", "queue", step.get("queue", ""));
    Step ask = new Step(step.connection(), step.channel(), "queue.declare", arguments);
    List<Event> received = client.received();
    for (long end = System.nanoTime() + PATIENCE_NANOS; System.nanoTime() < end; settle()) {
      send(client, ask);
      Event last = received.get(received.size() - 1);
      if (last.is("channel.close") || step.get("messages", "").equals(last.field("messages"))) {
        return;
      }
      received.remove(last);
    }
    lines.add("  in vain");
  }

  /** Lets the broker finish, and reads all that it sent, to every connection. */
  private void settle() throws IOException {
    boolean more = true;
    for (int round = 0; more || round < rounds; round++) {
      peer.settle((int) clients.values().stream().filter(Client::isOpen).count());
      more = false;
      for (Client client : clients.values()) {
        more |= client.readAll();
      }
    }
  }

  private void takeLines() {
    clients.forEach(
        (number, client) -> {
          client.takeLines(number).forEach(line -> lines.add("  " + symbols.canonical(line)));
          if (!client.isOpen()) {
            lines.add("  " + number + " is closed");
          }
        });
    clients.values().removeIf(client -> !client.isOpen());
  }
}
