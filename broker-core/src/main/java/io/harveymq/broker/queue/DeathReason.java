package io.harveymq.broker.queue;

import io.harveymq.broker.stats.Counter;
import java.util.Locale;

/** Why a message was dropped without a consumer having dealt with it. */
public enum DeathReason {
  /** Its time to live was over. */
  EXPIRED(Counter.DEAD_LETTERED_EXPIRED),
  /** A consumer refused it without wanting it requeued. */
  REJECTED(Counter.DEAD_LETTERED_REJECTED),
  /** The queue had more messages, or bytes of them, than it may. */
  MAXLEN(Counter.DEAD_LETTERED_MAXLEN),
  /** It was given back too often. */
  DELIVERY_LIMIT(Counter.DEAD_LETTERED_DELIVERY_LIMIT);

  private final Counter counter;
  private final String protocolName = name().toLowerCase(Locale.ROOT);

  DeathReason(Counter counter) {
    this.counter = counter;
  }

  /** What counts the dead letters of a queue. */
  public Counter counter() {
    return counter;
  }

  /** The name in x-death headers. */
  public String protocolName() {
    return protocolName;
  }
}
