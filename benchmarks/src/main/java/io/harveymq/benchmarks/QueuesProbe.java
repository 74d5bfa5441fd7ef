package io.harveymq.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What an empty transient queue costs the broker in resident memory, and whether declaring one gets
 * slower as they become many. Each declare waits for its answer. Meant for a broker that was just
 * started.
 */
public final class QueuesProbe implements Measurement {
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final int TIMED = 1000;
  private static final int NO_WAIT = 4;
  private static final int DELETES_PER_WRITE = 500;

  private final int count;
  private final boolean deleting;

  /**
   * A probe that runs once.
   *
   * @param count queues, at least 2,000
   * @param deleting false leaves the queues to a broker that is about to be thrown away
   */
  public QueuesProbe(int count, boolean deleting) {
    this.count = count;
    this.deleting = deleting;
  }

  @Override
  public String name() {
    return String.format(Locale.ROOT, "%,d queues", count);
  }

  @Override
  public Result run(Broker broker) throws IOException, InterruptedException {
    String prefix = String.format("probe-%08x-", ThreadLocalRandom.current().nextInt());
    ProcessStats process = broker.process();
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    try (AmqpConnection connection = AmqpConnection.open(broker.target())) {
      process.awaitIdle(SETTLE);
      long before = process.residentKib();
      values.put(Metric.FIRST_DECLARES, declare(connection, prefix, 0, TIMED));
      declare(connection, prefix, TIMED, count - TIMED);
      values.put(Metric.LAST_DECLARES, declare(connection, prefix, count - TIMED, count));
      process.awaitIdle(SETTLE);
      values.put(Metric.QUEUE, (process.residentKib() - before) * 1024.0 / count);
      values.put(Metric.RESIDENT, process.residentKib() / 1024.0);
      if (deleting) {
        delete(connection, prefix);
      }
    }
    return new Result(name(), broker.name(), values);
  }

  /**
   * Declares queues by number, the upper bound not among them; returns the milliseconds it took.
   */
  private static double declare(AmqpConnection connection, String prefix, int from, int to)
      throws IOException {
    long start = System.nanoTime();
    for (int queue = from; queue < to; queue++) {
      connection.declareQueue(prefix + queue, false);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private void delete(AmqpConnection connection, String prefix) throws IOException {
    for (int queue = 0; queue < count; queue += DELETES_PER_WRITE) {
      FrameWriter deletes = new FrameWriter();
      int end = Math.min(count, queue + DELETES_PER_WRITE);
      for (int each = queue; each < end - 1; each++) {
        deletes.method(1, Methods.QUEUE_DELETE).u16(0).shortString(prefix + each).u8(NO_WAIT).end();
      }
      connection.send(deletes);
      connection.deleteQueue(prefix + (end - 1));
    }
  }
}
