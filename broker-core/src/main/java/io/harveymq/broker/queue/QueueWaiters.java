package io.harveymq.broker.queue;

import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What holds a queue, and events that wait for it to be whole or drained. Owned by the home loop.
 */
public final class QueueWaiters {
  private final AmqpQueue queue;
  private final HomeLoop home;
  private int holds;
  private List<Runnable> released;
  private Set<Runnable> caughtUp;

  QueueWaiters(AmqpQueue queue, HomeLoop home) {
    this.queue = queue;
    this.home = home;
  }

  /** Holds deliveries and limits back while several messages are being put back. */
  public void hold() {
    holds++;
  }

  /** Ends a {@link #hold}. */
  public void releaseHold() {
    if (--holds == 0) {
      queue.released();
    }
  }

  boolean isHeld() {
    return holds > 0;
  }

  /** Runs an event once the queue is not held any more, or once its head was read back. */
  public void whenReleased(Runnable event) {
    if (released == null) {
      released = new ArrayList<>(1);
    }
    released.add(event);
  }

  void tellReleased() {
    if (released != null && holds == 0) {
      List<Runnable> waiting = released;
      released = null;
      waiting.forEach(home::execute);
    }
  }

  /**
   * Calls back in an event of its own once at most half as much is waiting as makes the queue
   * {@linkplain AmqpQueue#isBehind behind}.
   */
  public void whenCaughtUp(Runnable event) {
    if (caughtUp == null) {
      caughtUp = new LinkedHashSet<>(2);
    }
    caughtUp.add(event);
  }

  /** Takes a {@link #whenCaughtUp} back. */
  public void caughtUpIsOfNoInterest(Runnable event) {
    if (caughtUp != null) {
      caughtUp.remove(event);
    }
  }

  boolean awaitCatchingUp() {
    return caughtUp != null;
  }

  void tellCaughtUp() {
    Set<Runnable> waiting = caughtUp;
    caughtUp = null;
    waiting.forEach(home::execute);
  }
}
