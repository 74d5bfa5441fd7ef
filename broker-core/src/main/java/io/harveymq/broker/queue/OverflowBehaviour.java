package io.harveymq.broker.queue;

import java.util.Locale;

/** What a full queue does, as x-overflow says it. Immutable; any thread. */
public enum OverflowBehaviour {
  DROP_HEAD,
  REJECT_PUBLISH,
  REJECT_PUBLISH_DLX;

  private static final OverflowBehaviour[] ALL = values();

  private final String protocolName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in x-overflow, such as {@code drop-head}. */
  public String protocolName() {
    return protocolName;
  }

  /** The behaviour with that protocol name (case counts), or null when there is none. */
  public static OverflowBehaviour of(String name) {
    for (OverflowBehaviour behaviour : ALL) {
      if (behaviour.protocolName.equals(name)) {
        return behaviour;
      }
    }
    return null;
  }
}
