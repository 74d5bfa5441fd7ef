package io.harveymq.broker.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the broker refused clients lately: logins, permissions, declarations, anything that closed a
 * channel or connection. So many are kept, the last ones. Any thread.
 */
public final class Refusals {
  static final int KEPT = 200;

  private final ArrayDeque<Refusal> last = new ArrayDeque<>();

  /**
   * One of them. Immutable.
   *
   * @param time in milliseconds since the epoch
   * @param vhost null before there is one
   * @param user who the client is, or said to be; null for unknown
   * @param connection as it is listed
   * @param client the name that the client gave the connection; null for none
   * @param code AMQP's reply code
   * @param text what the client was told
   * @param besides what was wrong besides, in the same words
   */
  public record Refusal(
      long time,
      String vhost,
      String user,
      String connection,
      String client,
      int code,
      String text,
      List<String> besides) {}

  /** Remembers one. */
  public synchronized void add(Refusal refusal) {
    last.addLast(refusal);
    if (last.size() > KEPT) {
      last.pollFirst();
    }
  }

  /** Those from a time on, oldest first. */
  public synchronized List<Refusal> since(long time) {
    List<Refusal> found = new ArrayList<>();
    for (Refusal refusal : last) {
      if (refusal.time() >= time) {
        found.add(refusal);
      }
    }
    return found;
  }
}
