package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Messages that a queue drops go to its dead letter exchange. Every expectation was read off
 * RabbitMQ 3.10.8 and holds for 4.2 as well; what differs is tested without sockets.
 */
class DeadLetterTest extends CompatTest {

  /** A queue with a dead letter exchange; null to keep the routing key. */
  private String newQueueWith(String exchange, String key, Map<String, Object> more)
      throws IOException {
    String queue = name("q");
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("x-dead-letter-exchange", exchange);
    if (key != null) {
      arguments.put("x-dead-letter-routing-key", key);
    }
    channel.queueDeclare(queue, false, false, false, arguments);
    return queue;
  }

  private void reject(String queue) throws IOException {
    GetResponse got = channel.basicGet(queue, false);
    channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
  }

  /** The next message of a queue, which comes soon. */
  private GetResponse letter(String queue) {
    return await().until(() -> channel.basicGet(queue, true), got -> got != null);
  }

  private void publish(String key, AMQP.BasicProperties properties, String body) throws Exception {
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    publisher.basicPublish("", key, properties, bytes(body));
    publisher.waitForConfirmsOrDie(10_000);
    publisher.close();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> deaths(GetResponse letter) {
    return (List<Map<String, Object>>) letter.getProps().getHeaders().get("x-death");
  }

  private static String value(Map<String, Object> table, String key) {
    return String.valueOf(table.get(key));
  }

  private static List<String> keys(Map<String, Object> death) {
    return ((List<?>) death.get("routing-keys")).stream().map(Object::toString).toList();
  }

  private static String header(GetResponse letter, String name) {
    return value(letter.getProps().getHeaders(), name);
  }

  @Test
  void rejectedMessageGoesToTheExchangeWithItsOwnKey() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueueWith(exchange, null, Map.of());
    String dead = newQueue(exchange, queue);
    fill(queue, "body");
    reject(queue);
    GetResponse letter = letter(dead);
    assertThat(text(letter)).isEqualTo("body");
    assertThat(letter.getEnvelope().getExchange()).isEqualTo(exchange);
    assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(queue);
    assertThat(letter.getEnvelope().isRedeliver()).isFalse();
  }

  @Test
  void keyOfTheQueueReplacesItsOwn() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    fill(queue, "body");
    reject(queue);
    GetResponse letter = letter(dead);
    assertThat(letter.getEnvelope().getExchange()).isEmpty();
    assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(dead);
  }

  @Test
  void headersTellOfTheDeath() throws Exception {
    String dead = newQueue();
    String exchange = newExchange("fanout");
    String queue = newQueueWith("", dead, Map.of());
    channel.queueBind(queue, exchange, "");
    long before = System.currentTimeMillis() / 1_000;
    channel.basicPublish(exchange, "key", null, bytes("body"));
    await().until(() -> ready(queue) == 1);
    reject(queue);
    GetResponse letter = letter(dead);
    long after = System.currentTimeMillis() / 1_000;

    assertThat(header(letter, "x-first-death-reason")).isEqualTo("rejected");
    assertThat(header(letter, "x-first-death-queue")).isEqualTo(queue);
    assertThat(header(letter, "x-first-death-exchange")).isEqualTo(exchange);
    assertThat(deaths(letter)).hasSize(1);
    Map<String, Object> death = deaths(letter).get(0);
    assertThat(death)
        .containsOnlyKeys("count", "reason", "queue", "time", "exchange", "routing-keys");
    assertThat(death.get("count")).isEqualTo(1L);
    assertThat(value(death, "reason")).isEqualTo("rejected");
    assertThat(value(death, "queue")).isEqualTo(queue);
    assertThat(value(death, "exchange")).isEqualTo(exchange);
    assertThat(keys(death)).containsExactly("key");
    assertThat(((Date) death.get("time")).getTime() / 1_000).isBetween(before, after);
  }

  @Test
  void expirationIsTakenAwayAndToldInTheHeader() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    publish(queue, properties().expiration("20").build(), "body");
    GetResponse letter = letter(dead);
    assertThat(letter.getProps().getExpiration()).isNull();
    Map<String, Object> death = deaths(letter).get(0);
    assertThat(value(death, "reason")).isEqualTo("expired");
    assertThat(value(death, "original-expiration")).isEqualTo("20");
  }

  @Test
  void expirationIsTakenAwayThoughItWasRejected() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    publish(queue, properties().expiration("600000").build(), "body");
    reject(queue);
    GetResponse letter = letter(dead);
    assertThat(letter.getProps().getExpiration()).isNull();
    assertThat(value(deaths(letter).get(0), "original-expiration")).isEqualTo("600000");
  }

  @Test
  void timeToLiveOfTheQueueIsNoOriginalExpiration() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of("x-message-ttl", 20));
    fill(queue, "body");
    GetResponse letter = letter(dead);
    assertThat(value(deaths(letter).get(0), "reason")).isEqualTo("expired");
    assertThat(deaths(letter).get(0)).doesNotContainKey("original-expiration");
  }

  @Test
  void otherPropertiesAndHeadersStay() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    var properties =
        properties()
            .contentType("text/plain")
            .headers(Map.of("mine", 7, "z", "last"))
            .deliveryMode(2)
            .priority(5)
            .correlationId("c")
            .replyTo("r")
            .messageId("m")
            .timestamp(new Date(1_700_000_000_000L))
            .type("t")
            .appId("a")
            .build();
    publish(queue, properties, "body");
    reject(queue);
    AMQP.BasicProperties got = letter(dead).getProps();
    assertThat(got.getHeaders()).containsEntry("mine", 7).containsKeys("z", "x-death");
    assertThat(got.builder().headers(properties.getHeaders()).build()).isEqualTo(properties);
  }

  @Test
  void secondDeathForTheSameReasonIsCounted() throws Exception {
    String queue = name("q");
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", queue);
    channel.queueDeclare(queue, false, false, false, arguments);
    fill(queue, "body");
    for (int death = 1; death <= 3; death++) {
      await().until(() -> ready(queue) == 1);
      reject(queue);
    }
    GetResponse letter = letter(queue);
    assertThat(deaths(letter)).hasSize(1);
    assertThat(deaths(letter).get(0).get("count")).isEqualTo(3L);
    assertThat(value(deaths(letter).get(0), "exchange")).isEmpty();
    assertThat(keys(deaths(letter).get(0))).containsExactly(queue);
  }

  @Test
  void deathsInSeveralQueuesAreToldLatestFirst() throws Exception {
    String last = newQueue();
    String middle = newQueueWith("", last, Map.of());
    String first = newQueueWith("", middle, Map.of("x-message-ttl", 10));
    fill(first, "body");
    await().until(() -> ready(middle) == 1);
    reject(middle);
    GetResponse letter = letter(last);
    assertThat(deaths(letter))
        .extracting(death -> value(death, "queue"))
        .containsExactly(middle, first);
    assertThat(deaths(letter))
        .extracting(death -> value(death, "reason"))
        .containsExactly("rejected", "expired");
    assertThat(header(letter, "x-first-death-queue")).isEqualTo(first);
    assertThat(header(letter, "x-first-death-reason")).isEqualTo("expired");
  }

  @Test
  void messageIsLostWithoutItsExchange() throws Exception {
    String queue = newQueueWith(name("missing"), null, Map.of());
    fill(queue, "lost");
    reject(queue);
    assertThat(ready(queue)).isZero();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void exchangeMayComeAfterTheQueue() throws Exception {
    String exchange = name("x");
    String queue = newQueueWith(exchange, null, Map.of());
    channel.exchangeDeclare(exchange, "fanout");
    String dead = newQueue(exchange, "");
    fill(queue, "body");
    reject(queue);
    assertThat(text(letter(dead))).isEqualTo("body");
  }

  @Test
  void exchangeMayBeInternal() throws Exception {
    String exchange = name("x");
    channel.exchangeDeclare(exchange, "fanout", false, false, true, null);
    String dead = newQueue(exchange, "");
    String queue = newQueueWith(exchange, null, Map.of());
    fill(queue, "body");
    reject(queue);
    assertThat(text(letter(dead))).isEqualTo("body");
  }

  @Test
  void alternateExchangeTakesWhatTheDeadLetterExchangeCannotRoute() throws Exception {
    String alternate = newExchange("fanout");
    String dead = newQueue(alternate, "");
    String exchange = name("x");
    channel.exchangeDeclare(
        exchange, "direct", false, false, Map.of("alternate-exchange", alternate));
    String queue = newQueueWith(exchange, "nobody", Map.of());
    fill(queue, "body");
    reject(queue);
    GetResponse letter = letter(dead);
    assertThat(letter.getEnvelope().getExchange()).isEqualTo(exchange);
    assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo("nobody");
  }

  @Test
  void headersExchangeComparesNoHeadersOfDeath() throws Exception {
    String exchange = newExchange("headers");
    String expired = newQueue();
    String rejected = newQueue();
    channel.queueBind(expired, exchange, "", Map.of("x-first-death-reason", "expired"));
    channel.queueBind(rejected, exchange, "", Map.of("x-first-death-reason", "rejected"));
    String queue = newQueueWith(exchange, null, Map.of());
    fill(queue, "body");
    reject(queue);
    // Bindings compare no headers that begin with x- unless x-match says so, so both get it.
    assertThat(text(letter(expired))).isEqualTo("body");
    assertThat(text(letter(rejected))).isEqualTo("body");
  }

  @Test
  void copiesOfFurtherKeysGoAlongUnlessTheQueueHasAKey() throws Exception {
    String exchange = newExchange("direct");
    String toKey = newQueue(exchange, "key");
    String toCopy = newQueue(exchange, "copy");
    String queue = newQueueWith(exchange, null, Map.of());
    String source = newExchange("fanout");
    channel.queueBind(queue, source, "");
    var copied = properties().headers(Map.of("CC", List.of("copy"))).build();
    channel.basicPublish(source, "key", copied, bytes("body"));
    await().until(() -> ready(queue) == 1);
    reject(queue);
    GetResponse letter = letter(toKey);
    assertThat(keys(deaths(letter).get(0))).containsExactly("key", "copy");
    assertThat(letter.getProps().getHeaders()).containsKey("CC");
    assertThat(text(letter(toCopy))).isEqualTo("body");
  }

  @Test
  void automaticCycleEndsWhereTheMessageHasBeen() throws Exception {
    String first = name("first");
    String second = newQueueWith("", first, Map.of("x-message-ttl", 10));
    Map<String, Object> arguments =
        Map.of(
            "x-message-ttl", 10, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", second);
    channel.queueDeclare(first, false, false, false, arguments);
    String marker = newQueue();
    publish(marker, properties().expiration("100").build(), "marker");
    fill(first, "round");
    await().until(() -> ready(marker) == 0);
    assertThat(ready(first) + ready(second)).isZero();
  }

  @Test
  void refusalMakesANewRoundOfACyclePossible() throws Exception {
    String work = name("work");
    String wait = newQueueWith("", work, Map.of("x-message-ttl", 10));
    Map<String, Object> arguments =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", wait);
    channel.queueDeclare(work, false, false, false, arguments);
    fill(work, "retry");
    for (int round = 0; round < 3; round++) {
      await().until(() -> ready(work) == 1);
      reject(work);
    }
    GetResponse letter = letter(work);
    assertThat(deaths(letter)).hasSize(2).allMatch(death -> death.get("count").equals(3L));
    assertThat(header(letter, "x-first-death-reason")).isEqualTo("rejected");
  }

  @Test
  void purgedAndDeletedMessagesAreNoDeadLetters() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    fill(queue, "purged");
    channel.queuePurge(queue);
    fill(queue, "deleted");
    channel.queueDelete(queue);
    assertThat(ready(dead)).isZero();
  }

  @Test
  void acknowledgedAndRequeuedMessagesAreNoDeadLetters() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    fill(queue, "acknowledged", "requeued");
    channel.basicAck(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
    channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), true);
    assertThat(drain(queue)).containsExactly("requeued");
    assertThat(ready(dead)).isZero();
  }

  @Test
  void refusalOfManyKeepsTheirOrder() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    fill(queue, "1", "2", "3", "4", "5");
    Deliveries.from(channel, queue).nextTexts(5);
    channel.basicNack(4, true, false);
    channel.basicNack(5, false, false);
    Channel other = connection.createChannel();
    assertThat(Deliveries.noAckFrom(other, dead).nextTexts(5))
        .containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void refusalAfterTheQueueWasDeletedDoesNothing() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    fill(queue, "held");
    long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    channel.queueDelete(queue);
    channel.basicReject(tag, false);
    assertThat(ready(dead)).isZero();
  }

  @Test
  void refusalInATransactionCountsWithItsCommit() throws Exception {
    String dead = newQueue();
    String queue = newQueueWith("", dead, Map.of());
    fill(queue, "body");
    Channel transactional = connection.createChannel();
    transactional.txSelect();
    long tag = transactional.basicGet(queue, false).getEnvelope().getDeliveryTag();
    transactional.basicReject(tag, false);
    assertThat(ready(dead)).isZero();
    transactional.txCommit();
    assertThat(text(letter(dead))).isEqualTo("body");
  }

  @Test
  void letterExpiresByTheTimeOfItsNewQueue() throws Exception {
    String end = newQueue();
    String dead = newQueueWith("", end, Map.of("x-message-ttl", 20));
    String queue = newQueueWith("", dead, Map.of("x-max-length", 0));
    fill(queue, "body");
    GetResponse letter = letter(end);
    assertThat(deaths(letter))
        .extracting(death -> value(death, "reason"))
        .containsExactly("expired", "maxlen");
  }
}
