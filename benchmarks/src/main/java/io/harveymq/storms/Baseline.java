package io.harveymq.storms;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a broker without clients uses. Immutable.
 *
 * @param heapMib what is alive in the Java heap
 * @param handles open files and sockets
 * @param threads of the process
 */
record Baseline(double heapMib, int handles, int threads) {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final double HEAP_MORE = 4;
  private static final int HANDLES_MORE = 2;
  private static final int THREADS_MORE = 2;

  /** Waits until there are neither connections nor queues, and measures. */
  static Baseline take(StormBroker broker, Faults faults) throws IOException, InterruptedException {
    for (String list : List.of("connections", "channels", "consumers", "queues")) {
      Await.until("no " + list + " are left", LIMIT, () -> broker.api().count(list) == 0, faults);
    }
    BrokerFigures figures = broker.figures();
    return new Baseline(figures.liveHeapMib(), figures.handles(), figures.threads());
  }

  /** Waits until the broker uses no more than before, but for a little. */
  void expectBack(StormBroker broker, Faults faults) throws IOException, InterruptedException {
    BrokerFigures figures = broker.figures();
    Await.until(
        "handles are back at " + handles,
        LIMIT,
        () -> figures.handles() <= handles + HANDLES_MORE,
        faults);
    Baseline after = take(broker, faults);
    System.out.printf(
        Locale.ROOT,
        "live heap %.1f -> %.1f MiB, handles %d -> %d, threads %d -> %d%n",
        heapMib,
        after.heapMib,
        handles,
        after.handles,
        threads,
        after.threads);
    if (after.heapMib > heapMib + HEAP_MORE) {
      faults.add("the heap grew by " + (after.heapMib - heapMib) + " MiB");
    }
    if (after.threads > threads + THREADS_MORE) {
      faults.add("there are " + (after.threads - threads) + " more threads");
    }
  }
}
