package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final ManualLoop loop = new ManualLoop();
  private final HomeLoop home = new HomeLoop(loop, new MemoryAccount(1 << 20, 1 << 20));
  private final Deadlines deadlines = home.deadlines();
  private final List<String> seen = new ArrayList<>();

  private Deadline named(String name) {
    return new Deadline(() -> seen.add(name + "@" + elapsed()));
  }

  private long elapsed() {
    return loop.clock().millis() - start;
  }

  private final long start = loop.clock().millis();

  private void advance(long millis) {
    loop.advance(millis, this::settle);
    settle();
  }

  private void settle() {
    while (loop.step()) {
      continue;
    }
  }

  @Test
  void runsInTheOrderOfTheirTimeAndThenOfTheirSetting() {
    deadlines.set(named("c"), start + 30);
    deadlines.set(named("a"), start + 10);
    deadlines.set(named("b1"), start + 20);
    deadlines.set(named("b2"), start + 20);
    advance(19);
    assertThat(seen).containsExactly("a@10");
    advance(100);
    assertThat(seen).containsExactly("a@10", "b1@20", "b2@20", "c@30");
    assertThat(deadlines.count()).isZero();
  }

  @Test
  void canBePutOffAndBroughtForwardAndCalledOff() {
    Deadline first = named("first");
    Deadline second = named("second");
    Deadline third = named("third");
    deadlines.set(first, start + 10);
    deadlines.set(second, start + 20);
    deadlines.set(third, start + 30);
    deadlines.set(first, start + 25);
    deadlines.set(third, start + 5);
    deadlines.clear(second);
    deadlines.clear(second);
    assertThat(second.isSet()).isFalse();
    advance(60);
    assertThat(seen).containsExactly("third@5", "first@25");
  }

  @Test
  void oneThatIsSetAgainByItsOwnEventRunsAgain() {
    Deadline[] again = new Deadline[1];
    again[0] =
        new Deadline(
            () -> {
              seen.add("tick@" + elapsed());
              if (seen.size() < 3) {
                deadlines.set(again[0], loop.clock().millis() + 100);
              }
            });
    deadlines.set(again[0], start - 5);
    settle();
    advance(1_000);
    assertThat(seen).containsExactly("tick@0", "tick@100", "tick@200");
  }

  @Test
  void manyThatAreDueAtOnceTakeSeveralTurns() {
    for (int i = 0; i < 3 * Deadlines.PER_TURN; i++) {
      deadlines.set(named("x"), start + 10);
    }
    long before = loop.turns();
    advance(10);
    assertThat(seen).hasSize(3 * Deadlines.PER_TURN);
    assertThat(loop.turns() - before).isGreaterThanOrEqualTo(3);
  }

  @Test
  void setsOneTimerForAll() {
    for (int i = 0; i < 10_000; i++) {
      deadlines.set(named("x"), start + 1_000 + i);
    }
    assertThat(loop.timers()).isEqualTo(1);
  }

  @Test
  void agreesWithSortedMapOverRandomChanges() {
    Random random = new Random(7);
    TreeMap<Long, String> model = new TreeMap<>();
    List<Deadline> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(named("n" + i));
    }
    long unique = 0;
    for (int i = 0; i < 5_000; i++) {
      int which = random.nextInt(all.size());
      Deadline deadline = all.get(which);
      if (deadline.isSet()) {
        model.remove(deadline.due());
      }
      if (random.nextInt(3) == 0) {
        deadlines.clear(deadline);
      } else {
        long due = start + 1 + random.nextInt(1_000) * 10_000L + unique++;
        deadlines.set(deadline, due);
        model.put(due, "n" + which + "@" + (due - start));
      }
      assertThat(deadlines.first())
          .isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.firstKey().longValue());
    }
    advance(20_000_000);
    assertThat(seen).containsExactlyElementsOf(model.values());
  }
}
