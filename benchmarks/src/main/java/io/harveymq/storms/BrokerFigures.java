package io.harveymq.storms;

import io.harveymq.benchmarks.ProcessStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a broker's process uses, as Linux and the JVM's own {@code jcmd} tell it. Stateless.
 *
 * @param pid its process id
 * @param data its data directory
 */
public record BrokerFigures(long pid, Path data) {
  private static final Pattern USED = Pattern.compile("generation\\s+total \\d+K, used (\\d+)K");
  private static final double KIB_PER_MIB = 1024;

  /** Resident memory in MiB. */
  public double residentMib() {
    return new ProcessStats(pid).residentKib() / KIB_PER_MIB;
  }

  /** Open files and sockets. */
  public int handles() {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return (int) entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Threads of the process. */
  public int threads() {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return (int) entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Size of all files in the data directory, in MiB. */
  public double storeMib() {
    try (Stream<Path> files = Files.walk(data)) {
      return files.mapToLong(BrokerFigures::size).sum() / KIB_PER_MIB / KIB_PER_MIB;
    } catch (IOException | UncheckedIOException gone) {
      return 0;
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException gone) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is used of the Java heap at this moment in MiB, garbage included. */
  public double heapMib() throws IOException, InterruptedException {
    Matcher used = USED.matcher(jcmd("GC.heap_info"));
    double kib = 0;
    int found = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
      found++;
    }
    if (found == 0) {
      throw new IOException("no heap of the serial collector in what jcmd says");
    }
    return kib / KIB_PER_MIB;
  }

  /** What is alive in the Java heap in MiB: collects all garbage first, which stops the broker. */
  public double liveHeapMib() throws IOException, InterruptedException {
    jcmd("GC.run");
    return heapMib();
  }

  private String jcmd(String what) throws IOException, InterruptedException {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process jcmd =
        new ProcessBuilder(program, String.valueOf(pid), what).redirectErrorStream(true).start();
    String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IOException("jcmd " + what + " failed: " + answer);
    }
    return answer;
  }
}
