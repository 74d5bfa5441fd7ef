package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints how fast messages of 1 KiB are stored, read and acknowledged. Argument: a directory. */
final class StoreSpeed {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Runnable NOTHING = () -> {};

  private final MapDbStore store;
  private final Message message =
      new Message(
          Content.address("amq.direct", "key"),
          BasicProperties.builder().deliveryMode(2).build().encoded(),
          new byte[1024]);
  private long position;
  private long start;
  private long cpu;

  private StoreSpeed(MapDbStore store) {
    this.store = store;
  }

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    StoreSpeed speed = new StoreSpeed(MapDbStore.open(directory, StoreOptions.defaults()));
    speed.store.definitions().put(Messages.queue(1));
    for (int batch : new int[] {1000, 100, 1000, 100, 10, 1}) {
      speed.run(batch, Math.min(300_000, batch * 3_000));
    }
    speed.append(1_000, 1_000_000);
    speed.store.close();
    long opening = System.nanoTime();
    MapDbStore store = MapDbStore.open(directory, StoreOptions.defaults());
    System.out.printf("opened in %.1f ms%n", (System.nanoTime() - opening) / 1e6);
    System.out.println(store.info());
    store.close();
  }

  private void run(int batch, int count) {
    long first = position;
    begin();
    append(batch, count);
    end("append", batch, count);
    begin();
    for (long at = first; at < position; ) {
      List<StoredMessage> found = store.messages().read(1, at, 256 * 1024);
      at = found.get(found.size() - 1).position() + 1;
    }
    end("  read", batch, count);
    begin();
    for (long at = first; at < position; at++) {
      store.messages().ack(1, at, message.body().length);
      if ((at + 1) % batch == 0) {
        store.messages().commit(NOTHING);
      }
    }
    store.messages().commit(NOTHING);
    end("  ack", batch, count);
  }

  private void append(int batch, int count) {
    for (int done = 0; done < count; done += batch) {
      store.messages().reserve(batch * 1_700L);
      for (int i = 0; i < batch; i++) {
        // another object each time, so that no body is shared
        Message one = new Message(message.address(), message.properties(), message.body());
        store.messages().append(1, position++, one, true);
      }
      store.messages().commit(NOTHING);
    }
  }

  private void begin() {
    start = System.nanoTime();
    cpu = THREADS.getCurrentThreadCpuTime();
  }

  private void end(String what, int batch, int count) {
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3 / count;
    System.out.printf(
        Locale.ROOT, "%s batch %d: %.0f/s, %.2f us cpu%n", what, batch, count / seconds, micros);
  }
}
