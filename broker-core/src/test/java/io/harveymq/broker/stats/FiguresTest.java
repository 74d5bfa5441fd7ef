package io.harveymq.broker.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of the past. */
class FiguresTest {
  private static final Counter DROPPED = Counter.DROPPED_MAXLEN;

  private final TestBroker broker = TestBroker.start();
  private final List<Counters> all = new ArrayList<>();
  private final Sampler sampler = new Sampler(broker.home(), all::iterator);

  private long ofTheLastMinute(Counters counters) {
    Figures figures = counters.figures(sampler);
    return figures.since(DROPPED, figures.time() - 60_000);
  }

  @Test
  void whatWasCountedBeforeSamplesBeganIsNotOfTheLastMinute() {
    Counters old = new Counters();
    all.add(old);
    old.add(DROPPED, 9);
    broker.advance(63_000);
    assertThat(ofTheLastMinute(old)).isZero();
    broker.home().run(sampler::start);
    broker.run();
    assertThat(ofTheLastMinute(old)).isZero();
    broker.advance(Sampler.INTERVAL_MILLIS);
    assertThat(ofTheLastMinute(old)).isZero();
    old.add(DROPPED);
    assertThat(ofTheLastMinute(old)).isEqualTo(1);
    Counters later = new Counters();
    all.add(later);
    later.add(DROPPED, 3);
    assertThat(ofTheLastMinute(later)).as("of one that came later").isEqualTo(3);
    broker.advance(2 * Sampler.INTERVAL_MILLIS);
    assertThat(ofTheLastMinute(later)).isEqualTo(3);
  }

  @Test
  void thePastIsKnownFromTheFirstSampleOnAndAsFarBackAsSamplesAreKept() {
    broker.advance(63_000);
    long began = broker.home().now();
    Counters old = new Counters();
    all.add(old);
    broker.home().run(sampler::start);
    broker.run();
    assertThat(knownFrom(old)).isEqualTo(began);
    Counters later = new Counters();
    all.add(later);
    assertThat(knownFrom(later)).as("of one that was not sampled yet").isEqualTo(began);
    broker.advance(Sampler.INTERVAL_MILLIS);
    broker.advance(Sampler.INTERVAL_MILLIS);
    assertThat(knownFrom(later)).isBetween(began + 1, began + 2L * Sampler.INTERVAL_MILLIS);
    long steps = 2 * 600_000 / Sampler.INTERVAL_MILLIS + 3;
    for (int i = 0; i < steps; i++) {
      broker.home().run(() -> old.add(DROPPED));
      broker.advance(Sampler.INTERVAL_MILLIS);
    }
    long now = broker.home().now();
    assertThat(knownFrom(old)).isBetween(began + 60_000, now - 600_000);
    assertThat(old.figures(sampler).at(DROPPED, knownFrom(old))).isPositive();
    assertThat(knownFrom(later)).as("of one that stood still").isLessThan(began + 60_000);
  }

  private long knownFrom(Counters counters) {
    return counters.figures(sampler).knownFrom();
  }
}
