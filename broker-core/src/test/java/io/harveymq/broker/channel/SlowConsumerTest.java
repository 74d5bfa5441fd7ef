package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From 4.3 on quorum queues take back what is not acknowledged in time, and cancel consumers. */
class SlowConsumerTest {
  private static final long HALF_AN_HOUR = 1_800_000;

  private final TestBroker broker = TestBroker.of(Compatibility.V4_3);
  private final TestChannel channel = declared(broker.channel(), "q", FieldTable.builder());

  private static TestChannel declared(
      TestChannel channel, String queue, FieldTable.Builder arguments) {
    FieldTable quorum = arguments.put("x-queue-type", "quorum").build();
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, quorum),
        QueueMethod.DeclareOk.class);
    return channel;
  }

  private static FieldTable timeout(long millis) {
    return FieldTable.builder().put("x-consumer-timeout", millis).build();
  }

  private TestChannel consume(TestChannel by, String queue, String tag, long timeout) {
    return by.consume(queue, tag, false, timeout(timeout));
  }

  private static void expectCancel(TestChannel channel, String tag) {
    BasicMethod.Cancel cancel = channel.expect(BasicMethod.Cancel.class);
    assertThat(cancel.consumerTag()).isEqualTo(tag);
    assertThat(cancel.nowait()).isTrue();
  }

  private static long acquired(Received delivery) {
    FieldTable headers = BasicProperties.of(delivery.properties()).headers();
    assertThat(headers.get("x-delivery-count")).as("failures").isNull();
    return headers.get("x-acquired-count").asLong();
  }

  @Test
  void theConsumerIsCancelledAndTheMessageGoesBackWithoutAFailure() {
    channel.publish("q", "a").consume("q", "c").nextDelivery();
    broker.advance(HALF_AN_HOUR);
    channel.expectNothing();
    broker.advance(1);
    expectCancel(channel, "c");
    channel.expectNothing();
    assertThat(broker.queue("q").consumerCount()).isZero();
    assertThat(broker.queue("q").unackedCount()).isZero();
    assertThat(acquired(channel.get("q"))).isEqualTo(1);
  }

  @Test
  void whatIsTakenBackComesFirstThoughTheQueueHasNoDeliveryLimit() {
    declared(channel, "free", FieldTable.builder().put("x-delivery-limit", -1));
    channel.prefetch(1).publish("free", "a").publish("free", "b");
    consume(channel, "free", "c", 1_000).nextDelivery();
    broker.advance(1_001);
    expectCancel(channel, "c");
    assertThat(channel.get("free").text()).isEqualTo("a");
  }

  @Test
  void otherConsumersOfTheChannelGoOnAndGetIt() {
    consume(channel, "q", "slow", 1_000).publish("q", "a").nextDelivery();
    consume(channel, "q", "quick", 60_000);
    broker.advance(1_001);
    expectCancel(channel, "slow");
    Received again = channel.nextDelivery();
    assertThat(((BasicMethod.Deliver) again.method()).consumerTag()).isEqualTo("quick");
    channel.ack(again.deliveryTag());
    broker.advance(60_001);
    channel.expectNothing();
    assertThat(broker.queue("q").consumerCount()).isEqualTo(1);
  }

  @Test
  void lateSettlementsAreIgnoredOnce() {
    consume(channel, "q", "c", 1_000).publishAll("q", List.of("1", "2", "3", "4"));
    assertThat(channel.deliveries()).hasSize(4);
    broker.advance(1_001);
    expectCancel(channel, "c");
    channel.ack(1);
    channel.send(new BasicMethod.Nack(2, false, false));
    channel.requeue(3);
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isEqualTo(4);
    channel.ack(1);
    channel.expectClose(406);
  }

  @Test
  void aLateTagMayEndARangeAndIsForgottenInOne() {
    consume(channel, "q", "slow", 1_000).publish("q", "1").nextDelivery();
    declared(channel, "other", FieldTable.builder());
    channel.publish("other", "2").consume("other", "quick").nextDelivery();
    channel.publish("q", "3").nextDelivery();
    broker.advance(1_001);
    expectCancel(channel, "slow");
    channel.ackUpTo(3);
    channel.expectNothing();
    assertThat(broker.queue("other").unackedCount()).isZero();
    assertThat(broker.queue("q").readyCount()).isEqualTo(2);
    channel.ack(1);
    channel.expectClose(406);
  }

  @Test
  void deliveriesThatAreNotDueYetStayAndGoBackInTheirTurn() {
    consume(channel, "q", "c", 1_000).publish("q", "1").nextDelivery();
    broker.advance(600);
    channel.publish("q", "2").nextDelivery();
    channel.publish("q", "3");
    long third = channel.nextDelivery().deliveryTag();
    broker.advance(401);
    expectCancel(channel, "c");
    assertThat(broker.queue("q").unackedCount()).isEqualTo(2);
    channel.ack(third);
    broker.advance(600);
    channel.expectNothing();
    assertThat(broker.queue("q").unackedCount()).isZero();
    assertThat(channel.drain("q")).containsExactly("1", "2");
  }

  @Test
  void aClientThatDoesNotUnderstandLosesItsChannel() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities("authentication_failure_close"), "guest");
    TestChannel old = client.tuneAndOpen(0, 131_072).channel(1);
    consume(old, "q", "c", 1_000).publish("q", "a").nextDelivery();
    broker.advance(1_001);
    assertThat(old.expectClose(406).replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value"
                + " used: 1000 ms. This timeout value can be configured, see consumers doc guide"
                + " to learn more");
    assertThat(acquired(channel.get("q"))).isEqualTo(1);
  }

  @Test
  void whatWasFetchedClosesTheChannel() {
    declared(channel, "own", FieldTable.builder().put("x-consumer-timeout", 5_000));
    channel.publish("own", "a").get("own");
    broker.advance(5_000);
    channel.expectNothing();
    broker.advance(1);
    assertThat(channel.expectClose(406).replyText()).contains("Timeout value used: 5000 ms.");
  }

  @Test
  void aConsumerThatTheClientCancelledCannotBeCancelledAgain() {
    consume(channel, "q", "c", 1_000).publish("q", "a").nextDelivery();
    channel.cancel("c");
    broker.advance(1_001);
    channel.expectClose(406);
  }

  @Test
  void theConsumersOwnTimeComesBeforeTheQueues() {
    declared(channel, "own", FieldTable.builder().put("x-consumer-timeout", 1_000));
    consume(channel.publish("own", "a"), "own", "patient", 5_000).nextDelivery();
    broker.advance(5_000);
    channel.expectNothing();
    broker.advance(1);
    expectCancel(channel, "patient");
    channel.consume("own", "other").nextDelivery();
    broker.advance(1_001);
    expectCancel(channel, "other");
  }

  @Test
  void eachConsumerIsCancelledInItsOwnTime() {
    consume(channel, "q", "patient", 5_000).publish("q", "1").nextDelivery();
    consume(channel.prefetch(1), "q", "quick", 1_000).publishAll("q", List.of("2", "3"));
    assertThat(channel.deliveries()).hasSize(2);
    broker.advance(1_001);
    expectCancel(channel, "quick");
    channel.nextDelivery();
    channel.expectNothing();
    broker.advance(4_000);
    expectCancel(channel, "patient");
    channel.expectNothing();
  }

  @Test
  void aWrongArgumentIsRefused() {
    BasicMethod.Consume negative =
        new BasicMethod.Consume("q", "c", false, false, false, false, timeout(-1));
    assertThat(channel.call(negative, ChannelMethod.Close.class).replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - invalid arg 'x-consumer-timeout' for queue 'q' in vhost '/':"
                + " {value_negative,-1}");
  }

  @Test
  void classicQueuesAndDeletedOnesMayWait() {
    channel.call(
        new QueueMethod.Declare("classic", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    consume(channel.publish("classic", "a"), "classic", "c", 1_000).nextDelivery();
    declared(channel, "gone", FieldTable.builder());
    consume(channel.publish("gone", "a"), "gone", "d", 1_000).nextDelivery();
    channel.send(new QueueMethod.Delete("gone", false, false, false));
    expectCancel(channel, "d");
    channel.expect(QueueMethod.DeleteOk.class);
    broker.advance(2 * HALF_AN_HOUR);
    channel.expectNothing();
  }

  @Test
  void theNextConsumerBecomesActiveWhenTheSingleActiveOneIsSlow() {
    declared(channel, "single", FieldTable.builder().put("x-single-active-consumer", true));
    consume(channel.publish("single", "a"), "single", "first", 1_000).nextDelivery();
    TestChannel other = broker.channel().consume("single", "second");
    other.expectNothing();
    broker.advance(1_001);
    expectCancel(channel, "first");
    assertThat(other.deliveries()).containsExactly("a");
  }

  @Test
  void aConsumerThatIsFullGetsNothingMoreWhenItIsCancelled() {
    consume(channel.prefetch(1), "q", "c", 1_000).publishAll("q", List.of("1", "2"));
    assertThat(channel.deliveries()).containsExactly("1");
    broker.advance(1_001);
    expectCancel(channel, "c");
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isEqualTo(2);
  }

  @Test
  void tensOfThousandsGoBackOverSeveralTurns() {
    int count = 20_000;
    declared(channel, "patient", FieldTable.builder());
    channel.publish("patient", "a").consume("patient", "p").nextDelivery();
    broker.fill("q", count);
    assertThat(consume(channel, "q", "c", 1_000).deliveries()).hasSize(count);
    broker.advance(1_001);
    expectCancel(channel, "c");
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isEqualTo(count);
    assertThat(broker.queue("patient").unackedCount()).isEqualTo(1);
    channel.ackUpTo(0).expectNothing();
    assertThat(broker.queue("patient").unackedCount()).isZero();
    assertThat(broker.queue("q").readyCount()).isEqualTo(count);
  }

  @Test
  void nothingIsKeptOfChannelsThatAcknowledge() {
    consume(channel, "q", "c", 1_000).publish("q", "a");
    channel.ack(channel.nextDelivery().deliveryTag());
    broker.advance(2_000);
    channel.expectNothing();
    assertThat(broker.home().deadlines().count()).isZero();
  }
}
