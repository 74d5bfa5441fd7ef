package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The exchange types that RabbitMQ has beside those of AMQP, most of them in plugins. */
class ExchangeTypesTest extends CompatTest {
  private static final String CONSISTENT_HASH = "x-consistent-hash";
  private static final String MODULUS_HASH = "x-modulus-hash";
  private static final String RANDOM = "x-random";
  private static final String LOCAL_RANDOM = "x-local-random";
  private static final String RECENT_HISTORY = "x-recent-history";

  /** A fresh exchange; the test ends here without failing when the broker has no such type. */
  private String exchange(String type, Map<String, Object> arguments) throws Exception {
    assumeType(type);
    String exchange = name("x");
    channel.exchangeDeclare(exchange, type, false, false, arguments);
    return exchange;
  }

  private void assumeType(String type) throws Exception {
    Connection probing = newConnection();
    boolean known = true;
    try {
      Channel probe = probing.createChannel();
      String name = name("x");
      probe.exchangeDeclare(name, type);
      probe.exchangeDelete(name);
    } catch (IOException unknown) {
      known = false;
    }
    BrokerUnderTest.requirePlugin(known, "exchange type " + type);
  }

  private static Closing refused(AmqpMethod method, String text) {
    return Closing.channel(406, "PRECONDITION_FAILED - " + text, method);
  }

  private void assertDeclareRefused(String type, Map<String, Object> arguments, String text)
      throws Exception {
    assertChannelError(
        refused(AmqpMethod.EXCHANGE_DECLARE, text),
        ch -> ch.exchangeDeclare(name("x"), type, false, false, arguments));
  }

  private void assertBindRefused(String exchange, String key, String text) throws Exception {
    String queue = newQueue();
    assertChannelError(
        refused(AmqpMethod.QUEUE_BIND, text), ch -> ch.queueBind(queue, exchange, key));
  }

  private void publishAll(String exchange, int count, IntFunction<AMQP.BasicProperties> properties)
      throws Exception {
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    for (int i = 0; i < count; i++) {
      publisher.basicPublish(exchange, "key" + i, properties.apply(i), bytes(Integer.toString(i)));
    }
    publisher.waitForConfirmsOrDie(30_000);
    publisher.close();
  }

  /** Which queue has each message. */
  private Map<String, String> whereabouts(List<String> queues) throws Exception {
    Map<String, String> where = new HashMap<>();
    for (String queue : queues) {
      for (String body : drain(queue)) {
        assertThat(where.put(body, queue)).as("second copy of " + body).isNull();
      }
    }
    return where;
  }

  // ---- x-consistent-hash

  @Test
  void consistentHashSpreadsByWeightAndIsSteady() throws Exception {
    String exchange = exchange(CONSISTENT_HASH, null);
    List<String> queues = List.of(newQueue(exchange, "1"), newQueue(exchange, "1"));
    String heavy = newQueue(exchange, "2");
    queues = List.of(queues.get(0), queues.get(1), heavy);
    publishAll(exchange, 2_000, i -> null);
    Map<String, String> first = whereabouts(queues);
    publishAll(exchange, 2_000, i -> null);

    assertThat(whereabouts(queues)).isEqualTo(first).hasSize(2_000);
    assertThat(count(first, heavy)).isCloseTo(1_000, within(150));
    assertThat(count(first, queues.get(0))).isCloseTo(500, within(120));
  }

  private static int count(Map<String, String> where, String queue) {
    return (int) where.values().stream().filter(queue::equals).count();
  }

  @Test
  void aQueueThatJoinsTakesOnlyItsShare() throws Exception {
    String exchange = exchange(CONSISTENT_HASH, null);
    List<String> queues = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      queues.add(newQueue(exchange, "10"));
    }
    publishAll(exchange, 1_000, i -> null);
    Map<String, String> before = whereabouts(queues);
    String joining = newQueue(exchange, "10");
    queues.add(joining);
    publishAll(exchange, 1_000, i -> null);

    Map<String, String> after = whereabouts(queues);
    for (Map.Entry<String, String> one : after.entrySet()) {
      if (!one.getValue().equals(joining)) {
        assertThat(one.getValue()).isEqualTo(before.get(one.getKey()));
      }
    }
    assertThat(count(after, joining)).isCloseTo(200, within(80));
  }

  @Test
  void consistentHashOfAHeader() throws Exception {
    String exchange = exchange(CONSISTENT_HASH, Map.of("hash-header", "group"));
    List<String> queues = List.of(newQueue(exchange, "1"), newQueue(exchange, "1"));
    publishAll(
        exchange, 100, i -> properties().headers(Map.of("group", "g" + i % 20, "n", i)).build());
    assertThat(queuesPer(20, whereabouts(queues))).allMatch(used -> used == 1).contains(1);

    publishAll(exchange, 50, i -> properties().headers(Map.of("other", i)).build());
    publishAll(exchange, 50, i -> null);
    Map<String, String> without = new HashMap<>();
    for (String queue : queues) {
      drain(queue).forEach(body -> without.put(queue, body));
    }
    assertThat(without).as("queues of messages without the header").hasSize(1);
  }

  /** In how many queues the messages of each group are. */
  private static List<Integer> queuesPer(int groups, Map<String, String> where) {
    List<Set<String>> used = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      used.add(new HashSet<>());
    }
    where.forEach((body, queue) -> used.get(Integer.parseInt(body) % groups).add(queue));
    assertThat(new HashSet<>(where.values())).as("queues used at all").hasSizeGreaterThan(1);
    return used.stream().map(Set::size).toList();
  }

  @Test
  void consistentHashOfAProperty() throws Exception {
    List<IntFunction<AMQP.BasicProperties>> properties =
        List.of(
            i -> properties().correlationId("c" + i % 20).build(),
            i -> properties().messageId("m" + i % 20).build(),
            i -> properties().timestamp(new Date(1_700_000_000_000L + i % 20 * 1_000L)).build());
    List<String> names = List.of("correlation_id", "message_id", "timestamp");
    for (int i = 0; i < names.size(); i++) {
      String exchange = exchange(CONSISTENT_HASH, Map.of("hash-property", names.get(i)));
      List<String> queues = List.of(newQueue(exchange, "1"), newQueue(exchange, "1"));
      publishAll(exchange, 100, properties.get(i));
      assertThat(queuesPer(20, whereabouts(queues))).allMatch(used -> used == 1);
    }
  }

  @Test
  void consistentHashRefusesWhatItCannotHash() throws Exception {
    String exchange = exchange(CONSISTENT_HASH, null);
    assertDeclareRefused(
        CONSISTENT_HASH,
        Map.of("hash-header", "h", "hash-property", "message_id"),
        "hash-header and hash-property are mutually exclusive");
    assertDeclareRefused(
        CONSISTENT_HASH, Map.of("hash-property", "app_id"), "Unsupported property: app_id");
    assertBindRefused(exchange, "heavy", "The binding key must be an integer: <<\"heavy\">>");
    assertBindRefused(exchange, "", "The binding key must be an integer: <<>>");
    assertBindRefused(exchange, "1.5", "The binding key must be an integer: <<\"1.5\">>");
    assertBindRefused(exchange, "0", "The binding key must be greater than 0");
    assertBindRefused(exchange, "-3", "The binding key must be greater than 0");
  }

  @Test
  void ccMakesNoSecondCopy() throws Exception {
    String exchange = exchange(CONSISTENT_HASH, null);
    List<String> queues = List.of(newQueue(exchange, "1"), newQueue(exchange, "1"));
    var cc = properties().headers(Map.of("CC", List.of("a", "b", "c", "d", "e", "f"))).build();
    publishAll(exchange, 20, i -> cc);

    assertThat(whereabouts(queues)).hasSize(20);
  }

  // ---- x-modulus-hash, x-random, x-local-random

  @Test
  void modulusHashIsSteadyAndUsesEveryQueue() throws Exception {
    String exchange = exchange(MODULUS_HASH, null);
    List<String> queues = List.of(newQueue(exchange, ""), newQueue(exchange, "any"));
    publishAll(exchange, 200, i -> null);
    Map<String, String> first = whereabouts(queues);
    publishAll(exchange, 200, i -> null);

    assertThat(whereabouts(queues)).isEqualTo(first).hasSize(200);
    assertThat(count(first, queues.get(0))).isBetween(50, 150);
  }

  @Test
  void randomGivesEachMessageToOneQueue() throws Exception {
    String exchange = exchange(RANDOM, null);
    publish(exchange, "k", "lost");
    List<String> queues = List.of(newQueue(exchange, ""), newQueue(exchange, "any"));
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    for (int i = 0; i < 200; i++) {
      publisher.basicPublish(exchange, "same key", null, bytes("" + i));
    }
    publisher.waitForConfirmsOrDie(10_000);

    Map<String, String> where = whereabouts(queues);
    assertThat(where).hasSize(200);
    assertThat(count(where, queues.get(0))).isBetween(50, 150);
  }

  @Test
  void localRandomTakesQueuesOnlyAndNoKeys() throws Exception {
    String exchange = exchange(LOCAL_RANDOM, null);
    assertBindRefused(exchange, "k", "Non empty binding 'k' key not permitted");
    String other = newExchange("fanout");
    assertChannelError(
        refused(AmqpMethod.EXCHANGE_BIND, "Destination not found"),
        ch -> ch.exchangeBind(other, exchange, ""));
    List<String> queues = List.of(newQueue(exchange, ""), newQueue(exchange, ""));
    publishAll(exchange, 100, i -> null);

    assertThat(count(whereabouts(queues), queues.get(0))).isBetween(20, 80);
  }

  @Test
  void localRandomIsKnownFrom40On() throws Exception {
    if (!Target.current().knowsNoLocalRandom()) {
      channel.exchangeDeclare(name("x"), LOCAL_RANDOM);
      return;
    }
    assertConnectionError(
        Target.current().unknownExchangeType(LOCAL_RANDOM),
        ch -> ch.exchangeDeclare(name("x"), LOCAL_RANDOM));
  }

  // ---- x-recent-history

  @Test
  void historyIsDeliveredToANewBinding() throws Exception {
    String exchange = exchange(RECENT_HISTORY, Map.of("x-recent-history-length", 3));
    String early = newQueue(exchange, "any");
    publishAll(exchange, 5, i -> null);
    String late = newQueue(exchange, "");

    assertThat(drain(early)).containsExactly("0", "1", "2", "3", "4");
    assertThat(drain(late)).containsExactly("2", "3", "4");
    channel.queueBind(late, exchange, "");
    assertThat(drain(late)).as("bound again").isEmpty();
    channel.queueBind(late, exchange, "other key");
    assertThat(drain(late)).as("bound with another key").containsExactly("2", "3", "4");
  }

  @Test
  void twentyMessagesAreRememberedUnlessTheySayNo() throws Exception {
    String exchange = exchange(RECENT_HISTORY, null);
    publishAll(
        exchange,
        50,
        i -> properties().headers(Map.of("x-recent-history-no-store", i % 2 == 0)).build());

    List<String> late = drain(newQueue(exchange, ""));
    assertThat(late).hasSize(20).startsWith("11", "13").endsWith("49");
  }

  @Test
  void historyGoesThroughABoundExchange() throws Exception {
    String exchange = exchange(RECENT_HISTORY, null);
    publish(exchange, "a", "for a");
    publish(exchange, "a", "for a, too");
    String direct = newExchange("direct");
    String queue = newQueue(direct, "a");
    channel.exchangeBind(direct, exchange, "");

    // RabbitMQ gives an exchange the newest message first, a queue the oldest
    assertThat(drain(queue)).containsExactlyInAnyOrder("for a", "for a, too");
  }

  @Test
  void historyLengthMustBePositive() throws Exception {
    assumeType(RECENT_HISTORY);
    String end = ", 'x-recent-history-length' must be a positive integer";
    for (Object wrong : List.of(0, -1, -5L)) {
      assertDeclareRefused(
          RECENT_HISTORY,
          Map.of("x-recent-history-length", wrong),
          "Invalid argument " + wrong + end);
    }
    assertDeclareRefused(
        RECENT_HISTORY, Map.of("x-recent-history-length", "3"), "Invalid argument <<\"3\">>" + end);
    assertDeclareRefused(
        RECENT_HISTORY, Map.of("x-recent-history-length", true), "Invalid argument true" + end);
  }
}
