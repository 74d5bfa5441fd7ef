package io.harveymq.broker.vhost;

/**
 * Something that is due at a time of the broker's clock and can be put off or called off as often
 * as one likes, see {@link Deadlines}. Owned by the home loop.
 */
public final class Deadline {
  static final int IDLE = -1;

  private final Runnable event;
  long due;
  long number;
  int index = IDLE;

  /**
   * A deadline that is not set yet.
   *
   * @param event runs on the home loop when it is due
   */
  public Deadline(Runnable event) {
    this.event = event;
  }

  /** Whether it is going to be due. */
  public boolean isSet() {
    return index != IDLE;
  }

  /** When it is due, in milliseconds since the epoch; only when it {@link #isSet}. */
  public long due() {
    return due;
  }

  void run() {
    event.run();
  }

  boolean isBefore(Deadline other) {
    return due < other.due || due == other.due && number < other.number;
  }
}
