package io.harveymq.compat.differential;

import java.util.EnumSet;
import java.util.Random;
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
  ALTERNATE_EXCHANGE,
  QUORUM_QUEUES,
  POLICIES,
  /** Connections of users who may not do everything. */
  PERMISSIONS,
  /** Two virtual hosts with the same names in them. */
  VIRTUAL_HOSTS,
  /** Methods that are sent together. */
  PIPELINES;

  /** What Harvey has. */
  static Set<Feature> available() {
    return EnumSet.allOf(Feature.class);
  }

  /** Those that one conversation makes use of. */
  static Set<Feature> some(Set<Feature> of, Random random) {
    Set<Feature> some = EnumSet.copyOf(of);
    some.removeIf(each -> random.nextInt(3) == 0);
    if (some.contains(PIPELINES) && random.nextBoolean()) {
      some.remove(QUORUM_QUEUES);
      some.remove(DEAD_LETTERS);
    }
    if (some.contains(QUORUM_QUEUES)) {
      // There, a message without time to live lives for a millisecond.
      some.remove(MESSAGE_TTL);
      if (some.contains(DEAD_LETTERS)) {
        // A dead letter may be sooner there than another copy of the message that died at once.
        some.remove(LENGTH_LIMITS);
      }
      // What comes together meets credit that is on its way.
      some.remove(PIPELINES);
      if (some.contains(LENGTH_LIMITS)) {
        // What comes at once may be dropped before a consumer has credit again.
        some.remove(TRANSACTIONS);
      }
    }
    if (some.contains(DEAD_LETTERS)) {
      // Nobody promises an order between what is published and what dies of it.
      some.remove(PIPELINES);
    }
    return some;
  }
}
