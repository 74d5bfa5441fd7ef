package io.harveymq.broker.vhost;

import io.harveymq.codec.Content;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last messages of each exchange that no queue took and that were not returned, for who looks
 * for them afterwards. Bounded in messages, exchanges and bytes; the exchange that has dropped
 * nothing for longest is forgotten first. Only messages that are lost come here. Owned by the home
 * loop.
 */
public final class DroppedMessages {
  /** Messages kept of an exchange. */
  public static final int MOST_OF_AN_EXCHANGE = 200;

  /** After so long without a drop, in milliseconds, an exchange begins to count anew. */
  public static final long QUIET_MILLIS = 900_000;

  static final int MOST_EXCHANGES = 64;
  static final long MOST_BYTES = 4 << 20;

  /** A message with more bytes of body and properties is remembered without them. */
  static final int LARGEST = 256 << 10;

  /** Bytes counted for each besides what it carries. */
  private static final int OVERHEAD = 200;

  private static final byte[] NOTHING = {};
  private static final byte[] NO_PROPERTIES = {0, 0};

  private final BrokerClock clock;
  private final Map<String, OfExchange> byExchange = new LinkedHashMap<>(16, 0.75f, true);
  private long nextId = 1;
  private long bytes;

  DroppedMessages(BrokerClock clock) {
    this.clock = clock;
  }

  /**
   * A message that was lost. Immutable.
   *
   * @param id names it as long as the broker runs
   * @param time when, in milliseconds since the epoch
   * @param message without properties and body if it was too large to keep
   * @param size bytes of its body
   * @param whole whether it is kept as it was
   * @param publisher who published it
   */
  public record Dropped(
      long id, long time, Content message, int size, boolean whole, Publisher publisher) {
    private long bytes() {
      return OVERHEAD
          + message.address().length
          + message.properties().length
          + message.body().length;
    }
  }

  /**
   * Who published.
   *
   * @param connection the name that the connection is listed with
   * @param client the name that the client gave it; null for none
   */
  public record Publisher(String user, String connection, String client) {}

  /**
   * What an exchange dropped. Immutable.
   *
   * @param exchange its name, empty for the default exchange
   * @param total messages since then, those that are not kept any more as well
   * @param since when the first of them was dropped, in milliseconds since the epoch
   * @param last when the last one was
   * @param kept those that are kept, the last one first
   */
  public record Loss(String exchange, long total, long since, long last, List<Dropped> kept) {
    /** The same with some of the messages. */
    public Loss keeping(List<Dropped> some) {
      return new Loss(exchange, total, since, last, some);
    }
  }

  private static final class OfExchange {
    private final ArrayDeque<Dropped> kept = new ArrayDeque<>();
    private long total;
    private long since;
    private long last;
  }

  /**
   * A message was lost.
   *
   * @param exchange that let it go; what is kept is addressed to it, so that it can be published
   *     there again
   */
  void add(String exchange, Content message, Publisher publisher) {
    long now = clock.millis();
    OfExchange of = byExchange.computeIfAbsent(exchange, name -> new OfExchange());
    if (of.total == 0 || now - of.last > QUIET_MILLIS) {
      of.total = 0;
      of.since = now;
    }
    of.total++;
    of.last = now;
    int size = message.body().length;
    boolean whole = size + message.properties().length <= LARGEST;
    Content kept =
        new Content(
            exchange.equals(message.exchange())
                ? message.address()
                : Content.address(exchange, message.routingKey()),
            whole ? message.properties() : NO_PROPERTIES,
            whole ? message.body() : NOTHING);
    Dropped dropped = new Dropped(nextId++, now, kept, size, whole, publisher);
    of.kept.addFirst(dropped);
    bytes += dropped.bytes();
    if (of.kept.size() > MOST_OF_AN_EXCHANGE) {
      bytes -= of.kept.pollLast().bytes();
    }
    makeRoom();
  }

  private void makeRoom() {
    while (byExchange.size() > MOST_EXCHANGES || bytes > MOST_BYTES) {
      Map.Entry<String, OfExchange> eldest = byExchange.entrySet().iterator().next();
      ArrayDeque<Dropped> kept = eldest.getValue().kept;
      if (byExchange.size() > MOST_EXCHANGES || kept.isEmpty()) {
        forget(eldest.getKey());
      } else {
        bytes -= kept.pollLast().bytes();
      }
    }
  }

  /** An exchange is gone, or somebody has seen to its messages. */
  public void forget(String exchange) {
    OfExchange of = byExchange.remove(exchange);
    if (of != null) {
      of.kept.forEach(dropped -> bytes -= dropped.bytes());
    }
  }

  /** Messages that somebody has seen to, by their ids. */
  public void forget(String exchange, Collection<Long> ids) {
    take(exchange, ids);
  }

  /**
   * Takes messages out.
   *
   * @return those that were there, the first that was lost first
   */
  public List<Dropped> take(String exchange, Collection<Long> ids) {
    OfExchange of = byExchange.get(exchange);
    List<Dropped> taken = new ArrayList<>();
    if (of == null) {
      return taken;
    }
    for (Iterator<Dropped> each = of.kept.iterator(); each.hasNext(); ) {
      Dropped dropped = each.next();
      if (ids.contains(dropped.id())) {
        each.remove();
        bytes -= dropped.bytes();
        taken.add(0, dropped);
      }
    }
    return taken;
  }

  /**
   * Keeps messages again that were {@link #take taken}, at their places; not of an exchange that is
   * forgotten.
   */
  public void putBack(String exchange, Collection<Dropped> taken) {
    OfExchange of = byExchange.get(exchange);
    if (of == null) {
      return;
    }
    List<Dropped> all = new ArrayList<>(of.kept);
    all.addAll(taken);
    all.sort(Comparator.comparingLong(Dropped::id).reversed());
    of.kept.clear();
    of.kept.addAll(all);
    taken.forEach(dropped -> bytes += dropped.bytes());
    while (of.kept.size() > MOST_OF_AN_EXCHANGE) {
      bytes -= of.kept.pollLast().bytes();
    }
    makeRoom();
  }

  /** What an exchange dropped; null for nothing. */
  public Loss of(String exchange) {
    // The map is in order of access, and a look is none.
    for (Map.Entry<String, OfExchange> entry : byExchange.entrySet()) {
      if (entry.getKey().equals(exchange)) {
        return loss(entry);
      }
    }
    return null;
  }

  /** What all exchanges dropped. */
  public List<Loss> all() {
    List<Loss> all = new ArrayList<>();
    byExchange.entrySet().forEach(entry -> all.add(loss(entry)));
    return all;
  }

  private static Loss loss(Map.Entry<String, OfExchange> entry) {
    OfExchange of = entry.getValue();
    return new Loss(entry.getKey(), of.total, of.since, of.last, List.copyOf(of.kept));
  }

  /** Bytes that are kept. */
  long bytes() {
    return bytes;
  }
}
