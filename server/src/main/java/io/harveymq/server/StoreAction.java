package io.harveymq.server;

/** What {@code harvey store} can do with a data directory, in the order of the help. */
enum StoreAction {
  INFO("", "what is in it; after a crash the journal is redone first"),
  VERIFY("", "looks for damage, and changes nothing"),
  COMPACT("", "gives space that is not in use back to the file system"),
  BACKUP("--to", "copies it to a directory that is not there yet, or empty"),
  RESTORE("--from", "copies a backup to where no data directory is yet");

  private final String otherFlag;
  private final String description;

  StoreAction(String otherFlag, String description) {
    this.otherFlag = otherFlag;
    this.description = description;
  }

  /** The option that names the second directory; empty when there is none. */
  String otherFlag() {
    return otherFlag;
  }

  /** Half a sentence for the help. */
  String description() {
    return description;
  }

  /** The word as it is typed. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
