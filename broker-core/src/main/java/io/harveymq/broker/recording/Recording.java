package io.harveymq.broker.recording;

/**
 * A recording at a moment, without its messages. Immutable; any thread.
 *
 * @param id names it as long as the broker runs
 * @param user who began it; null for an embedder
 * @param began when, in milliseconds since the epoch by the broker's clock
 * @param end why it takes no more; null while it does
 * @param messages that it has
 * @param bytes of memory that they take, roughly
 * @param lengthMillis from its beginning to its end, or until now
 * @param leftMillis until its time is over; 0 once it has ended
 */
public record Recording(
    long id,
    String vhost,
    String user,
    RecordingRule rule,
    long began,
    RecordingEnd end,
    int messages,
    long bytes,
    long lengthMillis,
    long leftMillis) {
  /** Whether it takes what is published. */
  public boolean on() {
    return end == null;
  }
}
