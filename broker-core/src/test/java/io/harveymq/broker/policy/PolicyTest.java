package io.harveymq.broker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.queue.OverflowBehaviour;
import io.harveymq.broker.queue.QueueSettings;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies are valid, which one is in force, and what it makes of queues and exchanges. */
class PolicyTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private static FieldTable.Builder table() {
    return FieldTable.builder();
  }

  private static Policy policy(String name, long priority, FieldTable.Builder definition) {
    return Policy.of(name, "^q", ApplyTo.ALL, priority, definition.build());
  }

  private void set(Policy policy, boolean operator) {
    broker.home().execute(() -> broker.vhost().policies().set(policy, operator));
    broker.run();
  }

  private void clear(String name) {
    broker.home().execute(() -> broker.vhost().policies().clear(name, false));
    broker.run();
  }

  private void declare(String queue, FieldTable arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
  }

  private QueueSettings settings(String queue) {
    return broker.queue(queue).settings();
  }

  // ---- validity, with RabbitMQ's texts

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "message-ttl | -1 | -1 is not a valid message TTL",
        "expires | 0 | 0 is not a valid queue expiry",
        "max-length | -5 | -5 is not a valid maximum length",
        "nonsense | 5 | [{<<\"nonsense\">>,5}] are not recognised policy settings"
      })
  void refusesWithTheTextOf(String key, long value, String text) {
    FieldTable definition = table().put(key, value).build();
    assertThatThrownBy(() -> Policy.of("p", ".*", ApplyTo.ALL, 0, definition))
        .isInstanceOf(PolicyException.class)
        .hasMessage(text);
  }

  @Test
  void refusesNothingAtAllAndWrongTexts() {
    assertThatThrownBy(() -> Policy.of("p", ".*", ApplyTo.ALL, 0, FieldTable.EMPTY))
        .hasMessage("no policy provided");
    FieldTable overflow = table().put("overflow", "drop-tail").build();
    assertThatThrownBy(() -> Policy.of("p", ".*", ApplyTo.ALL, 0, overflow))
        .hasMessage("<<\"drop-tail\">> is not a valid overflow value");
    FieldTable number = table().put("overflow", 5).build();
    assertThatThrownBy(() -> Policy.of("p", ".*", ApplyTo.ALL, 0, number))
        .hasMessage("5 is not a valid overflow value");
    FieldTable fine = table().put("max-length", 1).build();
    assertThatThrownBy(() -> Policy.of("p", "(", ApplyTo.ALL, 0, fine))
        .hasMessageStartingWith("pattern should be regular expression but is invalid");
    assertThatThrownBy(() -> ApplyTo.of("topics")).isInstanceOf(PolicyException.class);
  }

  @Test
  void operatorsSetLimitsOnly() {
    FieldTable exchange = table().put("dead-letter-exchange", "x").build();
    assertThatThrownBy(() -> Policy.operator("p", ".*", ApplyTo.QUEUES, 0, exchange))
        .hasMessage(
            "[{<<\"dead-letter-exchange\">>,<<\"x\">>}] are not recognised policy settings");
  }

  // ---- which one is in force

  @Test
  void theHighestPriorityThatMatchesCountsAloneAndTheNextOneFollows() {
    declare("q1", FieldTable.EMPTY);
    set(policy("low", 1, table().put("max-length", 10).put("message-ttl", 5_000)), false);
    set(policy("high", 2, table().put("max-length", 20)), false);
    assertThat(settings("q1").maxLength()).isEqualTo(20);
    assertThat(settings("q1").messageTtl()).isNull();
    clear("high");
    assertThat(settings("q1").maxLength()).isEqualTo(10);
    assertThat(settings("q1").messageTtl()).isEqualTo(5_000);
    clear("low");
    assertThat(settings("q1")).isEqualTo(QueueSettings.NONE);
  }

  @Test
  void aNewQueueHasItAtOnceAndOthersNever() {
    set(policy("p", 0, table().put("max-length", 3)), false);
    declare("q2", FieldTable.EMPTY);
    declare("other", FieldTable.EMPTY);
    assertThat(settings("q2").maxLength()).isEqualTo(3);
    assertThat(settings("other").maxLength()).isNull();
  }

  @Test
  void aKeyThatTheQueueTypeHasNoUseForRulesThePolicyOut() {
    declare("q1", FieldTable.EMPTY);
    set(policy("p", 0, table().put("max-length", 3).put("delivery-limit", 2)), false);
    assertThat(settings("q1").maxLength()).isNull();
  }

  @Test
  void ofTwoLimitsTheLowerOneCountsElseTheArgument() {
    declare(
        "q1",
        table()
            .put("x-max-length", 50)
            .put("x-message-ttl", 100)
            .put("x-overflow", "reject-publish")
            .put("x-dead-letter-exchange", "mine")
            .build());
    set(
        policy(
            "p",
            0,
            table()
                .put("max-length", 30)
                .put("message-ttl", 900)
                .put("overflow", "drop-head")
                .put("dead-letter-exchange", "theirs")
                .put("dead-letter-routing-key", "key")),
        false);
    set(Policy.operator("o", ".*", ApplyTo.QUEUES, 0, table().put("max-length", 20).build()), true);
    QueueSettings settings = settings("q1");
    assertThat(settings.maxLength()).isEqualTo(20);
    assertThat(settings.messageTtl()).isEqualTo(100);
    assertThat(settings.overflow()).isEqualTo(OverflowBehaviour.REJECT_PUBLISH);
    assertThat(settings.deadLetterExchange()).isEqualTo("mine");
    assertThat(settings.deadLetterRoutingKey()).isEqualTo("key");
  }

  // ---- what it does

  @Test
  void aLimitDropsWhatIsTooMuchAtOnce() {
    channel.declare("q1").publishAll("q1", List.of("1", "2", "3", "4", "5"));
    set(policy("p", 0, table().put("max-length", 2)), false);
    assertThat(channel.consume("q1", "c", true, FieldTable.EMPTY).deliveries())
        .containsExactly("4", "5");
  }

  @Test
  void timesBeyondTheEndOfTimeNeverCome() {
    set(
        policy(
            "p", 0, table().put("message-ttl", Long.MAX_VALUE - 1).put("expires", Long.MAX_VALUE)),
        false);
    channel.declare("q1").publish("q1", "stays");
    broker.advance(1_000_000_000_000L);
    assertThat(channel.drain("q1")).containsExactly("stays");
  }

  @Test
  void aLimitThatIsToRefuseMessagesDropsWhatIsTooMuchWhenItComesAndNothingLater() {
    channel.declare("q1").publishAll("q1", List.of("1", "2", "3", "4", "5"));
    set(policy("p", 0, table().put("max-length", 3).put("overflow", "reject-publish")), false);
    channel.publish("q1", "6");
    set(policy("p", 0, table().put("max-length", 1).put("overflow", "reject-publish")), false);
    assertThat(channel.consume("q1", "c", true, FieldTable.EMPTY).deliveries())
        .containsExactly("3", "4", "5");
  }

  @Test
  void withoutTimeToLiveNothingWaitsBehindOthers() {
    channel.declare("q1").publishAll("q1", List.of("1", "2"));
    set(policy("p", 0, table().put("message-ttl", 0)), false);
    channel.publishAll("q1", List.of("3", "4"));
    assertThat(channel.call(TestChannel.passive("q1"), QueueMethod.DeclareOk.class).messageCount())
        .isEqualTo(2);
    channel.consume("q1", "c", true, FieldTable.EMPTY).publish("q1", "5");
    assertThat(channel.deliveries()).containsExactly("1", "2", "5");
  }

  @Test
  void aPolicyOfOtherQueuesDoesNotBeginAnExpiryAnew() {
    declare("q1", table().put("x-expires", 5_000).build());
    for (int second = 1; second < 5; second++) {
      broker.advance(1_000);
      FieldTable limit = table().put("max-length", second).build();
      set(Policy.of("p", "^other", ApplyTo.ALL, 0, limit), false);
    }
    broker.advance(999);
    assertThat(broker.vhost().queueOrNull("q1")).isNotNull();
    broker.advance(1);
    assertThat(broker.vhost().queueOrNull("q1")).isNull();
  }

  @Test
  void anExpiryBeginsWhenThePolicyComes() {
    declare("q1", FieldTable.EMPTY);
    broker.advance(10_000);
    set(policy("p", 0, table().put("expires", 5_000)), false);
    broker.advance(4_999);
    assertThat(broker.vhost().queueOrNull("q1")).isNotNull();
    broker.advance(1);
    assertThat(broker.vhost().queueOrNull("q1")).isNull();
  }

  @Test
  void anAlternateExchangeComesAndGoes() {
    channel.declare("spare").declareExchange("ae", "fanout").bind("spare", "ae", "");
    channel.declareExchange("qx", "direct");
    set(policy("p", 0, table().put("alternate-exchange", "ae")), false);
    channel.publish("qx", "nowhere", "kept");
    clear("p");
    channel.publish("qx", "nowhere", "lost");
    assertThat(channel.consume("spare", "c", true, FieldTable.EMPTY).deliveries())
        .containsExactly("kept");
  }

  @Test
  void tenThousandQueuesAreDoneInSlices() {
    for (int i = 0; i < 10_000; i++) {
      channel.declare("q" + i);
    }
    long before = broker.loop().turns();
    set(policy("p", 0, table().put("max-length", 7)), false);
    assertThat(broker.loop().turns() - before).isGreaterThan(10);
    for (int i = 0; i < 10_000; i++) {
      assertThat(settings("q" + i).maxLength()).isEqualTo(7);
    }
  }

  @Test
  void policiesAreThereAfterARestart() {
    MemoryStore store = new MemoryStore();
    TestBroker first = TestBroker.on(store);
    Policy policy =
        Policy.of(
            "p",
            "^q",
            ApplyTo.QUEUES,
            3,
            table().put("max-length", 4).put("ha-params", FieldValue.of(2L)).build());
    first.home().execute(() -> first.vhost().policies().set(policy, false));
    first.run();
    first.end();
    TestBroker second = TestBroker.on(store);
    assertThat(second.vhost().policies().all(false)).containsExactly(policy);
    second.channel().declare("q1");
    assertThat(second.queue("q1").settings().maxLength()).isEqualTo(4);
  }
}
