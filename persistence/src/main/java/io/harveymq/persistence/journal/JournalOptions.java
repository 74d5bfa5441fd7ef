package io.harveymq.persistence.journal;

/**
 * Sizes of a {@link JournaledVolume}, all in bytes, and what the one who opens it accepts.
 *
 * @param firstJournal size of the first journal file; a first start waits for as many zeros
 * @param largestJournal size that journal files grow to under load
 * @param journalLimit total size of journal files above which a commit waits for the base to be
 *     forced
 * @param frame size of a frame buffer; a larger transaction takes several
 * @param firstGrowth first step by which the base file grows ahead of need
 * @param largestGrowth largest such step
 * @param acceptLoss go on with a damaged journal, without what is damaged
 */
public record JournalOptions(
    int firstJournal,
    int largestJournal,
    long journalLimit,
    int frame,
    int firstGrowth,
    int largestGrowth,
    boolean acceptLoss) {
  private static final int MIB = 1 << 20;

  /** What a broker uses. */
  public static JournalOptions defaults() {
    return new JournalOptions(4 * MIB, 64 * MIB, 1024L * MIB, 4 * MIB, MIB, 64 * MIB, false);
  }

  /** The same, to start with a damaged journal: what is damaged is lost. */
  public JournalOptions acceptingLoss() {
    return new JournalOptions(
        firstJournal, largestJournal, journalLimit, frame, firstGrowth, largestGrowth, true);
  }
}
