package io.harveymq.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.store.BrokerStore;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreModel;
import io.harveymq.persistence.StoreOptions;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes of the whole store before random operations on the disk: what was committed is there,
 * what was acknowledged does not come back, and no space is lost. More with {@code
 * -Dharvey.crash.points=10000} in the JVM's options.
 */
@Timeout(900)
class StoreCrashPointTest {
  private static final int SEEDS = Integer.getInteger("harvey.crash.points", 250) / 10;
  private static final int LIVES = 8;

  private static final StoreOptions SMALL =
      new StoreOptions(
          new JournalOptions(64 << 10, 256 << 10, 2 << 20, 16 << 10, 1 << 20, 1 << 20, false));

  private StoreModel model;
  private StoreModel confirmed;
  private StoreModel attempted;
  private StepExecutor keeper;

  @ParameterizedTest
  @EnumSource
  void theStoreIsAsAfterACommitAtEveryCrash(CrashPointTest.Model kind) {
    int crashes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        crashes += crashes(kind, seed);
      } catch (Throwable e) {
        throw new AssertionError(kind + ", seed " + seed, e);
      }
    }
    assertThat(crashes).isGreaterThan(SEEDS);
  }

  private int crashes(CrashPointTest.Model kind, long seed) {
    Random random = new Random(~seed);
    SimulatedFiles files = new SimulatedFiles();
    model = new StoreModel(seed);
    model.largest(40_000);
    confirmed = model.snapshot();
    attempted = confirmed;
    int crashes = 0;
    for (int life = 0; life < LIVES; life++) {
      files.crashAt(random.nextInt(random.nextInt(3) == 0 ? 60 : 800));
      boolean crashed = crashed(files, random);
      crashes += crashed ? 1 : 0;
      files =
          kind == CrashPointTest.Model.POWER_LOSS
              ? files.afterPowerLoss(random)
              : files.afterKill();
    }
    live(files, random);
    return crashes;
  }

  private boolean crashed(SimulatedFiles files, Random random) {
    try {
      live(files, random);
      return false;
    } catch (SimulatedFiles.Crash e) {
      return true;
    } catch (StoreFailedException | StoreOpenException e) {
      assertThat(e).hasRootCauseInstanceOf(SimulatedFiles.Crash.class);
      return true;
    }
  }

  private void live(SimulatedFiles files, Random random) {
    keeper = new StepExecutor();
    MapDbStore store = MapDbStore.open(files, SMALL, keeper);
    verify(store);
    for (int i = 0; i < 40; i++) {
      for (int changes = random.nextInt(12); changes > 0; changes--) {
        model.change(store);
      }
      commit(store);
      for (int jobs = random.nextInt(3); jobs > 0; jobs--) {
        keeper.step();
      }
      store.audit();
    }
    confirmed = model.snapshot();
    confirmed.killed();
    attempted = confirmed;
  }

  private void commit(BrokerStore store) {
    attempted = model.snapshot();
    attempted.killed();
    store.messages().commit(() -> confirmed = attempted);
    confirmed = attempted;
  }

  /** What a crash left is the state after the last confirmed commit or after the one under way. */
  private void verify(MapDbStore store) {
    store.audit();
    try {
      model.takeOver(confirmed);
      model.checkAll(store);
    } catch (AssertionError notThatOne) {
      if (attempted == confirmed) {
        throw notThatOne;
      }
      model.takeOver(attempted);
      model.checkAll(store);
    }
    confirmed = model.snapshot();
    confirmed.killed();
    attempted = confirmed;
  }
}
