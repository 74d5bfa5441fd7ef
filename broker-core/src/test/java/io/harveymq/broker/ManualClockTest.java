package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  @Test
  void everythingOnTheWayHappensAtItsTime() throws Exception {
    ManualClock clock = new ManualClock(1_000_000);
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Broker broker = Broker.start(BrokerConfig.builder().clock(clock).build())) {
      HomeLoop home = broker.home();
      Deadline follows = new Deadline(() -> seen.add("follows@" + clock.millis()));
      Deadline first =
          new Deadline(
              () -> {
                seen.add("first@" + clock.millis());
                home.deadlines().set(follows, clock.millis() + 60_000);
              });
      home.execute(() -> home.deadlines().set(first, 1_000_000 + 1_000));
      clock.advance(Duration.ofHours(1));
      assertThat(seen).containsExactly("first@1001000", "follows@1061000");
      assertThat(clock.millis()).isEqualTo(1_000_000 + 3_600_000);
    }
  }

  @Test
  void doesNotGoBack() {
    assertThatThrownBy(() -> new ManualClock().advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
