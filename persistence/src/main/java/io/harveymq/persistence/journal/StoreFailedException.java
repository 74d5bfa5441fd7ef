package io.harveymq.persistence.journal;

/**
 * The disk failed in a way after which nobody knows what it holds; the store refuses everything
 * from then on, and only opening it again, with recovery, goes on.
 */
public final class StoreFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The text says what failed; the cause is the error of the disk. */
  public StoreFailedException(String text, Throwable cause) {
    super(text, cause);
  }
}
