package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.codec.Content;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DroppedMessagesTest {
  private static final DroppedMessages.Publisher PUBLISHER =
      new DroppedMessages.Publisher("guest", "1.2.3.4:5 -> 1.2.3.4:6", "orders-api");

  private final ManualClock clock = new ManualClock(1_000_000);
  private final DroppedMessages dropped = new DroppedMessages(clock);

  private void lose(String exchange, int bytes) {
    byte[] properties = {0, 0};
    dropped.add(
        exchange,
        new Content(Content.address(exchange, "key"), properties, new byte[bytes]),
        PUBLISHER);
  }

  private int kept(String exchange) {
    return dropped.of(exchange).kept().size();
  }

  @Test
  void keepsTheLastOfEachExchangeAndCountsAll() {
    for (int i = 0; i < DroppedMessages.MOST_OF_AN_EXCHANGE + 5; i++) {
      lose("x", 1);
    }
    lose("y", 1);
    assertThat(kept("x")).isEqualTo(DroppedMessages.MOST_OF_AN_EXCHANGE);
    assertThat(dropped.of("x").total()).isEqualTo(DroppedMessages.MOST_OF_AN_EXCHANGE + 5L);
    assertThat(dropped.of("x").kept().get(0).id())
        .isEqualTo(DroppedMessages.MOST_OF_AN_EXCHANGE + 5L);
    assertThat(kept("y")).isEqualTo(1);
    assertThat(dropped.of("none")).isNull();
  }

  @Test
  void neverKeepsMoreBytesThanAllowedWhateverIsLost() {
    for (int i = 0; i < 100; i++) {
      lose("x" + i % 7, DroppedMessages.LARGEST - 2);
      assertThat(dropped.bytes()).isLessThanOrEqualTo(DroppedMessages.MOST_BYTES);
    }
    long sum =
        dropped.all().stream()
            .flatMap(loss -> loss.kept().stream())
            .mapToLong(one -> one.message().body().length)
            .sum();
    assertThat(sum).isBetween(DroppedMessages.MOST_BYTES / 2, DroppedMessages.MOST_BYTES);
  }

  @Test
  void messageThatIsTooLargeIsRememberedByItsSize() {
    lose("x", DroppedMessages.LARGEST + 1);
    DroppedMessages.Dropped one = dropped.of("x").kept().get(0);
    assertThat(one.whole()).isFalse();
    assertThat(one.size()).isEqualTo(DroppedMessages.LARGEST + 1);
    assertThat(one.message().body()).isEmpty();
    assertThat(one.message().routingKey()).isEqualTo("key");
  }

  @Test
  void forgetsTheExchangeThatDroppedNothingForLongest() {
    for (int i = 0; i < DroppedMessages.MOST_EXCHANGES; i++) {
      lose("x" + i, 1);
    }
    lose("x0", 1);
    lose("one more", 1);
    assertThat(dropped.of("x1")).isNull();
    assertThat(kept("x0")).isEqualTo(2);
    assertThat(dropped.all()).hasSize(DroppedMessages.MOST_EXCHANGES);
  }

  @Test
  void lookingAtAnExchangeDoesNotSaveItFromBeingForgotten() {
    for (int i = 0; i < DroppedMessages.MOST_EXCHANGES; i++) {
      lose("x" + i, 1);
    }
    dropped.of("x0");
    lose("one more", 1);
    assertThat(dropped.of("x0")).isNull();
  }

  @Test
  void whatIsForgottenTakesNoBytes() {
    lose("x", 1_000);
    lose("x", 1_000);
    lose("y", 1_000);
    dropped.forget("x", List.of(1L, 99L));
    assertThat(kept("x")).isEqualTo(1);
    dropped.forget("x");
    dropped.forget("x");
    dropped.forget("y");
    assertThat(dropped.all()).isEmpty();
    assertThat(dropped.bytes()).isZero();
  }

  @Test
  void countBeginsAnewAfterAQuietTime() {
    lose("x", 1);
    clock.advance(Duration.ofMinutes(15));
    lose("x", 1);
    assertThat(dropped.of("x").total()).isEqualTo(2);
    assertThat(dropped.of("x").since()).isEqualTo(1_000_000);
    clock.advance(Duration.ofMinutes(16));
    lose("x", 1);
    assertThat(dropped.of("x").total()).isEqualTo(1);
    assertThat(dropped.of("x").since()).isEqualTo(1_000_000 + 31 * 60_000);
  }
}
