package io.harveymq.broker;

import java.util.Locale;

/** What RabbitMQ is about to give up and its operators may permit or deny, as far as it is here. */
public enum DeprecatedFeature {
  /** Queues that are neither durable nor exclusive. */
  TRANSIENT_NONEXCL_QUEUES,
  /** basic.qos with global: a window for all consumers of a channel. */
  GLOBAL_QOS;

  private final String protocolName = name().toLowerCase(Locale.ROOT);

  /** RabbitMQ's name of it, such as {@code global_qos}. */
  public String protocolName() {
    return protocolName;
  }
}
