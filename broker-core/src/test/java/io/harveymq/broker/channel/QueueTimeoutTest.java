package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import org.junit.jupiter.api.Test;

/** From 3.12 to 4.2 a queue may have its own time for acknowledgements; channels are closed. */
class QueueTimeoutTest {
  private static final long MINUTE = 60_000;
  private static final long HALF_AN_HOUR = 30 * MINUTE;

  private final TestBroker broker = TestBroker.of(Compatibility.V3_13);
  private final TestChannel channel = broker.channel();

  private static TestChannel declare(TestChannel channel, String queue, long timeout) {
    FieldTable arguments = FieldTable.builder().put("x-consumer-timeout", timeout).build();
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
    return channel;
  }

  private void policy(long timeout) {
    FieldTable definition = FieldTable.builder().put("consumer-timeout", timeout).build();
    Policy policy = Policy.of("p", ".*", ApplyTo.QUEUES, 0, definition);
    broker.home().run(() -> broker.vhost().policies().set(policy, false));
    broker.run();
  }

  private static void assertClosed(TestChannel channel, long timeout) {
    ChannelMethod.Close close = channel.expect(ChannelMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(406);
    assertThat(close.replyText())
        .startsWith("PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out.")
        .contains("Timeout value used: " + timeout + " ms.");
  }

  @Test
  void theArgumentOfTheQueueCounts() {
    declare(channel, "q", 1_000).publish("q", "a").consume("q", "c").nextDelivery();
    broker.advance(1_000);
    channel.expectNothing();
    broker.advance(1);
    assertClosed(channel, 1_000);
  }

  @Test
  void itMayBeLongerThanTheNodes() {
    declare(channel, "q", 2 * HALF_AN_HOUR).publish("q", "a").consume("q", "c").nextDelivery();
    broker.advance(2 * HALF_AN_HOUR);
    channel.expectNothing();
    broker.advance(1);
    assertClosed(channel, 2 * HALF_AN_HOUR);
  }

  @Test
  void ofArgumentAndPolicyTheLowerOneCounts() {
    policy(5_000);
    declare(channel, "higher", 9_000).publish("higher", "a").get("higher");
    broker.advance(5_001);
    assertClosed(channel, 5_000);
    TestChannel other = broker.channel();
    declare(other, "lower", 3_000).publish("lower", "a").get("lower");
    broker.advance(3_001);
    assertClosed(other, 3_000);
  }

  @Test
  void aPolicyReachesWhatIsOutstandingWithinAMinute() {
    channel.declare("q").publish("q", "a").consume("q", "c").nextDelivery();
    policy(1_000);
    broker.advance(MINUTE + 1);
    assertClosed(channel, 1_000);
  }

  @Test
  void withoutATimeoutOfTheNodeThatOfTheQueueCounts() {
    TestChannel without = broker.consumerTimeout(0).channel();
    without.declare("q").publish("q", "a").get("q");
    declare(without, "own", 1_000).publish("own", "b");
    broker.advance(2 * HALF_AN_HOUR);
    without.expectNothing();
    TestChannel other = broker.channel();
    other.get("own");
    broker.advance(1_001);
    assertClosed(other, 1_000);
    without.expectNothing();
  }

  @Test
  void onlyTheOldestDeliveryOfTheChannelIsLookedAt() {
    channel.declare("patient").publish("patient", "a");
    long first = channel.get("patient").deliveryTag();
    declare(channel, "q", 1_000).publish("q", "b").get("q");
    broker.advance(5_000);
    channel.expectNothing();
    channel.ack(first);
    broker.advance(MINUTE);
    assertClosed(channel, 1_000);
  }

  @Test
  void before312OnlyTheNodesCounts() {
    TestBroker older = TestBroker.of(Compatibility.V3_10);
    TestChannel there = declare(older.channel(), "q", 1_000);
    there.publish("q", "a").consume("q", "c").nextDelivery();
    older.advance(HALF_AN_HOUR);
    there.expectNothing();
    older.advance(1);
    assertClosed(there, HALF_AN_HOUR);
  }
}
