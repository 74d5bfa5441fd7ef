package io.harveymq.persistence.journal;

/** A store that cannot be opened; the text names the path and the remedy. */
public final class StoreOpenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The text is for the person who started the broker. */
  public StoreOpenException(String text) {
    super(text);
  }

  /** The same with the error beneath, which may not be null. */
  public StoreOpenException(String text, Throwable cause) {
    super(text, cause);
  }
}
