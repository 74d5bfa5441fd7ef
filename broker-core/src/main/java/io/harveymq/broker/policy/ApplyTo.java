package io.harveymq.broker.policy;

import io.harveymq.broker.queue.QueueType;
import java.util.Locale;

/** What a policy is for. */
public enum ApplyTo {
  ALL,
  QUEUES,
  CLASSIC_QUEUES,
  QUORUM_QUEUES,
  STREAMS,
  EXCHANGES;

  private final String protocolName = name().toLowerCase(Locale.ROOT);

  /** The name in definitions, such as {@code classic_queues}. */
  public String protocolName() {
    return protocolName;
  }

  /**
   * The value with this name.
   *
   * @throws PolicyException when there is none
   */
  public static ApplyTo of(String name) {
    for (ApplyTo value : values()) {
      if (value.protocolName.equals(name)) {
        return value;
      }
    }
    throw new PolicyException(
        "apply-to '" + name + "' unrecognised; should be 'queues', 'exchanges' or 'all'");
  }

  boolean matchesExchanges() {
    return this == ALL || this == EXCHANGES;
  }

  boolean matches(QueueType type) {
    return switch (this) {
      case ALL, QUEUES -> true;
      case CLASSIC_QUEUES -> type == QueueType.CLASSIC;
      case QUORUM_QUEUES -> type == QueueType.QUORUM;
      case STREAMS -> type == QueueType.STREAM;
      case EXCHANGES -> false;
    };
  }
}
