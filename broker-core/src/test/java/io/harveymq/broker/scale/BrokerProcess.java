package io.harveymq.broker.scale;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerState;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A broker in a JVM of its own, with a heap of a chosen size, that tells what it keeps. It ends
 * with its parent, at the latest.
 */
final class BrokerProcess implements AutoCloseable {
  /**
   * What the broker's JVM keeps.
   *
   * @param heap bytes in use after a collection
   * @param direct bytes of direct memory that its allocator and others hold
   * @param counted bytes on its memory account
   */
  record Usage(long heap, long direct, long counted, int connections, int queues) {
    long total() {
      return heap + direct;
    }
  }

  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;
  private final Path log;
  private final int port;

  private BrokerProcess(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
    port = Integer.parseInt(answers.readLine());
  }

  /**
   * Starts one.
   *
   * @param heap as for the JVM's option -Xmx
   */
  static BrokerProcess start(String heap, int eventLoops) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError", "-ea"));
    command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(BrokerProcess.class.getName(), String.valueOf(eventLoops)));
    Path log = Files.createTempFile("broker", ".log");
    return new BrokerProcess(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  int port() {
    return port;
  }

  /** What it keeps now. */
  Usage usage() {
    return ask("usage");
  }

  /** The same after a collection of garbage. */
  Usage usageAfterCollection() {
    return ask("collect");
  }

  private synchronized Usage ask(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new AssertionError("the broker's process has ended: " + logLines());
      }
      long[] numbers = Stream.of(answer.split(" ")).mapToLong(Long::parseLong).toArray();
      return new Usage(
          numbers[0], numbers[1], numbers[2], Math.toIntExact(numbers[3]), (int) numbers[4]);
    } catch (IOException ended) {
      throw new AssertionError("the broker's process has ended: " + logLines(), ended);
    }
  }

  /** Its log: warnings and worse. */
  List<String> logLines() {
    try {
      return Files.readAllLines(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Lines of its log that nobody wants to see. */
  List<String> alarmingLines() {
    return logLines().stream()
        .filter(
            line ->
                line.contains("] ERROR ")
                    || line.contains("OutOf")
                    || line.contains("Terminating due to")
                    || line.contains("LEAK")
                    || line.startsWith("\tat "))
        .toList();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    Files.deleteIfExists(log);
  }

  // ---- the other side

  /** Runs the broker; ends with its standard input. */
  public static void main(String[] arguments) throws Exception {
    BrokerConfig config = BrokerConfig.builder().eventLoops(Integer.parseInt(arguments[0])).build();
    try (Broker broker = Broker.start(config);
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      say(String.valueOf(broker.port()));
      String command = commands.readLine();
      while (command != null) {
        if (command.equals("collect")) {
          System.gc();
        }
        say(describe(broker));
        command = commands.readLine();
      }
    }
  }

  private static String describe(Broker broker) {
    BrokerState state = BrokerState.of(broker);
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    return heap
        + " "
        + directMemory()
        + " "
        + state.memory()
        + " "
        + state.connections()
        + " "
        + state.queues().size();
  }

  private static long directMemory() {
    long bytes = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      bytes += pool.getMemoryUsed();
    }
    ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    if (allocator instanceof ByteBufAllocatorMetricProvider provider) {
      bytes = Math.max(bytes, provider.metric().usedDirectMemory());
    }
    return bytes;
  }

  /** Standard output is the way to the parent. */
  private static void say(String line) {
    new PrintStream(new FileOutputStream(FileDescriptor.out), true).println(line);
  }
}
