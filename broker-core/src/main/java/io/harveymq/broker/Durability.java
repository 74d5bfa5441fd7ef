package io.harveymq.broker;

import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.store.LogNumbers;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.StoreThread;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's store and the thread that works on it, from the start to the end. Owned by who starts
 * and closes the broker.
 */
final class Durability {
  private static final Logger LOG = LoggerFactory.getLogger(Durability.class);
  private static final long DRAIN_SECONDS = 30;

  /** A queue with priorities has so many logs, with numbers in a row. */
  private static final int MAX_PRIORITY = 255;

  private final BrokerStore store;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final NavigableMap<Long, MessageStore.Log> logs = new TreeMap<>();
  private List<Definition> definitions = List.of();
  private ExecutorService thread;
  private HomeLoop home;

  /**
   * @param store null when nothing is durable
   */
  Durability(BrokerStore store) {
    this.store = store;
  }

  /** Completed when the store fails. */
  CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Looks at what the store holds, starts its thread, and gives the loop its side of it. */
  void serve(HomeLoop loop) {
    if (store != null) {
      thread =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread named = new Thread(task, "harvey-store");
                named.setDaemon(true);
                return named;
              });
    }
    serve(loop, thread);
  }

  /**
   * The same with a thread that somebody else runs.
   *
   * @param executor runs one task at a time, in order
   */
  void serve(HomeLoop loop, Executor executor) {
    if (store == null) {
      return;
    }
    store.whenFailed(failure::complete);
    long lastLog = 0;
    for (MessageStore.Log log : store.messages().logs()) {
      logs.put(log.number(), log);
      lastLog = Math.max(lastLog, LogNumbers.first(log.number()));
    }
    definitions = store.definitions().load();
    for (Definition definition : definitions) {
      if (definition instanceof Definition.Queue queue) {
        long behindFirst = Math.max(MAX_PRIORITY, queue.logNumbers() - 1);
        lastLog = Math.max(lastLog, queue.log() + behindFirst);
      } else {
        lastLog = Math.max(lastLog, definition.log());
      }
    }
    home = loop;
    home.useStore(
        new HomeStore(home, new StoreThread(store, executor, lastLog, failure::complete)));
  }

  /** All that the store has. */
  List<Definition> definitions() {
    return definitions;
  }

  /**
   * Brings back what the store has of a virtual host.
   *
   * @param found definitions of this virtual host
   */
  void recover(VirtualHost vhost, List<Definition> found) {
    vhost.recover(found, logs);
  }

  /**
   * Ends the recovery: what nobody owns any more is removed from the store.
   *
   * @param leftOver chooses definitions
   */
  void forget(Predicate<Definition> leftOver) {
    for (Definition definition : definitions) {
      if (leftOver.test(definition)) {
        LOG.info("removed from the store, because its virtual host is gone: {}", definition);
        home.store().remove(definition);
        if (definition instanceof Definition.Queue queue) {
          logs.subMap(queue.log(), queue.log() + queue.logNumbers())
              .values()
              .forEach(log -> home.store().recovered(log).remove());
          logs.tailMap(LogNumbers.LEAST_BESIDES).values().stream()
              .filter(log -> LogNumbers.first(log.number()) == queue.log())
              .forEach(log -> home.store().recovered(log).remove());
        }
      }
    }
    definitions = List.of();
    logs.clear();
  }

  /** Waits until everything is stored; connections are closed, the loop still runs. */
  void drain() {
    if (home == null || failure.isDone()) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    failure.thenRun(done::countDown);
    home.execute(() -> home.store().drain(done::countDown));
    if (!uninterrupted(() -> done.await(DRAIN_SECONDS, TimeUnit.SECONDS))) {
      LOG.warn("the store did not take everything within {} s", DRAIN_SECONDS);
    }
  }

  private interface Wait {
    boolean isOver() throws InterruptedException;
  }

  /** Waits although the thread is interrupted: what was confirmed is at stake. */
  private static boolean uninterrupted(Wait wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.isOver();
        } catch (InterruptedException stop) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the thread and closes the store. The loop has ended. */
  void close() {
    if (store == null) {
      return;
    }
    if (thread != null) {
      thread.shutdown();
      if (!uninterrupted(() -> thread.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS))) {
        LOG.error("the store is left as it is: its thread still waits for the disk");
        return;
      }
    }
    store.close();
  }
}
