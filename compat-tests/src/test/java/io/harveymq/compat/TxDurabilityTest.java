package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker that is killed right after tx.commit-ok has all of the transaction, and nothing of one
 * that was not committed.
 */
@Timeout(120)
class TxDurabilityTest {
  private static final long SEED = 11;

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 400})
  void committedStaysAndUncommittedDoesNot(int size) throws Exception {
    try (BrokerProcess broker = BrokerProcess.create()) {
      broker.start();
      declareQueues(broker);
      broker.settleDefinitions();
      commit(broker, size);
      broker.kill();
      broker.start();

      List<Long> committed = LongStream.range(size, 2L * size).boxed().toList();
      assertThat(drain(broker, "one")).isEqualTo(committed);
      assertThat(drain(broker, "two")).isEqualTo(committed);
    }
  }

  private static void declareQueues(BrokerProcess broker) throws Exception {
    try (Connection connection = broker.connect()) {
      Channel channel = connection.createChannel();
      channel.queueDeclare("one", true, false, false, null);
      channel.queueDeclare("two", true, false, false, null);
    }
  }

  /**
   * Commits messages into both queues and the acknowledgement of all that was in the first; begins
   * another transaction and leaves it open.
   */
  private static void commit(BrokerProcess broker, int size) throws Exception {
    Connection connection = broker.connect();
    Channel channel = connection.createChannel();
    channel.txSelect();
    publish(channel, 0, size, "one");
    channel.txCommit();
    Deliveries deliveries = Deliveries.from(channel, "one");
    for (int i = 0; i < size; i++) {
      channel.basicAck(Deliveries.tag(deliveries.next()), false);
    }
    publish(channel, size, 2 * size, "one", "two");
    channel.txCommit();
    publish(channel, 2 * size, 3 * size, "one", "two");
    channel.basicQos(0);
  }

  private static void publish(Channel channel, int from, int to, String... queues)
      throws Exception {
    for (String queue : queues) {
      for (long number = from; number < to; number++) {
        byte[] body = NumberedMessage.body(SEED, number);
        channel.basicPublish("", queue, NumberedMessage.properties(number), body);
      }
    }
  }

  private static List<Long> drain(BrokerProcess broker, String queue) throws Exception {
    List<Long> numbers = new ArrayList<>();
    try (Connection connection = broker.connect()) {
      Channel channel = connection.createChannel();
      while (true) {
        GetResponse got = channel.basicGet(queue, true);
        if (got == null) {
          return numbers;
        }
        Delivery delivery = new Delivery(got.getEnvelope(), got.getProps(), got.getBody());
        numbers.add(NumberedMessage.verified(SEED, delivery));
      }
    }
  }
}
