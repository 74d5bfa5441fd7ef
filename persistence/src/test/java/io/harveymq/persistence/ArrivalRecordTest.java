package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore.Arrival;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.codec.FieldTable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When messages came is stored with them; those that were stored without it can be read, too. */
class ArrivalRecordTest {
  private static final Runnable NOTHING = () -> {};
  private static final int LARGE = 200_000;
  private static final int FORMAT_AT = 11;
  private static final int AFTER_2038 = 0x9000_0000;

  @TempDir Path home;
  private final Random random = new Random(1);
  private MapDbStore store;

  @BeforeEach
  void open() {
    store = MapDbStore.open(home.resolve("store"), StoreOptions.defaults());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void append(int position, int arrived, long due, int size) {
    Message message = Messages.random(random, position, size);
    message.arrived(arrived);
    store.messages().append(10, position, message, due, true);
  }

  private void expectAll() {
    List<StoredMessage> found = store.messages().read(10, 0, 4 * LARGE);
    assertThat(found)
        .extracting(one -> one.message().arrived())
        .containsExactly(0, 1, 2, 0, -1, AFTER_2038);
    assertThat(found).extracting(StoredMessage::due).containsExactly(0L, 0L, 7L, 8L, 0L, 9L);
    assertThat(found)
        .extracting(one -> one.message().body().length)
        .containsExactly(5, 6, 7, 8, LARGE, LARGE);
    assertThat(found)
        .extracting(one -> one.message().routingKey())
        .allMatch(key -> key.startsWith("key."));
  }

  @Test
  void itIsThereAgainAfterARestartAndACompaction() throws Exception {
    store.definitions().put(new Definition.Queue("/", "q", false, FieldTable.EMPTY, 10));
    append(0, 0, 0, 5);
    append(1, 1, 0, 6);
    append(2, 2, 7, 7);
    append(3, 0, 8, 8);
    append(4, -1, 0, LARGE);
    append(5, AFTER_2038, 9, LARGE);
    store.messages().commit(NOTHING);
    expectAll();
    store.close();
    open();
    expectAll();
    store.close();
    MapDbStore.compact(home.resolve("store"), StoreOptions.defaults());
    open();
    expectAll();
  }

  @Test
  void itIsToldWithoutMemoryForTheMessage() {
    store.definitions().put(Messages.queue(10));
    append(0, 1, 0, 5);
    append(2, 3, 0, 8 << 20);
    append(4, 0, 9, 8);
    store.messages().ack(10, 0, 5);
    store.messages().commit(NOTHING);
    assertThat(store.messages().arrival(10, 3)).isEqualTo(new Arrival(4, 0));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    Arrival found = store.messages().arrival(10, 0);
    long taken = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(found).isEqualTo(new Arrival(2, 3));
    assertThat(taken).isLessThan(1 << 20);
    assertThat(store.messages().arrival(10, 5)).isNull();
    assertThat(store.messages().arrival(11, 0)).isNull();
  }

  @Test
  void aStoreOfTheFormatBeforeOpensWithItsMessagesAndBecomesOneOfThisFormat() throws Exception {
    store.definitions().put(Messages.queue(10));
    append(0, 0, 0, 5);
    append(1, 0, 7, LARGE);
    store.messages().commit(NOTHING);
    store.close();
    Path state = home.resolve("store").resolve("store.state");
    format(state, 1);

    open();

    assertThat(Files.readAllBytes(state)[FORMAT_AT]).isEqualTo((byte) 3);
    append(2, 3, 0, 6);
    store.messages().commit(NOTHING);
    List<StoredMessage> found = store.messages().read(10, 0, 4 * LARGE);
    assertThat(found)
        .extracting(one -> one.message().arrived())
        .as("0 where it is not known")
        .containsExactly(0, 0, 3);
    assertThat(found).extracting(one -> one.message().body().length).containsExactly(5, LARGE, 6);
    assertThat(found).extracting(StoredMessage::due).containsExactly(0L, 7L, 0L);
  }

  private static void format(Path state, int format) throws Exception {
    byte[] bytes = Files.readAllBytes(state);
    bytes[FORMAT_AT] = (byte) format;
    Files.write(state, bytes);
  }
}
