package io.harveymq.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Fuzzes each target for some seconds, {@code -Dfuzz.seconds}, or with enough inputs; two at a
 * time, for two cores. Where a busy machine did not get beyond the inputs of before, once more and
 * longer. The seed, {@code -Dfuzz.seed}, is the same in each run: what a change breaks is found in
 * its own tests, and not what others left.
 */
class FuzzingTest {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 12);
  private static final int MOST_INPUTS = 4_000 * SECONDS;
  private static final int SEED = Integer.getInteger("fuzz.seed", 1);
  private static final int AT_A_TIME = 2;
  private static final int LONGER = 6;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void someSecondsOfFuzzingFindNothing() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Fuzzing fuzzing = new Fuzzing(Path.of(""), classPath, SEED);
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    List<Future<Fuzzing.Result>> results = new ArrayList<>();
    for (Target target : Target.values()) {
      results.add(threads.submit(() -> fuzz(fuzzing, target)));
    }
    threads.shutdown();
    List<String> found = new ArrayList<>();
    for (Future<Fuzzing.Result> result : results) {
      System.out.println(result.get().report());
      if (!result.get().clean()) {
        found.add(result.get().report());
      } else if (result.get().madeUp() <= 0) {
        found.add(result.get().target() + ": nothing was tried that was not there before");
      }
    }
    assertThat(found).isEmpty();
  }

  private static Fuzzing.Result fuzz(Fuzzing fuzzing, Target target) throws Exception {
    Fuzzing.Result first = fuzzing.run(target, SECONDS, MOST_INPUTS);
    boolean tried = !first.clean() || first.madeUp() > 0;
    return tried ? first : fuzzing.run(target, LONGER * SECONDS, MOST_INPUTS);
  }
}
