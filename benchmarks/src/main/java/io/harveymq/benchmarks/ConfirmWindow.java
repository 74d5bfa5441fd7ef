package io.harveymq.benchmarks;

/**
 * Counts confirmed messages where confirms come in any order, singly or cumulatively. Tags start at
 * 1. Owned by one publisher's thread.
 */
final class ConfirmWindow {
  private final boolean[] confirmedTags;
  private final int mask;
  private long lowest = 1;
  private long confirmed;

  /**
   * A window for a publisher that never has more messages unconfirmed than this.
   *
   * @param window most unconfirmed messages
   */
  ConfirmWindow(int window) {
    int slots = Integer.highestOneBit(Math.max(1, window)) * 2;
    confirmedTags = new boolean[slots];
    mask = slots - 1;
  }

  /** Messages confirmed so far, each counted once. */
  long confirmed() {
    return confirmed;
  }

  /** Takes one confirm; a cumulative one covers every lower tag. */
  void confirm(long tag, boolean multiple) {
    for (long each = multiple ? lowest : tag; each <= tag; each++) {
      int slot = (int) each & mask;
      if (each >= lowest && !confirmedTags[slot]) {
        confirmedTags[slot] = true;
        confirmed++;
      }
    }
    while (confirmedTags[(int) lowest & mask]) {
      confirmedTags[(int) lowest & mask] = false;
      lowest++;
    }
  }
}
