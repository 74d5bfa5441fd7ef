package io.harveymq.broker.node;

/** Counts the channels that a user has open on a home loop. Owned by that loop. */
public final class UserChannels {
  private int count;

  /** Channels that are open. */
  public int count() {
    return count;
  }

  /** So many more channels, or less if negative. */
  public void add(int more) {
    count += more;
  }
}
