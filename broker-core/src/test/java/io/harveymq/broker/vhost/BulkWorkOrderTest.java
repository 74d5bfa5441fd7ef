package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.CapturedLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order a loop does work that takes many turns. */
class BulkWorkOrderTest {
  private final ManualLoop loop = new ManualLoop();
  private final HomeLoop home = new HomeLoop(loop, new MemoryAccount(1 << 20, 1 << 20));
  private final List<String> steps = new ArrayList<>();

  private Continuation work(String name, int slices) {
    int[] left = {slices};
    return units -> {
      steps.add(name);
      return --left[0] == 0;
    };
  }

  private void run() {
    home.run(() -> {});
    while (loop.step()) {
      assertThat(steps).hasSizeLessThan(100);
    }
    assertThat(home.hasBulkWork()).isFalse();
  }

  @Test
  void differentOwnersTakeTurnsAndEachDoesOneThingAfterTheOther() {
    Object owner = new Object();
    home.startBulk(owner, work("a", 3));
    home.startBulk(owner, work("b", 2));
    home.startBulk(work("long", 7));
    home.startBulk(work("short", 1));
    run();
    assertThat(steps)
        .containsExactly(
            "a", "long", "short", "a", "long", "a", "long", "b", "long", "b", "long", "long",
            "long");
  }

  @Test
  void workMayStartMoreOfItsOwner() {
    Object owner = new Object();
    home.startBulk(
        owner,
        units -> {
          steps.add("first");
          home.startBulk(owner, work("second", 1));
          return true;
        });
    run();
    assertThat(steps).containsExactly("first", "second");
  }

  @Test
  void whatFailsIsGivenUpAndTheRestGoesOn() {
    Object owner = new Object();
    Continuation failing =
        new Continuation() {
          @Override
          public boolean step(int units) {
            steps.add("failing");
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void givenUp() {
            steps.add("given up");
          }
        };
    home.startBulk(owner, failing);
    home.startBulk(owner, work("next", 2));
    home.startBulk(work("other", 1));
    try (CapturedLog log = new CapturedLog()) {
      run();
      assertThat(log.text()).contains("bulk work failed").contains("on purpose");
    }
    assertThat(steps).containsExactly("failing", "given up", "other", "next", "next");
  }
}
