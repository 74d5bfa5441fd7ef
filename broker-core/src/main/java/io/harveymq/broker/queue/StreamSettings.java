package io.harveymq.broker.queue;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;

/**
 * What arguments and policies together make of a stream. Immutable; any thread.
 *
 * @param maxLengthBytes from which on the oldest segments go; null for never
 * @param maxAgeMillis of the last message of a segment, after which that goes; null for never
 * @param segmentBytes from which on a segment is full
 */
record StreamSettings(Long maxLengthBytes, Long maxAgeMillis, long segmentBytes) {
  private static final long DEFAULT_SEGMENT_BYTES = 500_000_000;

  /** The policy comes first, whichever is lower (rabbit_stream_queue:make_stream_conf). */
  static StreamSettings of(QueueArguments arguments, EffectivePolicy policy) {
    FieldTable table = arguments.table();
    Long segment =
        first(
            policy.number("stream-max-segment-size-bytes"),
            number(table.get("x-stream-max-segment-size-bytes")));
    String age = first(policy.text("max-age"), ErlangTerm.stringOrNull(table.get("x-max-age")));
    return new StreamSettings(
        first(policy.number("max-length-bytes"), arguments.maxLengthBytes()),
        age == null ? null : Long.valueOf(StreamTime.millis(age)),
        segment == null ? DEFAULT_SEGMENT_BYTES : segment);
  }

  private static Long number(FieldValue value) {
    return value == null ? null : Long.valueOf(value.asLong());
  }

  private static <T> T first(T one, T other) {
    return one == null ? other : one;
  }
}
