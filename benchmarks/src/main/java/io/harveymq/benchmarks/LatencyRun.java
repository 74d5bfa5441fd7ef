package io.harveymq.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.HdrHistogram.Histogram;

/**
 * Time from a message's due moment at the publisher to its arrival at the consumer, at a steady
 * rate far below what the broker can do. Due moments come from the clock and not from the last
 * send, so a stall counts against every message that it delays. Publisher and consumer share this
 * process's clock.
 */
public final class LatencyRun implements Measurement {
  private static final long GRACE_NANOS = 5_000_000_000L;
  private static final double NANOS_PER_MICRO = 1e3;

  private final int ratePerSecond;
  private final int bodyBytes;
  private final Window window;

  /**
   * A run that measures once.
   *
   * @param ratePerSecond messages per second, at least 1
   * @param bodyBytes body size, at least 8 for the due moment
   */
  public LatencyRun(int ratePerSecond, int bodyBytes, Window window) {
    this.ratePerSecond = ratePerSecond;
    this.bodyBytes = Math.max(Long.BYTES, bodyBytes);
    this.window = window;
  }

  @Override
  public String name() {
    return "latency " + bodyBytes + " B at " + ratePerSecond + " msg/s";
  }

  @Override
  public Result run(Broker broker) throws IOException, InterruptedException {
    String queue = String.format("load-%08x", ThreadLocalRandom.current().nextInt());
    try (Session session = new Session(broker.target(), queue)) {
      return session.measure(broker);
    }
  }

  private final class Session implements Closeable {
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final AmqpConnection setup;
    private final String queue;
    private final StampConsumer consumer;
    private final PacedPublisher publisher;

    Session(Target target, String queue) throws IOException {
      this.queue = queue;
      setup = AmqpConnection.open(target);
      setup.declareQueue(queue, false);
      consumer = new StampConsumer(target, queue, bodyBytes, failure);
      publisher = new PacedPublisher(target, queue, bodyBytes, failure);
    }

    Result measure(Broker broker) throws IOException, InterruptedException {
      long from = System.nanoTime() + window.warmUp().toNanos();
      long until = from + window.measured().toNanos();
      consumer.recordBetween(from, until);
      publisher.publishUntil(until, ratePerSecond);
      Thread consuming = new Thread(consumer, "consumer");
      Thread publishing = new Thread(publisher, "publisher");
      consuming.start();
      publishing.start();
      Workers.pause(failure, window.warmUp());
      CpuSample before = CpuSample.take(broker.process());
      publishing.join();
      CpuSample after = CpuSample.take(broker.process());
      awaitRest(until + GRACE_NANOS);
      consumer.stop();
      consuming.join();
      if (consumer.histogram().getTotalCount() == 0) {
        throw new IOException("no message of the measured span arrived");
      }
      return new Result(name(), broker.name(), values(broker, before, after));
    }

    private void awaitRest(long deadline) throws IOException, InterruptedException {
      while (consumer.count() < publisher.count()) {
        if (System.nanoTime() > deadline) {
          throw new IOException("only " + consumer.count() + " of " + publisher.count() + " came");
        }
        Workers.pause(failure, Duration.ofMillis(5));
      }
    }

    private Map<Metric, Double> values(Broker broker, CpuSample before, CpuSample after) {
      Histogram nanos = consumer.histogram();
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      values.put(Metric.LATENCY_P50, nanos.getValueAtPercentile(50) / NANOS_PER_MICRO);
      values.put(Metric.LATENCY_P99, nanos.getValueAtPercentile(99) / NANOS_PER_MICRO);
      values.put(Metric.LATENCY_P999, nanos.getValueAtPercentile(99.9) / NANOS_PER_MICRO);
      values.put(Metric.LATENCY_MAX, nanos.getMaxValue() / NANOS_PER_MICRO);
      values.put(Metric.DELIVERED, nanos.getTotalCount() / (window.measured().toNanos() / 1e9));
      before.report(after, nanos.getTotalCount(), values);
      values.put(Metric.RESIDENT, broker.process().residentKib() / 1024.0);
      return values;
    }

    @Override
    public void close() throws IOException {
      publisher.stop();
      consumer.stop();
      setup.deleteQueue(queue);
      setup.closeGracefully();
    }
  }
}
