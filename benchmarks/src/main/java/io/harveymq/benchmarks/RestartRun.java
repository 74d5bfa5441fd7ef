package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How soon a broker that was killed with many persistent messages waiting serves them again: from
 * the start of its script to the answer of a passive declare with the right count.
 */
final class RestartRun implements ProcessMeasurement {
  private static final long COUNT_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int POLL_MILLIS = 2;

  private final long messages;

  RestartRun(long messages) {
    this.messages = messages;
  }

  @Override
  public String name() {
    return String.format(Locale.ROOT, "restart with %,d messages of 1 KiB", messages);
  }

  @Override
  public Result run(StartScript.Running running) throws IOException, InterruptedException {
    Target target = running.broker().target();
    Backlog backlog = new Backlog(target, "restart", messages);
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.PUBLISHED, backlog.fill());
    values.put(Metric.DIRECTORY, running.directoryMib());
    running.kill();
    long begin = System.nanoTime();
    running.startAgain();
    awaitCount(target, backlog.queue());
    values.put(Metric.RESTART, (System.nanoTime() - begin) / 1e6);
    values.put(Metric.RESIDENT, running.broker().process().residentKib() / 1024.0);
    values.put(Metric.ANONYMOUS, running.broker().process().anonymousKib() / 1024.0);
    return new Result(name(), running.broker().name(), values);
  }

  private void awaitCount(Target target, String queue) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + COUNT_LIMIT_NANOS;
    AmqpConnection connection = AmqpConnection.open(target);
    long count = connection.messageCount(queue);
    while (count != messages) {
      if (count > messages || System.nanoTime() > deadline) {
        throw new IOException(count + " of " + messages + " messages after the restart");
      }
      Thread.sleep(POLL_MILLIS);
      count = connection.messageCount(queue);
    }
    connection.closeGracefully();
  }
}
