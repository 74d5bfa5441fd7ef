package io.harveymq.management.node;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the operating system and the JVM tell of this process. Reading takes a moment: not for an
 * event loop. Any thread that may wait.
 *
 * @param memory bytes of the resident set on Linux, elsewhere of the heap that is in use
 * @param heap bytes of the heap that is in use
 * @param otherMemory bytes that the JVM uses besides: classes, compiled code
 * @param buffers bytes of buffers outside the heap
 * @param openFiles open file descriptors; 0 where that can't be told
 * @param mostFiles file descriptors that may be open; 0 where that can't be told
 * @param threads that run
 * @param mostThreads that the system allows; 0 where that can't be told
 * @param collections of garbage since the start
 * @param reclaimed bytes that collections have freed, as {@link Reclaimed} tells
 * @param switches times that a thread was given a processor, as {@link Switches} tells; 0 where
 *     that can't be told
 * @param diskFree bytes that are free where the data is; -1 when nobody watches that
 * @param time milliseconds since the epoch
 */
public record NodeFacts(
    long memory,
    long heap,
    long otherMemory,
    long buffers,
    long openFiles,
    long mostFiles,
    int threads,
    long mostThreads,
    long collections,
    long reclaimed,
    long switches,
    long diskFree,
    long time) {
  private static final Switches SWITCHES = new Switches();
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final Path STATISTICS = Path.of("/proc/self/stat");
  private static final Path MOST_THREADS = Path.of("/proc/sys/kernel/threads-max");
  private static final String RESIDENT = "VmRSS:";
  private static final long KIBIBYTE = 1_024;
  private static final int USER_TIME = 12;
  private static final int SYSTEM_TIME = 13;

  /**
   * Looks now.
   *
   * @param diskFree what is known of the disk: bytes, or -1
   */
  public static NodeFacts read(long diskFree) {
    var memory = ManagementFactory.getMemoryMXBean();
    long heap = memory.getHeapMemoryUsage().getUsed();
    long files = 0;
    long mostFiles = 0;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      files = unix.getOpenFileDescriptorCount();
      mostFiles = unix.getMaxFileDescriptorCount();
    }
    long collections = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += Math.max(0, collector.getCollectionCount());
    }
    return new NodeFacts(
        resident(heap),
        heap,
        memory.getNonHeapMemoryUsage().getUsed(),
        bytesOfBuffers(),
        files,
        mostFiles,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        threadLimit(),
        collections,
        Reclaimed.bytes(),
        timesSwitched(),
        diskFree,
        System.currentTimeMillis());
  }

  private static long bytesOfBuffers() {
    return ManagementFactory.getPlatformMXBeans(java.lang.management.BufferPoolMXBean.class)
        .stream()
        .mapToLong(pool -> Math.max(0, pool.getMemoryUsed()))
        .sum();
  }

  private static long resident(long otherwise) {
    for (String line : lines(STATUS)) {
      if (line.startsWith(RESIDENT)) {
        return number(line.substring(RESIDENT.length()).replace("kB", "")) * KIBIBYTE;
      }
    }
    return otherwise;
  }

  /** The third number of a thread's {@code schedstat} is how often it was given a processor. */
  private static long timesSwitched() {
    Map<String, Long> living = new HashMap<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        List<String> lines = lines(thread.resolve("schedstat"));
        String[] numbers = lines.isEmpty() ? new String[0] : lines.get(0).split(" ");
        living.put(thread.getFileName().toString(), numbers.length > 2 ? number(numbers[2]) : 0L);
      }
    } catch (IOException | DirectoryIteratorException notLinux) {
      return 0;
    }
    return SWITCHES.seen(living);
  }

  /**
   * What the process has used its processors for, in hundredths of a second; cheap to ask for.
   *
   * @return -1 where that can't be told
   */
  static long processorTime() {
    List<String> lines = lines(STATISTICS);
    // the name of the program comes second, in brackets, and may have spaces
    String[] fields =
        lines.isEmpty()
            ? new String[0]
            : lines.get(0).substring(lines.get(0).lastIndexOf(')') + 1).split(" ");
    return fields.length <= SYSTEM_TIME
        ? -1
        : number(fields[USER_TIME]) + number(fields[SYSTEM_TIME]);
  }

  private static long threadLimit() {
    List<String> lines = lines(MOST_THREADS);
    return lines.isEmpty() ? 0 : number(lines.get(0));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException unexpected) {
      return 0;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException notLinux) {
      return List.of();
    }
  }
}
