package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that publishes to a stream, with confirms, until its broker dies, and afterwards reads
 * all that is left: in a row, each message at the offset that it was published for, up to the last
 * that was confirmed or later. One thread works at a time; confirms come on the thread that reads
 * the socket.
 */
final class StreamLoad {
  private static final String STREAM = "stream";
  private static final int MOST_UNCONFIRMED = 200;
  private static final int PREFETCH = 500;

  private final BrokerProcess broker;
  private final AtomicLong confirmed = new AtomicLong();
  private Connection connection;
  private long next;

  StreamLoad(BrokerProcess broker) {
    this.broker = broker;
  }

  /** Declares the stream; once, before everything else. */
  void declare() throws Exception {
    Map<String, Object> arguments =
        Map.of(
            "x-queue-type",
            "stream",
            "x-max-length-bytes",
            4_000_000,
            "x-stream-max-segment-size-bytes",
            300_000);
    try (Connection setup = broker.connect()) {
      setup.createChannel().queueDeclare(STREAM, true, false, false, arguments);
    }
  }

  /** The offset up to which all was confirmed, not included. */
  long confirmed() {
    return confirmed.get();
  }

  /** Connects, and reads everything. */
  void connectAndVerify() throws Exception {
    connection = broker.connect();
    Channel channel = connection.createChannel();
    int count = channel.queueDeclarePassive(STREAM).getMessageCount();
    channel.close();
    if (count == 0) {
      assertThat(confirmed()).as("confirmed, of an empty stream").isZero();
      next = 0;
      return;
    }
    Deliveries last = read("last", 1);
    long end = offset(last.next()) + 1;
    last.getChannel().close();
    assertThat(end).as("end of the stream").isBetween(confirmed(), next);
    assertThat(end - readUpTo(end)).as("messages").isEqualTo(count);
    next = end;
    confirmed.set(end);
  }

  /** Publishes until the broker is gone, which may be at once. */
  void work() throws Exception {
    try {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      long first = next;
      channel.addConfirmListener(
          (tag, multiple) -> confirmed.set(first + tag), (tag, multiple) -> {});
      while (true) {
        for (int i = 0; i < MOST_UNCONFIRMED; i++) {
          next++;
          channel.basicPublish("", STREAM, null, CompatTest.bytes(body(next - 1)));
        }
        channel.waitForConfirms();
      }
    } catch (IOException | ShutdownSignalException died) {
      Closing.assertBrokerEnded(died);
    }
  }

  private Deliveries read(String from, int prefetch) throws Exception {
    Channel reading = connection.createChannel();
    reading.basicQos(prefetch);
    Deliveries deliveries = new Deliveries(reading);
    reading.basicConsume(STREAM, false, Map.of("x-stream-offset", from), deliveries);
    return deliveries;
  }

  /** Reads everything up to an offset; returns the first offset. */
  private long readUpTo(long end) throws Exception {
    Deliveries deliveries = read("first", PREFETCH);
    Delivery delivery = deliveries.next();
    long first = offset(delivery);
    for (long offset = first; true; delivery = deliveries.next()) {
      assertThat(offset(delivery)).isEqualTo(offset);
      assertThat(Deliveries.text(delivery)).isEqualTo(body(offset));
      deliveries.getChannel().basicAck(Deliveries.tag(delivery), false);
      if (++offset == end) {
        deliveries.getChannel().close();
        return first;
      }
    }
  }

  static String body(long offset) {
    return "message " + offset + " " + "x".repeat(new Random(offset).nextInt(300));
  }

  static long offset(Delivery delivery) {
    return (Long) delivery.getProperties().getHeaders().get("x-stream-offset");
  }
}
