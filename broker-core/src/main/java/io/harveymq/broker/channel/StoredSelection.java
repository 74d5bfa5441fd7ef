package io.harveymq.broker.channel;

import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.StoredStretch;
import io.harveymq.broker.queue.Waiting;
import io.harveymq.broker.store.StoredMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Those of the chosen messages of a queue that were in the store only when they were chosen: read a
 * part at a time, each once. Owned by the home loop.
 */
final class StoredSelection {
  private static final int READ_BYTES = 256 << 10;

  /**
   * Chosen messages of a stretch.
   *
   * @param places which; null for all up to an end, not included
   */
  private record Chosen(StoredStretch stretch, NavigableSet<Long> places, long end) {
    int count() {
      if (places != null) {
        return places.size();
      }
      // Those that came later came one behind the other.
      return (int) Math.max(0, stretch.count() - (stretch.to() - end));
    }

    /** The first place from one on; {@link #end} when there is none. */
    long next(long from) {
      Long next = places == null ? Long.valueOf(from) : places.ceiling(from);
      return next == null ? end : Math.min(end, next);
    }
  }

  private final Deque<Chosen> left = new ArrayDeque<>();
  private final Deque<StoredMessage> part = new ArrayDeque<>();
  private long next;
  private boolean reading;

  private StoredSelection(List<Chosen> all) {
    for (Chosen one : all) {
      if (one.count() > 0) {
        left.add(one);
      }
    }
    next = left.isEmpty() ? 0 : left.peek().next(left.peek().stretch.from());
  }

  /**
   * All, or those up to a position.
   *
   * @param until by priority; null for no end
   */
  static StoredSelection upTo(MessageQueue queue, Map<Integer, Long> until) {
    List<Chosen> all = new ArrayList<>();
    for (StoredStretch one : StoredStretch.of(queue)) {
      long last = until == null ? one.to() - 1 : until.getOrDefault(one.level(), -1L);
      all.add(new Chosen(one, null, Math.min(one.to(), last + 1)));
    }
    return new StoredSelection(all);
  }

  /** Those with these ids, as {@link DirectRemoval.Selection} has them. */
  static StoredSelection of(MessageQueue queue, Collection<String> ids) {
    Map<Integer, NavigableSet<Long>> places = new HashMap<>();
    for (String id : ids) {
      BrowsedMessage.Place place = BrowsedMessage.Place.ofId(id, queue);
      if (place != null) {
        places.computeIfAbsent(place.priority(), level -> new TreeSet<>()).add(place.position());
      }
    }
    List<Chosen> all = new ArrayList<>();
    for (StoredStretch one : StoredStretch.of(queue)) {
      NavigableSet<Long> chosen = places.getOrDefault(one.level(), new TreeSet<>());
      all.add(new Chosen(one, chosen.subSet(one.from(), true, one.to(), false), one.to()));
    }
    return new StoredSelection(all);
  }

  /** How many there are at most. */
  int count() {
    return left.stream().mapToInt(Chosen::count).sum();
  }

  /** Whether some that were read have to be dealt with. */
  boolean hasPart() {
    return !part.isEmpty();
  }

  /** Whether some are left, read or not. */
  boolean hasMore() {
    return !left.isEmpty();
  }

  /**
   * Reads the next part, once what was read before has been dealt with.
   *
   * @param then runs in an event of the home loop
   */
  void read(Runnable then) {
    Chosen one = left.peek();
    reading = true;
    one.stretch.mayTake();
    one.stretch.read(
        next,
        0,
        one.places == null ? READ_BYTES : 1,
        found -> {
          long last = one.end;
          for (StoredMessage stored : found) {
            last = stored.position();
            if (last < one.end && (one.places == null || one.places.contains(last))) {
              part.add(stored);
            }
          }
          next = one.next(Math.min(last, one.end - 1) + 1);
          if (part.isEmpty()) {
            endPart();
          }
          then.run();
        });
  }

  /** The next one that was read; null when none is left of the part. */
  Waiting peek() {
    StoredMessage first = part.peek();
    return first == null ? null : stretch().seen(first);
  }

  /** The next one has been dealt with. */
  void pass() {
    part.remove();
    if (part.isEmpty()) {
      endPart();
    }
  }

  private void endPart() {
    if (reading) {
      reading = false;
      left.peek().stretch.readEnds();
      if (next >= left.peek().end) {
        left.remove();
        next = left.isEmpty() ? 0 : left.peek().next(left.peek().stretch.from());
      }
    }
  }

  /** Where the next one is. */
  StoredStretch stretch() {
    return left.peek().stretch;
  }

  /** Ends it; nothing is left then. */
  void end() {
    part.clear();
    endPart();
    left.clear();
  }
}
