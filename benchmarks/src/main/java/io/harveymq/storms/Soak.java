package io.harveymq.storms;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Mixed load at a moderate rate for a while, with a model of all queues, and figures of the broker
 * by sixths of the time: what grows must show. Confined to the thread that runs it.
 */
public final class Soak {
  private static final int SIXTHS = 6;
  private static final int JUDGED_SECONDS = 300;
  private static final int SAMPLE_SECONDS = 10;
  private static final int LEAST_SAMPLES = 4;
  private static final int HANDLES_MORE = 4;
  private static final double FLOW_SHARE = 0.82;
  private static final Duration STATISTICS_LIMIT = Duration.ofSeconds(20);

  /**
   * How long and how much.
   *
   * @param seconds of load; what is left is emptied afterwards
   * @param rate messages published a second, by all workers
   * @param flows workers that publish and consume; there are one to two of each other kind
   * @param seed of all random choices
   */
  public record Size(long seconds, double rate, int flows, long seed) {}

  private final StormBroker broker;
  private final Size size;
  private final Faults faults;
  private final Figures figures = new Figures();
  private final List<Sixth> sixths = new ArrayList<>();
  private long publishedBefore;
  private long deliveredBefore;
  private double cpuBefore;

  /** A soak of a broker that runs and has no queues. */
  public Soak(StormBroker broker, Size size, Faults faults) {
    this.broker = broker;
    this.size = size;
    this.faults = faults;
  }

  /** Runs it and prints; what is wrong is in the faults afterwards. */
  public void run() throws IOException, InterruptedException, TimeoutException {
    int handlesBefore = broker.figures().handles();
    long begin = System.nanoTime();
    Worker.Setting setting =
        new Worker.Setting(
            broker, faults, figures, begin + TimeUnit.SECONDS.toNanos(size.seconds()));
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers(setting)) {
      threads.add(new Thread(worker, worker.name));
    }
    threads.forEach(Thread::start);
    for (int i = 0; i < SIXTHS; i++) {
      sixths.add(sample(begin, i));
    }
    for (Thread thread : threads) {
      thread.join(TimeUnit.MINUTES.toMillis(5));
      if (thread.isAlive()) {
        faults.add(thread.getName() + " did not come to its end");
      }
    }
    checkNothingIsLeft(handlesBefore);
    judge();
    report();
  }

  private List<Worker> workers(Worker.Setting setting) {
    List<Worker> workers = new ArrayList<>();
    double flowRate = size.rate() * FLOW_SHARE / size.flows();
    FlowKind[] kinds = FlowKind.values();
    long seed = size.seed() * 1_000;
    for (int i = 0; i < size.flows(); i++) {
      FlowKind kind = kinds[i % kinds.length];
      String name = kind.name().toLowerCase(Locale.ROOT) + i;
      workers.add(new FlowWorker(setting, name, seed++, flowRate, kind));
    }
    double rest = size.rate() * (1 - FLOW_SHARE);
    for (int i = 0; i < 2; i++) {
      workers.add(new TtlWorker(setting, "ttl" + i, seed++, rest * 0.1));
      workers.add(new PolicyWorker(setting, "policy" + i, seed++, rest * 0.1));
      workers.add(new TopologyWorker(setting, "topology" + i, seed++, rest * 0.1));
    }
    workers.add(new TxWorker(setting, "transaction", seed++, rest * 0.15));
    workers.add(new StreamWorker(setting, "stream", seed, rest * 0.25));
    return workers;
  }

  private Sixth sample(long begin, int number) throws IOException, InterruptedException {
    Sixth sixth = new Sixth();
    long length = TimeUnit.SECONDS.toNanos(size.seconds()) / SIXTHS;
    long start = begin + number * length;
    long end = start + length;
    long published = figures.published.sum();
    double cpu = broker.stats().cpuSeconds();
    long step = Math.min(TimeUnit.SECONDS.toNanos(SAMPLE_SECONDS), length / LEAST_SAMPLES);
    do {
      long wait = Math.min(end - System.nanoTime(), step);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
      if (!broker.isAlive()) {
        throw new IOException("the broker has ended; see " + broker.output());
      }
      line(sixth, begin);
    } while (System.nanoTime() < end);
    double heap = broker.figures().liveHeapMib();
    double seconds = (System.nanoTime() - start) / 1e9;
    double used = broker.stats().cpuSeconds() - cpu;
    sixth.end(heap, used, seconds, figures.published.sum() - published);
    System.out.println(Sixth.header() + "\n" + sixth.row(number + 1));
    return sixth;
  }

  private void line(Sixth sixth, long begin) {
    BrokerFigures process = broker.figures();
    var sample =
        new Sixth.Sample(process.residentMib(), process.handles(), broker.figures().storeMib());
    sixth.add(sample);
    Histogram confirms = figures.takeConfirms();
    Histogram deliveries = figures.takeDeliveries();
    sixth.confirms.add(confirms);
    sixth.deliveries.add(deliveries);
    long published = figures.published.sum();
    long delivered = figures.delivered.sum();
    double cpu = broker.stats().cpuSeconds();
    System.out.printf(
        Locale.ROOT,
        "%s %5.0f s: %6d published, %6d delivered, confirm %.1f/%.1f/%.0f ms,"
            + " delivery %.1f/%.1f/%.0f ms, RSS %.0f MiB, %d handles, store %.0f MiB,"
            + " CPU %.1f s, %d rounds, %d client restarts, %d faults%n",
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        (System.nanoTime() - begin) / 1e9,
        published - publishedBefore,
        delivered - deliveredBefore,
        confirms.getValueAtPercentile(50) / 1e3,
        confirms.getValueAtPercentile(99) / 1e3,
        confirms.getMaxValue() / 1e3,
        deliveries.getValueAtPercentile(50) / 1e3,
        deliveries.getValueAtPercentile(99) / 1e3,
        deliveries.getMaxValue() / 1e3,
        sample.residentMib(),
        sample.handles(),
        sample.storeMib(),
        cpu - cpuBefore,
        figures.checks.sum(),
        figures.clientRestarts.sum(),
        faults.count());
    publishedBefore = published;
    deliveredBefore = delivered;
    cpuBefore = cpu;
  }

  private void checkNothingIsLeft(int handlesBefore) throws IOException, InterruptedException {
    for (String list : List.of("queues", "connections", "channels", "consumers")) {
      awaitCount(list, () -> broker.api().count(list), 0);
    }
    awaitCount(
        "handles",
        () -> Math.max(handlesBefore + HANDLES_MORE, broker.figures().handles()),
        handlesBefore + HANDLES_MORE);
  }

  /** Something that can be counted. */
  private interface Count {
    int now() throws IOException, InterruptedException;
  }

  private void awaitCount(String what, Count count, int expected)
      throws IOException, InterruptedException {
    if (!Await.within(STATISTICS_LIMIT, () -> count.now() == expected)) {
      faults.add("at the end there are " + count.now() + " " + what + ", must be " + expected);
    }
  }

  private void judge() {
    if (size.seconds() < JUDGED_SECONDS) {
      // Too short to tell growth from a start.
      return;
    }
    Sixth early = sixths.get(1);
    Sixth late = sixths.get(SIXTHS - 1);
    bound("live heap in MiB", late.liveHeapMib(), early.liveHeapMib() * 1.15 + 8);
    bound("RSS in MiB", late.residentMib(), early.residentMib() * 1.15 + 16);
    bound("handles", late.handles(), early.handles() + 10);
    bound("store in MiB", late.storeMib(), early.storeMib() * 1.25 + 32);
    bound("p99 of confirms in ms", late.confirmMillis(99), early.confirmMillis(99) * 2 + 20);
    bound("p99 of deliveries in ms", late.deliveryMillis(99), early.deliveryMillis(99) * 2 + 20);
  }

  private void bound(String what, double value, double most) {
    String text =
        String.format(Locale.ROOT, "%s of the last sixth: %.1f, at most %.1f", what, value, most);
    System.out.println(text);
    if (value > most) {
      faults.add(text);
    }
  }

  private void report() {
    System.out.println(Sixth.header());
    for (int i = 0; i < sixths.size(); i++) {
      System.out.println(sixths.get(i).row(i + 1));
    }
    System.out.printf(
        "%d messages published, %d delivered, %d rounds compared, %d declares,"
            + " %d restarts of clients, %d faults%n",
        figures.published.sum(),
        figures.delivered.sum(),
        figures.checks.sum(),
        figures.declares.sum(),
        figures.clientRestarts.sum(),
        faults.count());
  }
}
