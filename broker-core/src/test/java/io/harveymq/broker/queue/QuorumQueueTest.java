package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where quorum queues differ from classic ones. */
class QuorumQueueTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private static FieldTable.Builder quorum() {
    return FieldTable.builder().put("x-queue-type", "quorum");
  }

  private static QueueMethod.Declare declare(FieldTable arguments) {
    return new QueueMethod.Declare("q", false, true, false, false, false, arguments);
  }

  private TestChannel declared(FieldTable.Builder arguments) {
    channel.call(declare(arguments.build()), QueueMethod.DeclareOk.class);
    return channel;
  }

  private static FieldValue deliveryCount(Received delivery) {
    BasicProperties properties = BasicProperties.of(delivery.properties());
    return properties.headers() == null ? null : properties.headers().get("x-delivery-count");
  }

  private void giveBack(Received delivery) {
    channel.send(new BasicMethod.Nack(delivery.deliveryTag(), false, true));
  }

  @Test
  void onlyRedeliveriesHaveACountOfFailures() {
    declared(quorum()).publish("q", "a").consume("q", "c");
    Received first = channel.nextDelivery();
    assertThat(deliveryCount(first)).isNull();
    assertThat(first.redelivered()).isFalse();
    giveBack(first);
    Received second = channel.nextDelivery();
    assertThat(deliveryCount(second)).isEqualTo(FieldValue.of(1L));
    assertThat(second.redelivered()).isTrue();
    giveBack(second);
    assertThat(deliveryCount(channel.nextDelivery())).isEqualTo(FieldValue.of(2L));
  }

  @Test
  void aMessageGivenBackTooOftenGoesToTheDeadLetterExchange() {
    channel.declare("dead");
    declared(
            quorum()
                .put("x-delivery-limit", 1)
                .put("x-dead-letter-exchange", "")
                .put("x-dead-letter-routing-key", "dead"))
        .publish("q", "a")
        .consume("q", "c");
    giveBack(channel.nextDelivery());
    giveBack(channel.nextDelivery());
    channel.expectNothing();
    channel.send(new BasicMethod.Get("dead", true));
    Received letter = channel.next();
    assertThat(letter.text()).isEqualTo("a");
    FieldValue.Array deaths =
        (FieldValue.Array) BasicProperties.of(letter.properties()).headers().get("x-death");
    assertThat(((FieldValue.Table) deaths.values().get(0)).value().get("reason"))
        .isEqualTo(FieldValue.of("delivery_limit"));
  }

  @Test
  void consumersWithoutAcknowledgementsSeeTheCount() {
    declared(quorum()).publish("q", "a");
    giveBack(channel.get("q"));
    giveBack(channel.get("q"));
    channel.consume("q", "c", true, FieldTable.EMPTY);
    assertThat(deliveryCount(channel.nextDelivery())).isEqualTo(FieldValue.of(2L));
  }

  @Test
  void cannotDeadLetterWhatItRejectsAndDropsTheOldestInstead() {
    channel.declare("dead");
    declared(
            quorum()
                .put("x-overflow", "reject-publish-dlx")
                .put("x-max-length", 1)
                .put("x-dead-letter-exchange", "")
                .put("x-dead-letter-routing-key", "dead"))
        .confirm()
        .publish("q", "1")
        .publish("q", "2");
    assertThat(channel.client().all(1))
        .extracting(Received::method)
        .isNotEmpty()
        .allMatch(BasicMethod.Ack.class::isInstance);
    assertThat(channel.drain("q")).containsExactly("2");
    assertThat(channel.drain("dead")).containsExactly("1");
  }

  @Test
  void withoutALimitOfItsOwnItIsTwenty() {
    declared(quorum()).publish("q", "a").consume("q", "c");
    for (int i = 0; i <= 20; i++) {
      giveBack(channel.nextDelivery());
    }
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isZero();
  }

  @Test
  void messagesComeBackInTheOrderTheyWereReturnedIn() {
    declared(quorum()).publishAll("q", List.of("1", "2", "3"));
    TestChannel other = broker.channel();
    other.consume("q", "c");
    Received first = other.nextDelivery();
    Received second = other.nextDelivery();
    Received third = other.nextDelivery();
    other.send(new BasicMethod.Cancel("c", true));
    for (Received delivery : List.of(third, first, second)) {
      other.send(new BasicMethod.Nack(delivery.deliveryTag(), false, true));
    }
    assertThat(channel.consume("q", "d").deliveries()).containsExactly("3", "1", "2");
  }

  @Test
  void withoutALimitWhatIsGivenBackGoesToTheEnd() {
    declared(quorum().put("x-delivery-limit", -1)).publishAll("q", List.of("1", "2", "3", "4"));
    long before = broker.memory().used();
    Received first = channel.get("q");
    Received second = channel.get("q");
    giveBack(second);
    giveBack(first);
    assertThat(broker.run().memory().used()).isEqualTo(before);
    channel.consume("q", "c");
    assertThat(channel.nextDelivery().text()).isEqualTo("3");
    assertThat(channel.nextDelivery().text()).isEqualTo("4");
    Received again = channel.nextDelivery();
    assertThat(again.text()).isEqualTo("2");
    assertThat(again.redelivered()).isTrue();
    assertThat(deliveryCount(again)).isEqualTo(FieldValue.of(1L));
    assertThat(channel.nextDelivery().text()).isEqualTo("1");
  }

  @Test
  void theEndIsTheEndAfterARestartToo() {
    MemoryStore store = new MemoryStore();
    TestBroker before = TestBroker.on(store);
    TestChannel first = before.channel();
    FieldTable unlimited = quorum().put("x-delivery-limit", -1).build();
    first.call(declare(unlimited), QueueMethod.DeclareOk.class);
    first.publish("q", "1").publish("q", "2");
    Received one = first.get("q");
    first.requeue(one.deliveryTag()).requeue(first.get("q").deliveryTag());
    first.requeue(first.get("q").deliveryTag());
    before.run().end();
    TestChannel second = TestBroker.on(store).channel();
    Received got = second.get("q");
    assertThat(got.text()).isEqualTo("2");
    assertThat(deliveryCount(got)).isEqualTo(FieldValue.of(1L));
    got = second.get("q");
    assertThat(got.text()).isEqualTo("1");
    assertThat(deliveryCount(got)).isEqualTo(FieldValue.of(2L));
    assertThat(got.redelivered()).isTrue();
    assertThat(second.get("q")).isNull();
  }

  @Test
  void transientMessagesAreStoredToo() {
    MemoryStore store = new MemoryStore();
    TestBroker before = TestBroker.on(store);
    TestChannel first = before.channel();
    first.call(declare(quorum().build()), QueueMethod.DeclareOk.class);
    first.confirm();
    before.holdStore(true);
    first.publish("", "q", BasicProperties.builder().deliveryMode(1).build(), new byte[1]);
    first.expectNothing();
    before.holdStore(false);
    first.expect(BasicMethod.Ack.class);
    before.end();
    TestBroker after = TestBroker.on(store);
    Received got = after.channel().get("q");
    assertThat(BasicProperties.of(got.properties()).deliveryMode()).isEqualTo(1);
  }

  @Test
  void withoutALimitWhatAClientGivesBackGoesToTheEndAndWhatALostOneHadToTheHead() {
    declared(quorum().put("x-delivery-limit", -1)).publishAll("q", List.of("1", "2", "3"));
    giveBack(channel.get("q"));
    TestChannel lost = broker.channel();
    lost.get("q");
    lost.client().drop();
    broker.run();
    assertThat(channel.consume("q", "c").deliveries()).containsExactly("2", "3", "1");
  }

  @Test
  void aFetchShowsTheCountEvenWhenItIsZero() {
    declared(quorum()).publish("q", "a");
    assertThat(deliveryCount(channel.get("q"))).isEqualTo(FieldValue.of(0L));
  }

  @Test
  void aWindowOfTheChannelThatComesLaterDoesNotHold() {
    declared(quorum()).consume("q", "c").qos(1, true);
    channel.publishAll("q", List.of("1", "2", "3"));
    assertThat(channel.deliveries()).containsExactly("1", "2", "3");
  }

  @Test
  void noConsumerIsExclusive() {
    declared(quorum());
    for (String tag : List.of("a", "b")) {
      channel.call(
          new BasicMethod.Consume("q", tag, false, false, true, false, FieldTable.EMPTY),
          BasicMethod.ConsumeOk.class);
    }
  }

  @Test
  void refusesPropertiesThatItHasNot() {
    assertRefused(
        new QueueMethod.Declare("q", false, false, false, false, false, quorum().build()),
        "PRECONDITION_FAILED - invalid property 'non-durable' for queue 'q' in vhost '/'");
    assertRefused(
        new QueueMethod.Declare("q", false, true, false, true, false, quorum().build()),
        "PRECONDITION_FAILED - invalid property 'auto-delete' for queue 'q' in vhost '/'");
    assertRefused(
        new QueueMethod.Declare("q", false, true, true, false, false, quorum().build()),
        "PRECONDITION_FAILED - invalid property 'exclusive-owner' for queue 'q' in vhost '/'");
    assertRefused(
        new QueueMethod.Declare("", false, true, false, false, false, quorum().build()),
        "PRECONDITION_FAILED - Cannot declare a server-named queue for type rabbit_quorum_queue");
  }

  private void assertRefused(QueueMethod.Declare method, String text) {
    TestChannel refused = broker.channel();
    assertThat(refused.call(method, ChannelMethod.Close.class).replyText()).isEqualTo(text);
  }

  @Test
  void knowsNoConditionsOfDeletion() {
    declared(quorum());
    ConnectionMethod.Close close = deletedBy(new QueueMethod.Delete("q", true, false, false));
    assertThat(close.replyCode()).isEqualTo(540);
    assertThat(close.replyText())
        .isEqualTo(
            "NOT_IMPLEMENTED - cannot delete queue 'q' in vhost '/'. queue.delete operations with"
                + " if-unused flag set are not supported by quorum queues");
  }

  private ConnectionMethod.Close deletedBy(QueueMethod.Delete method) {
    TestChannel other = broker.channel();
    other.send(method);
    return other.client().expect(0, ConnectionMethod.Close.class);
  }

  @Test
  void refusesTheWindowOfAWholeChannel() {
    declared(quorum());
    TestChannel other = broker.channel().qos(5, true);
    other.send(new BasicMethod.Consume("q", "c", false, false, false, false, FieldTable.EMPTY));
    assertThat(other.client().expect(0, ConnectionMethod.Close.class).replyText())
        .isEqualTo("NOT_IMPLEMENTED - queue 'q' in vhost '/' does not support global qos");
  }

  @Test
  void withASingleActiveConsumerThereIsNoGet() {
    declared(quorum().put("x-single-active-consumer", true));
    assertThat(channel.call(new BasicMethod.Get("q", true), ChannelMethod.Close.class).replyText())
        .isEqualTo(
            "RESOURCE_LOCKED - cannot obtain access to locked queue 'q' in vhost '/'. basic.get"
                + " operations are not supported by quorum queues with single active consumer");
  }

  @Test
  void countsOfFailedDeliveriesSurviveARestart() {
    MemoryStore store = new MemoryStore();
    TestBroker before = TestBroker.on(store);
    TestChannel first = before.channel();
    first.call(declare(quorum().build()), QueueMethod.DeclareOk.class);
    first.publish("", "q", BasicProperties.builder().deliveryMode(2).build(), new byte[1]);
    first.consume("q", "c");
    first.send(new BasicMethod.Nack(first.nextDelivery().deliveryTag(), false, true));
    first.nextDelivery();
    first.client().drop();
    before.run().end();
    TestChannel second = TestBroker.on(store).channel();
    second.send(new BasicMethod.Get("q", true));
    assertThat(deliveryCount(second.next())).isEqualTo(FieldValue.of(2L));
  }
}
