package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What policies make of queues and exchanges that are there, and of new ones. A change reaches them
 * a moment later, which is awaited.
 */
@EnabledIf("io.harveymq.compat.Administration#isAvailable")
@Timeout(180)
class PolicyTest extends CompatTest {
  private final Administration administration = Administration.ofTarget();
  private final List<String> policies = new ArrayList<>();
  private String prefix;

  @BeforeEach
  void choosePrefix() {
    prefix = name("p");
  }

  @AfterEach
  void clearPolicies() {
    policies.forEach(policy -> administration.clearPolicy("/", policy));
  }

  /** Sets a policy for the names that begin with the prefix. */
  private void set(String applyTo, Map<String, Object> definition) {
    String policy = name("policy");
    administration.setPolicy("/", policy, "^" + prefix, applyTo, definition);
    policies.add(policy);
  }

  private void clear() {
    policies.forEach(policy -> administration.clearPolicy("/", policy));
    policies.clear();
  }

  private String declared(Map<String, Object> arguments) throws Exception {
    String queue = prefix + name("-q");
    channel.queueDeclare(queue, false, true, false, arguments);
    return queue;
  }

  @Test
  void lengthLimitsQueuesThatAreThereAndNewOnes() throws Exception {
    String old = declared(null);
    fill(old, "1", "2", "3");
    set("queues", Map.of("max-length", 2));

    await().until(() -> ready(old) == 2);
    assertThat(drain(old)).containsExactly("2", "3");
    String young = declared(null);
    fill(young, "4", "5", "6");
    assertThat(drain(young)).containsExactly("5", "6");

    clear();
    await()
        .untilAsserted(
            () -> {
              fill(old, "7", "8", "9");
              assertThat(drain(old)).containsExactly("7", "8", "9");
            });
  }

  @Test
  void ofTwoLimitsTheLowerOneCounts() throws Exception {
    set("queues", Map.of("max-length", 2));
    String lower = declared(Map.of("x-max-length", 1));
    fill(lower, "1", "2", "3");
    assertThat(drain(lower)).containsExactly("3");
    String higher = declared(Map.of("x-max-length", 5));
    fill(higher, "1", "2", "3");
    assertThat(drain(higher)).containsExactly("2", "3");
  }

  @Test
  void operatorsLimitWhatPoliciesAllow() throws Exception {
    String operator = name("operator");
    set("queues", Map.of("max-length", 3, "overflow", "reject-publish"));
    administration.setOperatorPolicy("/", operator, "^" + prefix, Map.of("max-length", 1));
    try {
      String queue = declared(null);
      Channel publisher = connection.createChannel();
      Confirms confirms = new Confirms(publisher);
      publisher.basicPublish("", queue, null, bytes("1"));
      assertThat(confirms.taken()).isTrue();
      publisher.basicPublish("", queue, null, bytes("2"));
      assertThat(confirms.taken()).isFalse();
      assertThat(drain(queue)).containsExactly("1");
    } finally {
      administration.clearOperatorPolicy("/", operator);
    }
  }

  @Test
  void deadLetterExchangeOfTheArgumentComesBeforeThatOfThePolicy() throws Exception {
    String byPolicy = newQueue();
    String byArgument = newQueue();
    set("queues", Map.of("dead-letter-exchange", "", "dead-letter-routing-key", byPolicy));
    String plain = declared(null);
    String own =
        declared(Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", byArgument));
    for (String queue : List.of(plain, own)) {
      fill(queue, queue);
      long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
      channel.basicReject(tag, false);
    }

    await().until(() -> ready(byPolicy) == 1 && ready(byArgument) == 1);
    assertThat(drain(byPolicy)).containsExactly(plain);
    assertThat(drain(byArgument)).containsExactly(own);
  }

  @Test
  void timeToLiveIsForMessagesThatComeLater() throws Exception {
    String queue = declared(null);
    fill(queue, "old");
    set("queues", Map.of("message-ttl", 50));
    String other = declared(null);
    fill(other, "new");
    await().until(() -> ready(other) == 0);
    assertThat(drain(queue)).containsExactly("old");
    fill(queue, "new");
    await().until(() -> ready(queue) == 0);
  }

  @Test
  void unusedQueueExpires() throws Exception {
    String queue = prefix + name("-q");
    channel.queueDeclare(queue, false, false, false, null);
    set("queues", Map.of("expires", 100));
    await().until(() -> isMissing(queue));
  }

  private boolean isMissing(String queue) throws Exception {
    Channel looking = connection.createChannel();
    try {
      looking.queueDeclarePassive(queue);
      looking.close();
      return false;
    } catch (java.io.IOException missing) {
      return Closing.of(missing).code() == 404;
    }
  }

  @Test
  void alternateExchangeTakesWhatThereIsNoRouteFor() throws Exception {
    String alternate = newExchange("fanout");
    String spare = newQueue(alternate, "");
    String exchange = prefix + name("-x");
    channel.exchangeDeclare(exchange, "direct", false, true, null);
    set("exchanges", Map.of("alternate-exchange", alternate));

    await()
        .untilAsserted(
            () -> {
              publish(exchange, "nowhere", "kept");
              assertThat(drain(spare)).isNotEmpty();
            });
    channel.exchangeDelete(exchange);
  }

  @Test
  void policyForExchangesLeavesQueuesAlone() throws Exception {
    set("exchanges", Map.of("max-length", 1));
    String queue = declared(null);
    fill(queue, "1", "2");
    assertThat(drain(queue)).containsExactly("1", "2");
  }

  @Test
  void deliveryLimitIsForQuorumQueuesOnly() throws Exception {
    set("queues", Map.of("delivery-limit", 1, "max-length", 1));
    String classic = declared(null);
    fill(classic, "1", "2");
    assertThat(drain(classic)).containsExactly("1", "2");

    String quorum = prefix + name("-q");
    channel.queueDeclare(quorum, true, false, false, Map.of("x-queue-type", "quorum"));
    fill(quorum, "once too often");
    Deliveries deliveries = Deliveries.from(channel, quorum);
    for (int i = 0; i < 2; i++) {
      channel.basicNack(Deliveries.tag(deliveries.next()), false, true);
    }
    await().until(() -> channel.queueDelete(quorum).getMessageCount() == 0);
    assertThat(deliveries.taken()).isEmpty();
  }
}
