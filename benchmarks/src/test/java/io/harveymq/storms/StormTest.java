package io.harveymq.storms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * What tests of storms share: a broker in a process of its own, which each storm must leave as it
 * was. With another {@code harvey.storms.seed} other choices are made. One thread, the test's.
 */
@Timeout(300)
abstract class StormTest {
  static final long SEED = Long.getLong("harvey.storms.seed", 1);
  static final Path PARENT = Path.of("target", "storms");

  static StormBroker broker;
  private static boolean allPassed;

  final Faults faults = new Faults();

  @BeforeAll
  static void start() throws Exception {
    allPassed = true;
    Files.createDirectories(PARENT);
    broker = broker(Files.createTempDirectory(PARENT, "short"));
    broker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (allPassed) {
      broker.close();
    } else {
      broker.end();
    }
  }

  static StormBroker broker(Path directory, String... options) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-ea",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.harveymq.server.Harvey");
    return new StormBroker(command, directory, List.of(options), Map.of());
  }

  void passes(Storms.Work storm, StormBroker on)
      throws IOException, InterruptedException, TimeoutException {
    boolean before = allPassed;
    allPassed = false;
    storm.run(on, faults);
    assertThat(faults.first()).as("seed %d, see %s", SEED, on.output()).isEmpty();
    assertThat(on.isAlive()).isTrue();
    allPassed = before;
  }
}
