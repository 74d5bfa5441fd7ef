package io.harveymq.broker.exchange;

import static io.harveymq.broker.exchange.Exchanges.bind;
import static io.harveymq.broker.exchange.Exchanges.exchange;
import static io.harveymq.broker.exchange.Exchanges.match;
import static io.harveymq.broker.exchange.Exchanges.unbind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where consistent hash and modulus hash exchanges send what, and when that changes. */
class HashingTest {
  private static final int KEYS = 10_000;

  private static Map<String, String> choices(Exchange x) {
    Map<String, String> choices = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      List<Destination> found = match(x, "key." + i);
      assertThat(found).hasSize(1);
      choices.put("key." + i, found.get(0).name());
    }
    return choices;
  }

  private static long count(Map<String, String> choices, String queue) {
    return choices.values().stream().filter(queue::equals).count();
  }

  @Test
  void weightsAreRespectedWhateverTheirSize() {
    Exchange x = exchange(ExchangeType.CONSISTENT_HASH);
    bind(x, new TestQueue("light"), "1000000000000000000000");
    bind(x, new TestQueue("heavy"), "3000000000000000000000");
    assertThat(count(choices(x), "heavy")).isCloseTo(7_500, within(200L));
  }

  @Test
  void aDestinationThatGoesMovesOnlyItsOwn() {
    Exchange x = exchange(ExchangeType.CONSISTENT_HASH);
    List<TestQueue> queues = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      queues.add(new TestQueue("q" + i));
      bind(x, queues.get(i), Integer.toString(i + 1));
    }
    Map<String, String> before = choices(x);
    unbind(x, queues.get(3), "4");
    choices(x)
        .forEach(
            (key, queue) -> {
              if (!before.get(key).equals("q3")) {
                assertThat(queue).isEqualTo(before.get(key));
              }
            });
    assertThat(count(before, "q3")).isCloseTo(KEYS * 4 / 36, within(200L));
  }

  @Test
  void theOrderOfBindingDoesNotMatter() {
    for (ExchangeType type : List.of(ExchangeType.CONSISTENT_HASH, ExchangeType.MODULUS_HASH)) {
      List<Integer> order = new ArrayList<>(List.of(1, 2, 3, 4, 5));
      Map<String, String> first = choices(bound(type, order));
      Collections.shuffle(order, new Random(3));
      assertThat(choices(bound(type, order))).isEqualTo(first);
    }
  }

  private static Exchange bound(ExchangeType type, List<Integer> queues) {
    Exchange x = exchange(type);
    queues.forEach(i -> bind(x, new TestQueue("q" + i), "7"));
    return x;
  }

  @Test
  void ofTwoBindingsToOneDestinationTheOldestCounts() {
    Exchange x = exchange(ExchangeType.CONSISTENT_HASH);
    TestQueue q = new TestQueue("q");
    bind(x, q, "1");
    bind(x, q, "1000");
    bind(x, new TestQueue("r"), "1");
    assertThat(count(choices(x), "q")).isCloseTo(KEYS / 2, within(300L));
    unbind(x, q, "1");
    assertThat(count(choices(x), "q")).isGreaterThan(KEYS * 98 / 100);
  }
}
