package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a durable queue may and must hold after its broker was killed, as a client can know it.
 * Messages have ascending numbers and are published in that order. Every step of the client has a
 * number too, ascending over all queues of a channel: what was done before a step whose effect is
 * known to be stored is stored as well. Guarded by whoever shares it between threads.
 */
final class DurableModel {
  private enum State {
    /** It may be stored or not. */
    PUBLISHED,
    /** It is stored. */
    CONFIRMED,
    /** It is stored or gone: its removal was asked for. */
    REMOVING
  }

  private static final class Entry {
    State state = State.PUBLISHED;
    long removedAtStep;
  }

  private final String queue;
  private final NavigableMap<Long, Entry> entries = new TreeMap<>();
  private final Map<Long, Long> delivered = new HashMap<>();
  private boolean purging;

  DurableModel(String queue) {
    this.queue = queue;
  }

  String queue() {
    return queue;
  }

  /** About to be sent. */
  void publishing(long number) {
    entries.put(number, new Entry());
  }

  /**
   * The broker has confirmed a message that this queue got. RabbitMQ 3.10.8 confirms at once what
   * is transient, unroutable, for queues that are not durable only, or handed to a consumer that
   * does not acknowledge; everything else after a sync, but at once if it was acknowledged before
   * its body was written to the message store. So a confirm of what was removed proves nothing.
   *
   * @return whether this queue's copy must have been stored for that: it was not removed meanwhile
   */
  boolean confirmed(long number) {
    Entry entry = entries.get(number);
    if (entry == null || entry.state == State.REMOVING) {
      return false;
    }
    entry.state = State.CONFIRMED;
    return !purging;
  }

  /** Came to the client and is not acknowledged yet. */
  void delivered(long number, long deliveryTag) {
    delivered.put(number, deliveryTag);
  }

  /** Messages that the client has and did not acknowledge, by number, with their tags. */
  Map<Long, Long> unacknowledged() {
    return delivered;
  }

  /** About to be acknowledged. */
  void acknowledging(long number, long step) {
    delivered.remove(number);
    remove(entries.get(number), step);
  }

  /** About to purge. */
  void purging() {
    purging = true;
  }

  /** The purge, sent as this step, was answered: what has not come to the client is removed. */
  void purged(long step) {
    purging = false;
    entries.forEach(
        (number, entry) -> {
          if (!delivered.containsKey(number)) {
            remove(entry, step);
          }
        });
  }

  /** How many messages there are unless the broker lost some. */
  int size() {
    return (int) entries.values().stream().filter(e -> e.state != State.REMOVING).count();
  }

  private static void remove(Entry entry, long step) {
    if (entry.state != State.REMOVING) {
      entry.state = State.REMOVING;
      entry.removedAtStep = step;
    }
  }

  /**
   * Everything up to this step is stored: what was removed by then is gone for good.
   *
   * @param step of a publish that is known to be stored
   */
  void storedUpTo(long step) {
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (entry.state == State.REMOVING && entry.removedAtStep < step) {
        all.remove();
      }
    }
  }

  /**
   * Compares with what the queue holds after a restart, and goes on from there.
   *
   * @param found numbers in the order of delivery
   */
  void verify(List<Long> found) {
    assertThat(found).as("each once and in order in %s", queue).isSorted().doesNotHaveDuplicates();
    TreeSet<Long> present = new TreeSet<>(found);
    List<Long> returned = new ArrayList<>(present);
    returned.removeAll(entries.keySet());
    assertThat(returned).as("in %s, never published there or removed for good", queue).isEmpty();
    List<Long> lost = new ArrayList<>();
    entries.forEach(
        (number, entry) -> {
          if (entry.state == State.CONFIRMED && !present.contains(number)) {
            lost.add(number);
          }
        });
    assertThat(lost).as("lost from %s, though confirmed and not removed", queue).isEmpty();
    entries.keySet().retainAll(present);
    entries.values().forEach(entry -> entry.state = State.CONFIRMED);
    delivered.clear();
    purging = false;
  }
}
