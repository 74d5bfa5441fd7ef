package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What direct reply-to leaves behind in the broker: nothing. */
class DirectReplyToTest {
  private static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";

  private static String ask(TestChannel requester, TestChannel server) {
    requester.consume(PSEUDO_QUEUE, "replies", true, FieldTable.EMPTY);
    return askAgain(requester, server);
  }

  private static String askAgain(TestChannel requester, TestChannel server) {
    BasicProperties request = BasicProperties.builder().replyTo(PSEUDO_QUEUE).build();
    requester.publish("", "q", request, "ask".getBytes(StandardCharsets.UTF_8));
    Received received = server.get("q");
    return BasicProperties.of(received.properties()).replyTo();
  }

  @Test
  void theQueueBehindItIsInNoList() {
    TestBroker broker = TestBroker.withTwoLoops();
    TestChannel server = broker.channel().declare("q");
    TestChannel requester = broker.channel();
    String replyTo = ask(requester, server);
    server.publish(replyTo, "answer");

    assertThat(requester.nextDelivery().text()).isEqualTo("answer");
    assertThat(broker.vhost().queues()).extracting(queue -> queue.name()).containsExactly("q");
    assertThat(broker.vhost().queueOrNull(replyTo)).isNull();
    assertThat(broker.vhost().replyQueues().orNull(replyTo)).isNotNull();
  }

  @Test
  void policiesDoNotTouchIt() {
    TestBroker broker = TestBroker.start();
    broker.channel().declare("q");
    FieldTable definition = FieldTable.builder().put("max-length", 0).put("message-ttl", 0).build();
    Policy everything = Policy.of("p", ".*", ApplyTo.ALL, 0, definition);
    broker.home().run(() -> broker.vhost().policies().set(everything, false));
    TestChannel requester = broker.channel();
    TestChannel server = broker.channel();
    server.call(
        new BasicMethod.Consume("q", "s", false, true, false, false, FieldTable.EMPTY),
        BasicMethod.ConsumeOk.class);
    requester.consume(PSEUDO_QUEUE, "r", true, FieldTable.EMPTY);
    BasicProperties request = BasicProperties.builder().replyTo(PSEUDO_QUEUE).build();
    requester.publish("", "q", request, new byte[1]);
    String replyTo = BasicProperties.of(server.nextDelivery().properties()).replyTo();
    requester.client().socket().takeOnly(0);
    for (int i = 0; i < 20; i++) {
      server.publish("", replyTo, BasicProperties.EMPTY, new byte[200_000]);
    }
    broker.advance(100);
    requester.client().socket().takeOnly(Long.MAX_VALUE);
    assertThat(requester.deliveries()).hasSize(20);
  }

  @Test
  void repliesThatAreNotTakenAreGoneWithTheRequester() {
    TestBroker broker = TestBroker.start();
    TestChannel server = broker.channel().declare("q");
    TestChannel requester = broker.channel();
    String replyTo = ask(requester, server);
    server.ackUpTo(0);
    broker.run();
    long before = broker.memory().used();
    requester.client().socket().takeOnly(0);
    byte[] large = new byte[200_000];
    for (int i = 0; i < 20; i++) {
      server.publish("", replyTo, BasicProperties.EMPTY, large);
    }
    broker.run();
    assertThat(broker.memory().used()).isGreaterThan(before + 1_000_000);

    requester.client().drop();
    broker.run();
    assertThat(broker.memory().used()).isLessThanOrEqualTo(before);
    assertThat(broker.vhost().replyQueues().orNull(replyTo)).isNull();
    server.publish(replyTo, "late").declare("still-open");
  }

  @Test
  void namesAreNotToBeGuessed() {
    TestBroker broker = TestBroker.start();
    TestChannel server = broker.channel().declare("q");
    TestChannel requester = broker.channel();
    String first = ask(requester, server);
    requester.cancel("replies");
    String second = ask(requester, server);
    assertThat(second).isNotEqualTo(first).hasSize(PSEUDO_QUEUE.length() + 1 + 22 + 1 + 22);
    assertThat(askAgain(requester, server)).isEqualTo(second);
  }
}
