package io.harveymq.broker.recording;

import java.util.Locale;

/**
 * A replay at a moment. Immutable; any thread.
 *
 * @param id names it as long as the broker runs
 * @param user in whose name it publishes; null for an embedder
 * @param recording what is replayed; 0 for what came from elsewhere
 * @param hidden messages of the recording that are left out, because the user may not see them
 * @param messages that are to be published, all repetitions counted
 * @param published that the broker took, those that no queue did as well
 * @param unroutable of these, those that reached no queue
 * @param rejected of these, those that a queue was too full for
 * @param refused messages that the broker did not take
 * @param firstError why the first one was refused or rejected; null for none
 * @param began when, in milliseconds since the epoch by the broker's clock
 * @param lengthMillis from its beginning to its end, or until now
 */
public record Replay(
    long id,
    String vhost,
    String user,
    long recording,
    int hidden,
    ReplayRule rule,
    State state,
    long messages,
    long published,
    long unroutable,
    long rejected,
    long refused,
    Failure firstError,
    long began,
    long lengthMillis) {

  /** How far it is. */
  public enum State {
    /** It publishes. */
    RUNNING,
    /** All messages were published or refused, and what was published is safe. */
    DONE,
    /** Somebody stopped it before, or the virtual host went. */
    STOPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What became of a message that was not taken.
   *
   * @param message its place in the recording, from 0
   * @param reason in AMQP's words
   */
  public record Failure(int message, String reason) {}
}
