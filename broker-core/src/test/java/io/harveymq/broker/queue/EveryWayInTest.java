package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A queue stays within its length whatever way messages come by, and so do publishers' bursts. */
class EveryWayInTest {
  private static final int LIMIT = 2;

  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private void declare(String queue, FieldTable.Builder arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, false, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
  }

  private void declareLimited() {
    declare("q", FieldTable.builder().put("x-max-length", LIMIT));
  }

  @Test
  void byTransactions() {
    declareLimited();
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("q", "1").publish("q", "2").publish("q", "3").publish("q", "4");
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertThat(channel.drain("q")).containsExactly("3", "4");
  }

  @Test
  void byBeingGivenBack() {
    declareLimited();
    channel.publish("q", "1").publish("q", "2");
    Received first = channel.get("q");
    Received second = channel.get("q");
    channel.publish("q", "3").publish("q", "4");
    channel.requeue(first.deliveryTag()).requeue(second.deliveryTag());
    assertThat(channel.drain("q")).containsExactly("3", "4");
  }

  @Test
  void byDying() {
    declareLimited();
    declare(
        "dying",
        FieldTable.builder()
            .put("x-message-ttl", 100)
            .put("x-dead-letter-exchange", "")
            .put("x-dead-letter-routing-key", "q"));
    channel.publishAll("dying", List.of("1", "2", "3", "4"));
    broker.advance(100);
    assertThat(channel.drain("q")).containsExactly("3", "4");
  }

  @Test
  void byDelay() {
    declareLimited();
    FieldTable type = FieldTable.builder().put("x-delayed-type", "fanout").build();
    channel.declareExchange("x", "x-delayed-message", type).bind("q", "x", "");
    FieldTable headers = FieldTable.builder().put("x-delay", 100).build();
    for (String body : List.of("1", "2", "3", "4")) {
      channel.publish(
          "x",
          "",
          BasicProperties.builder().headers(headers).build(),
          body.getBytes(StandardCharsets.UTF_8));
    }
    broker.advance(100);
    assertThat(channel.drain("q")).containsExactly("3", "4");
  }

  @Test
  void aPublisherWaitsForAFullQueueWhoseDeadLettersTakeTime() {
    channel.declare("dead");
    declare(
        "q",
        FieldTable.builder()
            .put("x-max-length", LIMIT)
            .put("x-dead-letter-exchange", "")
            .put("x-dead-letter-routing-key", "dead"));
    TestChannel publisher = broker.channel();
    int[] longest = {0};
    broker.afterTurn(() -> longest[0] = Math.max(longest[0], broker.queue("q").readyCount()));
    int count = 100_000;
    ByteBuf all = Unpooled.buffer();
    ByteBuf one =
        publisher
            .client()
            .encode(
                1,
                new BasicMethod.Publish("", "q", false, false),
                BasicProperties.EMPTY,
                new byte[10]);
    for (int i = 0; i < count; i++) {
      all.writeBytes(one, one.readerIndex(), one.readableBytes());
    }
    publisher.client().push(all);
    broker.run();
    assertThat(longest[0]).isLessThan(20_000);
    assertThat(broker.queue("q").readyCount()).isEqualTo(LIMIT);
    assertThat(broker.queue("dead").readyCount()).isEqualTo(count - LIMIT);
  }
}
