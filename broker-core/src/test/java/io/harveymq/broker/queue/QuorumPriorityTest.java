package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order quorum queues serve messages of different priorities. */
class QuorumPriorityTest {
  private static final int NONE = -1;
  private static final int SHARE = 8 << 20;

  private TestBroker broker;
  private TestChannel channel;

  private void start(Compatibility version) {
    start(TestBroker.of(version));
  }

  private void start(TestBroker started) {
    broker = started;
    channel = broker.channel();
  }

  private static FieldTable.Builder quorum() {
    return FieldTable.builder().put("x-queue-type", "quorum");
  }

  private static QueueMethod.Declare declare(FieldTable.Builder arguments) {
    return new QueueMethod.Declare("q", false, true, false, false, false, arguments.build());
  }

  private void declared(FieldTable.Builder arguments) {
    channel.call(declare(arguments), QueueMethod.DeclareOk.class);
  }

  private static BasicProperties.Builder priority(int priority) {
    BasicProperties.Builder properties = BasicProperties.builder();
    return priority == NONE ? properties : properties.priority(priority);
  }

  private void publish(String body, int priority) {
    publish(body, priority(priority));
  }

  private void publish(String body, BasicProperties.Builder properties) {
    channel.publish("", "q", properties.build(), body.getBytes(StandardCharsets.UTF_8));
  }

  private void publishAll(int priority, String... bodies) {
    for (String body : bodies) {
      publish(body, priority);
    }
  }

  private List<String> waiting() {
    List<String> bodies = new ArrayList<>();
    for (Waiting one : broker.queue("q").lanes().waiting()) {
      bodies.add(new String(one.message().body(), StandardCharsets.UTF_8));
    }
    return bodies;
  }

  /** The rest of the queue as it is delivered, which is also what who looks has seen. */
  private void expect(String... bodies) {
    assertThat(waiting()).containsExactly(bodies);
    assertThat(broker.queue("q").readyCount()).isEqualTo(bodies.length);
    assertThat(channel.drain("q")).containsExactly(bodies);
  }

  @Test
  void twoAboveNormalAreServedForOneThatIsNot() {
    start(Compatibility.V4_2);
    declared(quorum());
    publishAll(4, "n1", "n2");
    publishAll(NONE, "n3", "n4");
    publishAll(5, "h1", "h2");
    publishAll(255, "h3");
    publish("n5", 0);
    publish("h4", 9);
    expect("h1", "h2", "n1", "h3", "h4", "n2", "n3", "n4", "n5");
  }

  @Test
  void oneAboveNormalThatIsOlderDoesNotGiveItsTurnAway() {
    start(Compatibility.V4_2);
    declared(quorum());
    publishAll(9, "h1", "h2", "h3", "h4");
    publish("n5", NONE);
    publish("h6", 9);
    expect("h1", "h2", "h3", "h4", "h6", "n5");
  }

  @Test
  void turnsGoOnBetweenDeliveries() {
    start(Compatibility.V4_2);
    declared(quorum());
    publishAll(NONE, "n1", "n2");
    publishAll(9, "h1", "h2", "h3", "h4");
    assertThat(channel.get("q").text()).isEqualTo("h1");
    assertThat(channel.get("q").text()).isEqualTo("h2");
    expect("n1", "h3", "h4", "n2");
  }

  @Test
  void from43OnTheHigherOfThirtyTwoIsAlwaysFirst() {
    start(Compatibility.V4_3);
    declared(quorum());
    publish("0", 0);
    publish("normal", NONE);
    publish("31", 31);
    publish("4", 4);
    publish("200", 200);
    publish("5", 5);
    publish("3", 3);
    publish("5 again", 5);
    expect("31", "200", "5", "5 again", "normal", "4", "3", "0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.10", "3.13"})
  void before40MessagesKeepTheirOrder(String version) {
    start(Compatibility.profile(version));
    declared(quorum());
    publish("1", NONE);
    publish("2", 9);
    publish("3", 0);
    expect("1", "2", "3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.2", "4.3"})
  void whatComesBackIsFirstInTheOrderInWhichItDoesWhateverItsPriority(String version) {
    start(Compatibility.profile(version));
    declared(quorum());
    publish("low", 0);
    Received low = channel.get("q");
    publish("high", 9);
    Received high = channel.get("q");
    publish("new", 31);
    channel.requeue(low.deliveryTag()).requeue(high.deliveryTag());
    expect("low", "high", "new");
  }

  @Test
  void withoutADeliveryLimitWhatIsGivenBackGoesBehindWhatIsNormal() {
    start(Compatibility.V4_2);
    declared(quorum().put("x-delivery-limit", -1));
    publishAll(9, "h1");
    Received high = channel.get("q");
    publishAll(NONE, "n1", "n2");
    channel.requeue(high.deliveryTag());
    expect("n1", "n2", "h1");
  }

  @Test
  void aWaitingConsumerGetsWhatComesBeforeSomethingMoreUrgentDoes() {
    start(Compatibility.V4_3);
    declared(quorum());
    channel.prefetch(2).consume("q", "c");
    publishAll(NONE, "1", "2");
    publishAll(7, "3");
    assertThat(channel.deliveries()).containsExactly("1", "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.2", "4.3"})
  void whatIsTooMuchIsDroppedWhereTheNextDeliveryComesFrom(String version) {
    start(Compatibility.profile(version));
    channel.call(
        new QueueMethod.Declare("dead", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    declared(
        quorum()
            .put("x-max-length", 2)
            .put("x-dead-letter-exchange", "")
            .put("x-dead-letter-routing-key", "dead"));
    publish("low", 0);
    publish("high", 9);
    publish("normal", NONE);
    broker.run();
    assertThat(channel.drain("dead")).containsExactly("high");
    assertThat(channel.drain("q")).doesNotContain("high").hasSize(2);
  }

  @Test
  void from43OnMessagesExpireAtTheHeadOfEveryPriority() {
    start(Compatibility.V4_3);
    declared(quorum());
    publish("high", 9);
    publish("low", priority(0).expiration("1000"));
    publish("low and hidden", priority(1));
    publish("hidden", priority(1).expiration("1000"));
    broker.advance(1_000);
    assertThat(waiting()).containsExactly("high", "low and hidden", "hidden");
    assertThat(channel.drain("q")).containsExactly("high", "low and hidden");
  }

  @Test
  void upTo42MessagesExpireWhereTheNextDeliveryComesFrom() {
    start(Compatibility.V4_2);
    declared(quorum());
    publish("high", 9);
    publish("low", priority(0).expiration("1000"));
    broker.advance(1_000);
    assertThat(waiting()).containsExactly("high", "low");
    assertThat(channel.get("q").text()).isEqualTo("high");
    broker.advance(1);
    assertThat(channel.get("q")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.2", "4.3"})
  void aPurgeDropsThoseOfEveryPriorityAndFreesTheirMemory(String version) {
    start(Compatibility.profile(version));
    declared(quorum());
    long before = broker.memory().used();
    publishAll(NONE, "a", "b");
    publishAll(9, "c");
    publishAll(0, "d");
    channel.requeue(channel.get("q").deliveryTag());
    assertThat(
            channel
                .call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class)
                .messageCount())
        .isEqualTo(4);
    assertThat(broker.run().memory().used()).isEqualTo(before);
    publish("e", 9);
    expect("e");
  }

  @Test
  void theDeliveryLimitHoldsForEveryPriority() {
    start(Compatibility.V4_3);
    declared(quorum().put("x-delivery-limit", 1));
    publish("high", 9);
    publish("normal", NONE);
    channel.requeue(channel.get("q").deliveryTag());
    Received again = channel.get("q");
    assertThat(again.text()).isEqualTo("high");
    channel.requeue(again.deliveryTag());
    expect("normal");
  }

  @Test
  void aSingleActiveConsumerIsServedByPriority() {
    start(Compatibility.V4_3);
    declared(quorum().put("x-single-active-consumer", true));
    publish("low", 0);
    publish("high", 9);
    TestChannel other = broker.channel();
    channel.prefetch(1).consume("q", "c");
    other.consume("q", "d");
    Received first = channel.nextDelivery();
    assertThat(first.text()).isEqualTo("high");
    channel.ack(first.deliveryTag());
    assertThat(channel.nextDelivery().text()).isEqualTo("low");
    other.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.10", "4.2", "4.3"})
  void thereIsNoHighestPriorityToAskFor(String version) {
    start(Compatibility.profile(version));
    assertThat(
            channel
                .call(declare(quorum().put("x-max-priority", 9)), ChannelMethod.Close.class)
                .replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue"
                + " type rabbit_quorum_queue");
  }

  @Test
  void bothOrdersSurviveARestart() {
    MemoryStore store = new MemoryStore();
    start(TestBroker.on(store, Compatibility.V4_2));
    declared(quorum());
    publishAll(9, "h1", "h2", "h3");
    publishAll(NONE, "n4", "n5");
    publishAll(9, "h6", "h7");
    broker.run();
    start(TestBroker.on(store, Compatibility.V4_2));
    assertThat(channel.get("q").text()).isEqualTo("h1");
    broker.run();
    publish("n8", NONE);
    assertThat(channel.drain("q")).containsExactly("h2", "h3", "h6", "h7", "n4", "n5", "n8");
  }

  @Test
  void anotherVersionServesWhatItFindsByItsOwnRules() {
    MemoryStore store = new MemoryStore();
    start(TestBroker.on(store, Compatibility.V4_3));
    declared(quorum());
    for (int priority : new int[] {0, 31, 3, NONE, 7, 4, 12}) {
      publish(String.valueOf(priority), priority);
    }
    broker.run();
    start(TestBroker.on(store, Compatibility.V3_10));
    assertThat(channel.drain("q")).hasSize(7).startsWith("31", "12", "7");
    start(TestBroker.on(store, Compatibility.V4_2));
    assertThat(channel.drain("q")).hasSize(7).startsWith("31", "12");
    start(TestBroker.on(store, Compatibility.V4_3));
    publish("31 again", 31);
    assertThat(channel.drain("q"))
        .containsExactly("31", "31 again", "12", "7", "-1", "4", "3", "0");
  }

  @Test
  void beyondTheMemoryMessagesKeepTheirTurnsAndOrder() {
    MemoryStore store = new MemoryStore();
    start(TestBroker.on(store, SHARE));
    declared(quorum());
    byte[] filler = new byte[1_000];
    for (int i = 0; i < 9_000; i++) {
      BasicProperties properties = priority(i % 3 == 0 ? 9 : NONE).build();
      String body = String.format("%05d", i);
      System.arraycopy(body.getBytes(StandardCharsets.US_ASCII), 0, filler, 0, 5);
      channel.publish("", "q", properties, filler.clone());
    }
    broker.run();
    assertThat(broker.memory().used()).isLessThan(SHARE / 4);
    List<String> got = new ArrayList<>();
    TestChannel consumer = broker.channel().consume("q", "c", true, FieldTable.EMPTY);
    consumer.deliveries().forEach(body -> got.add(body.substring(0, 5)));
    assertThat(got).hasSize(9_000).startsWith("00000", "00003", "00001", "00006", "00009");
    List<String> high = new ArrayList<>(got);
    high.removeIf(body -> Integer.parseInt(body) % 3 != 0);
    assertThat(high).isSorted();
    got.removeAll(new HashSet<>(high));
    assertThat(got).isSorted();
  }

  @Test
  void aQueueIsDeletedWithAllOfItsLogs() {
    MemoryStore store = new MemoryStore();
    start(TestBroker.on(store, Compatibility.V4_3));
    declared(quorum());
    publish("a", 0);
    publish("b", 31);
    broker.run();
    assertThat(store.logs()).hasSize(2);
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    broker.run();
    assertThat(store.logs()).isEmpty();
  }

  @Test
  void whatIsTakenOutAndPutBackKeepsItsPlace() {
    start(Compatibility.V4_2);
    declared(quorum());
    publishAll(NONE, "n1", "n2");
    publishAll(9, "h1", "h2", "h3");
    Received taken = channel.get("q");
    channel.requeue(taken.deliveryTag());
    List<String> before = waiting();
    broker
        .home()
        .run(
            () -> {
              MessageQueue queue = broker.queue("q");
              queue.putBackInPlace(queue.takeOut(one -> true));
            });
    broker.run();
    assertThat(before).hasSize(5).startsWith("h1");
    expect(before.toArray(String[]::new));
  }

  @Test
  void oneThatIsGivenBackTwiceIsStillBeforeOthers() {
    start(Compatibility.V4_3);
    declared(quorum());
    publish("low", 0);
    publish("high", 9);
    Received high = channel.get("q");
    Received low = channel.get("q");
    channel.send(new BasicMethod.Nack(low.deliveryTag(), true, true));
    assertThat(high.deliveryTag()).isLessThan(low.deliveryTag());
    expect("high", "low");
  }
}
