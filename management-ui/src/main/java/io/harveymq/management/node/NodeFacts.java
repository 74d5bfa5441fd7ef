package io.harveymq.management.node;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    long time) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MOST_THREADS = Path.of("/proc/sys/kernel/threads-max");
  private static final String RESIDENT = "VmRSS:";
  private static final long KIBIBYTE = 1_024;

  /** Looks now. */
  public static NodeFacts read() {
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
