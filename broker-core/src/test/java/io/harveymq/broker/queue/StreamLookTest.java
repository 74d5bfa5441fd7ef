package io.harveymq.broker.queue;

import static io.harveymq.broker.queue.Streams.declared;
import static io.harveymq.broker.queue.Streams.expectRange;
import static io.harveymq.broker.queue.Streams.first;
import static io.harveymq.broker.queue.Streams.offsets;
import static io.harveymq.broker.queue.Streams.publish;
import static io.harveymq.broker.queue.Streams.queue;
import static io.harveymq.broker.queue.Streams.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams are looked into without consuming, from any place in both directions. */
class StreamLookTest {
  private static final int SHARE = 64 << 20;
  private static final int LARGE = 200 << 10;

  private final MemoryStore store = new MemoryStore();
  private TestBroker broker;
  private TestChannel publisher;

  private void start(boolean stored) {
    broker = stored ? TestBroker.on(store, SHARE) : TestBroker.withMemory(SHARE, SHARE);
    publisher = declared(broker, stream());
  }

  private AtomicReference<StreamLook.Part> begin(String from, boolean back, int count) {
    AtomicReference<StreamLook.Part> answer = new AtomicReference<>();
    StreamQueue stream = (StreamQueue) queue(broker);
    broker.home().run(() -> stream.look().at(StreamOffset.ofText(from), back, count, answer::set));
    return answer;
  }

  private StreamLook.Part look(String from, boolean back, int count) {
    AtomicReference<StreamLook.Part> answer = begin(from, back, count);
    broker.run();
    return answer.get();
  }

  private static List<Long> offsetsOf(StreamLook.Part part) {
    List<Long> offsets = new ArrayList<>();
    for (StreamLook.Seen seen : part.seen()) {
      String body = new String(seen.message().body(), StandardCharsets.UTF_8);
      assertThat(Long.parseLong(body.trim())).isEqualTo(seen.offset());
      offsets.add(seen.offset());
    }
    return offsets;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyPlaceIsLookedAtInBothDirections(boolean stored) {
    start(stored);
    publish(publisher, 0, 10, 5);
    broker.run();
    assertThat(offsetsOf(look("first", false, 3))).containsExactly(0L, 1L, 2L);
    assertThat(offsetsOf(look("3", false, 3))).containsExactly(3L, 4L, 5L);
    assertThat(offsetsOf(look("last", false, 3))).containsExactly(9L);
    assertThat(offsetsOf(look("next", false, 3))).isEmpty();
    assertThat(offsetsOf(look("last", true, 3))).containsExactly(9L, 8L, 7L);
    assertThat(offsetsOf(look("6", true, 3))).containsExactly(6L, 5L, 4L);
    assertThat(offsetsOf(look("1", true, 3))).containsExactly(1L, 0L);
    assertThat(offsetsOf(look("1000", true, 2))).containsExactly(9L, 8L);
    assertThat(offsetsOf(look("1000", false, 2))).isEmpty();
  }

  @Test
  void partsTellWhereOneGoesOn() {
    start(true);
    publish(publisher, 0, 5, 5);
    broker.run();
    StreamLook.Part part = look("first", false, 3);
    assertThat(part.next()).isEqualTo(3);
    assertThat(part.hasMore()).isTrue();
    assertThat(part.end()).isEqualTo(5);
    assertThat(look("3", false, 3).hasMore()).isFalse();
    assertThat(look("last", true, 3).next()).isEqualTo(1);
    assertThat(look("1", true, 3).hasMore()).isFalse();
  }

  @Test
  void consumersGetTheSameAsIfNobodyHadLooked() {
    start(true);
    publish(publisher, 0, 5, 5);
    look("first", false, 3);
    TestChannel reader = first(broker, 100);
    look("last", true, 3);
    publish(publisher, 5, 8, 5);
    expectRange(offsets(reader), 0, 8);
    assertThat(queue(broker).readyCount()).isEqualTo(8);
    assertThat(queue(broker).unackedCount()).isZero();
  }

  @Test
  void largeMessagesComeInSmallerParts() {
    start(true);
    publish(publisher, 0, 20, LARGE);
    broker.run();
    long before = broker.home().memory().used();
    StreamLook.Part part = look("first", false, 20);
    assertThat(part.seen().size()).isBetween(2, 8);
    assertThat(part.next()).isEqualTo(part.seen().size());
    StreamLook.Part last = look("last", true, 20);
    assertThat(last.seen().size()).isBetween(2, 8);
    assertThat(last.seen().get(0).offset()).isEqualTo(19);
    assertThat(last.next()).isEqualTo(19 - last.seen().size());
    assertThat(broker.home().memory().used()).isEqualTo(before);
  }

  /** By the average of all, more would be looked at together than there is room for. */
  @Test
  void backwardsTheNewestOfUnequalMessagesAreNotLeftOut() {
    start(true);
    publish(publisher, 0, 1_000, 5);
    publish(publisher, 1_000, 1_020, LARGE);
    publish(publisher, 1_020, 1_021, 5);
    broker.run();
    List<Long> seen = new ArrayList<>();
    String from = "last";
    while (seen.size() < 40) {
      StreamLook.Part part = look(from, true, 50);
      seen.addAll(offsetsOf(part));
      from = Long.toString(part.next());
    }
    for (int i = 0; i < seen.size(); i++) {
      assertThat(seen.get(i)).isEqualTo(1_020L - i);
    }
  }

  @Test
  void aTimeIsFound() {
    start(true);
    publish(publisher, 0, 3, 5);
    broker.run();
    broker.advance(60_000);
    publish(publisher, 3, 6, 5);
    broker.run();
    long there = look("3", false, 1).seen().get(0).time();
    assertThat(there - look("2", false, 1).seen().get(0).time()).isEqualTo(60_000);
    String time = Instant.ofEpochMilli(there - 1_000).toString();
    assertThat(offsetsOf(look(time, false, 2))).containsExactly(3L, 4L);
    assertThat(offsetsOf(look("30s", false, 2))).containsExactly(3L, 4L);
    assertThat(offsetsOf(look("1h", false, 2))).containsExactly(0L, 1L);
    assertThat(StreamOffset.ofText("yesterday")).isNull();
    assertThat(StreamOffset.ofText("-1")).isNull();
  }

  @Test
  void aStreamThatGoesMeanwhileAnswersWithWhatWasSeen() {
    start(true);
    publish(publisher, 0, 5, 5);
    broker.run();
    broker.holdStore(true);
    AtomicReference<StreamLook.Part> answer = begin("first", false, 3);
    assertThat(answer.get()).isNull();
    publisher.send(new QueueMethod.Delete("s", false, false, true));
    broker.holdStore(false);
    broker.run();
    assertThat(answer.get().hasMore()).isFalse();
  }
}
