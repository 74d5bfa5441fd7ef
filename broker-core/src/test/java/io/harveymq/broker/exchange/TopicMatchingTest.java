package io.harveymq.broker.exchange;

import static io.harveymq.broker.exchange.Exchanges.bind;
import static io.harveymq.broker.exchange.Exchanges.exchange;
import static io.harveymq.broker.exchange.Exchanges.match;
import static io.harveymq.broker.exchange.Exchanges.unbind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.harveymq.codec.FieldTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicMatchingTest {
  private static final List<String> KEYS =
      List.of(
          "", ".", "a", "a.b", "a..b", ".a", "a.", "..", "*", "#", "a.*", "a.#.b", "a.x.y.b", "A");
  private static final String ALL = String.join(" ", KEYS.subList(1, KEYS.size()));

  /** Each line is what a RabbitMQ 3.10.8 answered for the keys above; _ is the empty key. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | _",
        "a | a",
        "a.b | a.b",
        ". | .",
        "* | a * # A",
        "*.* | . a.b .a a. a.*",
        "a.* | a.b a. a.*",
        "a.# | a a.b a..b a. a.* a.#.b a.x.y.b",
        "#.a | a .a",
        "a..b | a..b",
        "a.*.b | a..b a.#.b",
        "a.#.b | a.b a..b a.#.b a.x.y.b",
        ".a | .a",
        ".* | . .a",
        "*. | . a.",
        "a. | a.",
        ".. | ..",
        "*.*.* | a..b .. a.#.b",
        "** | ''",
        "a* | ''",
        "#a | ''",
      })
  void patternMatchesWhatRabbitMqMatches(String pattern, String matching) {
    Set<String> expected =
        Arrays.stream(matching.split(" "))
            .filter(key -> !key.isEmpty())
            .map(key -> key.equals("_") ? "" : key)
            .collect(Collectors.toSet());
    assertThat(keysMatchedBy(pattern)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "#.#", "#.#.#"})
  void hashesAloneMatchEverything(String pattern) {
    assertThat(keysMatchedBy(pattern)).isEqualTo(Set.copyOf(KEYS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.#", "#.*", "#.*.#"})
  void starWithHashNeedsOneWordAtLeast(String pattern) {
    assertThat(keysMatchedBy(pattern)).isEqualTo(Set.of(ALL.split(" ")));
  }

  @Test
  void agreesWithNaiveMatcherOnRandomPatterns() {
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      Exchange x = exchange(ExchangeType.TOPIC);
      Map<String, TestQueue> byPattern = new LinkedHashMap<>();
      for (int i = 0; i < 20; i++) {
        byPattern.computeIfAbsent(words(random, "a", "b", "", "*", "#"), TestQueue::new);
      }
      byPattern.forEach((pattern, queue) -> bind(x, queue, pattern));
      for (int i = 0; i < 5; i++) {
        String gone = List.copyOf(byPattern.keySet()).get(random.nextInt(byPattern.size()));
        unbind(x, byPattern.remove(gone), gone);
      }
      for (int i = 0; i < 20; i++) {
        String key = words(random, "a", "b", "c", "");
        assertThat(Set.copyOf(match(x, key)))
            .as("key '%s' of %s", key, byPattern.keySet())
            .isEqualTo(naive(byPattern, key));
      }
      byPattern.forEach((pattern, queue) -> unbind(x, queue, pattern));
      assertThat(x.isUnused()).isTrue();
    }
  }

  @Test
  void queueBoundByTwoMatchingPatternsIsFoundThroughBoth() {
    Exchange x = exchange(ExchangeType.TOPIC);
    TestQueue q = new TestQueue("q");
    bind(x, q, "a.*");
    bind(x, q, "#");
    assertThat(match(x, "a.b")).containsOnly(q).hasSize(2);
    unbind(x, q, "#");
    assertThat(match(x, "a.b")).containsExactly(q);
    assertThat(match(x, "b")).isEmpty();
  }

  @Test
  void manyHashesInARowStayCheap() {
    Exchange x = exchange(ExchangeType.TOPIC);
    TestQueue q = new TestQueue("q");
    bind(x, q, "#.".repeat(120) + "end");
    bind(x, q, "#.a.".repeat(60) + "#.end");
    String miss = "a.".repeat(120) + "miss";
    String hit = "a.".repeat(120) + "end";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 100; i++) {
            assertThat(match(x, miss)).isEmpty();
            assertThat(match(x, hit)).hasSize(2);
          }
        });
  }

  @Test
  void unbindLeavesNoNodesBehind() {
    TopicTrie trie = new TopicTrie();
    Exchange x = exchange(ExchangeType.TOPIC);
    TestQueue q = new TestQueue("q");
    List<Binding> bindings =
        Stream.of("", "a", "a.b.c.d", "a.*.#", "#.#", "*", "a.b", "..")
            .map(pattern -> new Binding(x, q, pattern, FieldTable.EMPTY))
            .toList();
    bindings.forEach(trie::add);
    for (Binding binding : bindings) {
      assertThat(trie.isEmpty()).isFalse();
      trie.remove(binding);
    }
    assertThat(trie.isEmpty()).isTrue();
  }

  @Test
  void unbindOfALongPatternKeepsItsPrefixesAndItsBranches() {
    Exchange x = exchange(ExchangeType.TOPIC);
    TestQueue q = new TestQueue("q");
    TestQueue r = new TestQueue("r");
    bind(x, q, "a.b");
    bind(x, q, "a.b.c.d");
    bind(x, r, "a.b.c.d");
    bind(x, q, "a.b.c.#");
    unbind(x, q, "a.b.c.d");
    assertThat(match(x, "a.b")).containsExactly(q);
    assertThat(match(x, "a.b.c.d")).containsExactlyInAnyOrder(q, r);
    unbind(x, r, "a.b.c.d");
    assertThat(match(x, "a.b.c.d")).containsExactly(q);
  }

  private static Set<String> keysMatchedBy(String pattern) {
    Exchange x = exchange(ExchangeType.TOPIC);
    TestQueue q = new TestQueue("q");
    bind(x, q, pattern);
    return KEYS.stream()
        .filter(key -> match(x, key).contains(q))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String words(Random random, String... from) {
    return IntStream.range(0, random.nextInt(6))
        .mapToObj(i -> from[random.nextInt(from.length)])
        .collect(Collectors.joining("."));
  }

  private static Set<Destination> naive(Map<String, TestQueue> byPattern, String key) {
    Set<Destination> found = new HashSet<>();
    byPattern.forEach(
        (pattern, queue) -> {
          if (naive(split(pattern), split(key))) {
            found.add(queue);
          }
        });
    return found;
  }

  private static List<String> split(String key) {
    return key.isEmpty() ? List.of() : new ArrayList<>(List.of(key.split("\\.", -1)));
  }

  private static boolean naive(List<String> pattern, List<String> words) {
    if (pattern.isEmpty()) {
      return words.isEmpty();
    }
    String first = pattern.get(0);
    List<String> rest = pattern.subList(1, pattern.size());
    if (first.equals("#")) {
      return IntStream.rangeClosed(0, words.size())
          .anyMatch(i -> naive(rest, words.subList(i, words.size())));
    }
    return !words.isEmpty()
        && (first.equals("*") || first.equals(words.get(0)))
        && naive(rest, words.subList(1, words.size()));
  }
}
