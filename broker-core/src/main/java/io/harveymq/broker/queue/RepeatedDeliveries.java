package io.harveymq.broker.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * The messages of a queue that consumers give back again and again, wherever they are: waiting or
 * with a client. Of many, those that came back last. Owned by the home loop.
 */
public final class RepeatedDeliveries {
  /** So often a message has to have come back to count: delivered for the fifth time. */
  public static final int FROM = 4;

  private static final int MOST = 16;

  /** The one that came back last is the last. */
  private final List<Repeated> all = new ArrayList<>(1);

  /**
   * A message that comes back again and again. Immutable.
   *
   * @param lane the level of its priority
   * @param position its place in the queue
   * @param returns how often it came back
   * @param client who gave it back last
   */
  public record Repeated(int lane, long position, int returns, ClientName client) {}

  /** A message came back {@link #FROM} times or more. */
  void note(QueueEntry entry) {
    forget(entry.lane().level(), entry.position());
    if (all.size() == MOST) {
      all.remove(0);
    }
    all.add(
        new Repeated(entry.lane().level(), entry.position(), entry.returns(), entry.returnedBy()));
  }

  /** A message left the queue. */
  void forget(int lane, long position) {
    all.removeIf(one -> one.position == position && one.lane == lane);
  }

  /** The one that came back most often; null for none. */
  Repeated worst() {
    Repeated worst = null;
    for (Repeated one : all) {
      worst = worst == null || one.returns > worst.returns ? one : worst;
    }
    return worst;
  }
}
