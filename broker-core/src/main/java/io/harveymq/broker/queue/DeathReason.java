package io.harveymq.broker.queue;

import java.util.Locale;

/** Why a message was dropped without a consumer having dealt with it. */
public enum DeathReason {
  /** Its time to live was over. */
  EXPIRED,
  /** A consumer refused it without wanting it requeued. */
  REJECTED,
  /** The queue had more messages, or bytes of them, than it may. */
  MAXLEN,
  /** It was given back too often. */
  DELIVERY_LIMIT;

  private final String protocolName = name().toLowerCase(Locale.ROOT);

  /** The name in x-death headers. */
  public String protocolName() {
    return protocolName;
  }
}
