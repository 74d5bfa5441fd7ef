package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The delivery tags that may be settled to no effect. */
class LateTagsTest {
  private final LateTags tags = new LateTags();

  @Test
  void aTagIsTakenOutOnce() {
    assertThat(tags.contains(1)).isFalse();
    assertThat(tags.remove(1)).isFalse();
    tags.add(1);
    assertThat(tags.contains(1)).isTrue();
    assertThat(tags.remove(1)).isTrue();
    assertThat(tags.remove(1)).isFalse();
  }

  @Test
  void behavesLikeASet() {
    Random random = new Random(5);
    TreeSet<Long> model = new TreeSet<>();
    for (int i = 0; i < 20_000; i++) {
      long tag = 1 + random.nextInt(60);
      switch (random.nextInt(8)) {
        case 0 -> assertThat(tags.remove(tag)).isEqualTo(model.remove(tag));
        case 1 -> assertThat(tags.contains(tag)).isEqualTo(model.contains(tag));
        case 2 -> {
          if (random.nextInt(8) == 0) {
            tags.removeUpTo(tag);
            model.headSet(tag, true).clear();
          }
        }
        default -> {
          if (model.add(tag)) {
            tags.add(tag);
          }
        }
      }
    }
    for (long tag = 0; tag <= 61; tag++) {
      assertThat(tags.contains(tag)).as("tag %d", tag).isEqualTo(model.contains(tag));
    }
  }

  @Test
  void allOfThemCanGoAtOnce() {
    tags.removeUpTo(Long.MAX_VALUE);
    tags.add(Long.MAX_VALUE);
    tags.add(3);
    tags.removeUpTo(Long.MAX_VALUE);
    assertThat(tags.contains(3)).isFalse();
    assertThat(tags.contains(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void aClientThatNeverSettlesThemLosesTheOldest() {
    for (long tag = 1; tag <= 2 * LateTags.MOST_RANGES + 1; tag += 2) {
      tags.add(tag);
    }
    assertThat(tags.contains(1)).isFalse();
    assertThat(tags.contains(3)).isTrue();
  }
}
