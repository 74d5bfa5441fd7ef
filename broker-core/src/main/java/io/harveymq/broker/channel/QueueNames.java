package io.harveymq.broker.channel;

import io.harveymq.broker.vhost.VirtualHost;

/** Names of queues that a caller did not give itself. Owned by the home loop. */
final class QueueNames {
  private String last = "";
  private String generated;

  /** The queue that was declared last; empty for none. */
  String last() {
    return last;
  }

  /** Notes the queue that was declared last. */
  void last(String name) {
    last = name;
    generated = null;
  }

  /**
   * A name for a queue that is declared without one; the same until that is done, because a
   * declaration may have to be judged twice.
   */
  String generated(VirtualHost vhost) {
    if (generated == null) {
      generated = vhost.names().next("amq.gen");
    }
    return generated;
  }
}
