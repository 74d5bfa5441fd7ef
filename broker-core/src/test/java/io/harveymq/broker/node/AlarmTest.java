package io.harveymq.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.Resource;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.FaultRule;
import io.harveymq.broker.fault.Faults;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is blocked by an alarm, from when on, and what the client is told: as in RabbitMQ 3.10.8. */
class AlarmTest {
  private static final long MIB = 1 << 20;
  private static final long NO_LIMIT = 1L << 40;

  private TestBroker broker = TestBroker.start();
  private MemoryMonitor memory = memoryMonitor();
  private long freeSpace = 500 * MIB;
  private DiskMonitor disk = diskMonitor();

  private MemoryMonitor memoryMonitor() {
    return new MemoryMonitor(broker.alarms(), List.of(broker.home()), NO_LIMIT);
  }

  private DiskMonitor diskMonitor() {
    return new DiskMonitor(broker.alarms(), () -> freeSpace, Runnable::run, MIB);
  }

  private void use(TestBroker other) {
    broker = other;
    memory = memoryMonitor();
    disk = diskMonitor();
  }

  private TestClient connect(int heartbeat, String... capabilities) {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities(capabilities), "guest");
    return client.tuneAndOpen(heartbeat, 131_072);
  }

  private TestChannel publisher() {
    return connect(0, "connection.blocked").channel(1).declare("q");
  }

  private void memoryLimit(long bytes) {
    broker.home().execute(() -> memory.highWatermark(bytes));
    broker.run();
  }

  private void diskLimit(long bytes) {
    broker.home().execute(() -> disk.limit(bytes));
    broker.run();
  }

  private static void expectBlocked(TestChannel channel, String reason) {
    assertThat(channel.client().expect(0, ConnectionMethod.Blocked.class).reason())
        .isEqualTo(reason);
  }

  private static void expectUnblocked(TestChannel channel) {
    channel.client().expect(0, ConnectionMethod.Unblocked.class);
  }

  @Test
  void aConnectionIsBlockedByItsNextPublishOnly() {
    TestChannel channel = publisher().confirm();
    memoryLimit(0);
    assertThat(broker.alarms().raised()).containsExactly(Resource.MEMORY);
    assertThat(channel.client().all(0)).isEmpty();
    channel.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class);

    channel.publish("q", "m").send(TestChannel.passive("q"));
    expectBlocked(channel, "low on memory");
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isZero();

    memoryLimit(NO_LIMIT);
    expectUnblocked(channel);
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
    assertThat(channel.client().all(1).stream().map(Received::method))
        .containsExactlyInAnyOrder(
            new QueueMethod.DeclareOk("q", 1, 0), new BasicMethod.Ack(1, false));
  }

  @Test
  void anEmptyMessageIsTakenBeforeItsConnectionIsBlocked() {
    TestChannel channel = publisher();
    memoryLimit(0);
    channel.publish("q", "").send(TestChannel.passive("q"));
    expectBlocked(channel, "low on memory");
    channel.expectNothing();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void aConnectionWhoseMessageIsHalfSentIsBlockedToo() {
    TestChannel channel = publisher();
    ByteBuf message =
        channel
            .client()
            .encode(
                1,
                new BasicMethod.Publish("", "q", false, false),
                BasicProperties.EMPTY,
                new byte[200_000]);
    channel.client().push(message.readRetainedSlice(1_000));
    memoryLimit(0);
    assertThat(channel.client().all(0)).isEmpty();
    channel.client().push(message);
    expectBlocked(channel, "low on memory");
    assertThat(broker.queue("q").readyCount()).isZero();
    memoryLimit(NO_LIMIT);
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void neitherAnAlarmMoreNorOneLessIsTold() {
    TestChannel channel = publisher();
    memoryLimit(0);
    channel.publish("q", "m");
    expectBlocked(channel, "low on memory");
    diskLimit(NO_LIMIT);
    memoryLimit(NO_LIMIT);
    assertThat(broker.alarms().raised()).containsExactly(Resource.DISK);
    assertThat(channel.client().all(0)).isEmpty();
    diskLimit(MIB);
    expectUnblocked(channel);
    assertThat(channel.client().all(0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoAlarmsAreNamedInRabbitMqsOrder(boolean memoryFirst) {
    TestChannel channel = publisher();
    if (memoryFirst) {
      memoryLimit(0);
    }
    diskLimit(NO_LIMIT);
    memoryLimit(0);
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk & memory");
  }

  @Test
  void anAlarmAndAnInjectedFaultBlockUntilBothAreOver() {
    TestChannel first = publisher();
    TestChannel second = publisher();
    Faults faults = broker.vhost().faults();
    FaultRule rule = FaultRule.of(FaultKind.BLOCK).build();
    broker.home().run(() -> faults.begin(rule));
    first.publish("q", "m");
    expectBlocked(first, "injected fault 1 (block)");
    diskLimit(NO_LIMIT);
    second.publish("q", "m");
    expectBlocked(second, "low on disk");
    broker.home().run(faults::removeAll);
    assertThat(first.client().all(0)).isEmpty();
    broker.home().run(() -> faults.begin(rule));
    diskLimit(MIB);
    assertThat(first.client().all(0)).isEmpty();
    assertThat(second.client().all(0)).isEmpty();
    broker.home().run(faults::removeAll);
    expectUnblocked(first);
    expectUnblocked(second);
    assertThat(broker.queue("q").readyCount()).isEqualTo(2);
  }

  @Test
  void aNewConnectionIsBlockedByItsFirstPublish() {
    diskLimit(NO_LIMIT);
    TestChannel channel = publisher();
    assertThat(channel.client().all(0)).isEmpty();
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk");
  }

  @Test
  void afterAnAlarmTheNextOneBlocksByTheNextPublish() {
    TestChannel channel = publisher();
    for (int i = 1; i <= 3; i++) {
      memoryLimit(0);
      channel.call(TestChannel.passive("q"), QueueMethod.DeclareOk.class);
      channel.publish("q", "m");
      expectBlocked(channel, "low on memory");
      memoryLimit(NO_LIMIT);
      expectUnblocked(channel);
      assertThat(broker.queue("q").readyCount()).isEqualTo(i);
    }
  }

  @Test
  void aClientThatDidNotAskIsBlockedWithoutAWord() {
    TestChannel channel = connect(0).channel(1).declare("q");
    memoryLimit(0);
    channel.publish("q", "m").send(TestChannel.passive("q"));
    broker.run();
    assertThat(channel.client().all(0)).isEmpty();
    channel.expectNothing();
    memoryLimit(NO_LIMIT);
    assertThat(channel.client().all(0)).isEmpty();
    channel.expect(QueueMethod.DeclareOk.class);
  }

  @Test
  void whoOnlyConsumesIsNeverBlocked() {
    TestChannel channel = publisher();
    for (int i = 0; i < 5; i++) {
      channel.publish("q", "m" + i);
    }
    diskLimit(NO_LIMIT);
    TestChannel consumer = publisher().prefetch(1).consume("q", "c");
    for (int i = 0; i < 5; i++) {
      assertThat(consumer.nextDelivery().text()).isEqualTo("m" + i);
      consumer.ack(i + 1);
    }
    assertThat(consumer.client().all(0)).isEmpty();
  }

  @Test
  void acknowledgementsOfABlockedConnectionWait() {
    TestChannel channel = publisher();
    channel.publish("q", "m");
    assertThat(channel.get("q").text()).isEqualTo("m");
    diskLimit(NO_LIMIT);
    channel.publish("other", "x").ack(1);
    expectBlocked(channel, "low on disk");
    assertThat(broker.queue("q").unackedCount()).isEqualTo(1);
    diskLimit(MIB);
    expectUnblocked(channel);
    assertThat(broker.queue("q").unackedCount()).isZero();
  }

  @Test
  void aBlockedClientMayBeSilent() {
    TestChannel channel = connect(10, "connection.blocked").channel(1);
    diskLimit(NO_LIMIT);
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk");
    broker.advance(100_000);
    assertThat(channel.client().isClosed()).isFalse();
    diskLimit(MIB);
    broker.advance(30_000);
    assertThat(channel.client().isClosed()).isTrue();
  }

  @Test
  void connectionCloseWaitsBehindTheBlock() {
    TestChannel channel = publisher();
    diskLimit(NO_LIMIT);
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk");
    channel.client().send(0, new ConnectionMethod.Close(200, "", 0, 0));
    assertThat(channel.client().all(0)).isEmpty();
    diskLimit(MIB);
    expectUnblocked(channel);
    channel.client().expect(0, ConnectionMethod.CloseOk.class);
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void theBrokerMayCloseABlockedConnection() {
    TestChannel channel = publisher();
    diskLimit(NO_LIMIT);
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk");
    channel.client().socket().shutDown("bye");
    assertThat(channel.client().expect(0, ConnectionMethod.Close.class).replyCode()).isEqualTo(320);
    channel.client().send(0, new ConnectionMethod.CloseOk());
    assertThat(channel.client().isClosed()).isTrue();
    diskLimit(MIB);
    assertThat(channel.client().all(0)).isEmpty();
  }

  @Test
  void aBlockedClientMayGo() {
    TestChannel channel = publisher();
    channel.declare("mine", true, false);
    diskLimit(NO_LIMIT);
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk");
    channel.client().drop();
    broker.run();
    assertThat(broker.vhost().queueOrNull("mine")).isNull();
    diskLimit(MIB);
    assertThat(broker.queue("q").readyCount()).isZero();
  }

  @Test
  void whoIsPausedForMemoryIsBlockedByTheNextCheckThatFindsItSo() {
    use(TestBroker.withMemory(MIB, 2 * MIB));
    broker.home().execute(memory::check);
    broker.run();
    TestChannel channel = publisher();
    TestChannel consumer = publisher();
    byte[] body = new byte[50_000];
    for (int i = 0; i < 30; i++) {
      channel.publish("", "q", BasicProperties.EMPTY, body);
    }
    broker.run();
    assertThat(channel.client().socket().unread()).isPositive();
    broker.advance(2_499);
    assertThat(channel.client().all(0)).isEmpty();
    broker.advance(1);
    expectBlocked(channel, "low on memory");

    // Publishers go on, and are told so, when consumers have caught up to four fifths.
    for (int i = 0; i < 3; i++) {
      consumer.send(new BasicMethod.Get("q", true));
    }
    broker.advance(1_000);
    assertThat(channel.client().all(0)).isEmpty();
    assertThat(broker.alarms().raised()).containsExactly(Resource.MEMORY);
    consumer.send(new QueueMethod.Purge("q", false));
    expectUnblocked(channel);
    assertThat(consumer.client().all(0)).isEmpty();
    assertThat(channel.client().socket().unread()).isZero();
    broker.advance(250);
    assertThat(broker.alarms().raised()).isEmpty();
  }

  @Test
  void anAlarmForTheMemoryShareBlocksOnlyWhoMayBePaused() {
    use(TestBroker.withMemory(MIB, 2 * MIB));
    broker.home().execute(memory::check);
    broker.run();
    byte[] body = new byte[50_000];
    TestChannel holder = publisher();
    holder.publish("q", "held").get("q");
    TestChannel paused = publisher();
    for (int i = 0; i < 25; i++) {
      paused.publish("", "q", BasicProperties.EMPTY, body);
    }
    broker.advance(2_500);
    expectBlocked(paused, "low on memory");

    // Who holds a delivery can free memory, or at least acknowledge.
    holder.publish("q", "goes on").ack(1);
    assertThat(holder.client().all(0)).isEmpty();
    assertThat(broker.queue("q").unackedCount()).isZero();
    // Now it can be paused, and is told at once, because there is an alarm already.
    holder.publish("q", "the last");
    expectBlocked(holder, "low on memory");
    paused.client().drop();
    holder.client().drop();
    broker.run();
    broker.advance(250);
    assertThat(broker.alarms().raised()).isEmpty();
  }

  @Test
  void whoIsPausedAndBlockedIsUnblockedOnce() {
    use(TestBroker.withMemory(MIB, 2 * MIB));
    memoryLimit(NO_LIMIT);
    TestChannel channel = publisher();
    TestChannel consumer = publisher();
    for (int i = 0; i < 25; i++) {
      channel.publish("", "q", BasicProperties.EMPTY, new byte[50_000]);
    }
    memoryLimit(0);
    expectBlocked(channel, "low on memory");
    consumer.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    // Released from the pause it publishes on, and the alarm for the watermark is still there.
    expectUnblocked(channel);
    expectBlocked(channel, "low on memory");
    assertThat(channel.client().all(0)).isEmpty();
    memoryLimit(NO_LIMIT);
    expectUnblocked(channel);
    assertThat(channel.client().all(0)).isEmpty();
    assertThat(channel.client().socket().unread()).isZero();
  }

  @Test
  void messagesAboveTheWatermarkRaiseTheAlarmAtTheNextCheck() {
    TestChannel channel = publisher();
    memoryLimit(MIB);
    for (int i = 0; i < 11; i++) {
      channel.publish("", "q", BasicProperties.EMPTY, new byte[100_000]);
    }
    assertThat(broker.alarms().raised()).isEmpty();
    broker.advance(2_500);
    assertThat(broker.alarms().raised()).containsExactly(Resource.MEMORY);
    channel.call(new QueueMethod.Purge("q", false), QueueMethod.PurgeOk.class);
    broker.advance(250);
    assertThat(broker.alarms().raised()).isEmpty();
  }

  @Test
  void theDiskIsLookedAtMoreOftenTheCloserTheLimit() {
    broker.home().execute(disk::check);
    broker.run();
    freeSpace = 0;
    // 499 MiB away at 250 MB a second would take two seconds, times two.
    broker.advance(3_900);
    assertThat(broker.alarms().raised()).isEmpty();
    broker.advance(300);
    assertThat(broker.alarms().raised()).containsExactly(Resource.DISK);

    freeSpace = MIB;
    broker.advance(1_000);
    assertThat(broker.alarms().raised()).isEmpty();
    freeSpace = MIB - 1;
    broker.advance(100);
    assertThat(broker.alarms().raised()).containsExactly(Resource.DISK);
  }

  @Test
  void aDiskThatCannotBeAskedLeavesTheAlarmAsItIs() {
    boolean[] fails = {true};
    DiskMonitor failing =
        new DiskMonitor(
            broker.alarms(),
            () -> {
              if (fails[0]) {
                throw new IllegalStateException("gone");
              }
              return 0;
            },
            Runnable::run,
            MIB);
    broker.home().execute(failing::check);
    broker.run();
    assertThat(broker.alarms().raised()).isEmpty();
    fails[0] = false;
    broker.advance(10_000);
    assertThat(broker.alarms().raised()).containsExactly(Resource.DISK);
    fails[0] = true;
    broker.advance(60_000);
    assertThat(broker.alarms().raised()).containsExactly(Resource.DISK);
  }

  @Test
  void everyLoopHearsOfAnAlarm() {
    use(TestBroker.withTwoLoops());
    TestChannel channel = publisher();
    diskLimit(NO_LIMIT);
    channel.publish("q", "m");
    expectBlocked(channel, "low on disk");
    diskLimit(MIB);
    expectUnblocked(channel);
    broker.run();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }
}
