package io.harveymq.benchmarks.micro;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueArguments;
import io.harveymq.broker.vhost.BrokerClock;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.NameGenerator;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What finding the queues of a message costs: nanoseconds per message. JMH's threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutingBenchmark {
  private static final int BINDINGS = 1_000;
  private static final int CACHED_KEYS = 512;
  private static final int KEYS = 100_000;

  /** The type of the exchange that 1,000 queues are bound to. */
  @Param({"DIRECT", "TOPIC"})
  public ExchangeType type;

  private VirtualHost vhost;
  private Exchange exchange;
  private String[] keys;
  private int next;

  /** Binds each queue with a key of its own, or with a pattern for a topic exchange. */
  @Setup
  public void setUp() {
    HomeLoop home = new HomeLoop(new CallerLoop(), new MemoryAccount(1, 1));
    vhost =
        new VirtualHost(
            VirtualHostDefinition.of("/"),
            home,
            new NameGenerator(new Random(1)),
            Compatibility.V4_2);
    exchange =
        Exchange.create(
            "/", new ExchangeDefinition("x", type, true, false, false, FieldTable.EMPTY));
    vhost.addExchange(exchange);
    for (int i = 0; i < BINDINGS; i++) {
      MessageQueue queue =
          new MessageQueue(
              new MessageQueue.Definition("q" + i, true, false, false, QueueArguments.NONE),
              null,
              vhost);
      vhost.addQueue(queue);
      String key = "orders." + i + (type == ExchangeType.TOPIC ? ".*" : ".new");
      vhost.bind(new Binding(exchange, queue, key, FieldTable.EMPTY));
    }
    keys = new String[KEYS];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "orders." + i % (2 * BINDINGS) + (i < 2 * BINDINGS ? ".new" : "." + i);
    }
  }

  /** Keys that were seen before. */
  @Benchmark
  public Route knownKey() {
    next = (next + 1) % CACHED_KEYS;
    return route();
  }

  /** More different keys than are remembered. */
  @Benchmark
  public Route newKey() {
    next = (next + 1) % KEYS;
    return route();
  }

  private Route route() {
    return vhost.router().route(exchange, keys[next], BasicProperties.EMPTY.encoded());
  }

  /** Whoever calls is on the loop; nothing is run later. */
  private static final class CallerLoop implements Loop {
    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void executeOrReject(Runnable task) {
      task.run();
    }

    @Override
    public Timer schedule(Runnable task, long delayMillis) {
      return () -> {};
    }

    @Override
    public BrokerClock clock() {
      return BrokerClock.SYSTEM;
    }
  }
}
