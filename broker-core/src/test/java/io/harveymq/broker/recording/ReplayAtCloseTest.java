package io.harveymq.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.store.FullStore;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicProperties;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replay that would go on for hours when the broker is closed. */
@Timeout(60)
class ReplayAtCloseTest {
  private static final List<RecordedMessage> ONE =
      List.of(RecordedMessage.of(0, "", "nowhere", BasicProperties.EMPTY, new byte[1]));

  private static Broker start(boolean stored) throws Exception {
    BrokerConfig config = BrokerConfig.builder().build();
    return stored ? Broker.start(config, new FullStore(new MemoryStore())) : Broker.start(config);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void doesNotHoldItUpAndIsOverForWhoWaits(boolean stored) throws Exception {
    CompletableFuture<Replay> over;
    try (Broker broker = start(stored)) {
      ReplayRule rule = ReplayRule.atOnce().times(ReplayRule.MOST_TIMES);
      Replay replay = broker.recordings().replay("/", many(), rule);
      over = broker.recordings().whenOver("/", replay.id()).toCompletableFuture();
    }
    Replay ended = over.get(5, TimeUnit.SECONDS);
    assertThat(ended.state()).isEqualTo(Replay.State.STOPPED);
    assertThat(ended.published()).isLessThan(ended.messages());
  }

  private static List<RecordedMessage> many() {
    return Collections.nCopies(10_000, ONE.get(0));
  }
}
