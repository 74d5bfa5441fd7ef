package io.harveymq.broker.fault;

import io.harveymq.broker.channel.PublisherConfirms;
import io.harveymq.broker.vhost.Continuation;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import java.util.ArrayDeque;

/**
 * Confirms that are due and that a fault holds back, in their order: each for some time, or all
 * until it ends. Owned by the home loop.
 */
public final class WithheldConfirms implements Continuation {
  /** Confirms that are held back at a time; what comes beyond is confirmed at once. */
  static final int MOST = 65_536;

  private static final int PER_TURN = 4_096;
  private static final int FIRST_SWEEP = 1_024;

  private record Late(PublisherConfirms to, long tag, long due) {}

  private final HomeLoop home;
  private final long delayMillis;
  private final ArrayDeque<Late> late = new ArrayDeque<>();
  private final Deadline first = new Deadline(this::confirmDue);
  private int sweepAt = FIRST_SWEEP;
  private boolean ended;

  WithheldConfirms(HomeLoop home, long delayMillis) {
    this.home = home;
    this.delayMillis = delayMillis;
  }

  /**
   * A confirm is due now.
   *
   * @return false when it is not held back
   */
  public boolean takes(PublisherConfirms to, long tag) {
    if (late.size() >= sweepAt) {
      late.removeIf(one -> one.to.isDiscarded());
      sweepAt = Math.min(MOST, Math.max(FIRST_SWEEP, 2 * late.size()));
    }
    if (ended || late.size() >= MOST) {
      return false;
    }
    late.add(new Late(to, tag, home.now() + delayMillis));
    wakeAtFirst();
    return true;
  }

  private void wakeAtFirst() {
    if (delayMillis > 0 && !late.isEmpty() && !first.isSet()) {
      home.deadlines().set(first, Math.max(late.peek().due, home.now() + 1));
    }
  }

  private void confirmDue() {
    for (int i = 0; i < PER_TURN && !late.isEmpty() && late.peek().due <= home.now(); i++) {
      confirmFirst();
    }
    wakeAtFirst();
  }

  private void confirmFirst() {
    Late one = late.poll();
    one.to.confirm(one.tag);
  }

  /** Holds nothing back any more; what it held comes, in slices. */
  void end() {
    ended = true;
    home.deadlines().clear(first);
    home.startBulk(this);
  }

  @Override
  public boolean step(int units) {
    for (int left = units; left > 0 && !late.isEmpty(); left--) {
      confirmFirst();
    }
    return late.isEmpty();
  }
}
