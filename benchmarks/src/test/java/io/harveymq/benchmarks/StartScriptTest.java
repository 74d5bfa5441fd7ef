package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartScriptTest {
  @TempDir Path directory;

  @Test
  void startsABrokerFindsItsProcessAndStopsIt() throws Exception {
    StartScript script = nullBroker();

    long pid;
    try (StartScript.Running running = script.start(Map.of())) {
      pid = running.broker().process().pid();
      assertThat(running.startMillis()).isPositive();
      assertThat(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow())
          .endsWith("java");
    }

    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }

  @Test
  void killsABrokerAndStartsItOnTheSamePortAndDirectory() throws Exception {
    try (StartScript.Running running = nullBroker().start(Map.of())) {
      Broker first = running.broker();
      running.kill();
      assertThat(ProcessStats.listeningOn(first.target().port())).isEmpty();

      running.startAgain();

      assertThat(running.broker().target()).isEqualTo(first.target());
      assertThat(running.broker().process()).isNotEqualTo(first.process());
      assertThat(running.directoryMib()).isLessThan(1);
    }
    try (var left = Files.list(directory)) {
      assertThat(left.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void theBrokerSeesTheVariables() throws IOException {
    StartScript script = script("echo heap $HARVEY_TEST\nexit 3\n");

    assertThatThrownBy(() -> script.start(Map.of("HARVEY_TEST", "small")))
        .hasMessageContaining("heap small");
  }

  @Test
  void tellsWhatABrokerPrintedThatDidNotStart() throws IOException {
    StartScript script = script("echo no luck today\nexit 3\n");

    assertThatThrownBy(() -> script.start(Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no luck today");
  }

  private StartScript nullBroker() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    // Not exec, so that the listening process is not the script's own.
    return script(
        "trap 'kill $child' TERM\n"
            + ("'" + java + "' -cp '" + classPath + "' io.harveymq.benchmarks.NullBroker")
            + " --port \"$1\" &\nchild=$!\nwait $child\n");
  }

  private StartScript script(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("broker"), "#!/bin/bash\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new StartScript("test", file, directory);
  }
}
