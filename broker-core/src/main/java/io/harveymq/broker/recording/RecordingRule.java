package io.harveymq.broker.recording;

import java.time.Duration;

/**
 * What is to be recorded, and how much of it at most. Immutable; any thread.
 *
 * @param exchange only what is published to it, empty for the default exchange; null for any
 * @param queue only what is routed to it when it is published; null for any
 * @param maxMessages after which the recording ends
 * @param maxBytes of memory, roughly, after which it ends; 0 for as many as there are for all
 * @param forMillis of the broker's clock after which it ends
 */
public record RecordingRule(
    String exchange, String queue, int maxMessages, long maxBytes, long forMillis) {
  /** Messages that a recording takes unless it is said. */
  public static final int USUAL_MESSAGES = 10_000;

  /** Messages that a recording may take. */
  public static final int MOST_MESSAGES = 100_000;

  /** How long a recording lasts unless it is said. */
  public static final Duration USUAL_TIME = Duration.ofMinutes(15);

  /** How long a recording may last, so that a forgotten one ends. */
  public static final Duration LONGEST_TIME = Duration.ofHours(24);

  /** Everything that is published in the virtual host, unless more is said. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what is said of a recording. Used by one thread. */
  public static final class Builder {
    private String exchange;
    private String queue;
    private long maxMessages = USUAL_MESSAGES;
    private Long maxBytes;
    private long forMillis = USUAL_TIME.toMillis();

    private Builder() {}

    /** Only what is published to this exchange, which need not exist; empty for the default one. */
    public Builder exchange(String name) {
      exchange = name;
      return this;
    }

    /** Only what is routed to this queue, which need not exist. */
    public Builder queue(String name) {
      queue = name;
      return this;
    }

    /** Ends after so many messages; unless said, after {@link #USUAL_MESSAGES}. */
    public Builder maxMessages(long messages) {
      maxMessages = messages;
      return this;
    }

    /** Ends before it takes more memory; unless said, when that for all recordings is used up. */
    public Builder maxBytes(long bytes) {
      maxBytes = bytes;
      return this;
    }

    /** When it ends at the latest; unless said, after {@link #USUAL_TIME}. */
    public Builder lasting(Duration time) {
      forMillis = time.toMillis();
      return this;
    }

    /**
     * The rule.
     *
     * @throws IllegalArgumentException for what does not go together or is out of range, in a
     *     sentence with the names of the HTTP API
     */
    public RecordingRule build() {
      if (exchange != null && queue != null) {
        throw new IllegalArgumentException(
            "give exchange or queue, or neither for all that is published");
      }
      range("max_messages", maxMessages, MOST_MESSAGES);
      range("for_ms", forMillis, LONGEST_TIME.toMillis());
      if (maxBytes != null) {
        range("max_bytes", maxBytes, Long.MAX_VALUE);
      }
      return new RecordingRule(
          exchange, queue, (int) maxMessages, maxBytes == null ? 0 : maxBytes, forMillis);
    }

    private static void range(String name, long said, long most) {
      if (said < 1 || said > most) {
        throw new IllegalArgumentException(name + " has to be from 1 to " + most);
      }
    }
  }
}
