package io.harveymq.persistence;

import io.harveymq.broker.queue.Message;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import java.nio.file.Path;
import java.util.Locale;

/** Prints how fast messages of 1 KiB are stored, read and acknowledged; arguments: directory. */
final class StoreSpeed {
  private StoreSpeed() {}

  public static void main(String[] arguments) {
    long opening = System.nanoTime();
    MapDbStore store = MapDbStore.open(Path.of(arguments[0]), StoreOptions.defaults());
    System.out.printf("open %.1f ms%n", (System.nanoTime() - opening) / 1e6);
    store.definitions().put(Messages.queue(1));
    byte[] address = Content.address("amq.direct", "key");
    byte[] properties = BasicProperties.builder().deliveryMode(2).build().encoded();
    long position =
        store.messages().logs().isEmpty() ? 0 : store.messages().logs().get(0).nextPosition();
    java.lang.management.ThreadMXBean threads =
        java.lang.management.ManagementFactory.getThreadMXBean();
    for (int batch : new int[] {1000, 100, 1000, 100, 10, 1}) {
      int count = Math.min(300_000, batch * 3_000);
      Message[] messages = new Message[batch];
      for (int i = 0; i < batch; i++) {
        messages[i] = new Message(address, properties, new byte[1024]);
      }
      long start = System.nanoTime();
      long cpu = threads.getCurrentThreadCpuTime();
      long user = threads.getCurrentThreadUserTime();
      long applying = 0;
      long first = position;
      for (int done = 0; done < count; done += batch) {
        long t = System.nanoTime();
        store.messages().reserve(batch * 1_700L);
        for (int i = 0; i < batch; i++) {
          store.messages().append(1, position++, messages[i], true);
        }
        applying += System.nanoTime() - t;
        store.messages().commit(() -> {});
      }
      report(
          "append",
          batch,
          count,
          start,
          threads.getCurrentThreadCpuTime() - cpu,
          threads.getCurrentThreadUserTime() - user,
          applying);
      start = System.nanoTime();
      int read = 0;
      for (long at = first; at < position; ) {
        var found = store.messages().read(1, at, 256 * 1024);
        at = found.get(found.size() - 1).position() + 1;
        read += found.size();
      }
      System.out.printf(
          Locale.ROOT, "  read %.2f us each%n", (System.nanoTime() - start) / 1e3 / read);
      start = System.nanoTime();
      cpu = threads.getCurrentThreadCpuTime();
      user = threads.getCurrentThreadUserTime();
      applying = 0;
      for (long at = first; at < position; at += batch) {
        long t = System.nanoTime();
        for (long i = at; i < Math.min(position, at + batch); i++) {
          store.messages().ack(1, i, 1027);
        }
        applying += System.nanoTime() - t;
        store.messages().commit(() -> {});
      }
      report(
          "  ack",
          batch,
          count,
          start,
          threads.getCurrentThreadCpuTime() - cpu,
          threads.getCurrentThreadUserTime() - user,
          applying);
    }
    for (int i = 0; i < 1_000_000; i++) {
      store
          .messages()
          .append(1, position++, new Message(address, properties, new byte[1024]), true);
      if (i % 1000 == 0) {
        store.messages().commit(() -> {});
      }
    }
    store.messages().commit(() -> {});
    store.close();
    opening = System.nanoTime();
    store = MapDbStore.open(Path.of(arguments[0]), StoreOptions.defaults());
    System.out.printf(
        "open with %d messages %.1f ms%n",
        store.info().messages(), (System.nanoTime() - opening) / 1e6);
    System.out.println(store.info());
    store.messages().drop(1, 0, position);
    store.close();
  }

  private static void report(
      String what, int batch, int count, long start, long cpu, long user, long applying) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s batch %d: %.0f/s, %.2f us cpu, %.2f us user, %.2f us in calls before the commit%n",
        what,
        batch,
        count / seconds,
        cpu / 1e3 / count,
        user / 1e3 / count,
        applying / 1e3 / count);
  }
}
