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
}
