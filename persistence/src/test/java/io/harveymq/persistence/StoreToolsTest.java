package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.exchange.ExchangeDefinition;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.codec.FieldTable;
import io.harveymq.persistence.journal.StoreOpenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator has: information, backup, compaction, verification, export. */
@Timeout(120)
class StoreToolsTest {
  private static final Runnable NOTHING = () -> {};

  @TempDir Path home;

  private Path directory() {
    return home.resolve("store");
  }

  private MapDbStore open() {
    return MapDbStore.open(directory(), StoreOptions.defaults());
  }

  /** A store with what random changes left, closed. */
  private StoreModel fill(long seed) {
    StoreModel model = new StoreModel(seed);
    MapDbStore store = open();
    for (int i = 0; i < 600; i++) {
      model.change(store);
      if (i % 10 == 0) {
        model.commit(store);
      }
    }
    model.commit(store);
    store.close();
    model.restarted();
    return model;
  }

  @Test
  void compactionKeepsEverythingAndMakesTheFileSmall() throws Exception {
    StoreModel model = fill(11);
    MapDbStore store = open();
    store.definitions().put(Messages.queue(999));
    Random random = new Random(1);
    for (int i = 0; i < 3_000; i++) {
      store.messages().append(999, i, Messages.random(random, i, 10_000), true);
    }
    store.messages().commit(NOTHING);
    store.messages().remove(999);
    store.definitions().remove(Messages.queue(999));
    store.messages().commit(NOTHING);
    store.close();
    long before = Files.size(directory().resolve("store.db"));

    MapDbStore.compact(directory(), StoreOptions.defaults());

    assertThat(Files.size(directory().resolve("store.db"))).isLessThan(before - 20_000_000);
    assertThat(directory().resolve("compact.tmp")).doesNotExist();
    store = open();
    store.audit();
    model.checkAll(store);
    store.close();
  }

  @Test
  void aLargeFileOfWhichLittleIsLiveIsCompactedWhenItIsOpened() throws Exception {
    MapDbStore store = open();
    store.definitions().put(Messages.queue(1));
    Random random = new Random(1);
    for (int i = 0; i < 8_000; i++) {
      store.messages().append(1, i, Messages.random(random, i, 10_000), true);
      if (i % 400 == 0) {
        store.messages().commit(NOTHING);
      }
    }
    store.messages().commit(NOTHING);
    store.messages().drop(1, 10, 8_000);
    store.messages().commit(NOTHING);
    store.close();
    assertThat(Files.size(directory().resolve("store.db"))).isGreaterThan(80_000_000);

    store = open();

    assertThat(Files.size(directory().resolve("store.db"))).isLessThan(10_000_000);
    assertThat(store.messages().read(1, 0, 1 << 20)).hasSize(10);
    store.close();
  }

  @Test
  void aBackupTakenWhileMessagesComeInIsAStoreOfThatTime() throws Exception {
    MapDbStore store = open();
    store.definitions().put(Messages.queue(1));
    ExecutorService storeThread = Executors.newSingleThreadExecutor();
    AtomicBoolean stop = new AtomicBoolean();
    Future<Long> writer = storeThread.submit(() -> append(store, 0, 200));
    long before = writer.get();
    Future<?> background = storeThread.submit(() -> appendUntil(store, before, stop, storeThread));
    Path target = home.resolve("backup");
    store.backup(target, storeThread);
    stop.set(true);
    background.get();
    storeThread.submit(store::close).get();
    storeThread.shutdown();

    MapDbStore copy = MapDbStore.open(target, StoreOptions.defaults());
    copy.audit();
    List<StoredMessage> found = copy.messages().read(1, 0, Integer.MAX_VALUE);
    assertThat(found).hasSizeGreaterThanOrEqualTo((int) before);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).position()).isEqualTo(i);
      Message expected = message(i);
      assertThat(Messages.same(found.get(i).message(), expected)).isTrue();
    }
    copy.close();
    assertThatThrownBy(() -> store.backup(target, Runnable::run)).isInstanceOf(IOException.class);
  }

  private static Message message(long number) {
    return Messages.random(new Random(number), number, (int) (number % 50) * 700);
  }

  private static long append(MapDbStore store, long from, int count) {
    for (long i = from; i < from + count; i++) {
      store.messages().append(1, i, message(i), true);
    }
    store.messages().commit(NOTHING);
    return from + count;
  }

  private static void appendUntil(
      MapDbStore store, long from, AtomicBoolean stop, ExecutorService thread) {
    long next = append(store, from, 20);
    if (!stop.get()) {
      thread.execute(() -> appendUntil(store, next, stop, thread));
    }
  }

  @Test
  void verificationFindsNothingInASoundStoreAndChangesNothing() throws Exception {
    fill(12);
    byte[] before = Files.readAllBytes(directory().resolve("store.db"));
    assertThat(StoreVerifier.verify(directory())).isEmpty();
    assertThat(Files.readAllBytes(directory().resolve("store.db"))).isEqualTo(before);
  }

  @Test
  void verificationFindsADamagedMessage() throws Exception {
    MapDbStore store = open();
    store.definitions().put(Messages.queue(7));
    store.messages().append(7, 0, Messages.text("needle"), true);
    store.messages().commit(NOTHING);
    store.close();
    overwrite(find("exchangeneedle".substring(8)) - 200, new byte[200]);
    assertThat(StoreVerifier.verify(directory())).singleElement().asString().contains("log 7");
  }

  @Test
  void aDamagedDirectoryIsRefusedWithWhatAndWhereAndHowToGoOn() throws Exception {
    MapDbStore store = open();
    store.definitions().put(Messages.queue(7));
    store.messages().commit(NOTHING);
    store.close();
    overwrite(find("queue-7") - 16, new byte[] {77});
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining(directory().toString())
        .hasMessageContaining("entry")
        .hasMessageContaining("backup")
        .hasMessageContaining("definitions.json");
    assertThat(StoreVerifier.verify(directory())).isNotEmpty();
  }

  /** Where a text lies in the store's file. */
  private long find(String text) throws IOException {
    String all = new String(Files.readAllBytes(directory().resolve("store.db")), "ISO-8859-1");
    int at = all.indexOf(text);
    assertThat(at).isPositive();
    return at;
  }

  private void overwrite(long at, byte[] bytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(directory().resolve("store.db"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), at);
    }
  }

  @Test
  void definitionsAreExportedForOnlyTheOwnerToRead() throws Exception {
    MapDbStore store = open();
    FieldTable arguments =
        FieldTable.builder().put("x-max-length", 5).put("note", "a \"quoted\" \n one").build();
    store.definitions().put(new Definition.Queue("/", "orders", false, arguments, 1));
    store
        .definitions()
        .put(
            new Definition.Exchange(
                "/",
                new ExchangeDefinition(
                    "events", ExchangeType.TOPIC, true, false, false, FieldTable.EMPTY)));
    store
        .definitions()
        .put(new Definition.Binding("/", "events", true, "orders", "a.#", FieldTable.EMPTY));
    store.messages().commit(NOTHING);
    store.close();
    Path file = directory().resolve("definitions.json");
    assertThat(Files.readString(file))
        .contains("{\"name\": \"/\", \"metadata\": {\"description\": \"\", \"tags\": []}}")
        .contains(
            "{\"name\": \"orders\", \"vhost\": \"/\", \"durable\": true, \"auto_delete\": false,"
                + " \"arguments\": {\"x-max-length\": 5, \"note\": \"a \\\"quoted\\\" \\u000a"
                + " one\"}}")
        .contains("\"type\": \"topic\"")
        .contains("\"destination_type\": \"queue\", \"routing_key\": \"a.#\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
  }

  @Test
  void aBodyThatSeveralQueuesShareIsStoredOnce() {
    MapDbStore store = open();
    for (int log = 1; log <= 10; log++) {
      store.definitions().put(Messages.queue(log));
    }
    store.messages().commit(NOTHING);
    long before = store.info().liveBytes();
    Message message = Messages.random(new Random(1), 1, 10_000);
    for (int log = 1; log <= 10; log++) {
      store.messages().append(log, 0, message, true);
    }
    store.messages().commit(NOTHING);
    assertThat(store.info().liveBytes() - before).isLessThan(15_000);
    for (int log = 1; log <= 10; log++) {
      store.messages().ack(log, 0, message.body().length);
    }
    store.messages().commit(NOTHING);
    store.audit();
    assertThat(store.info().messages()).isZero();
    store.close();
  }
}
