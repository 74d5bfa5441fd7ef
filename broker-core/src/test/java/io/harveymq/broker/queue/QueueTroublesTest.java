package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.stats.Counter;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a queue notes for whoever asks what is wrong with it, on a clock that the test moves. */
class QueueTroublesTest {
  private TestBroker broker = TestBroker.start();
  private TestChannel channel = named("worker");

  private TestChannel named(String client) {
    TestClient opened = broker.accept();
    opened.start(FieldTable.builder().put("connection_name", client).build(), "guest");
    return opened.tuneAndOpen(0, 131_072).channel(1);
  }

  private void declare(String queue, FieldTable.Builder arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, true, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
  }

  private MessageQueue queue(String name) {
    broker.run();
    return broker.queue(name);
  }

  // ---- time per acknowledgement

  private long ackTimeOfQueue() {
    return queue("q").counters().get(Counter.ACK_TIME_MS);
  }

  private long ackTimeOfConsumer() {
    return queue("q").consumers().get(0).ackMillis();
  }

  @Test
  void theTimeFromADeliveryToItsAcknowledgementIsCountedByQueueAndConsumer() {
    channel.declare("q").consume("q", "c");
    assertThat(ackTimeOfConsumer()).as("before anything is acknowledged").isEqualTo(-1);
    channel.publish("q", "a");
    Received first = channel.nextDelivery();
    broker.advance(2_000);
    channel.ack(first.deliveryTag());
    assertThat(ackTimeOfConsumer()).isEqualTo(2_000);
    assertThat(ackTimeOfQueue()).isEqualTo(2_000);
    channel.publish("q", "b");
    Received second = channel.nextDelivery();
    broker.advance(1_200);
    channel.ack(second.deliveryTag());
    assertThat(ackTimeOfConsumer()).as("an eighth of the way").isEqualTo(1_900);
    assertThat(ackTimeOfQueue()).isEqualTo(3_200);
  }

  @Test
  void severalAcknowledgedAtOnceTookTheirOwnTimesEach() {
    channel.declare("q").consume("q", "c").publish("q", "a");
    channel.nextDelivery();
    broker.advance(300);
    channel.publish("q", "b");
    Received second = channel.nextDelivery();
    broker.advance(100);
    channel.ackUpTo(second.deliveryTag());
    assertThat(ackTimeOfQueue()).isEqualTo(400 + 100);
    assertThat(queue("q").counters().get(Counter.ACK)).isEqualTo(2);
  }

  @Test
  void aMessageThatComesBackIsTimedFromItsLastDelivery() {
    channel.declare("q").publish("q", "a");
    Received first = channel.get("q");
    broker.advance(5_000);
    channel.requeue(first.deliveryTag());
    Received again = channel.get("q");
    broker.advance(70);
    channel.ack(again.deliveryTag());
    assertThat(ackTimeOfQueue()).isEqualTo(70);
  }

  @Test
  void theConsumersOfALongTimeAgoCountLittle() {
    channel.declare("q").consume("q", "c");
    for (int i = 0; i < 50; i++) {
      channel.publish("q", "a");
      Received delivery = channel.nextDelivery();
      broker.advance(i == 0 ? 60_000 : 10);
      channel.ack(delivery.deliveryTag());
    }
    assertThat(ackTimeOfConsumer()).isBetween(10L, 120L);
  }

  // ---- what comes back again and again

  private void comeBack(String queue, int times) {
    for (int i = 0; i < times; i++) {
      channel.requeue(channel.get(queue).deliveryTag());
    }
  }

  @Test
  void theFifthDeliveryOfAMessageIsNotedWhereverItIsUntilItIsAcknowledged() {
    channel.declare("q").publish("q", "first").publish("q", "second");
    Received first = channel.get("q");
    comeBack("q", 3);
    assertThat(queue("q").mostRepeated()).isNull();
    comeBack("q", 1);
    channel.requeue(first.deliveryTag());
    assertThat(queue("q").mostRepeated().returns()).isEqualTo(4);
    assertThat(queue("q").mostRepeated().client().name()).isEqualTo("worker");
    assertThat(queue("q").mostRepeated().position()).as("behind the first").isEqualTo(1);
    Received head = channel.get("q");
    Received looping = channel.get("q");
    assertThat(looping.text()).isEqualTo("second");
    channel.ack(head.deliveryTag());
    assertThat(queue("q").mostRepeated()).as("with a client").isNotNull();
    channel.ack(looping.deliveryTag());
    assertThat(queue("q").mostRepeated()).isNull();
  }

  @Test
  void whoGaveItBackLastIsNamedAndWhoEndsCountsToo() {
    channel.declare("q").publish("q", "a");
    comeBack("q", 3);
    TestChannel other = named("other").consume("q", "c");
    other.nextDelivery();
    other.client().drop();
    assertThat(queue("q").mostRepeated().client().name()).isEqualTo("other");
  }

  @Test
  void aMessageThatGoesAnotherWayIsForgotten() {
    channel.declare("q").publish("q", "a");
    comeBack("q", 4);
    channel.consume("q", "c", true, FieldTable.EMPTY).nextDelivery();
    assertThat(queue("q").mostRepeated()).as("handed over").isNull();
    channel.cancel("c").publish("q", "b");
    comeBack("q", 4);
    channel.send(new BasicMethod.Reject(channel.get("q").deliveryTag(), false));
    assertThat(queue("q").mostRepeated()).as("rejected").isNull();
    channel.publish("q", "c");
    comeBack("q", 4);
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    assertThat(queue("q").mostRepeated()).as("purged").isNull();
    declare("brief", FieldTable.builder().put("x-message-ttl", 1_000));
    channel.publish("brief", "d");
    comeBack("brief", 4);
    assertThat(queue("brief").mostRepeated()).isNotNull();
    broker.advance(1_001);
    assertThat(queue("brief").mostRepeated()).as("expired").isNull();
  }

  @Test
  void aMessageThatGoesToTheEndOfAQuorumQueueIsFollowed() {
    broker = TestBroker.of(Compatibility.V4_3);
    channel = named("worker");
    declare("q", FieldTable.builder().put("x-queue-type", "quorum").put("x-delivery-limit", -1));
    channel.publish("q", "a").publish("q", "b");
    for (int i = 0; i < 8; i++) {
      channel.requeue(channel.get("q").deliveryTag());
    }
    assertThat(queue("q").mostRepeated().returns()).isEqualTo(4);
    channel.ack(channel.get("q").deliveryTag()).ack(channel.get("q").deliveryTag());
    assertThat(queue("q").mostRepeated()).isNull();
  }

  @Test
  void ofManyTheLastAreKept() {
    channel.declare("q");
    for (int i = 0; i < 40; i++) {
      channel.publish("q", "m" + i);
    }
    for (int times = 0; times < 4; times++) {
      long last = 0;
      for (int i = 0; i < 40; i++) {
        last = channel.get("q").deliveryTag();
      }
      channel.requeueUpTo(last);
    }
    assertThat(queue("q").mostRepeated().returns()).isEqualTo(4);
    for (int i = 0; i < 40; i++) {
      channel.ack(channel.get("q").deliveryTag());
    }
    assertThat(queue("q").mostRepeated()).isNull();
  }

  // ---- why dead letters died

  private void deadTo(String queue, FieldTable.Builder arguments) {
    declare(
        queue,
        arguments.put("x-dead-letter-exchange", "").put("x-dead-letter-routing-key", "dead"));
  }

  private static void reject(TestChannel by, String queue) {
    by.send(new BasicMethod.Reject(by.get(queue).deliveryTag(), false));
  }

  @Test
  void whoRefusedMostOfTheDeadLettersIsKnown() {
    channel.declare("dead");
    deadTo("q", FieldTable.builder());
    TestChannel other = named("other");
    channel.publishAll("q", List.of("a", "b", "c"));
    reject(other, "q");
    assertThat(queue("dead").mostDeadArrivals().cause())
        .isEqualTo(
            new DeadArrivals.Cause(DeathReason.REJECTED, "q", new ClientName("other", "guest")));
    channel.send(new BasicMethod.Nack(channel.get("q").deliveryTag(), false, false));
    assertThat(queue("dead").mostDeadArrivals()).as("one each").isNull();
    reject(channel, "q");
    DeadArrivals.Most most = queue("dead").mostDeadArrivals();
    assertThat(most.cause().client().name()).isEqualTo("worker");
    assertThat(most.count()).isEqualTo(2);
    assertThat(most.total()).isEqualTo(3);
  }

  @Test
  void anotherCauseIsToldWithItsQueue() {
    channel.declare("dead");
    deadTo("short", FieldTable.builder().put("x-max-length", 1));
    channel.publishAll("short", List.of("a", "b"));
    assertThat(queue("dead").mostDeadArrivals().cause())
        .isEqualTo(new DeadArrivals.Cause(DeathReason.MAXLEN, "short", null));
    channel.call(new QueueMethod.Purge("dead", false), QueueMethod.PurgeOk.class);
    deadTo("brief", FieldTable.builder().put("x-message-ttl", 10));
    channel.publish("brief", "c");
    broker.run();
    broker.advance(11);
    assertThat(queue("dead").mostDeadArrivals())
        .as("counted anew since it was empty")
        .isEqualTo(
            new DeadArrivals.Most(
                new DeadArrivals.Cause(DeathReason.EXPIRED, "brief", null), 1, 1));
  }

  @Test
  void aClientThatRefusedOnceAndWhoseMessageDiesOfAgeIsNotNamed() {
    channel.declare("dead");
    deadTo("brief", FieldTable.builder().put("x-message-ttl", 10));
    channel.publish("brief", "c");
    comeBack("brief", 1);
    broker.advance(11);
    assertThat(queue("dead").mostDeadArrivals().cause())
        .isEqualTo(new DeadArrivals.Cause(DeathReason.EXPIRED, "brief", null));
  }
}
