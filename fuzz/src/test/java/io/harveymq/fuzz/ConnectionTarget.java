package io.harveymq.fuzz;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.codec.ConfirmMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of one client, from the first one on or after a part of the handshake, in several reads.
 * Whatever they are, the broker answers in AMQP, only the right password gets in, another client is
 * served, and when both are gone and their queues deleted, nothing is left.
 */
public final class ConnectionTarget {
  private static final int MOST_PIECES = 40;
  private static final long LONG_MILLIS = 100_000;

  private ConnectionTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    TestBroker broker = TestBroker.start();
    TestClient healthy = broker.connect();
    TestClient client = broker.accept();
    boolean readable = begin(choices, client);
    int piece = 1 + choices.octet();
    byte[] all = choices.rest();
    piece = Math.max(piece, all.length / MOST_PIECES);
    Choices rest = new Choices(all);
    while (rest.more()) {
      client.raw(rest.bytes(piece));
      broker.run();
    }
    if (readable) {
      client.frames();
    } else {
      client.takeRaw();
    }
    FaultLog.check();
    end(broker, client, healthy);
  }

  /** Whether all that the broker says from now on are frames. */
  private static boolean begin(Choices choices, TestClient client) {
    switch (choices.below(4)) {
      case 0 -> {
        return false;
      }
      case 1 -> {
        client.raw(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        client.expect(0, ConnectionMethod.Start.class);
        if (choices.flag()) {
          logIn(choices, client);
        }
      }
      case 2 -> {
        client.start(TestClient.capabilities("authentication_failure_close"), "guest");
        client.expect(0, ConnectionMethod.Tune.class);
      }
      default -> {
        client.open(choices.below(3)).channel(1).declare("q", true, false);
        client.send(1, new ConfirmMethod.Select(true));
      }
    }
    return true;
  }

  private static void logIn(Choices choices, TestClient client) {
    String mechanism = choices.of("PLAIN", "AMQPLAIN", "EXTERNAL", choices.text(8));
    byte[] response = choices.some();
    client.send(0, new ConnectionMethod.StartOk(FieldTable.EMPTY, mechanism, response, "en_US"));
    client.broker().run();
    boolean isIn =
        client.arrived(0).stream().anyMatch(one -> one.method() instanceof ConnectionMethod.Tune);
    String text = new String(response, StandardCharsets.ISO_8859_1);
    boolean mayBeIn = mechanism.equals("ANONYMOUS") || text.matches("(?s).*guest.*guest.*");
    if (isIn && !mayBeIn) {
      throw new AssertionError("got in by " + mechanism + " " + text);
    }
  }

  static void end(TestBroker broker, TestClient... clients) {
    for (TestClient client : clients) {
      client.drop();
    }
    broker.advance(LONG_MILLIS);
    TestClient cleaner = broker.connect();
    cleaner.channel(1);
    List<String> names = new ArrayList<>();
    for (AmqpQueue queue : broker.vhost().queues()) {
      if (queue.definition().exclusive() || queue.unackedCount() != 0) {
        throw new AssertionError(queue.name() + " is left with " + queue.unackedCount());
      }
      names.add(queue.name());
    }
    for (String name : names) {
      cleaner.send(1, new QueueMethod.Delete(name, false, false, true));
    }
    broker.run();
    cleaner.close();
    broker.advance(LONG_MILLIS);
    FaultLog.check();
    if (!broker.vhost().queues().isEmpty()) {
      throw new AssertionError("queues are left: " + broker.vhost().queues());
    }
    if (broker.loop().timers() != 0) {
      throw new AssertionError(broker.loop().timers() + " timers are left");
    }
    if (broker.memory().used() != 0) {
      throw new AssertionError(broker.memory().used() + " bytes are still counted");
    }
  }
}
