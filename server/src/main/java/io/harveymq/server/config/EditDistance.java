package io.harveymq.server.config;

/**
 * How far two words are from each other, to tell what a mistyped one may have meant. Any thread.
 */
public final class EditDistance {
  private EditDistance() {}

  /** How many characters have to be changed, added or dropped (Levenshtein). */
  public static int of(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
