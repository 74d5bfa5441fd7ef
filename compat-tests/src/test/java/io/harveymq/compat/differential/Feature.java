package io.harveymq.compat.differential;

import java.util.EnumSet;
import java.util.Set;

/** What generated conversations may make use of. */
enum Feature {
  /** Queues, exchanges, publishing, consuming, acknowledging. Without it there is nothing. */
  BASICS,
  CONFIRMS,
  TRANSACTIONS,
  EXCHANGE_BINDINGS,
  CONSUMER_PRIORITIES,
  SENDER_SELECTED_ROUTING,
  /** Steps that the broker has to refuse. */
  MISTAKES,
  /** Connections and channels that end. */
  ENDINGS,
  MESSAGE_TTL,
  QUEUE_TTL,
  LENGTH_LIMITS,
  DEAD_LETTERS,
  PRIORITIES,
  SINGLE_ACTIVE_CONSUMER,
  DIRECT_REPLY_TO,
  ALTERNATE_EXCHANGE;

  /** What Harvey has. */
  static Set<Feature> available() {
    return EnumSet.allOf(Feature.class);
  }
}
