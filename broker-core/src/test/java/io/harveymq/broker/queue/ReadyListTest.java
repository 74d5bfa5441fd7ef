package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyListTest {
  private final ReadyList list = new ReadyList();

  private static Message message() {
    return new Message(new byte[2], new byte[2], new byte[0]);
  }

  private void expectFresh(long place, Message expected) {
    Object polled = list.pollFresh();
    if (polled instanceof QueueEntry entry) {
      assertThat(entry.position()).isEqualTo(place);
      assertThat(entry.message()).isSameAs(expected);
    } else {
      assertThat(polled).isSameAs(expected);
      assertThat(list.polledPosition()).isEqualTo(place);
    }
  }

  private static Message pollAny(ReadyList list) {
    if (list.hasReturned()) {
      return list.pollReturned().message();
    }
    Object fresh = list.pollFresh();
    return fresh instanceof QueueEntry entry ? entry.message() : (Message) fresh;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void givesMessagesByTheirPlaceWhateverComesBackInBetween(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Message> waiting = new TreeMap<>();
    TreeMap<Long, Message> out = new TreeMap<>();
    long places = 0;
    for (int i = 0; i < 30_000; i++) {
      int dice = random.nextInt(100);
      // Long stretches of growing and of shrinking, so that chunks are filled and left.
      boolean growing = i / 2_000 % 2 == 0;
      if (dice < (growing ? 55 : 25)) {
        Message message = message();
        if (random.nextInt(1_000) < 5) {
          places += 1 + random.nextInt(3);
          list.nextPosition(places);
        }
        if (i / 300 % 2 == 0) {
          list.add(message);
        } else {
          list.addLoaded(new QueueEntry(null, message, places, true, 0));
          list.nextPosition(places + 1);
        }
        waiting.put(places++, message);
      } else if (dice < 80 && !waiting.isEmpty()) {
        long place = waiting.firstKey();
        Message expected = waiting.remove(place);
        if (list.hasReturned()) {
          QueueEntry entry = list.pollReturned();
          assertThat(entry.position()).isEqualTo(place);
          assertThat(entry.message()).isSameAs(expected);
        } else {
          assertThat(list.firstFreshPosition()).isEqualTo(place);
          expectFresh(place, expected);
        }
        out.put(place, expected);
      } else if (dice < 99 && !out.isEmpty()) {
        Long near = out.ceilingKey((long) (random.nextDouble() * places));
        long place = near == null ? out.firstKey() : near;
        Message message = out.remove(place);
        if (random.nextBoolean()) {
          list.putBack(new QueueEntry(null, message, place, false, 0));
          waiting.put(place, message);
        }
      } else if (dice == 99 && random.nextInt(20) == 0) {
        ReadyList all = list.detach();
        for (int left = waiting.size(); left > 0; left--) {
          assertThat(waiting.containsValue(pollAny(all))).isTrue();
        }
        assertThat(all.isEmpty()).isTrue();
        waiting.clear();
      }
      assertThat(list.size()).isEqualTo(waiting.size());
      assertThat(list.isEmpty()).isEqualTo(waiting.isEmpty());
    }
  }

  @Test
  void aDetachedListAndItsSuccessorShareNothing() {
    for (int i = 0; i < 1_000; i++) {
      list.add(message());
    }
    ReadyList detached = list.detach();
    Message next = message();
    list.add(next);
    assertThat(list.size()).isEqualTo(1);
    int left = 0;
    while (!detached.isEmpty()) {
      detached.pollFresh();
      left++;
    }
    assertThat(left).isEqualTo(1_000);
    assertThat(list.pollFresh()).isSameAs(next);
    assertThat(list.polledPosition()).as("places go on after a purge").isEqualTo(1_000);
    assertThat(list.isEmpty()).isTrue();
  }
}
