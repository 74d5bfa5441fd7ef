package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What streams have after the broker was stopped or killed and started again. */
@Timeout(180)
class StreamRestartTest {
  private BrokerProcess broker;
  private Connection connection;
  private Channel channel;

  @BeforeEach
  void startBroker() throws Exception {
    broker = BrokerProcess.create();
    broker.start();
    connect();
  }

  private void connect() throws Exception {
    connection = broker.connect();
    channel = connection.createChannel();
  }

  @AfterEach
  void removeBroker() throws Exception {
    connection.abort(5_000);
    broker.close();
  }

  private void restart(RestartEnd end) throws Exception {
    end.end(broker);
    broker.start();
    connect();
  }

  private void declare(Map<String, Object> more) throws IOException {
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("x-queue-type", "stream");
    channel.queueDeclare("s", true, false, false, arguments);
  }

  private void publish(long from, long to) throws Exception {
    channel.confirmSelect();
    for (long i = from; i < to; i++) {
      channel.basicPublish("", "s", null, CompatTest.bytes(StreamLoad.body(i)));
    }
    channel.waitForConfirmsOrDie(20_000);
  }

  private Deliveries read(Object from, int prefetch) throws Exception {
    Channel reading = connection.createChannel();
    reading.basicQos(prefetch);
    Deliveries deliveries = new Deliveries(reading);
    reading.basicConsume("s", false, Map.of("x-stream-offset", from), deliveries);
    return deliveries;
  }

  @ParameterizedTest
  @EnumSource
  void allThatWasConfirmedIsThereAtItsOffset(RestartEnd end) throws Exception {
    declare(Map.of());
    publish(0, 5_000);
    restart(end);
    assertThat(channel.queueDeclarePassive("s").getMessageCount()).isEqualTo(5_000);
    declare(Map.of());
    publish(5_000, 5_010);
    Deliveries deliveries = read(4_990, 100);
    for (long i = 4_990; i < 5_010; i++) {
      Delivery next = deliveries.next();
      assertThat(StreamLoad.offset(next)).isEqualTo(i);
      assertThat(Deliveries.text(next)).isEqualTo(StreamLoad.body(i));
    }
    assertThat(readUpTo(5_010)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void whatRetentionLeftIsThereAndOffsetsGoOn(RestartEnd end) throws Exception {
    declare(Map.of("x-max-length-bytes", 100_000, "x-stream-max-segment-size-bytes", 20_000));
    long published = 0;
    for (int round = 0; round < 3; round++) {
      publish(published, published + 3_000);
      published += 3_000;
      long oldest = readUpTo(published);
      assertThat(published - oldest).isBetween(300L, 1_200L);
      restart(end);
      assertThat(readUpTo(published)).isEqualTo(oldest);
      assertThat(channel.queueDeclarePassive("s").getMessageCount())
          .isEqualTo((int) (published - oldest));
    }
  }

  /** Reads everything up to an offset, which must be in a row; returns the first offset. */
  private long readUpTo(long end) throws Exception {
    Deliveries deliveries = read("first", 500);
    Delivery next = deliveries.next();
    long first = StreamLoad.offset(next);
    for (long offset = first; true; next = deliveries.next()) {
      assertThat(StreamLoad.offset(next)).isEqualTo(offset);
      assertThat(Deliveries.text(next)).isEqualTo(StreamLoad.body(offset));
      deliveries.getChannel().basicAck(Deliveries.tag(next), false);
      if (++offset == end) {
        deliveries.getChannel().close();
        return first;
      }
    }
  }
}
