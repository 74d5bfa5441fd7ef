package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is closed before its thread has ended. */
class CloseDuringCommitTest {
  private static final Definition.Queue QUEUE =
      new Definition.Queue("/", "orders", false, FieldTable.EMPTY, 1);

  private final SimulatedFiles files = new SimulatedFiles();

  private JournaledVolume openVolume() {
    return JournaledVolume.open(files, RandomWorkload.SMALL, new StepExecutor());
  }

  private MapDbStore openStore() {
    return MapDbStore.open(files, StoreOptions.defaults(), new StepExecutor());
  }

  private static void append(MapDbStore store, long position) {
    store
        .messages()
        .append(
            1,
            position,
            new Message(Content.address("", "orders"), new byte[2], new byte[10]),
            true);
  }

  @Test
  void whatIsDurableButNotYetInTheFileIsLeftToRecovery() {
    JournaledVolume volume = openVolume();
    volume.range(1000, 1).put((byte) 7);
    AtomicBoolean durable = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                volume.commit(
                    () -> {
                      durable.set(true);
                      volume.close();
                    }))
        .hasMessageContaining("closed during a commit");
    assertThat(durable).isTrue();
    assertThat(files.list()).contains("journal-2-1");

    JournaledVolume recovered = openVolume();
    assertThat(recovered.lastCommit()).isEqualTo(1);
    assertThat(recovered.getByte(1000)).isEqualTo((byte) 7);
    recovered.close();
  }

  @Test
  void whatIsOnlyHalfWrittenIsNotConfirmed() {
    JournaledVolume volume = openVolume();
    volume.range(1000, 1).put((byte) 7);
    files.beforeForce(volume::close);
    AtomicBoolean durable = new AtomicBoolean();
    // Its own write was done; the force ends in a file that is closed then, or not.
    assertThatThrownBy(() -> volume.commit(() -> durable.set(true)))
        .isInstanceOf(IllegalStateException.class);
    files.beforeForce(() -> {});
    assertThat(files.list()).contains("journal-2-1");
    assertThat(openVolume().getByte(1000)).isIn((byte) 0, (byte) 7);
  }

  @Test
  void aStoreClosedDuringACommitKeepsItAndDoesNotSayThatItEndedInOrder() {
    MapDbStore store = openStore();
    store.definitions().put(QUEUE);
    append(store, 0);
    store.messages().commit(() -> {});
    append(store, 1);
    assertThatThrownBy(() -> store.messages().commit(store::close)).isNotNull();

    MapDbStore recovered = openStore();
    recovered.audit();
    MessageStore.Log log = recovered.messages().logs().get(0);
    assertThat(log.messages()).isEqualTo(2);
    assertThat(log.deliveredUpTo()).as("nobody knows what was delivered").isEqualTo(2);
    recovered.close();
  }

  @Test
  void aVolumeOnADiskClosedByAnotherThreadDuringACommitIsRecovered(@TempDir Path directory)
      throws Exception {
    JournaledVolume volume = JournaledVolume.open(directory, JournalOptions.defaults());
    AtomicBoolean failed = new AtomicBoolean();
    volume.whenFailed(error -> failed.set(true));
    volume.range(1000, 1).put((byte) 7);
    assertThatThrownBy(
            () ->
                volume.commit(
                    () -> {
                      Thread closing = new Thread(volume::close);
                      closing.start();
                      join(closing);
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(failed).as("the disk did not fail").isFalse();

    JournaledVolume recovered = JournaledVolume.open(directory, JournalOptions.defaults());
    assertThat(recovered.getByte(1000)).isEqualTo((byte) 7);
    recovered.close();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
