package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SegmentLogTest {
  private final SegmentLog log = new SegmentLog(1);
  private final List<Segment> expected = new ArrayList<>();
  private long next;

  private Segment segment(long first) {
    return new Segment(log, -1, first, Extent.of(0, 1, 1));
  }

  private void add() {
    Segment segment = segment(next++);
    log.add(segment);
    expected.add(segment);
  }

  @Test
  void changesAnywhereKeepTheOrder() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      int from = expected.isEmpty() ? 0 : random.nextInt(expected.size());
      int until = Math.min(expected.size(), from + random.nextInt(5));
      switch (random.nextInt(6)) {
        case 0 -> {
          List<Segment> part = expected.subList(from, until);
          assertThat(log.cut(from, until)).isEqualTo(List.copyOf(part));
          part.clear();
        }
        case 1 -> {
          if (!expected.isEmpty()) {
            log.remove(expected.remove(random.nextBoolean() ? 0 : from));
          }
        }
        case 2 -> {
          if (until > from) {
            Segment by = segment(expected.get(from).first);
            log.replace(from, until, by);
            expected.subList(from, until).clear();
            expected.add(from, by);
          }
        }
        default -> add();
      }
      assertThat(log.size()).isEqualTo(expected.size());
      assertThat(log.last()).isSameAs(expected.isEmpty() ? null : expected.get(log.size() - 1));
      if (round % 50 == 0) {
        assertThat(log.segments()).isEqualTo(expected);
        expected.forEach(each -> assertThat(log.get(log.indexOf(each))).isSameAs(each));
      }
    }
    assertThat(next).isGreaterThan(1_000);
  }

  /** As an array from whose beginning they are removed one by one it took ten seconds. */
  @Test
  @Timeout(3)
  void aLongLogIsConsumedFromItsBeginningInNoTime() {
    int count = 400_000;
    for (int i = 0; i < count; i++) {
      add();
    }
    for (Segment segment : expected) {
      log.remove(segment);
    }
    assertThat(log.isEmpty()).isTrue();
  }
}
