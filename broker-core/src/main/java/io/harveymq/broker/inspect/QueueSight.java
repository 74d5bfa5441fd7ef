package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.StoredStretch;
import java.util.ArrayList;
import java.util.List;

/**
 * What was in a queue when somebody looked, in its order: what is in memory, and where the rest is
 * in the store, to be read by {@link Inspection#readOn}. Immutable.
 *
 * @param incarnation of the queue, as ids of its messages have it
 */
public record QueueSight(String incarnation, List<Stretch> stretches) {
  /**
   * Some messages in a row: those in memory, then those in the store only.
   *
   * @param stored null for none
   */
  public record Stretch(List<BrowsedMessage> inMemory, StoredStretch stored) {}

  /**
   * Messages that were read from the store.
   *
   * @param next the place to go on from; the end of the stretch when there are no more
   */
  public record Part(List<BrowsedMessage> seen, long next) {}

  /**
   * @param ready what is in memory, in order
   * @param priorities of those; null if they stand before all that is in the store
   * @param last what comes behind all
   */
  static QueueSight of(
      String incarnation,
      List<BrowsedMessage> ready,
      List<Integer> priorities,
      List<StoredStretch> stored,
      List<BrowsedMessage> last) {
    List<Stretch> all = new ArrayList<>(stored.size() + 1);
    int from = 0;
    for (StoredStretch one : stored) {
      int to = priorities == null ? ready.size() : from;
      while (to < ready.size() && priorities.get(to) >= one.level()) {
        to++;
      }
      all.add(new Stretch(ready.subList(from, to), one));
      from = to;
    }
    List<BrowsedMessage> rest = new ArrayList<>(ready.subList(from, ready.size()));
    rest.addAll(last);
    all.add(new Stretch(rest, null));
    return new QueueSight(incarnation, all);
  }
}
