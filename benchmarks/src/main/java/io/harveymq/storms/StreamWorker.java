package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A stream that retention keeps short: what is read has every offset once, and the message of an
 * offset is always the same.
 */
final class StreamWorker extends Worker {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Map<String, Object> ARGUMENTS =
      Map.of(
          "x-queue-type",
          "stream",
          "x-max-length-bytes",
          4_000_000,
          "x-stream-max-segment-size-bytes",
          500_000);

  private final String queue;
  private Line line;
  private Channel channel;
  private ConfirmedChannel publisher;
  private long read;

  StreamWorker(Setting setting, String name, long seed, double perSecond) {
    super(setting, name, seed, perSecond);
    queue = name + "-stream";
  }

  @Override
  void begin() throws Exception {
    open();
    declare(channel, queue, true, ARGUMENTS);
  }

  private void open() throws Exception {
    line = connect();
    channel = line.connection().createChannel();
    publisher = new ConfirmedChannel(line.connection(), setting.figures());
  }

  @Override
  void round() throws Exception {
    int count = 200 + random.nextInt(1_000);
    for (int i = 0; i < count && !isOver(); i++) {
      pace.await();
      // The first message of a stream has offset 0.
      long number = nextNumber() - 1;
      byte[] body = NumberedBody.of(number, System.nanoTime());
      publisher.publish("", queue, MessageProperties.PERSISTENT_BASIC, body, List.of());
    }
    publisher.awaitConfirms();
    read = read(read, true);
    if (random.nextInt(6) == 0) {
      read("first", false);
    }
    if (random.nextInt(5) == 0) {
      setting.figures().clientRestarts.increment();
      line.connection().close();
      open();
    }
  }

  private long read(Object from, boolean whole) throws Exception {
    Channel reading = line.connection().createChannel();
    reading.basicQos(200);
    Reader reader = new Reader(reading, whole ? (Long) from : -1, lastNumber());
    if (reader.expected < lastNumber()) {
      reading.basicConsume(queue, false, Map.of("x-stream-offset", from), reader);
      reader.await();
    }
    reading.close();
    return lastNumber();
  }

  /** Reads to the end; deliveries come on the thread of the socket. */
  private final class Reader extends DefaultConsumer {
    private final long end;
    private long expected;

    Reader(Channel channel, long expected, long end) {
      super(channel);
      this.expected = expected;
      this.end = end;
    }

    @Override
    public synchronized void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      long offset = ((Number) properties.getHeaders().get("x-stream-offset")).longValue();
      long number = numberOf(queue, body);
      if (expected >= 0) {
        expect("the next offset of " + queue, expected, offset);
      }
      expect("the message at an offset of " + queue, offset, number);
      expected = offset + 1;
      getChannel().basicAck(envelope.getDeliveryTag(), false);
      if (expected >= end) {
        notifyAll();
      }
    }

    synchronized void await() throws InterruptedException {
      long deadline = System.nanoTime() + LIMIT_NANOS;
      while (expected < end) {
        if (System.nanoTime() > deadline) {
          fault(queue + " was read to " + expected + " of " + end);
          return;
        }
        wait(100);
      }
    }
  }

  @Override
  void end() throws Exception {
    channel.queueDelete(queue);
    line.connection().close();
  }
}
