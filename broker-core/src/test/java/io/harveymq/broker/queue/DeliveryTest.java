package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who gets which message, and when. */
class DeliveryTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel publisher = broker.channel().declare("q");

  private static FieldTable priority(int level) {
    return FieldTable.builder().put("x-priority", level).build();
  }

  private void publish(int from, int to) {
    publisher.publishAll("q", IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList());
  }

  private static List<String> numbers(int... numbers) {
    return IntStream.of(numbers).mapToObj(String::valueOf).toList();
  }

  // ---- turns

  @Test
  void consumersOfEqualPriorityTakeTurns() {
    TestChannel a = broker.channel().consume("q", "a");
    TestChannel b = broker.channel().consume("q", "b");
    TestChannel c = broker.channel().consume("q", "c");
    publish(1, 7);
    assertThat(a.deliveries()).isEqualTo(numbers(1, 4, 7));
    assertThat(b.deliveries()).isEqualTo(numbers(2, 5));
    assertThat(c.deliveries()).isEqualTo(numbers(3, 6));
    publish(8, 9);
    assertThat(b.deliveries()).isEqualTo(numbers(8));
    assertThat(c.deliveries()).isEqualTo(numbers(9));
  }

  @Test
  void twoConsumersTakeTurns() {
    TestChannel a = broker.channel().consume("q", "a");
    TestChannel b = broker.channel().consume("q", "b");
    publish(1, 5);
    assertThat(a.deliveries()).isEqualTo(numbers(1, 3, 5));
    assertThat(b.deliveries()).isEqualTo(numbers(2, 4));
  }

  @Test
  void aCancelledConsumerLeavesTheRoundToTheOthers() {
    TestChannel a = broker.channel().consume("q", "a");
    TestChannel b = broker.channel().consume("q", "b");
    a.cancel("a");
    publish(1, 3);
    assertThat(b.deliveries()).isEqualTo(numbers(1, 2, 3));
    a.expectNothing();
  }

  @Test
  void lowerPrioritiesGetWhatHigherOnesCanNotTake() {
    TestChannel low = broker.channel().prefetch(1).consume("q", "low", false, priority(-1));
    TestChannel plain = broker.channel().prefetch(1).consume("q", "plain");
    TestChannel high = broker.channel().prefetch(2).consume("q", "high", false, priority(5));
    publish(1, 6);
    assertThat(high.deliveries()).isEqualTo(numbers(1, 2));
    assertThat(plain.deliveries()).isEqualTo(numbers(3));
    assertThat(low.deliveries()).isEqualTo(numbers(4));
    low.ack(1);
    assertThat(low.deliveries()).isEqualTo(numbers(5));
    high.ackUpTo(2);
    assertThat(high.deliveries()).isEqualTo(numbers(6));
    publish(7, 8);
    assertThat(high.deliveries()).isEqualTo(numbers(7));
    plain.expectNothing();
  }

  @Test
  void aHigherPriorityThatComesLaterIsServedFirst() {
    TestChannel plain = broker.channel().consume("q", "plain");
    TestChannel high = broker.channel().consume("q", "high", false, priority(1));
    publish(1, 2);
    assertThat(high.deliveries()).isEqualTo(numbers(1, 2));
    high.client().drop();
    broker.run();
    assertThat(plain.deliveries()).isEqualTo(numbers(1, 2));
  }

  // ---- windows

  @Test
  void aConsumersWindowIsItsOwn() {
    TestChannel channel = broker.channel().prefetch(2).declare("r");
    channel.consume("q", "a").consume("r", "b");
    publish(1, 5);
    publisher.publishAll("r", List.of("x", "y", "z"));
    assertThat(channel.deliveries()).containsExactly("1", "2", "x", "y");
    channel.ack(3);
    assertThat(channel.deliveries()).containsExactly("z");
    channel.ackUpTo(2);
    assertThat(channel.deliveries()).containsExactly("3", "4");
  }

  @Test
  void theChannelsWindowIsSharedByItsConsumers() {
    TestChannel channel = broker.channel().qos(3, true).declare("r");
    channel.consume("q", "a").consume("r", "b");
    publish(1, 5);
    publisher.publishAll("r", List.of("x", "y"));
    assertThat(channel.deliveries()).containsExactly("1", "2", "3");
    channel.ack(1);
    assertThat(channel.deliveries()).hasSize(1);
    channel.ackUpTo(0);
    assertThat(channel.deliveries()).hasSize(3);
    channel.ackUpTo(0);
    assertThat(channel.deliveries()).isEmpty();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void bothWindowsHold() {
    TestChannel channel = broker.channel().prefetch(2).qos(3, true).declare("r");
    channel.consume("q", "a").consume("r", "b");
    publish(1, 5);
    publisher.publishAll("r", List.of("x", "y"));
    assertThat(channel.deliveries()).containsExactly("1", "2", "x");
    channel.ack(3);
    assertThat(channel.deliveries()).containsExactly("y");
    channel.ack(1);
    assertThat(channel.deliveries()).containsExactly("3");
  }

  @Test
  void aWindowThatIsChangedWhileConsumingHoldsForTheConsumersToCome() {
    TestChannel channel = broker.channel().prefetch(1).consume("q", "a");
    publish(1, 6);
    assertThat(channel.deliveries()).containsExactly("1");
    channel.prefetch(3);
    channel.expectNothing();
    channel.consume("q", "b");
    assertThat(channel.deliveries()).containsExactly("2", "3", "4");
    channel.ack(1);
    assertThat(channel.deliveries()).containsExactly("5");
  }

  @Test
  void aLargerWindowOfTheChannelHoldsAtOnce() {
    TestChannel channel = broker.channel().qos(1, true).consume("q", "a");
    publish(1, 5);
    assertThat(channel.deliveries()).containsExactly("1");
    channel.qos(3, true);
    assertThat(channel.deliveries()).containsExactly("2", "3");
    channel.qos(1, true);
    channel.ack(1).ack(2);
    channel.expectNothing();
    channel.ack(3);
    assertThat(channel.deliveries()).containsExactly("4");
    channel.qos(0, true);
    assertThat(channel.deliveries()).containsExactly("5");
  }

  @Test
  void withoutAcknowledgementsThereIsNoWindow() {
    TestChannel channel = broker.channel().prefetch(1).qos(1, true);
    channel.consume("q", "a", true, FieldTable.EMPTY);
    publish(1, 5);
    assertThat(channel.deliveries()).hasSize(5);
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void aDeliveryByGetFillsTheChannelsWindowAndNoConsumers() {
    publish(1, 4);
    TestChannel channel = broker.channel().prefetch(1).qos(2, true);
    assertThat(channel.get("q").text()).isEqualTo("1");
    channel.consume("q", "a");
    assertThat(channel.deliveries()).containsExactly("2");
    channel.ack(1);
    channel.expectNothing();
    channel.ack(2);
    assertThat(channel.deliveries()).containsExactly("3");
  }

  @Test
  void whatWasCancelledWithDeliveriesOutCanBeSettled() {
    TestChannel channel = broker.channel().prefetch(2).consume("q", "a");
    publish(1, 3);
    assertThat(channel.deliveries()).containsExactly("1", "2");
    channel.cancel("a").requeue(1).ack(2);
    assertThat(channel.drain("q")).containsExactly("1", "3");
  }

  @Test
  void whatComesBackIsRedeliveredBeforeYoungerMessages() {
    TestChannel channel = broker.channel().prefetch(4).consume("q", "a");
    publish(1, 8);
    assertThat(channel.deliveries()).containsExactly("1", "2", "3", "4");
    channel.cancel("a");
    channel.requeue(3).requeue(1);
    List<String> flags = new ArrayList<>();
    for (Received got = channel.get("q"); got != null; got = channel.get("q")) {
      flags.add(got.text() + (got.redelivered() ? "r" : ""));
    }
    assertThat(flags).containsExactly("1r", "3r", "5", "6", "7", "8");
  }

  // ---- what goes with whom

  @Test
  void anAutoDeleteQueueGoesWithItsLastConsumer() {
    TestChannel a = broker.channel();
    a.declare("auto", false, true);
    a.consume("auto", "a");
    TestChannel b = broker.channel().consume("auto", "b");
    a.cancel("a");
    assertThat(broker.vhost().queueOrNull("auto")).isNotNull();
    publisher.publish("auto", "x");
    assertThat(b.deliveries()).containsExactly("x");
    b.client().drop();
    broker.run();
    assertThat(broker.vhost().queueOrNull("auto")).isNull();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void exclusiveQueuesGoWithTheirConnectionAfterItsChannels() {
    TestClient owner = broker.connect();
    TestChannel one = owner.channel(1);
    one.declare("mine", true, false);
    one.publish("mine", "x").consume("mine", "c");
    broker.run();
    TestChannel other = broker.channel();
    other.send(TestChannel.passive("mine")).expectClose(405);
    owner.close();
    broker.run();
    assertThat(broker.vhost().queueOrNull("mine")).isNull();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void anExclusiveQueueStaysWhenTheChannelThatDeclaredItGoes() {
    TestClient owner = broker.connect();
    TestChannel one = owner.channel(1);
    one.declare("mine", true, false);
    one.close();
    assertThat(
            owner.channel(2).call(TestChannel.passive("mine"), QueueMethod.DeclareOk.class).queue())
        .isEqualTo("mine");
  }

  @Test
  void consumersAreToldThatTheirQueueIsGone() {
    TestChannel consumer = broker.channel().consume("q", "c");
    publish(1, 1);
    assertThat(consumer.deliveries()).containsExactly("1");
    publisher.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    assertThat(consumer.expect(BasicMethod.Cancel.class).consumerTag()).isEqualTo("c");
    consumer.ack(1);
    consumer.expectNothing();
    assertThat(consumer.client().isClosed()).isFalse();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void whoDoesNotUnderstandItIsNotToldThatTheQueueIsGone() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities(), "guest");
    TestChannel consumer = client.tuneAndOpen(0, 131_072).channel(1).consume("q", "c");
    publisher.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    consumer.expectNothing();
  }
}
