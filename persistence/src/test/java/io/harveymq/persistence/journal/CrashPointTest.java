package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes before random operations on the disk, several times in a row on the same files, in
 * recovery and in closing, too. More with {@code -Dharvey.crash.points=10000} in the JVM's options.
 */
@Timeout(900)
class CrashPointTest {
  private static final int POINTS = Integer.getInteger("harvey.crash.points", 120);
  private static final int TRANSACTIONS = 25;

  /** What survives. */
  enum Model {
    KILLED_PROCESS,
    POWER_LOSS
  }

  @ParameterizedTest
  @EnumSource
  void theVolumeIsAsAfterACommitAtEveryCrash(Model model) {
    int crashes = 0;
    for (int seed = 0; seed < POINTS; seed++) {
      try {
        crashes += crashes(model, seed);
      } catch (Throwable e) {
        throw new AssertionError(model + ", seed " + seed, e);
      }
    }
    assertThat(crashes).isGreaterThan(POINTS);
  }

  private static int crashes(Model model, long seed) {
    Random random = new Random(~seed);
    SimulatedFiles files = new SimulatedFiles();
    RandomWorkload workload = new RandomWorkload(seed);
    int crashes = 0;
    for (int life = 0; life < 6; life++) {
      // early ones hit the opening with its recovery
      files.crashAt(random.nextInt(random.nextInt(3) == 0 ? 30 : 400));
      if (crashed(files, workload)) {
        crashes++;
      }
      files = model == Model.POWER_LOSS ? files.afterPowerLoss(random) : files.afterKill();
    }
    workload.live(files, TRANSACTIONS);
    return crashes;
  }

  private static boolean crashed(SimulatedFiles files, RandomWorkload workload) {
    try {
      workload.live(files, TRANSACTIONS);
      return false;
    } catch (SimulatedFiles.Crash e) {
      return true;
    } catch (StoreFailedException e) {
      assertThat(e).hasRootCauseInstanceOf(SimulatedFiles.Crash.class);
      return true;
    }
  }
}
