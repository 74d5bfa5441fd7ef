package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code harvey store} with directories that a real broker left. */
@Tag("tools")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoreCommandIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path temporary;

  private Path data() {
    return temporary.resolve("data");
  }

  private HarveyProcess broker(Path data) throws Exception {
    return HarveyProcess.start(
            "--amqp-port", "0", "--bind", "127.0.0.1", "--data-dir", data.toString())
        .awaitStarted();
  }

  /** What a command printed, after it ended with this status. */
  private static List<String> store(int status, String action, Path data, String... more)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("store", action, "--data-dir", data + ""));
    arguments.addAll(List.of(more));
    try (HarveyProcess command = HarveyProcess.start(arguments.toArray(String[]::new))) {
      assertThat(command.awaitExit()).describedAs("%s", command.lines()).isEqualTo(status);
      return command.lines();
    }
  }

  private void fill(int messages, boolean inOrder) throws Exception {
    try (HarveyProcess harvey = broker(data());
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(messages, 1_024);
      if (inOrder) {
        harvey.terminate();
        assertThat(harvey.awaitExit()).isZero();
      } else {
        harvey.kill();
      }
    }
  }

  /** Checksums of all files, without the lock and what tools find a broker by. */
  private static Map<String, Long> contents(Path directory) throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("lock") && !file.endsWith("control")) {
          CRC32C sum = new CRC32C();
          sum.update(Files.readAllBytes(file));
          sums.put(file.getFileName().toString(), sum.getValue());
        }
      }
    }
    return sums;
  }

  @Test
  void infoTellsWhatIsThereAfterAKill() throws Exception {
    fill(1_000, false);

    assertThat(store(0, "info", data()))
        .contains("durable queues  1", "messages        1,000", "format          3")
        .contains("data directory  " + data())
        .anyMatch(line -> line.startsWith("journals") && line.endsWith(" MiB"));
    assertThat(store(0, "info", data())).anyMatch(line -> line.endsWith("stopped in order"));
  }

  @Test
  void verifyFindsNothingAndChangesNothingAfterAKill() throws Exception {
    fill(1_000, false);
    Map<String, Long> before = contents(data());

    assertThat(store(0, "verify", data()))
        .anyMatch(line -> line.startsWith("no damage found in " + data()));
    assertThat(contents(data())).isEqualTo(before);
  }

  @Test
  void verifyNamesDamageAndChangesNothing() throws Exception {
    fill(1_000, true);
    byte[] store = Files.readAllBytes(data().resolve("store.db"));
    for (int at = 1 << 20; at < store.length; at++) {
      store[at] = 0x5a;
    }
    Files.write(data().resolve("store.db"), store);
    Map<String, Long> before = contents(data());

    assertThat(store(1, "verify", data()))
        .anyMatch(line -> line.contains("slab 0 at 1048576 has a damaged header"))
        .last()
        .asString()
        .startsWith("harvey: 1 problem found in " + data() + "; nothing was changed");
    assertThat(contents(data())).isEqualTo(before);
  }

  @Test
  void aDirectoryWithoutAStoreIsAnErrorAndIsNotMade() throws Exception {
    for (String action : List.of("info", "verify", "compact")) {
      assertThat(store(1, action, data()))
          .containsExactly(
              "harvey: there is no store in "
                  + data()
                  + " (no such directory); is the directory right?");
    }
    assertThat(data()).doesNotExist();
  }

  @Test
  void aRunningBrokerKeepsItsDirectoryForItself() throws Exception {
    try (HarveyProcess harvey = broker(data())) {
      String refusal =
          "harvey: The store directory "
              + data().toRealPath()
              + " is in use by process "
              + harvey.pid()
              + ". Stop that broker, or name another directory.";
      for (String action : List.of("info", "verify", "compact")) {
        assertThat(store(1, action, data())).containsExactly(refusal);
      }
      Path copy = temporary.resolve("copy");
      assertThat(store(1, "backup", data(), "--to", copy + "")).containsExactly(refusal);
      assertThat(copy).doesNotExist();
    }
  }

  @Test
  void aBackupOfAKilledBrokerIsRestoredElsewhere() throws Exception {
    fill(1_000, false);
    Path backup = temporary.resolve("backup");
    Path restored = temporary.resolve("restored");

    store(0, "backup", data(), "--to", backup.toString());
    assertThat(contents(backup)).isEqualTo(contents(data()));
    store(0, "restore", restored, "--from", backup.toString());

    try (HarveyProcess harvey = broker(restored);
        StoreClient client = new StoreClient(harvey)) {
      client.take(0, 1_000);
    }
  }

  @Test
  void restoreDoesNotOverwriteWhatIsThere() throws Exception {
    fill(10, true);
    Path backup = temporary.resolve("backup");
    store(0, "backup", data(), "--to", backup.toString());
    Map<String, Long> before = contents(data());

    assertThat(store(1, "restore", data(), "--from", backup.toString()))
        .containsExactly(
            "harvey: " + data() + " is not empty; name another directory, or move it away first");
    assertThat(contents(data())).isEqualTo(before);
  }

  @Test
  void compactionGivesSpaceBackAndKeepsTheMessages() throws Exception {
    try (HarveyProcess harvey = broker(data());
        StoreClient client = new StoreClient(harvey).declare()) {
      client.publish(20_000, 1_024);
      client.take(0, 19_000);
      harvey.terminate();
      assertThat(harvey.awaitExit()).isZero();
    }
    long before = Files.size(data().resolve("store.db"));

    assertThat(store(0, "compact", data()))
        .last()
        .asString()
        .startsWith("compacted " + data() + ": from ");

    assertThat(Files.size(data().resolve("store.db"))).isLessThan(before / 2);
    try (HarveyProcess harvey = broker(data());
        StoreClient client = new StoreClient(harvey)) {
      client.take(19_000, 1_000);
    }
  }

  @Test
  void aCompactionThatIsKilledChangesNothing() throws Exception {
    fill(30_000, true);
    Path work = data().resolve("compact.tmp");
    int inTheMiddle = 0;
    for (long size : new long[] {1, 4 << 20, 12 << 20, 24 << 20}) {
      try (HarveyProcess compact =
          HarveyProcess.start("store", "compact", "--data-dir", data().toString())) {
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .atMost(PATIENCE)
            .until(() -> !compact.isAlive() || sizeOf(work) >= size);
        compact.kill();
      }
      inTheMiddle += Files.exists(work) ? 1 : 0;
      assertThat(store(0, "verify", data()))
          .anyMatch(line -> line.startsWith("no damage found in " + data()));
    }
    assertThat(inTheMiddle).isPositive();
    try (HarveyProcess harvey = broker(data());
        StoreClient client = new StoreClient(harvey)) {
      client.take(0, 30_000);
    }
    assertThat(work).doesNotExist();
  }

  /** Bytes of all files in a directory that may go at any time. */
  private static long sizeOf(Path directory) {
    File[] files = directory.toFile().listFiles();
    return files == null ? 0 : Stream.of(files).mapToLong(File::length).sum();
  }
}
