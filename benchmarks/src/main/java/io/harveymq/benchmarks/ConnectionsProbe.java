package io.harveymq.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What an idle connection with one channel costs the broker in resident memory, and what it costs
 * with a consumer on it, all consumers on one queue. Meant for a broker that was just started.
 */
public final class ConnectionsProbe implements Measurement {
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private final int count;

  public ConnectionsProbe(int count) {
    this.count = count;
  }

  @Override
  public String name() {
    return String.format(Locale.ROOT, "%,d connections", count);
  }

  @Override
  public Result run(Broker broker) throws IOException, InterruptedException {
    String queue = String.format("probe-%08x", ThreadLocalRandom.current().nextInt());
    List<AmqpConnection> connections = new ArrayList<>(count);
    AmqpConnection setup = AmqpConnection.open(broker.target());
    try {
      setup.declareQueue(queue, false);
      return measure(broker, queue, connections);
    } finally {
      for (AmqpConnection connection : connections) {
        connection.close();
      }
      setup.deleteQueue(queue);
      setup.closeGracefully();
    }
  }

  private Result measure(Broker broker, String queue, List<AmqpConnection> connections)
      throws IOException, InterruptedException {
    ProcessStats process = broker.process();
    process.awaitIdle(SETTLE);
    long before = process.residentKib();
    long start = System.nanoTime();
    while (connections.size() < count) {
      connections.add(AmqpConnection.open(broker.target()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    process.awaitIdle(SETTLE);
    long idle = process.residentKib();
    for (AmqpConnection connection : connections) {
      connection.consume(queue, true);
    }
    process.awaitIdle(SETTLE);
    long consuming = process.residentKib();
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.IDLE_CONNECTION, (idle - before) / (double) count);
    values.put(Metric.CONSUMING_CONNECTION, (consuming - before) / (double) count);
    values.put(Metric.CONNECTIONS_OPENED, count / seconds);
    values.put(Metric.RESIDENT, consuming / 1024.0);
    return new Result(name(), broker.name(), values);
  }
}
