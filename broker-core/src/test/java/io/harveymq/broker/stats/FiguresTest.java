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
    countFor(old, 7_200_000);
    long now = broker.home().now();
    assertThat(knownFrom(old)).isBetween(began + 60_000, now - 3_600_000);
    assertThat(old.figures(sampler).at(DROPPED, knownFrom(old))).isPositive();
    assertThat(knownFrom(later)).as("of one that stood still").isLessThan(began + 60_000);
  }

  /** One more with each sample. */
  private void countFor(Counters counters, long millis) {
    for (long i = 0; i < millis / Sampler.INTERVAL_MILLIS; i++) {
      broker.home().run(() -> counters.add(DROPPED));
      broker.advance(Sampler.INTERVAL_MILLIS);
    }
  }

  @Test
  void ofAnHourAgoItIsStillKnownHowFastItWent() {
    Counters steady = new Counters();
    all.add(steady);
    broker.home().run(sampler::start);
    broker.run();
    countFor(steady, 10_800_000);
    Figures figures = steady.figures(sampler);
    long now = figures.time();
    for (long ago = 5_000; ago <= 3_600_000; ago += 5_000) {
      assertThat(figures.at(DROPPED, now - ago))
          .as("%s ms ago", ago)
          .isBetween(
              figures.count(DROPPED) - ago / 5_000 - 1, figures.count(DROPPED) - ago / 5_000 + 1);
    }
  }

  @Test
  void whatStoodStillRisesOnlyWhenItDid() {
    Counters seldom = new Counters();
    all.add(seldom);
    broker.home().run(sampler::start);
    broker.run();
    countFor(seldom, 60_000);
    broker.advance(1_200_000);
    long rose = broker.home().now();
    broker.home().run(() -> seldom.add(DROPPED, 1_000));
    broker.advance(1_200_000);
    countFor(seldom, 1_500_000);
    Figures figures = seldom.figures(sampler);
    assertThat(figures.at(DROPPED, rose - 60_000)).isEqualTo(12);
    assertThat(figures.at(DROPPED, rose + 60_000)).isEqualTo(1_012);
    assertThat(figures.at(DROPPED, rose + 1_140_000)).isEqualTo(1_012);
  }

  private long knownFrom(Counters counters) {
    return counters.figures(sampler).knownFrom();
  }
}
