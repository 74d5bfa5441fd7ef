package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ProcessStatsTest {
  private static final long SELF = ProcessHandle.current().pid();

  @Test
  void findsTheProcessThatListensOnAPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(ProcessStats.listeningOn(socket.getLocalPort())).hasValue(SELF);
    }
  }

  @Test
  void findsNoProcessOnAClosedPort() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(ProcessStats.listeningOn(port)).isEmpty();
    assertThatThrownBy(() -> ProcessStats.onPort(port)).hasMessageContaining("no process found");
  }

  @Test
  void cpuTimeIsThatOfTheProcess() {
    ProcessStats stats = new ProcessStats(SELF);
    double before = stats.cpuSeconds();
    long end = System.nanoTime() + 200_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }

    assertThat(stats.cpuSeconds() - before).isBetween(0.02, 5.0);
  }

  @Test
  void anonymousMemoryIsAPartOfResidentMemory() {
    ProcessStats stats = new ProcessStats(SELF);

    assertThat(stats.anonymousKib()).isPositive().isLessThan(stats.residentKib());
  }
}
