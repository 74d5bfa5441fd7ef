package io.harveymq.broker;

/** How deaths are told; it changed between versions of RabbitMQ. */
public enum DeathHeaderStyle {
  /**
   * Up to 3.12: whatever x-death the message came with counts, and older entries change places with
   * each death (rabbit_dead_letter:group_by_queue_and_reason).
   */
  HEADERS,
  /** 3.13: the same, but the latest always comes first, and the last death has its headers. */
  LATEST_FIRST,
  /** From 4.0 on: only deaths that the broker itself noted count. */
  ANNOTATIONS
}
