package io.harveymq.management.dev;

import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.inspect.QueueSight;
import io.harveymq.broker.inspect.QueueSight.Stretch;
import io.harveymq.broker.queue.StoredStretch;
import io.harveymq.management.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What was in a queue when somebody looked, in its order: what is on the disk only is read from
 * there a part at a time. One for each question; owned by the HTTP server's event loop.
 */
final class QueueContents implements Scan.Source<BrowsedMessage> {
  /** Messages that are looked at at a time, where something is searched for. */
  private static final int AT_A_TIME = 1_024;

  /** What {@link #indexOf} says of a message that is not there. */
  static final long NOWHERE = -1;

  private final Node node;
  private final QueueSight sight;

  /** Where {@link #part} read last. */
  private Cursor last;

  /**
   * A place to go on from.
   *
   * @param stretch its index
   * @param stored whether in what is in the store only; then {@code at} is a place, else an index
   */
  private record Cursor(int stretch, boolean stored, long at) {
    static Cursor of(String text) {
      String[] parts = text.split(":");
      return new Cursor(
          Integer.parseInt(parts[0]), Boolean.parseBoolean(parts[1]), Long.parseLong(parts[2]));
    }

    @Override
    public String toString() {
      return stretch + ":" + stored + ":" + at;
    }
  }

  private QueueContents(Node node, QueueSight sight) {
    this.node = node;
    this.sight = sight;
  }

  /** Looks into a queue. */
  static CompletionStage<QueueContents> of(Node node, String vhost, String queue) {
    return node.inspection()
        .browse(vhost, queue)
        .thenApply(sight -> new QueueContents(node, sight));
  }

  /** How it stands with a message: {@code ready}, {@code unacked} or {@code delayed}. */
  static String state(BrowsedMessage message) {
    if (message.delayed()) {
      return "delayed";
    }
    return message.unacknowledged() ? "unacked" : "ready";
  }

  /**
   * How many messages there are.
   *
   * @param state of those; null for all
   */
  long count(String state) {
    long count = 0;
    for (Stretch one : sight.stretches()) {
      count += one.inMemory().stream().filter(in(state)).count() + stored(one, state);
    }
    return count;
  }

  private static Predicate<BrowsedMessage> in(String state) {
    return message -> state == null || state.equals(state(message));
  }

  private static int stored(Stretch stretch, String state) {
    boolean counts = state == null || state.equals("ready");
    return stretch.stored() == null || !counts ? 0 : stretch.stored().count();
  }

  /** The ids of the last ready message of each priority, or of places behind them. */
  Iterable<String> until() {
    TreeMap<Integer, Long> last = new TreeMap<>();
    for (Stretch one : sight.stretches()) {
      for (BrowsedMessage message : one.inMemory()) {
        if (state(message).equals("ready")) {
          String place = message.place();
          int colon = place.indexOf(':');
          last.merge(
              Integer.valueOf(place.substring(0, colon)),
              Long.valueOf(place.substring(colon + 1)),
              Math::max);
        }
      }
      if (one.stored() != null) {
        last.merge(one.stored().level(), one.stored().to() - 1, Math::max);
      }
    }
    return last.entrySet().stream()
        .map(one -> one.getKey() + ":" + one.getValue() + "@" + sight.incarnation())
        .toList();
  }

  // ---- a page

  /**
   * Visits some messages.
   *
   * @param state of those that count; null for all
   * @param offset how many of them are passed over
   * @param limit how many are visited at most
   */
  CompletionStage<Void> visit(
      String state, long offset, int limit, Consumer<BrowsedMessage> visitor) {
    long skip = offset;
    int left = limit;
    List<Stretch> all = sight.stretches();
    for (int i = 0; i < all.size() && left > 0; i++) {
      List<BrowsedMessage> some = all.get(i).inMemory().stream().filter(in(state)).toList();
      for (int at = (int) Math.min(skip, some.size()); at < some.size() && left > 0; at++) {
        visitor.accept(some.get(at));
        left--;
      }
      skip = Math.max(0, skip - some.size());
      int stored = stored(all.get(i), state);
      if (skip < stored && left > 0) {
        int next = i + 1;
        StoredStretch stretch = all.get(i).stored();
        return read(stretch, stretch.from(), skip, left, visitor)
            .thenCompose(
                rest ->
                    new QueueContents(
                            node,
                            new QueueSight(sight.incarnation(), all.subList(next, all.size())))
                        .visit(state, 0, rest, visitor));
      }
      skip -= stored;
    }
    return CompletableFuture.completedFuture(null);
  }

  /** Visits messages that are in the store only; how many more may be visited. */
  private CompletionStage<Integer> read(
      StoredStretch stretch, long from, long skip, int left, Consumer<BrowsedMessage> visitor) {
    return node.inspection()
        .readOn(stretch, from, skip, left)
        .thenCompose(
            part -> {
              part.seen().forEach(visitor);
              int rest = left - part.seen().size();
              return rest > 0 && part.next() < stretch.to()
                  ? read(stretch, part.next(), 0, rest, visitor)
                  : CompletableFuture.completedFuture(rest);
            });
  }

  /**
   * How many are before a message; {@link #NOWHERE} when it is not there.
   *
   * @param state of those that count; null for all
   * @param place its
   */
  CompletionStage<Long> indexOf(String state, String place) {
    long before = 0;
    for (Stretch one : sight.stretches()) {
      for (BrowsedMessage message : one.inMemory()) {
        if (in(state).test(message)) {
          if (message.place().equals(place)) {
            return CompletableFuture.completedFuture(before);
          }
          before++;
        }
      }
      int stored = stored(one, state);
      if (stored > 0 && isIn(one.stored(), place)) {
        return indexIn(one.stored(), place, before);
      }
      before += stored;
    }
    return CompletableFuture.completedFuture(NOWHERE);
  }

  private static boolean isIn(StoredStretch stretch, String place) {
    String level = stretch.level() + ":";
    if (!place.matches("\\d{1,9}:\\d{1,18}") || !place.startsWith(level)) {
      return false;
    }
    long at = Long.parseLong(place.substring(level.length()));
    return at >= stretch.from() && at < stretch.to();
  }

  private CompletionStage<Long> indexIn(StoredStretch stretch, String place, long before) {
    long at = Long.parseLong(place.substring(place.indexOf(':') + 1));
    return node.inspection()
        .readOn(stretch, at, 0, 1)
        .thenCompose(
            part ->
                part.seen().isEmpty() || !part.seen().get(0).place().equals(place)
                    ? CompletableFuture.completedFuture(NOWHERE)
                    : node.inspection().countBefore(stretch, at).thenApply(more -> before + more));
  }

  // ---- all, to be searched

  @Override
  public CompletionStage<Scan.Part<BrowsedMessage>> part(String from) {
    List<Stretch> all = sight.stretches();
    last = from == null ? new Cursor(0, false, 0) : Cursor.of(from);
    if (last.stretch == all.size()) {
      return CompletableFuture.completedFuture(new Scan.Part<>(List.of(), null));
    }
    Stretch stretch = all.get(last.stretch);
    StoredStretch stored = stretch.stored();
    if (last.stored) {
      return node.inspection()
          .readOn(stored, last.at, 0, AT_A_TIME)
          .thenApply(
              part ->
                  new Scan.Part<>(
                      part.seen(),
                      part.next() < stored.to()
                          ? new Cursor(last.stretch, true, part.next()).toString()
                          : behind(last.stretch)));
    }
    List<BrowsedMessage> ready = stretch.inMemory();
    int end = (int) Math.min(ready.size(), last.at + AT_A_TIME);
    List<BrowsedMessage> some = new ArrayList<>(ready.subList((int) last.at, end));
    String next;
    if (end < ready.size()) {
      next = new Cursor(last.stretch, false, end).toString();
    } else if (stored != null) {
      next = new Cursor(last.stretch, true, stored.from()).toString();
    } else {
      next = behind(last.stretch);
    }
    return CompletableFuture.completedFuture(new Scan.Part<>(some, next));
  }

  private String behind(int stretch) {
    return stretch + 1 < sight.stretches().size()
        ? new Cursor(stretch + 1, false, 0).toString()
        : null;
  }

  @Override
  public String cursor(BrowsedMessage behind) {
    String place = behind.place();
    long at =
        last.stored
            ? Long.parseLong(place.substring(place.indexOf(':') + 1))
            : sight.stretches().get(last.stretch).inMemory().indexOf(behind);
    return new Cursor(last.stretch, last.stored, at + 1).toString();
  }

  @Override
  public int size(BrowsedMessage message) {
    return message.message().body().length;
  }
}
