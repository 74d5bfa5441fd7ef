package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which queues a message reaches through direct, fanout and topic exchanges. */
class RoutingTest extends CompatTest {

  @Test
  void defaultExchangeReachesEveryQueueByItsName() throws Exception {
    String first = newQueue();
    String second = newQueue();
    publish("", second, "one");

    assertThat(drain(first)).isEmpty();
    assertThat(drain(second)).containsExactly("one");
  }

  @Test
  void directWantsTheSameKey() throws Exception {
    String exchange = newExchange("direct");
    String a = newQueue(exchange, "a");
    String empty = newQueue(exchange, "");
    String pattern = newQueue(exchange, "#");
    publish(exchange, "a", "to a");
    publish(exchange, "", "to empty");
    publish(exchange, "A", "to nobody");
    publish(exchange, "#", "to pattern");

    assertThat(drain(a)).containsExactly("to a");
    assertThat(drain(empty)).containsExactly("to empty");
    assertThat(drain(pattern)).containsExactly("to pattern");
  }

  @Test
  void directServesAllQueuesOfAKeyAndAllKeysOfAQueue() throws Exception {
    String exchange = newExchange("direct");
    String both = newQueue(exchange, "a");
    channel.queueBind(both, exchange, "b");
    String one = newQueue(exchange, "a");
    publish(exchange, "a", "a");
    publish(exchange, "b", "b");

    assertThat(drain(both)).containsExactly("a", "b");
    assertThat(drain(one)).containsExactly("a");
  }

  @Test
  void fanoutIgnoresTheKey() throws Exception {
    String exchange = newExchange("fanout");
    String first = newQueue(exchange, "a");
    String second = newQueue(exchange, "b");
    publish(exchange, "c", "one");

    assertThat(drain(first)).containsExactly("one");
    assertThat(drain(second)).containsExactly("one");
  }

  @Test
  void deliveredMessageNamesExchangeAndKeyOfThePublish() throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue(exchange, "#");
    publish(exchange, "a.b.c", "one");

    var envelope = channel.basicGet(queue, true).getEnvelope();
    assertThat(envelope.getExchange()).isEqualTo(exchange);
    assertThat(envelope.getRoutingKey()).isEqualTo("a.b.c");
  }

  @ParameterizedTest(name = "{0} matches {1}")
  @CsvSource({
    "a, a",
    "a.b.c, a.b.c",
    "'', ''",
    "#, ''",
    "#, a",
    "#, a.b.c.d",
    "#, .",
    "#, ..",
    "*, a",
    "*.*, a.b",
    "*.*, .",
    "*.*, a.",
    "*.*, .b",
    "*.*.*, a..c",
    "a.*, a.b",
    "a.*, a.",
    "a.#, a",
    "a.#, a.",
    "a.#, a.b",
    "a.#, a.b.c.d",
    "#.a, a",
    "#.a, b.c.a",
    "#.a, .a",
    "a.#.b, a.b",
    "a.#.b, a.x.b",
    "a.#.b, a.x.y.z.b",
    "a.#.b, a.b.b",
    "a.#.b, a..b",
    "#.#, ''",
    "#.#, a",
    "#.#, a.b.c",
    "#.#.#, a",
    "#.*, a",
    "#.*, a.b.c",
    "*.#, a",
    "*.#, a.b.c",
    "*.#.*, a.b",
    "*.#.*, a.b.c.d",
    "#.a.#, a",
    "#.a.#, x.a.y",
    "#.a.#, a.a.a",
    "#.a.#.b.#, x.a.y.b.z",
    "a.*.#, a.b",
    "a.*.#.d, a.b.c.d",
    "a..b, a..b",
    "., .",
    "a*, a*",
    "a#.b, a#.b"
  })
  void topicPatternMatches(String pattern, String key) throws Exception {
    assertThat(isRouted(pattern, key)).isTrue();
  }

  @ParameterizedTest(name = "{0} does not match {1}")
  @CsvSource({
    "a, b",
    "a, A",
    "a, a.b",
    "a, ''",
    "a, a.",
    "'', a",
    "'', .",
    "*, a.b",
    "*, ''",
    "*.*, a",
    "*.*, a.b.c",
    "*.*, ''",
    "a.*, a",
    "a.*, b.b",
    "a.*, a.b.c",
    "a.#, b",
    "a.#, ab",
    "#.a, a.b",
    "#.a, ba",
    "a.#.b, a",
    "a.#.b, b",
    "a.#.b, a.b.c",
    "#.*, ''",
    "*.#, ''",
    "*.#.*, a",
    "#.a.#, b.c",
    "#.a.#, ''",
    "a.*.#, a",
    "a..b, a.b",
    "a*, ab",
    "a#, ab",
    "#a, ba"
  })
  void topicPatternDoesNotMatch(String pattern, String key) throws Exception {
    assertThat(isRouted(pattern, key)).isFalse();
  }

  private boolean isRouted(String pattern, String key) throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue(exchange, pattern);
    publish(exchange, key, "one");
    return !drain(queue).isEmpty();
  }

  @Test
  void manyTopicPatternsAreAllHonouredAtOnceAndAfterUnbind() throws Exception {
    String exchange = newExchange("topic");
    List<String> patterns =
        List.of("#", "*", "a.*", "*.b", "a.b", "a.#", "#.b", "a.*.c", "*.*.*", "#.c.#", "b.#.d");
    Map<String, String> queues = new java.util.HashMap<>();
    for (String pattern : patterns) {
      queues.put(pattern, newQueue(exchange, pattern));
    }
    publish(exchange, "a.b", "one");
    assertThat(reached(queues)).containsExactly("#", "#.b", "*.b", "a.#", "a.*", "a.b");
    publish(exchange, "a.b.c", "two");
    assertThat(reached(queues)).containsExactly("#", "#.c.#", "*.*.*", "a.#", "a.*.c");
    channel.queueUnbind(queues.get("#"), exchange, "#");
    channel.queueUnbind(queues.get("a.*"), exchange, "a.*");
    publish(exchange, "a.b", "three");
    assertThat(reached(queues)).containsExactly("#.b", "*.b", "a.#", "a.b");
    publish(exchange, "b.d", "four");
    assertThat(reached(queues)).containsExactly("b.#.d");
  }

  private TreeSet<String> reached(Map<String, String> queues) throws Exception {
    TreeSet<String> reached = new TreeSet<>();
    for (var queue : queues.entrySet()) {
      if (!drain(queue.getValue()).isEmpty()) {
        reached.add(queue.getKey());
      }
    }
    return reached;
  }

  @Test
  void queueGetsOneCopyThoughSeveralPatternsMatch() throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue(exchange, "#");
    channel.queueBind(queue, exchange, "a.*");
    channel.queueBind(queue, exchange, "*.b");
    publish(exchange, "a.b", "one");
    assertThat(drain(queue)).containsExactly("one");
    channel.queueUnbind(queue, exchange, "#");
    channel.queueUnbind(queue, exchange, "*.b");
    publish(exchange, "a.b", "two");
    assertThat(drain(queue)).containsExactly("two");
  }

  @Test
  void identicalBindingCountsOnce() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue(exchange, "k");
    channel.queueBind(queue, exchange, "k");
    publish(exchange, "k", "one");
    assertThat(drain(queue)).containsExactly("one");
    channel.queueUnbind(queue, exchange, "k");
    publish(exchange, "k", "two");
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void bindingsThatDifferOnlyInArgumentsAreTwoButDeliverOnce() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "k", Map.of("note", 1));
    channel.queueBind(queue, exchange, "k", Map.of("note", 2));
    publish(exchange, "k", "one");
    assertThat(drain(queue)).containsExactly("one");
    channel.queueUnbind(queue, exchange, "k", Map.of("note", 1));
    publish(exchange, "k", "two");
    assertThat(drain(queue)).containsExactly("two");
    channel.queueUnbind(queue, exchange, "k", Map.of("note", 2));
    publish(exchange, "k", "three");
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void bindingMadeAfterARouteWasUsedTakesPartInTheNext() throws Exception {
    String exchange = newExchange("topic");
    String early = newQueue(exchange, "k");
    publish(exchange, "k", "one");
    publish(exchange, "k", "two");
    String late = newQueue(exchange, "k");
    publish(exchange, "k", "three");
    channel.queueDelete(early);
    publish(exchange, "k", "four");

    assertThat(drain(late)).containsExactly("three", "four");
  }

  @Test
  void orderOfOneChannelIsKeptInEveryQueue() throws Exception {
    String exchange = newExchange("fanout");
    String first = newQueue(exchange, "");
    String second = newQueue(exchange, "");
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sent.add("m" + i);
      publish(exchange, "k" + i % 7, "m" + i);
    }

    assertThat(drain(first)).isEqualTo(sent);
    assertThat(drain(second)).isEqualTo(sent);
  }

  @Test
  void longestKeyIsTwoHundredFiftyFiveOctets() throws Exception {
    String exchange = newExchange("direct");
    String key = "k".repeat(255);
    String queue = newQueue(exchange, key);
    publish(exchange, key, "one");

    assertThat(drain(queue)).containsExactly("one");
  }
}
