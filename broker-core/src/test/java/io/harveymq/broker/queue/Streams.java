package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.util.ArrayList;
import java.util.List;

/** A stream with the name s, whose messages say their offsets in their bodies. */
final class Streams {
  private Streams() {}

  static FieldTable.Builder stream() {
    return FieldTable.builder().put("x-queue-type", "stream");
  }

  static TestChannel declared(TestBroker broker, FieldTable.Builder arguments) {
    TestChannel channel = broker.channel();
    channel.call(
        new QueueMethod.Declare("s", false, true, false, false, false, arguments.build()),
        QueueMethod.DeclareOk.class);
    return channel;
  }

  static TestChannel publish(TestChannel channel, int from, int to, int size) {
    List<String> bodies = new ArrayList<>();
    for (int i = from; i < to; i++) {
      bodies.add(String.format("%-" + size + "d", i));
    }
    return channel.publishAll("s", bodies);
  }

  static TestChannel reader(TestBroker broker, int prefetch, FieldValue offset) {
    FieldTable arguments = FieldTable.builder().put("x-stream-offset", offset).build();
    return broker.channel().prefetch(prefetch).consume("s", "c", false, arguments);
  }

  static TestChannel first(TestBroker broker, int prefetch) {
    return reader(broker, prefetch, FieldValue.of("first"));
  }

  static long offset(Received delivery) {
    BasicProperties properties = BasicProperties.of(delivery.properties());
    return ((FieldValue.Int64) properties.headers().get("x-stream-offset")).value();
  }

  /** Acknowledges each; the body of each has to be its offset. */
  static List<Long> offsets(TestChannel reader) {
    List<Long> offsets = new ArrayList<>();
    for (Received one = reader.next(); one != null; one = reader.next()) {
      offsets.add(offset(one));
      assertThat(Long.parseLong(one.text().trim())).isEqualTo(offset(one));
      assertThat(one.redelivered()).isFalse();
      reader.ack(one.deliveryTag());
    }
    return offsets;
  }

  static void expectRange(List<Long> offsets, long from, long to) {
    assertThat(offsets).hasSize((int) (to - from));
    for (int i = 0; i < offsets.size(); i++) {
      assertThat(offsets.get(i)).isEqualTo(from + i);
    }
  }

  static AmqpQueue queue(TestBroker broker) {
    return broker.vhost().queue("s");
  }
}
