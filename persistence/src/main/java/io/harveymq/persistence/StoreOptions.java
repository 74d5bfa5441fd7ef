package io.harveymq.persistence;

import io.harveymq.persistence.journal.JournalOptions;

/**
 * How a store is opened.
 *
 * @param journal sizes of files
 */
public record StoreOptions(JournalOptions journal) {
  private static final int MIB = 1 << 20;

  /** What a broker uses. */
  public static StoreOptions defaults() {
    JournalOptions sizes = JournalOptions.defaults();
    // Steps by which the file grows count as much as what is in them when space is looked at.
    return new StoreOptions(
        new JournalOptions(
            sizes.firstJournal(),
            sizes.largestJournal(),
            sizes.journalLimit(),
            sizes.frame(),
            MIB,
            8 * MIB,
            false));
  }

  /** The same, to start with a damaged journal: what is damaged is lost. */
  public StoreOptions acceptingLoss() {
    return new StoreOptions(journal.acceptingLoss());
  }
}
