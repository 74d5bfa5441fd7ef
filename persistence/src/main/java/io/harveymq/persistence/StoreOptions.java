package io.harveymq.persistence;

import io.harveymq.persistence.journal.JournalOptions;

/**
 * How a store is opened.
 *
 * @param journal sizes of files
 */
public record StoreOptions(JournalOptions journal) {
  /** What a broker uses. */
  public static StoreOptions defaults() {
    return new StoreOptions(JournalOptions.defaults());
  }

  /** The same, to start with a damaged journal: what is damaged is lost. */
  public StoreOptions acceptingLoss() {
    return new StoreOptions(journal.acceptingLoss());
  }
}
