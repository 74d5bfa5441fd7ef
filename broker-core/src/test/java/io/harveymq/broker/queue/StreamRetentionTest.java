package io.harveymq.broker.queue;

import static io.harveymq.broker.queue.Streams.declared;
import static io.harveymq.broker.queue.Streams.expectRange;
import static io.harveymq.broker.queue.Streams.first;
import static io.harveymq.broker.queue.Streams.offsets;
import static io.harveymq.broker.queue.Streams.publish;
import static io.harveymq.broker.queue.Streams.queue;
import static io.harveymq.broker.queue.Streams.reader;
import static io.harveymq.broker.queue.Streams.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.store.FullStore;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What streams forget, where readers find themselves then, and what a restart changes of it. */
class StreamRetentionTest {
  private static final int SHARE = 8 << 20;
  private static final long START = 1_700_000_000_000L;
  private static final long DAY = 86_400_000;

  /** Ten messages of this size, with what is counted besides, make up a segment. */
  private static final int BODY = 936;

  private static final int SEGMENT = 10_000;

  private final MemoryStore store = new MemoryStore();

  private TestBroker broker(boolean stored) {
    return stored ? TestBroker.on(store, SHARE) : TestBroker.withMemory(SHARE, SHARE);
  }

  private static FieldTable.Builder inSegments() {
    return stream().put("x-stream-max-segment-size-bytes", SEGMENT);
  }

  private static void set(TestBroker broker, FieldTable.Builder definition) {
    Policy policy = Policy.of("p", ".*", ApplyTo.STREAMS, 0, definition.build());
    broker.home().execute(() -> broker.vhost().policies().set(policy, false));
    broker.run();
  }

  private static void expectHeld(TestBroker broker, long from, long to) {
    assertThat(queue(broker).readyCount()).isEqualTo((int) (to - from));
    expectRange(offsets(first(broker, 1_000)), from, to);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOldestSegmentsGoWhenThereAreTooManyBytes(boolean stored) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, inSegments().put("x-max-length-bytes", 35_000));
    publish(channel, 0, 40, BODY);
    // Looked at when a segment begins, which has its first message then.
    expectHeld(broker, 0, 40);
    publish(channel, 40, 41, BODY);
    expectHeld(broker, 10, 41);
    publish(channel, 41, 51, BODY);
    expectHeld(broker, 20, 51);
    assertThat(queue(broker).bodyBytes()).isEqualTo(31_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLastSegmentAlwaysStays(boolean stored) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, inSegments().put("x-max-length-bytes", 0));
    publish(channel, 0, 19, BODY);
    expectHeld(broker, 10, 19);
    publish(channel, 19, 21, BODY);
    expectHeld(broker, 20, 21);
  }

  @Test
  void aSegmentOfOneMessageEachIsPossible() {
    TestBroker broker = broker(true);
    TestChannel channel =
        declared(
            broker,
            stream().put("x-stream-max-segment-size-bytes", 0).put("x-max-length-bytes", 700));
    publish(channel, 0, 30, 36);
    expectHeld(broker, 23, 30);
    broker = broker(true);
    expectHeld(broker, 23, 30);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false"})
  void segmentsGoWhenTheirLastMessageIsTooOld(boolean stored, boolean restarted) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, inSegments().put("x-max-age", "2D"));
    publish(channel, 0, 15, BODY);
    broker.advance(DAY);
    publish(channel, 15, 20, BODY);
    broker.advance(DAY);
    publish(channel, 20, 30, BODY);
    broker.advance(DAY / 2);
    if (restarted) {
      broker = TestBroker.on(store, SHARE, START + 5 * DAY / 2);
      broker.run();
      expectHeld(broker, 10, 30);
      broker.advance(DAY);
      publish(broker.channel(), 30, 31, BODY);
      expectHeld(broker, 20, 31);
    } else {
      // Nothing is looked at as long as no segment begins.
      expectHeld(broker, 0, 30);
      publish(channel, 30, 31, BODY);
      expectHeld(broker, 10, 31);
    }
  }

  @Test
  void offsetsGoOnAfterARestartAlsoWhenAlmostAllIsGone() {
    TestBroker broker = broker(true);
    publish(declared(broker, inSegments().put("x-max-length-bytes", 10)), 0, 101, BODY);
    expectHeld(broker, 100, 101);
    for (int i = 101; i < 160; i += 7) {
      broker = broker(true);
      publish(broker.channel(), i, i + 7, BODY);
    }
    long oldest = 160 / 10 * 10;
    expectHeld(broker, oldest, 164);
    broker = broker(true);
    expectHeld(broker, oldest, 164);
    assertThat(store.logs()).hasSize(1);
  }

  @Test
  void onAFullDiskOldSegmentsMakeRoomAndTheLastSafeOneStays() {
    FullStore disk = new FullStore(store);
    TestBroker broker = TestBroker.on(disk, SHARE);
    TestChannel channel = declared(broker, inSegments().put("x-max-length-bytes", 50_000));
    publish(channel, 0, 45, BODY);
    broker.run();
    assertThat(store.logs()).hasSize(5);
    disk.full(true);
    publish(channel, 45, 60, BODY);
    broker.advance(1_000);
    publish(channel, 60, 71, BODY);
    broker.advance(1_000);
    // What waits counts, too: three segments had to go for it.
    expectRange(offsets(first(broker(true), 1_000)), 30, 45);
    publish(channel, 71, 200, BODY);
    broker.advance(1_000);
    TestBroker crashed = broker(true);
    expectRange(offsets(first(crashed, 1_000)), 40, 45);
    disk.full(false);
    broker.advance(1_000);
    expectHeld(broker, 150, 200);
    expectHeld(broker(true), 150, 200);
  }

  @Test
  void aTransactionThatWaitsOnAFullDiskDoesNotHoldUpTheRemovalOfSegments() {
    FullStore disk = new FullStore(store);
    TestBroker broker = TestBroker.on(disk, SHARE);
    TestChannel channel = declared(broker, inSegments().put("x-max-length-bytes", 20_000));
    publish(channel, 0, 30, BODY);
    broker.run();
    disk.full(true);
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    publish(channel, 30, 31, BODY);
    channel.send(new TxMethod.Commit());
    broker.advance(1_000);
    channel.expectNothing();
    expectRange(offsets(first(broker(true), 1_000)), 20, 30);
  }

  @Test
  void policiesChangeStreamsThatAreThere() {
    TestBroker broker = broker(true);
    TestChannel channel = declared(broker, inSegments().put("x-max-length-bytes", 1_000_000));
    publish(channel, 0, 45, BODY);
    set(broker, FieldTable.builder().put("max-length-bytes", 26_000));
    expectHeld(broker, 20, 45);
    set(broker, FieldTable.builder().put("max-length-bytes", 40_000_000));
    publish(channel, 45, 90, BODY);
    expectHeld(broker, 20, 90);
    set(broker, FieldTable.builder().put("max-age", "1h"));
    broker.advance(DAY);
    expectHeld(broker, 20, 90);
    set(broker, FieldTable.builder().put("max-age", "2h"));
    expectHeld(broker, 80, 90);
    set(broker, FieldTable.builder().put("stream-max-segment-size-bytes", 3_000));
    publish(channel, 90, 100, BODY);
    set(broker, FieldTable.builder().put("max-length-bytes", 3_000));
    expectHeld(broker, 99, 100);
  }

  @Test
  void aReaderBehindGoesOnWithTheOldestThatIsLeft() {
    TestBroker broker = broker(true);
    TestChannel channel = declared(broker, inSegments().put("x-max-length-bytes", 50_000));
    TestChannel reader = first(broker, 1);
    publish(channel, 0, 20, BODY);
    assertThat(reader.nextDelivery().text().trim()).isEqualTo("0");
    publish(channel, 20, 1_000, BODY);
    reader.ack(1);
    List<Long> rest = offsets(reader);
    expectRange(rest, 950, 1_000);
    assertThat(broker.memory().used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTimeIsFoundWhereverItIs(boolean stored) {
    TestBroker broker = broker(stored);
    TestChannel channel = declared(broker, inSegments());
    for (int i = 0; i < 500; i += 5) {
      publish(channel, i, i + 5, BODY);
      broker.advance(60_000);
    }
    if (stored) {
      broker = TestBroker.on(store, SHARE, START + 500 / 5 * 60_000);
    }
    long seconds = START / 1_000;
    for (int minute : new int[] {0, 1, 37, 50, 98, 99}) {
      FieldValue at = new FieldValue.Timestamp(seconds + 60 * minute);
      expectRange(offsets(reader(broker, 500, at)), 5 * minute, 500);
      FieldValue later = new FieldValue.Timestamp(seconds + 60 * minute - 1);
      expectRange(offsets(reader(broker, 500, later)), 5 * minute, 500);
      FieldValue ago = FieldValue.of(100 - minute + "m");
      expectRange(offsets(reader(broker, 500, ago)), 5 * minute, 500);
    }
    expectRange(offsets(reader(broker, 9, new FieldValue.Timestamp(0))), 0, 500);
    TestChannel waiting = reader(broker, 500, new FieldValue.Timestamp(seconds + 100 * 60));
    waiting.expectNothing();
    publish(broker.channel(), 500, 501, BODY);
    expectRange(offsets(waiting), 500, 501);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "13, 13", "999, 999", "-5, 0"})
  void anyPlaceCanBeReadAfterARestart(long place, long expected) {
    TestBroker broker = broker(true);
    publish(declared(broker, inSegments()), 0, 1_000, BODY);
    broker = broker(true);
    expectRange(offsets(reader(broker, 10, FieldValue.of(place))), expected, 1_000);
    expectRange(offsets(reader(broker, 1, FieldValue.of("last"))), 999, 1_000);
    TestChannel waiting = reader(broker, 10, FieldValue.of(1_001));
    publish(broker.channel(), 1_000, 1_003, BODY);
    expectRange(offsets(waiting), 1_001, 1_003);
  }

  @Test
  void streamsInOneStoreDoNotMix() {
    TestBroker broker = broker(true);
    TestChannel channel = declared(broker, inSegments());
    channel.call(
        new QueueMethod.Declare("other", false, true, false, false, false, inSegments().build()),
        QueueMethod.DeclareOk.class);
    for (int i = 0; i < 100; i += 10) {
      publish(channel, i, i + 10, BODY);
      channel.publish("other", "x".repeat(5_000));
    }
    broker.run();
    broker = broker(true);
    expectHeld(broker, 0, 100);
    assertThat(broker.vhost().queue("other").readyCount()).isEqualTo(10);
    TestChannel fresh = broker.channel();
    fresh.call(
        new QueueMethod.Declare("third", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    assertThat(broker.vhost().queue("third").log())
        .isGreaterThanOrEqualTo(broker.vhost().queue("other").log() + StreamQueue.LOG_NUMBERS);
  }
}
