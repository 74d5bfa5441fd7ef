package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The distribution and its data directory: what is kept, and what goes wrong with it. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StoreIT {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  @TempDir Path temporary;

  private HarveyProcess start(Path data, String... more) throws Exception {
    return HarveyProcess.start(arguments(data, more));
  }

  private static String[] arguments(Path data, String... more) {
    List<String> fixed =
        List.of("--amqp-port", "0", "--bind", "127.0.0.1", "--data-dir", data.toString());
    return Stream.concat(fixed.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  /** The one line that a start ends with that is refused. */
  private String refused(Path data, String... more) throws Exception {
    try (HarveyProcess harvey = start(data, more)) {
      assertThat(harvey.awaitExit()).isEqualTo(1);
      assertThat(harvey.lines()).noneMatch(line -> line.startsWith("\tat "));
      String last = harvey.lines().get(harvey.lines().size() - 1);
      assertThat(last).startsWith("harvey: ");
      return last;
    }
  }

  @Test
  void theFirstStartMakesTheDirectoryAndSaysWhere() throws Exception {
    try (HarveyProcess harvey =
        HarveyProcess.startIn(temporary, "--amqp-port", "0", "--bind", "127.0.0.1")) {
      harvey.awaitStarted();
      Path made = temporary.toRealPath().resolve("harvey-data");
      assertThat(harvey.lines())
          .anyMatch(line -> line.endsWith("data directory " + made + ": new"));
    }
    assertThat(temporary.resolve("harvey-data")).isDirectory();
  }

  @Test
  void withMemoryThereAreNoFiles() throws Exception {
    try (HarveyProcess harvey =
            HarveyProcess.startIn(
                temporary, "--memory", "--amqp-port", "0", "--bind", "127.0.0.1");
        StoreClient client = new StoreClient(harvey.awaitStarted()).declare()) {
      client.publish(100, KIB);
      harvey.terminate();
      assertThat(harvey.awaitExit()).isZero();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aStopInOrderKeepsQueueAndMessages() throws Exception {
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(1_000, KIB);
      harvey.terminate();
      assertThat(harvey.awaitExit()).isZero();
    }
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey)) {
      assertThat(harvey.lines())
          .anyMatch(line -> line.contains(": 1 durable queue with 1,000 messages (1,000 KiB)"))
          .noneMatch(line -> line.contains("stopped in order"));
      client.take(0, 1_000);
    }
  }

  @Test
  void aKillKeepsQueueAndMessages() throws Exception {
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(1_000, KIB);
      client.take(0, 10);
      client.publish(1, KIB);
      harvey.kill();
    }
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey)) {
      // An acknowledgement that was on its way may come undone; all but the last are older.
      assertThat(client.messages()).isBetween(991, 992);
    }
  }

  @Test
  void aSecondBrokerIsToldWhoHasTheDirectory() throws Exception {
    try (HarveyProcess first = start(temporary).awaitStarted()) {
      assertThat(refused(temporary))
          .isEqualTo(
              "harvey: The store directory "
                  + temporary.toRealPath()
                  + " is in use by process "
                  + first.pid()
                  + ". Stop that broker, or name another directory.");
    }
  }

  @Test
  void aFileIsNoDataDirectory() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "mine");
    assertThat(refused(file))
        .isEqualTo(
            "harvey: The store directory "
                + file
                + " is not a directory. Name another one, or move that file.");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
    Path below = Files.writeString(temporary.resolve("file"), "mine").resolve("data");
    assertThat(refused(below))
        .startsWith("harvey: The store directory " + below + " cannot be created (")
        .endsWith("Create it, or name another one.");
  }

  @Test
  void filesOfANewerVersionAreLeftAlone() throws Exception {
    startAndKill(1);
    write(temporary.resolve("store.state"), 8, ByteBuffer.allocate(4).putInt(0, 99));

    assertThat(refused(temporary))
        .contains("has format 99, written by a newer version of Harvey; this one knows format 3.")
        .endsWith("Start the newer version, or name another directory.");
  }

  @Test
  void aDamagedStoreFileIsNamed() throws Exception {
    startAndStop(1_000);
    Path store = temporary.resolve("store.db");
    byte[] garbage = new byte[(int) Files.size(store) - MIB];
    Arrays.fill(garbage, (byte) 0x5a);
    write(store, MIB, ByteBuffer.wrap(garbage));

    assertThat(refused(temporary))
        .startsWith("harvey: The store in " + temporary + " is damaged: slab 0 at 1048576")
        .contains("Start with the last backup in its place");
  }

  @Test
  void aStoreFileWithADamagedHeadIsRefusedInOneLine() throws Exception {
    startAndStop(10);
    byte[] garbage = new byte[64 * KIB];
    Arrays.fill(garbage, (byte) 0x5a);
    write(temporary.resolve("store.db"), 0, ByteBuffer.wrap(garbage));

    assertThat(refused(temporary)).contains(temporary.toString());
  }

  @Test
  void aJournalDamagedInTheMiddleIsRefusedUntilTheLossIsAccepted() throws Exception {
    startAndKill(20);
    byte[] garbage = new byte[64];
    Arrays.fill(garbage, (byte) 0x5a);
    Path journal = journals().get(0);
    // messages are there, whatever went into one transaction before
    write(journal, endOfWritten(journal) - 40 * KIB, ByteBuffer.wrap(garbage));

    assertThat(refused(temporary))
        .startsWith("harvey: The journal of the store in " + temporary + " is damaged: ")
        .contains(journal.getFileName().toString(), "--accept-loss");
    try (HarveyProcess harvey = start(temporary, "--accept-loss").awaitStarted();
        StoreClient client = new StoreClient(harvey)) {
      assertThat(harvey.lines())
          .anyMatch(line -> line.contains("[WARN] The journal is damaged and goes on without"));
      assertThat(client.messages()).isLessThanOrEqualTo(20);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aJournalThatCannotBeWrittenEndsTheBrokerAndNothingConfirmedIsLost() throws Exception {
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(1_000, KIB);
      harvey.limitFiles("4096");
      client.publishUnconfirmed(1, KIB);

      assertThatThrownBy(client::awaitConfirms)
          .isInstanceOfAny(ShutdownSignalException.class, AlreadyClosedException.class);
      assertThat(harvey.awaitExit()).isEqualTo(1);
      assertThat(harvey.lines())
          .anyMatch(line -> line.contains("[ERROR] The store in " + temporary + " failed"));
    }
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey)) {
      client.take(0, 1_000);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whenFilesCannotGrowNothingIsConfirmedAndConsumersGoOn() throws Exception {
    long confirmed;
    try (HarveyProcess harvey =
            HarveyProcess.startWithFileLimit(24 * MIB, arguments(temporary)).awaitStarted();
        StoreClient publisher = new StoreClient(harvey).declare();
        StoreClient consumer = new StoreClient(harvey)) {
      confirmed = publisher.publishUntilNothingIsConfirmed(500, 4 * KIB);
      assertThat(confirmed).isPositive();
      consumer.take(0, 100);
      assertThat(harvey.isAlive()).isTrue();

      harvey.limitFiles("unlimited");
      publisher.awaitConfirms();
      harvey.kill();
    }
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey)) {
      assertThat(client.messages()).isGreaterThanOrEqualTo((int) confirmed - 100 + 500);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void onAFullDiskNothingIsConfirmedUntilConsumersMadeRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temporary, 40);
        HarveyProcess harvey = start(disk.path(), "--disk-free-limit", "1KB").awaitStarted();
        StoreClient publisher = new StoreClient(harvey).declare();
        StoreClient consumer = new StoreClient(harvey)) {
      long confirmed = publisher.publishUntilNothingIsConfirmed(500, 4 * KIB);
      assertThat(confirmed).isPositive();

      consumer.take(0, confirmed);
      publisher.awaitConfirms();
      consumer.take(confirmed, 500);
      harvey.terminate();
      assertThat(harvey.awaitExit()).isZero();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDiskWithoutRoomForTheFirstFilesIsNamed() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temporary, 2)) {
      assertThat(refused(disk.path(), "--disk-free-limit", "1KB"))
          .contains(disk.path().toString(), "No space left on device");
    }
  }

  private void startAndKill(int messages) throws Exception {
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey).declare()) {
      for (int i = 0; i < messages; i++) {
        client.publish(1, 4 * KIB);
      }
      harvey.kill();
    }
  }

  private void startAndStop(int messages) throws Exception {
    try (HarveyProcess harvey = start(temporary).awaitStarted();
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(messages, KIB);
      harvey.terminate();
      assertThat(harvey.awaitExit()).isZero();
    }
  }

  private List<Path> journals() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(f -> f.getFileName().toString().startsWith("journal-")).sorted().toList();
    }
  }

  private static int endOfWritten(Path journal) throws IOException {
    byte[] bytes = Files.readAllBytes(journal);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void write(Path file, long at, ByteBuffer bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }
  }
}
