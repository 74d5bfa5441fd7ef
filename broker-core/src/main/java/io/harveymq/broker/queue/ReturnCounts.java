package io.harveymq.broker.queue;

/**
 * How often a message was given back, and how the store keeps that in 16 bits. Immutable; any
 * thread.
 *
 * @param failures how often so that it counts as a failed delivery
 * @param all how often at all, not less
 */
record ReturnCounts(int failures, int all) {
  /** Of a message that was not given back. */
  static final ReturnCounts NONE = new ReturnCounts(0, 0);

  /** It came back, and that was no failure; from versions that counted failures only. */
  private static final int CAME_BACK = 0xFFFF;

  /** Set where there are two counts: seven bits of failures, eight of all. */
  private static final int BOTH = 0x8000;

  private static final int MOST_FAILURES = 0x7F;
  private static final int MOST = 0xFE;

  /** From 1 to 65,535, unless it was not given back. More than 254 are kept as 254. */
  int stored() {
    if (failures == all || failures > MOST_FAILURES) {
      return Math.min(failures, BOTH - 1);
    }
    return BOTH | failures << Byte.SIZE | Math.min(all, MOST);
  }

  /** What {@link #stored} gave; 0 for none. */
  static ReturnCounts of(int stored) {
    if (stored == CAME_BACK) {
      return new ReturnCounts(0, 1);
    }
    if (stored < BOTH) {
      return stored == 0 ? NONE : new ReturnCounts(stored, stored);
    }
    return new ReturnCounts(stored >> Byte.SIZE & MOST_FAILURES, stored & 0xFF);
  }
}
