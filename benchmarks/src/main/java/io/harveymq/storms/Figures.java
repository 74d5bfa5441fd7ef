package io.harveymq.storms;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the workers count and time. Safe from any thread; one thread takes the intervals. */
final class Figures {
  private static final int DIGITS = 2;
  private static final long MOST_MICROS = 120_000_000;

  final LongAdder published = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder certified = new LongAdder();
  final LongAdder checks = new LongAdder();
  final LongAdder clientRestarts = new LongAdder();
  final LongAdder declares = new LongAdder();
  private final Recorder confirms = new Recorder(MOST_MICROS, DIGITS);
  private final Recorder deliveries = new Recorder(MOST_MICROS, DIGITS);

  /** A confirm came for what was published then. */
  void confirmedSince(long nanos) {
    record(confirms, nanos);
  }

  /** A message was delivered that was published then. */
  void deliveredSince(long nanos) {
    record(deliveries, nanos);
  }

  private static void record(Recorder recorder, long since) {
    recorder.recordValue(Math.min(MOST_MICROS, Math.max(0, (System.nanoTime() - since) / 1_000)));
  }

  /** Latencies of confirms since the last call, in microseconds. */
  Histogram takeConfirms() {
    return confirms.getIntervalHistogram();
  }

  /** Latencies of deliveries since the last call, in microseconds. */
  Histogram takeDeliveries() {
    return deliveries.getIntervalHistogram();
  }
}
