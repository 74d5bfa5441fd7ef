package io.harveymq.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * CPU time and memory of a process, read from Linux's {@code /proc}. Stateless, so any thread may
 * ask.
 *
 * @param pid process id
 */
public record ProcessStats(long pid) {
  /**
   * Clock ticks per second in {@code /proc/PID/stat}: 100 on every architecture that Java runs on.
   */
  private static final double TICKS_PER_SECOND = 100;

  private static final int IDLE_SAMPLE_MILLIS = 500;
  private static final double IDLE_SHARE = 0.06;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final String LISTENING = "0A";

  /**
   * The process that listens on a TCP port of this machine. Start scripts fork, so this is surer
   * than the id of what was started.
   *
   * @return empty if nothing listens there, or if the process belongs to another user
   */
  public static OptionalLong listeningOn(int port) {
    try {
      Set<String> links = listeningSockets(port);
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (Path process : processes) {
          if (!links.isEmpty() && holdsAny(process, links)) {
            return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
          }
        }
      }
      return OptionalLong.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #listeningOn}, for ports that must have a process. */
  static ProcessStats onPort(int port) throws IOException {
    OptionalLong pid = listeningOn(port);
    return new ProcessStats(
        pid.orElseThrow(
            () -> new IOException("no process found on port " + port + "; give its id")));
  }

  /** CPU seconds, user and system, of all threads since the process started. */
  public double cpuSeconds() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    return ticks / TICKS_PER_SECOND;
  }

  /** Resident memory in KiB, with mapped files (VmRSS). */
  public long residentKib() {
    return status("VmRSS:");
  }

  /** The most that {@link #residentKib()} has been so far (VmHWM). */
  public long peakResidentKib() {
    return status("VmHWM:");
  }

  /** Resident memory in KiB that no file backs (RssAnon). */
  public long anonymousKib() {
    return status("RssAnon:");
  }

  /** Returns when the process has used next to no CPU for a moment, or when the limit is over. */
  public void awaitIdle(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    double busy;
    do {
      double before = cpuSeconds();
      Thread.sleep(IDLE_SAMPLE_MILLIS);
      busy = (cpuSeconds() - before) * 1000 / IDLE_SAMPLE_MILLIS;
    } while (busy > IDLE_SHARE && System.nanoTime() < deadline);
  }

  private long status(String key) {
    for (String line : read("status").split("\n")) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
      }
    }
    throw new IllegalStateException("process " + pid + " reports no " + key);
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone", e);
    }
  }

  private static Set<String> listeningSockets(int port) throws IOException {
    String suffix = String.format(":%04X", port);
    Set<String> links = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path path = Path.of(table);
      if (!Files.exists(path)) {
        continue;
      }
      for (String line : Files.readAllLines(path)) {
        String[] fields = line.strip().split("\\s+");
        if (fields[1].endsWith(suffix) && fields[3].equals(LISTENING)) {
          links.add("socket:[" + fields[9] + "]");
        }
      }
    }
    return links;
  }

  private static boolean holdsAny(Path process, Set<String> links) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (links.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      // Another user's process, or one that just ended.
      return false;
    }
    return false;
  }
}
