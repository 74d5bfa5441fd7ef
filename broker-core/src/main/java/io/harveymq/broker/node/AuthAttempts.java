package io.harveymq.broker.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How often somebody tried to log in, by protocol. Any thread. */
public final class AuthAttempts {
  /** The protocol of AMQP clients. */
  public static final String AMQP = "amqp091";

  private final Map<String, Counts> byProtocol = new ConcurrentSkipListMap<>();

  private record Counts(LongAdder succeeded, LongAdder failed) {}

  /** What came of the attempts with a protocol. */
  public record Attempts(String protocol, long succeeded, long failed) {}

  /**
   * Counts an attempt.
   *
   * @param protocol such as {@code http}
   */
  public void count(String protocol, boolean succeeded) {
    Counts counts =
        byProtocol.computeIfAbsent(protocol, name -> new Counts(new LongAdder(), new LongAdder()));
    (succeeded ? counts.succeeded : counts.failed).increment();
  }

  /** The counts by protocol, of those that were used at all. */
  public List<Attempts> all() {
    return byProtocol.entrySet().stream()
        .map(
            entry ->
                new Attempts(
                    entry.getKey(),
                    entry.getValue().succeeded.sum(),
                    entry.getValue().failed.sum()))
        .toList();
  }

  /** Begins to count anew. */
  public void reset() {
    byProtocol.clear();
  }
}
