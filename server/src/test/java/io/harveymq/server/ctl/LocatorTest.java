package io.harveymq.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several brokers a command line means. */
class LocatorTest {
  @TempDir Path directory;

  private final ControlFile other =
      ControlFile.ofThisProcess("http://127.0.0.1:2/", "token", "other@host");
  private RuntimeDirectory runtime;
  private Path data;

  @BeforeEach
  void otherBrokerRuns() throws Exception {
    runtime = new RuntimeDirectory(directory.resolve("runtime"), System.getProperty("user.name"));
    other.write(runtime.place(other));
    data = directory.resolve("harvey-data");
  }

  private ControlFile find(boolean chosen, Map<String, String> options) throws CtlException {
    CommandLine line = new CommandLine("purge_queue", List.of("q"), options, List.of());
    Locator.Place place = new Locator.Place(data, chosen);
    return new Locator(line, (dataDir, config) -> place, List.of(runtime)).find();
  }

  @Test
  void brokerThatRunsIsFoundWhereThereIsNoData() throws Exception {
    assertThat(find(false, Map.of())).isEqualTo(other);
    data = null;
    assertThat(find(false, Map.of())).isEqualTo(other);
  }

  @Test
  void brokerOfTheDirectoryComesFirst() throws Exception {
    Files.createDirectory(data);
    ControlFile here = ControlFile.ofThisProcess("http://127.0.0.1:3/", "token", "here@host");
    here.write(data.resolve(ControlFile.NAME));
    assertThat(find(false, Map.of())).isEqualTo(here);
  }

  @Test
  void noOtherBrokerIsTakenForThatOfADirectory() throws Exception {
    Files.createDirectory(data);
    assertThatThrownBy(() -> find(false, Map.of()))
        .isInstanceOfSatisfying(
            CtlException.class, failure -> assertThat(failure.status()).isEqualTo(69))
        .hasMessageStartingWith("Error: unable to perform an operation on node 'rabbit'.")
        .hasMessageContaining("there is no file " + data.resolve("control"))
        .hasMessageContaining("other@host at http://127.0.0.1:2/: --node other@host is for that");
    assertThat(find(false, Map.of("node", "other"))).isEqualTo(other);
  }

  @Test
  void chosenDirectoryIsTheOnlyPlace() throws Exception {
    for (boolean exists : new boolean[] {false, true}) {
      assertThatThrownBy(() -> find(true, Map.of("node", "other")))
          .hasMessageEndingWith("there is no file " + data.resolve("control"));
      if (!exists) {
        Files.createDirectory(data);
      }
    }
  }
}
