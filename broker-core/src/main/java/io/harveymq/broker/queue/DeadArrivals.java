package io.harveymq.broker.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why the dead letters died that a queue got since it was empty, counted by cause: their headers do
 * not tell who refused them. Owned by the home loop.
 */
public final class DeadArrivals {
  private static final int MOST = 16;

  private final Map<Cause, Integer> counts = new LinkedHashMap<>(2);
  private int total;

  /**
   * What messages died of. Immutable.
   *
   * @param queue where
   * @param client who refused them; null for another reason, or if that is not known
   */
  public record Cause(DeathReason reason, String queue, ClientName client) {}

  /**
   * The cause of most. Immutable.
   *
   * @param count messages that died of it
   * @param total all that came
   */
  public record Most(Cause cause, int count, int total) {}

  void clear() {
    counts.clear();
    total = 0;
  }

  /**
   * A dead letter came.
   *
   * @param source the queue where it died
   * @param client who refused it; null for another reason, or if that is not known
   */
  void note(DeathReason reason, String source, ClientName client) {
    total++;
    Cause cause = new Cause(reason, source, client);
    if (counts.size() < MOST || counts.containsKey(cause)) {
      counts.merge(cause, 1, Integer::sum);
    }
  }

  /** What more than half of them died of; null when there is no such cause. */
  Most most() {
    for (Map.Entry<Cause, Integer> one : counts.entrySet()) {
      if (one.getValue() > total / 2) {
        return new Most(one.getKey(), one.getValue(), total);
      }
    }
    return null;
  }
}
