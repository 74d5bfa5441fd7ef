package io.harveymq.server;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Prints a line a second while something takes long, on a thread of its own, until closed. */
final class Progress implements AutoCloseable {
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * Starts; the first line comes after a second.
   *
   * @param line what to print, asked for by the thread of this
   */
  Progress(PrintStream to, Supplier<String> line) {
    Thread thread = new Thread(() -> print(to, line), "progress");
    thread.setDaemon(true);
    thread.start();
  }

  private void print(PrintStream to, Supplier<String> line) {
    long seconds = 0;
    try {
      while (!end.await(1, TimeUnit.SECONDS)) {
        seconds++;
        to.println(line.get() + " (" + seconds + " s)");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
  }
}
