package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes, gets, acks and requeues on one queue against a model: the next message is
 * always the oldest that is not out, and it is flagged if it was out before.
 */
class RequeueModelTest extends CompatTest {
  private final NavigableSet<Integer> waiting = new TreeSet<>();
  private final NavigableMap<Long, Integer> out = new TreeMap<>();
  private final Set<Integer> wasOut = new HashSet<>();
  private String queue;
  private int published;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void orderSurvivesAnyMixOfRequeues(long seed) throws Exception {
    queue = newQueue();
    Random random = new Random(seed);
    for (int step = 0; step < 600; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> publishOne();
        case 3, 4, 5, 6 -> getOne();
        case 7 -> settleOne(random);
        case 8 -> requeueOne(random);
        default -> settleMany(random);
      }
    }
    channel.basicRecover(true);
    waiting.addAll(out.values());
    out.clear();
    while (!waiting.isEmpty()) {
      getOne();
    }
    assertThat(channel.basicGet(queue, true)).isNull();
  }

  private void publishOne() throws Exception {
    publish("", queue, String.valueOf(published));
    waiting.add(published++);
  }

  private void getOne() throws Exception {
    GetResponse got = channel.basicGet(queue, false);
    Integer expected = waiting.pollFirst();
    if (expected == null) {
      assertThat(got).isNull();
      return;
    }
    assertThat(got).isNotNull();
    assertThat(text(got)).isEqualTo(String.valueOf(expected));
    assertThat(got.getEnvelope().isRedeliver()).isEqualTo(!wasOut.add(expected));
    assertThat(got.getMessageCount()).isEqualTo(waiting.size());
    out.put(got.getEnvelope().getDeliveryTag(), expected);
  }

  private void settleOne(Random random) throws Exception {
    if (!out.isEmpty()) {
      long tag = anyTag(random);
      out.remove(tag);
      if (random.nextBoolean()) {
        channel.basicAck(tag, false);
      } else {
        channel.basicReject(tag, false);
      }
    }
  }

  private void requeueOne(Random random) throws Exception {
    if (!out.isEmpty()) {
      long tag = anyTag(random);
      waiting.add(out.remove(tag));
      channel.basicReject(tag, true);
    }
  }

  private void settleMany(Random random) throws Exception {
    if (!out.isEmpty()) {
      long tag = anyTag(random);
      Map<Long, Integer> upTo = out.headMap(tag, true);
      if (random.nextBoolean()) {
        channel.basicAck(tag, true);
      } else {
        channel.basicNack(tag, true, true);
        waiting.addAll(upTo.values());
      }
      upTo.clear();
    }
  }

  private long anyTag(Random random) {
    Iterator<Long> tags = out.keySet().iterator();
    for (int skip = random.nextInt(out.size()); skip > 0; skip--) {
      tags.next();
    }
    return tags.next();
  }
}
