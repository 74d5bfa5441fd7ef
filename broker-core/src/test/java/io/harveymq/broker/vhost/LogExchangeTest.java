package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.CapturedLog;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogExchangeTest {
  private final TestBroker broker = TestBroker.start();
  private final LogExchange log = new LogExchange(broker.home(), "rabbit@test", "/");
  private TestChannel channel;

  @BeforeEach
  void bind() {
    log.isThere(broker.vhost());
    channel = broker.channel().declare("q").bind("q", LogExchange.NAME, "info");
    broker.run();
  }

  private void publish(String level, int count, String text) {
    for (int i = 0; i < count; i++) {
      log.publish(level, 1_700_000_000L, text);
    }
    assertThat(broker.queue("q").readyCount()).as("until the loop gets round to it").isZero();
    broker.run();
  }

  private int taken() {
    return channel.drain("q").size();
  }

  @Test
  void noMoreLinesWaitForTheLoopThanAllowed() {
    publish("info", LogExchange.MOST_LINES + 5, "line\n");
    assertThat(taken()).isEqualTo(LogExchange.MOST_LINES);
    publish("info", 3, "line\n");
    assertThat(taken()).isEqualTo(3);
  }

  @Test
  void linesThatFoundNoRoomAreCountedInOneLineAfterwards() {
    try (CapturedLog captured = new CapturedLog()) {
      publish("info", LogExchange.MOST_LINES + 5, "line\n");
      taken();
      publish("info", 1, "line\n");
      assertThat(captured.text())
          .containsOnlyOnce("not published to amq.rabbitmq.log, as too many came: 5");
    }
  }

  @Test
  void whoseLinesNobodyWantsIsNotTold() {
    channel.unbind("q", LogExchange.NAME, "info");
    broker.run();
    try (CapturedLog captured = new CapturedLog()) {
      publish("info", LogExchange.MOST_LINES + 5, "line\n");
      assertThat(captured.text()).isEmpty();
    }
  }

  @Test
  void norMoreCharacters() {
    publish("info", 3, "x".repeat(400_000));
    assertThat(taken()).isEqualTo(2);
    publish("info", 1, "y".repeat(1_000_000));
    assertThat(taken()).isEqualTo(1);
  }

  @Test
  void aTurnPublishesSomeOfMany() {
    for (int i = 0; i < LogExchange.MOST_LINES; i++) {
      log.publish("info", 1_700_000_000L, "line\n");
    }
    broker.step();
    assertThat(broker.queue("q").readyCount()).isBetween(1, LogExchange.MOST_LINES / 2);
    broker.run();
    assertThat(taken()).isEqualTo(LogExchange.MOST_LINES);
  }

  @Test
  void whatNobodyWantsIsForgotten() {
    publish("debug", 1, "line\n");
    assertThat(taken()).isZero();
  }
}
