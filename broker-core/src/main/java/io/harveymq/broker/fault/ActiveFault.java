package io.harveymq.broker.fault;

import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;

/** A fault with its counts, from its beginning until it is forgotten. Owned by the home loop. */
final class ActiveFault {
  private final long id;
  private final FaultRule rule;
  private final Deadline end;
  private final WithheldConfirms withheld;
  private boolean on = true;
  private long seen;
  private long struck;

  /**
   * @param whenOver runs when its time is over
   */
  ActiveFault(long id, FaultRule rule, HomeLoop home, Runnable whenOver) {
    this.id = id;
    this.rule = rule;
    this.end = new Deadline(whenOver);
    this.withheld =
        rule.kind() == FaultKind.WITHHOLD_CONFIRMS
            ? new WithheldConfirms(home, rule.delayMillis())
            : null;
    home.deadlines().set(end, home.now() + rule.forMillis());
  }

  long id() {
    return id;
  }

  FaultRule rule() {
    return rule;
  }

  boolean isOn() {
    return on;
  }

  boolean isOn(FaultKind kind) {
    return on && rule.kind() == kind;
  }

  /** What it holds back; null for another kind. */
  WithheldConfirms withheld() {
    return withheld;
  }

  /** Something happened that it is about: whether it strikes. */
  boolean strikes() {
    if (isSpent() || ++seen % rule.every() != 0) {
      return false;
    }
    struck++;
    return true;
  }

  /** Whether it has struck as often as it should. */
  boolean isSpent() {
    return rule.count() > 0 && struck >= rule.count();
  }

  /** Strikes so many times at once. */
  void struck(long times) {
    struck += times;
  }

  FaultStrike strike() {
    return new FaultStrike(rule.kind(), rule.code(), text());
  }

  /** Such as {@code injected fault 3 (close-channel)}. */
  String text() {
    return rule.kind().text(id);
  }

  void end(HomeLoop home) {
    on = false;
    home.deadlines().clear(end);
    if (withheld != null) {
      withheld.end();
    }
  }

  Fault seenAt(long now, String vhost) {
    return new Fault(id, vhost, rule, on, struck, on ? Math.max(0, end.due() - now) : 0);
  }
}
