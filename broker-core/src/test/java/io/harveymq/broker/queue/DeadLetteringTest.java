package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.CapturedLog;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Counters;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where dropped messages go, step by step, as RabbitMQ 4.2 does it. */
class DeadLetteringTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private static FieldTable.Builder deadTo(String exchange, String key) {
    FieldTable.Builder arguments = FieldTable.builder().put("x-dead-letter-exchange", exchange);
    return key == null ? arguments : arguments.put("x-dead-letter-routing-key", key);
  }

  private void declare(String queue, FieldTable.Builder arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, false, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
  }

  private void reject(String queue) {
    channel.send(new BasicMethod.Reject(channel.get(queue).deliveryTag(), false));
    broker.run();
  }

  private static BasicProperties properties(Received letter) {
    return BasicProperties.trusted(letter.properties());
  }

  private static FieldTable headers(Received letter) {
    return properties(letter).headers();
  }

  /** The entries of x-death as count, reason and queue. */
  private static List<String> deaths(Received letter) {
    List<String> deaths = new ArrayList<>();
    for (FieldValue value : ((FieldValue.Array) headers(letter).get("x-death")).values()) {
      FieldTable death = ((FieldValue.Table) value).value();
      deaths.add(
          death.get("count").asLong() + " " + text(death, "reason") + " " + text(death, "queue"));
    }
    return deaths;
  }

  private static String text(FieldTable table, String name) {
    return table.get(name) instanceof FieldValue.LongString string ? string.asString() : null;
  }

  @Test
  void deathsAreCountedOnBeyondADelayedExchange() {
    FieldTable type = FieldTable.builder().put("x-delayed-type", "fanout").build();
    channel.declareExchange("delayed", "x-delayed-message", type).declare("end");
    declare("second", deadTo("", "end"));
    channel.bind("second", "delayed", "");
    declare("first", deadTo("delayed", null));
    FieldTable delay = FieldTable.builder().put("x-delay", 1_000).build();
    channel.publish(
        "", "first", BasicProperties.builder().headers(delay).build(), new byte[] {'x'});
    reject("first");
    assertThat(channel.get("second")).isNull();
    broker.advance(1_000);
    reject("second");
    assertThat(deaths(channel.get("end"))).containsExactly("1 rejected second", "1 rejected first");
  }

  @Test
  void lettersWhoseKeyIsTooLongAreDroppedWithAWarning() {
    declare("q", deadTo("amq.fanout", "k".repeat(256)));
    declare("fits", deadTo("amq.fanout", "k".repeat(255)));
    channel.declare("end").bind("end", "amq.fanout", "");
    channel.publish("q", "lost").publish("q", "lost").publish("fits", "kept");
    try (CapturedLog log = new CapturedLog()) {
      reject("q");
      reject("q");
      reject("fits");
      assertThat(log.text())
          .containsOnlyOnce("dead letters of q are dropped: their routing key is longer than 255");
    }
    assertThat(channel.drain("end")).containsExactly("kept");
  }

  @Test
  void headersOfTheLastDeathChangeAndThoseOfTheFirstStay() {
    channel.declare("end");
    declare("second", deadTo("", "end"));
    declare("first", deadTo("", "second").put("x-message-ttl", 1_000));
    channel.publish("first", "x");
    broker.advance(1_000);
    reject("second");
    Received letter = channel.get("end");
    assertThat(deaths(letter)).containsExactly("1 rejected second", "1 expired first");
    assertThat(text(headers(letter), "x-first-death-queue")).isEqualTo("first");
    assertThat(text(headers(letter), "x-first-death-reason")).isEqualTo("expired");
    assertThat(text(headers(letter), "x-last-death-queue")).isEqualTo("second");
    assertThat(text(headers(letter), "x-last-death-reason")).isEqualTo("rejected");
    assertThat(text(headers(letter), "x-last-death-exchange")).isEmpty();
  }

  @Test
  void clientsOwnDeathsAreNotCounted() {
    channel.declare("end");
    declare("q", deadTo("", "end"));
    FieldTable death =
        FieldTable.builder().put("count", 7L).put("queue", "q").put("reason", "rejected").build();
    FieldTable headers =
        FieldTable.builder()
            .put("x-death", new FieldValue.Array(List.of(new FieldValue.Table(death))))
            .build();
    BasicProperties republished = BasicProperties.builder().headers(headers).build();
    channel.publish("", "q", republished, new byte[1]);
    reject("q");
    assertThat(deaths(channel.get("end"))).containsExactly("1 rejected q");
  }

  @Test
  void repeatedDeathIsCountedAndKeepsTheTimeOfTheFirst() {
    declare("work", deadTo("", "wait"));
    declare("wait", deadTo("", "work").put("x-message-ttl", 60_000));
    channel.publish("work", "retry");
    for (int round = 0; round < 50; round++) {
      reject("work");
      assertThat(broker.queue("wait").readyCount()).isEqualTo(1);
      broker.advance(60_000);
    }
    Received letter = channel.get("work");
    assertThat(deaths(letter)).containsExactly("50 expired wait", "50 rejected work");
    FieldValue oldest = ((FieldValue.Array) headers(letter).get("x-death")).values().get(1);
    assertThat(((FieldValue.Table) oldest).value().get("time"))
        .isEqualTo(new FieldValue.Timestamp(1_700_000_000L));
  }

  @Test
  void automaticCycleEnds() {
    declare("a", deadTo("", "b").put("x-message-ttl", 10));
    declare("b", deadTo("", "c").put("x-message-ttl", 10));
    declare("c", deadTo("", "a").put("x-message-ttl", 10));
    channel.publish("a", "x");
    broker.advance(1_000);
    for (String queue : List.of("a", "b", "c")) {
      assertThat(broker.queue(queue).readyCount()).isZero();
    }
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void queueThatDeadLettersToItselfDropsWhatIsTooMuch() {
    declare("q", deadTo("", "q").put("x-max-length", 1));
    channel.publish("q", "one").publish("q", "two");
    assertThat(channel.drain("q")).containsExactly("two");
  }

  @Test
  void oneOfSeveralTargetsMayBeACycle() {
    channel.declareExchange("x", "fanout");
    declare("a", deadTo("x", null).put("x-message-ttl", 10));
    channel.declare("b").bind("a", "x", "").bind("b", "x", "");
    channel.publish("a", "x");
    broker.advance(100);
    assertThat(broker.queue("a").readyCount()).isZero();
    assertThat(broker.queue("b").readyCount()).isEqualTo(1);
  }

  @Test
  void chainOfFullQueuesTakesItsTurnsInOrder() {
    for (int i = 0; i < 100; i++) {
      declare("q" + i, deadTo("", "q" + (i + 1)).put("x-max-length", 1));
    }
    channel.declare("q100");
    for (int i = 0; i < 150; i++) {
      channel.publish("q0", String.valueOf(i));
    }
    broker.run();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      expected.add(String.valueOf(i));
    }
    assertThat(channel.drain("q100")).isEqualTo(expected);
    assertThat(channel.drain("q0")).containsExactly("149");
    assertThat(channel.drain("q99")).containsExactly("50");
  }

  @Test
  void rejectingQueuesThatDeadLetterToEachOtherComeToRest() {
    FieldTable.Builder full =
        deadTo("", "b").put("x-max-length", 1).put("x-overflow", "reject-publish-dlx");
    declare("a", full.put("x-message-ttl", 1_000));
    declare(
        "b",
        deadTo("", "a")
            .put("x-max-length", 1)
            .put("x-overflow", "reject-publish-dlx")
            .put("x-message-ttl", 1_000));
    channel.confirm();
    for (int i = 0; i < 4; i++) {
      channel.publish("a", String.valueOf(i));
      broker.run();
    }
    assertThat(broker.queue("a").readyCount()).isEqualTo(1);
    assertThat(broker.queue("b").readyCount()).isEqualTo(1);
    broker.advance(10_000);
    assertThat(broker.queue("a").readyCount()).isZero();
    assertThat(broker.queue("b").readyCount()).isZero();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void lettersFollowTheKeysOfBlindCopiesToo() {
    channel.declareExchange("x", "direct").declare("end").bind("end", "x", "bcc");
    declare("q", deadTo("x", null));
    FieldTable headers =
        FieldTable.builder()
            .put("BCC", new FieldValue.Array(List.of(FieldValue.of("bcc"))))
            .build();
    channel.publish("", "q", BasicProperties.builder().headers(headers).build(), new byte[1]);
    reject("q");
    assertThat(broker.queue("end").readyCount()).isEqualTo(1);
  }

  @Test
  void copyKeysGoWhenTheQueueHasAKey() {
    channel.declare("end").declare("copy");
    declare("q", deadTo("", "end"));
    FieldTable headers =
        FieldTable.builder()
            .put("CC", new FieldValue.Array(List.of(FieldValue.of("copy"))))
            .build();
    channel.publish("", "q", BasicProperties.builder().headers(headers).build(), new byte[1]);
    assertThat(channel.get("copy")).as("the copy of the publish").isNotNull();
    reject("q");
    Received letter = channel.get("end");
    assertThat(headers(letter).containsKey("CC")).isFalse();
    assertThat(channel.get("copy")).isNull();
  }

  @Test
  void letterOfAPriorityQueueKeepsItsPriority() {
    declare("end", FieldTable.builder().put("x-max-priority", 9));
    declare("q", deadTo("", "end"));
    for (int priority : new int[] {1, 9, 5}) {
      channel.publish(
          "",
          "q",
          BasicProperties.builder().priority(priority).build(),
          String.valueOf(priority).getBytes(StandardCharsets.UTF_8));
    }
    for (int i = 0; i < 3; i++) {
      reject("q");
    }
    assertThat(channel.drain("end")).containsExactly("9", "5", "1");
  }

  @Test
  void whatIsDroppedWithoutAnExchangeLeavesNothing() {
    declare("q", deadTo("nowhere", null).put("x-max-length", 1));
    for (int i = 0; i < 100; i++) {
      channel.publish("q", "x");
    }
    reject("q");
    assertThat(broker.queue("q").readyCount()).isZero();
    assertThat(broker.memory().used()).isZero();
  }

  @Test
  void settledTransactionWithTwoOutcomesIsCounted() {
    channel.declare("end");
    declare("q", deadTo("", "end"));
    channel.publish("q", "one").publish("q", "two").publish("q", "three");
    for (int i = 0; i < 3; i++) {
      channel.get("q");
    }
    channel.send(new BasicMethod.Nack(2, true, false)).ack(3);
    broker.run();
    assertThat(channel.drain("end")).containsExactly("one", "two");
    assertThat(broker.queue("q").unackedCount()).isZero();
  }

  @Test
  void arrivalsAndDeathsAreCountedByReason() {
    declare("dead", FieldTable.builder());
    declare("q", deadTo("", "dead").put("x-message-ttl", 1_000));
    channel.publish("q", "rejected");
    reject("q");
    channel.publish("q", "expires");
    broker.advance(1_000);
    Counters source = broker.queue("q").counters();
    assertThat(source.get(Counter.DEAD_LETTERED_REJECTED)).isEqualTo(1);
    assertThat(source.get(Counter.DEAD_LETTERED_EXPIRED)).isEqualTo(1);
    assertThat(source.get(Counter.DEAD_LETTER_IN)).isZero();
    Counters target = broker.queue("dead").counters();
    assertThat(target.get(Counter.DEAD_LETTER_IN)).isEqualTo(2);
    assertThat(target.get(Counter.PUBLISH)).as("as in RabbitMQ").isZero();
  }
}
