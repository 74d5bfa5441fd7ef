package io.harveymq.broker.stats;

/** What has a past, which the {@link Sampler} notes. Owned by the object's loop. */
public interface Sampled {
  /**
   * Notes what has changed since the last sample.
   *
   * @param time of the sample, in milliseconds since the epoch
   */
  void sample(long time);
}
