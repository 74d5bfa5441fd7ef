package io.harveymq.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fuzzes targets with Jazzer, each in a process of its own. What is found stands in {@code
 * target/fuzz/TARGET} as a file that the tests take as an input, with the log of the run; new
 * inputs are kept there for the next run. Any thread.
 */
public final class Fuzzing {
  /** As many inputs as there is time for. */
  public static final int UNLIMITED = -1;

  private static final int LONGEST_INPUT = 4_096;
  private static final int INPUT_SECONDS = 60;
  private static final int MEMORY_MIB = 2_048;
  private static final int SPARE_SECONDS = 300;
  private static final int SHOWN_LINES = 40;
  private static final int LONGEST_LINE = 2_000;
  private static final String EXECUTED = "stat::number_of_executed_units:";

  /**
   * What a run of a target came to.
   *
   * @param madeUp how many inputs were tried besides those that were there before
   */
  public record Result(Target target, boolean clean, long madeUp, String report) {}

  private final Path module;
  private final String classPath;
  private final int seed;

  /**
   * @param module the folder of this module
   * @param seed of what is made up: the same inputs in the same order, as far as the target does
   *     the same for the same input; 0 for another one each time
   */
  public Fuzzing(Path module, String classPath, int seed) {
    this.module = module.toAbsolutePath();
    this.classPath = classPath;
    this.seed = seed;
  }

  /**
   * Fuzzes one target after another.
   *
   * @param arguments seconds for each, then names of targets, none for all
   */
  public static void main(String[] arguments) throws Exception {
    Fuzzing fuzzing = new Fuzzing(Path.of(""), System.getProperty("java.class.path"), 0);
    int seconds = Integer.parseInt(arguments[0]);
    List<Target> targets = new ArrayList<>();
    for (String name : Arrays.asList(arguments).subList(1, arguments.length)) {
      targets.add(Target.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    int found = 0;
    for (Target target : targets.isEmpty() ? List.of(Target.values()) : targets) {
      Result result = fuzzing.run(target, seconds, UNLIMITED);
      System.out.println(result.report());
      found += result.clean() ? 0 : 1;
    }
    if (found > 0) {
      throw new IllegalStateException("targets that found something: " + found);
    }
  }

  /**
   * Fuzzes a target for so many seconds, or until something is found.
   *
   * @param mostInputs after which it ends earlier, or {@link #UNLIMITED}
   */
  public Result run(Target target, int seconds, int mostInputs)
      throws IOException, InterruptedException {
    Path work = module.resolve("target").resolve("fuzz").resolve(target.label());
    Path grown = Files.createDirectories(work.resolve("corpus"));
    Path log = work.resolve("log.txt");
    long there = count(grown) + target.inputs(module).size() + 1;
    Process process =
        new ProcessBuilder(command(target, seconds, mostInputs, work, grown))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor((long) seconds + SPARE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        return new Result(target, false, 0, target.label() + ": did not end in time; see " + log);
      }
      boolean clean = process.exitValue() == 0;
      return new Result(target, clean, executed(log) - there, report(target, clean, log));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  /** The inputs that were tried, those from files and the empty one included. */
  private static long executed(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(EXECUTED))
          .mapToLong(line -> Long.parseLong(line.substring(EXECUTED.length()).strip()))
          .sum();
    }
  }

  private List<String> command(Target target, int seconds, int mostInputs, Path work, Path grown) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-Xss1m", "-ea", "-Xshare:auto"));
    command.add("-Dslf4j.provider=" + FaultLog.class.getName());
    command.addAll(List.of("-cp", classPath, "com.code_intelligence.jazzer.Jazzer"));
    command.add("--target_class=" + target.className());
    command.add("--instrumentation_includes=io.harveymq.**");
    command.add("--instrumentation_excludes=io.harveymq.fuzz.**");
    command.add("--custom_hook_includes=io.harveymq.**");
    // clients may send regular expressions; what is done about them is what is tested
    // and the target for HTTP connects to its own broker
    command.add(
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection"
            + File.pathSeparator
            + "com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery");
    command.add("--reproducer_path=" + work);
    command.add("-artifact_prefix=" + work + "/");
    command.add("-max_total_time=" + seconds);
    command.add("-runs=" + mostInputs);
    command.add("-seed=" + seed);
    command.add("-max_len=" + LONGEST_INPUT);
    command.add("-timeout=" + INPUT_SECONDS);
    command.add("-rss_limit_mb=" + MEMORY_MIB);
    command.add("-print_final_stats=1");
    Path dictionary = target.dictionary(module);
    if (Files.exists(dictionary)) {
      command.add("-dict=" + dictionary);
    }
    command.add(grown.toString());
    command.add(target.corpus(module).toString());
    return command;
  }

  private static String report(Target target, boolean clean, Path log) throws IOException {
    List<String> lines;
    try (Stream<String> all = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      lines = all.toList();
    }
    if (clean) {
      String state =
          lines.stream()
              .filter(line -> line.contains(" cov: ") || line.contains("executed_units"))
              .reduce("", (a, b) -> b);
      return target.label() + ": " + state;
    }
    List<String> shown = new ArrayList<>(lines);
    shown.removeIf(line -> line.startsWith("INFO: ") || line.length() > LONGEST_LINE);
    int from = 0;
    for (int i = shown.size() - 1; i >= 0; i--) {
      from = shown.get(i).startsWith("==") ? i : from;
    }
    int to = Math.min(from + SHOWN_LINES, shown.size());
    return target.label()
        + ": found something; see "
        + log
        + '\n'
        + String.join("\n", shown.subList(from, to))
        + lines.stream()
            .filter(line -> line.contains("Test unit written to"))
            .reduce("", (a, b) -> a + "\n" + b)
        + "\nTo keep it as a test, move that file to "
        + "fuzz/src/test/corpus/"
        + target.label();
  }
}
