package io.harveymq.broker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.Authoriser;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that are published again: when, where to, and what they wait for. */
@Timeout(60)
class ReplaysTest {
  private TestBroker broker = TestBroker.start();
  private TestChannel channel = broker.channel().declare("q");

  private void use(TestBroker other) {
    broker = other;
    channel = broker.channel();
  }

  private static RecordedMessage message(long at, String exchange, String key, String body) {
    return message(at, exchange, key, BasicProperties.EMPTY, body);
  }

  private static RecordedMessage message(
      long at, String exchange, String key, BasicProperties properties, String body) {
    return RecordedMessage.of(at, exchange, key, properties, body.getBytes(StandardCharsets.UTF_8));
  }

  private static RecordedMessage toQueue(long at, String body) {
    return message(at, "", "q", body);
  }

  private Replays replays() {
    return broker.vhost().recordings().replays();
  }

  private Replay replay(ReplayRule rule, RecordedMessage... messages) {
    return replay(null, rule, List.of(messages));
  }

  private Replay replay(String user, ReplayRule rule, List<RecordedMessage> messages) {
    return replayBy(user == null ? null : broker.access().ownIdentity(user), rule, messages);
  }

  /** Begins it, and lets nothing follow; null while it is not known whether the user may. */
  private Replay replayBy(Identity user, ReplayRule rule, List<RecordedMessage> messages) {
    Replayer.Access access =
        new Replayer.Access(
            () ->
                AccessChecks.ofCommand(
                    broker.access().on(broker.home()), user, "/", broker.vhost().compatibility()),
            broker.alarms().on(broker.home()));
    CompletableFuture<CompletionStage<Replay>> begun = new CompletableFuture<>();
    Replayer.Source source = Replayer.Source.of(messages, rule);
    broker
        .home()
        .run(
            () -> {
              try {
                begun.complete(replays().begin(source, access));
              } catch (IllegalArgumentException refused) {
                begun.completeExceptionally(refused);
              }
            });
    try {
      return begun.join().toCompletableFuture().getNow(null);
    } catch (CompletionException failed) {
      throw (RuntimeException) failed.getCause();
    }
  }

  private Replay seen(Replay replay) {
    return replays().replay(replay.id());
  }

  private int ready() {
    return broker.queue("q").readyCount();
  }

  // ---- when

  @Test
  void messagesGoInTheirOrderAsTheyWereSpacedAndTheFirstAtOnce() {
    Replay replay =
        replay(
            ReplayRule.atSpeed(1), toQueue(5_000, "1"), toQueue(5_000, "2"), toQueue(6_000, "3"));
    broker.run();
    assertThat(ready()).isEqualTo(2);
    broker.advance(999);
    assertThat(ready()).isEqualTo(2);
    assertThat(seen(replay).state()).isEqualTo(Replay.State.RUNNING);
    broker.advance(1);
    assertThat(broker.home().deadlines().count()).isZero();
    assertThat(channel.drain("q")).containsExactly("1", "2", "3");
    Replay over = seen(replay);
    assertThat(over.state()).isEqualTo(Replay.State.DONE);
    assertThat(over.published()).isEqualTo(3);
    assertThat(over.lengthMillis()).isEqualTo(1_000);
  }

  @Test
  void tenTimesAsFastOrHalfAsFast() {
    replay(ReplayRule.atSpeed(10), toQueue(0, "1"), toQueue(1_000, "2"));
    broker.advance(99);
    assertThat(ready()).isEqualTo(1);
    broker.advance(1);
    assertThat(ready()).isEqualTo(2);
    replay(ReplayRule.atSpeed(0.5), toQueue(0, "3"), toQueue(1_000, "4"));
    broker.advance(1_999);
    assertThat(ready()).isEqualTo(3);
    broker.advance(1);
    assertThat(ready()).isEqualTo(4);
  }

  @Test
  void atOnceAndMoreThanOnce() {
    Replay replay = replay(ReplayRule.atOnce().times(3), toQueue(0, "1"), toQueue(9_000_000, "2"));
    broker.run();
    assertThat(channel.drain("q")).containsExactly("1", "2", "1", "2", "1", "2");
    assertThat(seen(replay).messages()).isEqualTo(6);
    assertThat(seen(replay).published()).isEqualTo(6);
  }

  @Test
  void repetitionsFollowEachOther() {
    replay(ReplayRule.atSpeed(1).times(2), toQueue(100, "1"), toQueue(300, "2"));
    broker.advance(199);
    assertThat(ready()).isEqualTo(1);
    broker.advance(1);
    assertThat(ready()).isEqualTo(3);
    broker.advance(200);
    assertThat(channel.drain("q")).containsExactly("1", "2", "1", "2");
  }

  /** A file that was put together by hand need not be in order. */
  @Test
  void timeThatGoesBackMeansAtOnce() {
    replay(ReplayRule.atSpeed(1), toQueue(100, "1"), toQueue(50, "2"), toQueue(200, "3"));
    broker.run();
    assertThat(ready()).isEqualTo(2);
    broker.advance(100);
    assertThat(channel.drain("q")).containsExactly("1", "2", "3");
  }

  // ---- where to

  @Test
  void exchangeThatIsNotThereRefusesAllBeforeAnythingIsPublished() {
    assertThatThrownBy(
            () -> replay(ReplayRule.atOnce(), toQueue(0, "1"), message(0, "shop", "k", "2")))
        .hasMessageContaining(
            "no exchange 'shop' in vhost '/', which message 1 was published to: declare it, or name"
                + " another exchange for the replay");
    assertThatThrownBy(() -> replay(ReplayRule.atOnce().to("mall"), toQueue(0, "1")))
        .hasMessageContaining("no exchange 'mall' in vhost '/': declare it before the replay");
    broker.run();
    assertThat(ready()).isZero();
    assertThat(replays().all()).isEmpty();
  }

  @Test
  void allOfThemGoToAnotherExchangeWithTheirKeys() {
    channel.bind("q", "amq.topic", "order.*");
    Replay replay =
        replay(
            ReplayRule.atOnce().to("amq.topic"),
            message(0, "shop", "order.new", "1"),
            message(0, "shop", "return.new", "2"));
    broker.run();
    assertThat(channel.drain("q")).containsExactly("1");
    assertThat(seen(replay).unroutable()).isEqualTo(1);
    assertThat(seen(replay).firstError()).isNull();
  }

  @Test
  void messageWithoutAQueueIsReturnedOrLostAsItWas() {
    RecordedMessage lost = message(0, "amq.topic", "nowhere", "1");
    RecordedMessage mandatory = new RecordedMessage(0, lost.content(), true, List.of(), null);
    replay(ReplayRule.atOnce(), lost, lost, mandatory);
    broker.run();
    assertThat(broker.vhost().ended().get(Counter.DROP_UNROUTABLE)).isEqualTo(2);
    assertThat(broker.vhost().ended().get(Counter.RETURN_UNROUTABLE)).isEqualTo(1);
    assertThat(broker.vhost().dropped().of("amq.topic").total()).isEqualTo(2);
  }

  @Test
  void queueThatIsFullRejects() {
    FieldTable arguments =
        FieldTable.builder().put("x-max-length", 1).put("x-overflow", "reject-publish").build();
    channel.call(
        new QueueMethod.Declare("full", false, false, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
    Replay replay =
        replay(
            ReplayRule.atOnce(),
            message(0, "", "full", "1"),
            message(0, "", "full", "2"),
            message(0, "", "full", "3"));
    broker.run();
    Replay over = seen(replay);
    assertThat(over.published()).isEqualTo(3);
    assertThat(over.rejected()).isEqualTo(2);
    assertThat(over.firstError())
        .isEqualTo(new Replay.Failure(1, "a queue is full and did not take it"));
  }

  // ---- who may

  @Test
  void userWhoMayNotPublishIsRefusedAndNothingHappens() {
    broker.change(editor -> editor.setPermission(new Permission("guest", "/", ".*", "", ".*")));
    assertThatThrownBy(() -> replay("guest", ReplayRule.atOnce(), List.of(toQueue(0, "1"))))
        .hasMessageContaining("access to exchange 'amq.default' in vhost '/' refused");
    assertThat(replays().all()).isEmpty();
  }

  @Test
  void rightThatIsTakenAwayCountsFromThenOn() {
    Replay replay =
        replay("guest", ReplayRule.atSpeed(1), List.of(toQueue(0, "1"), toQueue(1_000, "2")));
    broker.run();
    broker.change(editor -> editor.setPermission(new Permission("guest", "/", ".*", "", ".*")));
    broker.advance(1_000);
    Replay over = seen(replay);
    assertThat(over.published()).isEqualTo(1);
    assertThat(over.refused()).isEqualTo(1);
    assertThat(over.firstError().message()).isEqualTo(1);
    assertThat(over.firstError().reason()).contains("access to exchange 'amq.default'");
    assertThat(over.user()).isEqualTo("guest");
  }

  @Test
  void messageInAnotherUsersNameIsRefusedUnlessTheBrokerItselfReplays() {
    BasicProperties of = BasicProperties.builder().userId("somebody").build();
    RecordedMessage foreign = message(0, "", "q", of, "1");
    Replay replay = replay("guest", ReplayRule.atOnce(), List.of(foreign, toQueue(0, "2")));
    broker.run();
    assertThat(seen(replay).refused()).isEqualTo(1);
    assertThat(seen(replay).published()).isEqualTo(1);
    assertThat(seen(replay).firstError().reason())
        .contains("user_id property set to 'somebody' but authenticated user was 'guest'");
    assertThat(channel.drain("q")).containsExactly("2");
    replay(ReplayRule.atOnce(), foreign);
    broker.run();
    assertThat(channel.drain("q")).containsExactly("1");
  }

  @Test
  void orderIsKeptWhileABackendIsAskedForEachKey() {
    Map<AccessQuestion, CompletableFuture<Decision>> asked = new LinkedHashMap<>();
    Authoriser slow =
        (who, question) -> asked.computeIfAbsent(question, any -> new CompletableFuture<>());
    Identity outsider = new Identity("outsider", List.of(), List.of(slow));
    channel.bind("q", "amq.topic", "#");
    List<RecordedMessage> messages =
        List.of(message(0, "amq.topic", "a", "1"), message(0, "amq.topic", "b", "2"));
    assertThat(replayBy(outsider, ReplayRule.atOnce(), messages)).isNull();
    broker.run();
    assertThat(replays().all()).isEmpty();
    for (int known = 0; known < asked.size(); known++) {
      assertThat(ready()).isEqualTo(Math.max(0, known - 1));
      List.copyOf(asked.values()).get(known).complete(Decision.ALLOWED);
      broker.run();
    }
    assertThat(asked).hasSize(3);
    assertThat(channel.drain("q")).containsExactly("1", "2");
    assertThat(replays().all().get(0).state()).isEqualTo(Replay.State.DONE);
    assertThat(replays().all().get(0).user()).isEqualTo("outsider");
  }

  // ---- what it waits for

  @Test
  void memoryThatIsUsedUpHoldsItUntilConsumersHaveCaughtUp() {
    use(TestBroker.withMemory(100_000, 200_000));
    channel.declare("q");
    List<RecordedMessage> many = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      many.add(toQueue(0, "x".repeat(10_000)));
    }
    Replay replay = replay(null, ReplayRule.atOnce(), many);
    broker.run();
    assertThat(seen(replay).published()).isEqualTo(10);
    assertThat(broker.memory().used()).isLessThan(120_000);
    int drained = 0;
    for (int i = 0; i < 10; i++) {
      drained += channel.drain("q").size();
      channel.ackUpTo(0);
      broker.run();
    }
    assertThat(drained).isEqualTo(50);
    assertThat(seen(replay).state()).isEqualTo(Replay.State.DONE);
  }

  @Test
  void storeThatIsBehindHoldsIt() {
    use(TestBroker.on(new MemoryStore()));
    channel.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    BasicProperties persistent = BasicProperties.builder().deliveryMode(2).build();
    List<RecordedMessage> many = new ArrayList<>();
    for (int i = 0; i < Replayer.MOST_UNSTORED + 500; i++) {
      many.add(message(0, "", "q", persistent, "m"));
    }
    broker.holdStore(true);
    Replay replay = replay(null, ReplayRule.atOnce(), many);
    broker.run();
    assertThat(seen(replay).published()).isEqualTo(Replayer.MOST_UNSTORED);
    broker.holdStore(false);
    broker.run();
    assertThat(seen(replay).published()).isEqualTo(many.size());
    assertThat(seen(replay).state()).isEqualTo(Replay.State.DONE);
  }

  @Test
  void runningReplaysHaveSoMuchMemoryAndOneAloneHasAll() {
    RecordingBudget budget = broker.home().recordingBudget();
    assertThat(budget.replay(budget.limit() + 1)).isTrue();
    assertThatThrownBy(() -> replay(ReplayRule.atOnce(), toQueue(0, "1")))
        .hasMessage("other replays take all the memory that there is for them; stop one before");
    assertThat(replays().all()).isEmpty();
    budget.replayed(budget.limit() + 1);
    Replay replay = replay(ReplayRule.atOnce(), toQueue(0, "1"));
    broker.run();
    assertThat(seen(replay).state()).isEqualTo(Replay.State.DONE);
    assertThat(budget.replay(budget.limit())).isTrue();
  }

  // ---- the end

  @Test
  void stoppedOnePublishesNoMore() {
    Replay replay = replay(ReplayRule.atSpeed(1), toQueue(0, "1"), toQueue(1_000, "2"));
    broker.run();
    broker.home().run(() -> replays().stop(replay.id()));
    broker.advance(5_000);
    assertThat(seen(replay).state()).isEqualTo(Replay.State.STOPPED);
    assertThat(seen(replay).published()).isEqualTo(1);
    assertThat(seen(replay).lengthMillis()).isZero();
    assertThat(replays().whenOver(replay.id())).isCompleted();
    assertThat(broker.home().deadlines().count()).isZero();
    assertThat(channel.drain("q")).containsExactly("1");
  }

  @Test
  void thoseThatAreOverMakeRoomThoseThatRunDoNot() {
    Replay first = replay(ReplayRule.atOnce(), toQueue(0, "1"));
    broker.run();
    for (int i = 1; i < Replays.MOST; i++) {
      replay(ReplayRule.atSpeed(1), toQueue(0, "1"), toQueue(1_000, "2"));
    }
    replay(ReplayRule.atSpeed(1), toQueue(0, "1"), toQueue(1_000, "2"));
    assertThat(seen(first)).isNull();
    assertThatThrownBy(() -> replay(ReplayRule.atOnce(), toQueue(0, "1")))
        .hasMessage("16 replays run in vhost '/'; stop one before");
  }

  @Test
  void virtualHostThatGoesStopsThem() {
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("other")));
    Recordings others = broker.access().vhosts().get("other").recordings();
    Replayer.Access access =
        new Replayer.Access(
            () ->
                AccessChecks.ofBroker(
                    broker.access().on(broker.home()), "other", broker.vhost().compatibility()),
            broker.alarms().on(broker.home()));
    Replayer.Source source =
        Replayer.Source.of(List.of(toQueue(0, "1"), toQueue(9_000, "2")), ReplayRule.atSpeed(1));
    broker.home().run(() -> others.replays().begin(source, access));
    broker.run();
    broker.change(editor -> editor.deleteVhost("other"));
    broker.run();
    assertThat(others.replays().all().get(0).state()).isEqualTo(Replay.State.STOPPED);
    assertThat(broker.home().deadlines().count()).isZero();
  }

  @Test
  void whatCanNotBeIsRefused() {
    assertThatThrownBy(() -> replay(null, ReplayRule.atOnce(), List.of()))
        .hasMessage("there is no message to replay");
    assertThatThrownBy(() -> ReplayRule.atSpeed(-1)).hasMessageStartingWith("speed has to be");
    assertThatThrownBy(() -> ReplayRule.atSpeed(Double.NaN)).hasMessageStartingWith("speed has");
    assertThatThrownBy(() -> ReplayRule.atOnce().times(0))
        .hasMessage("times has to be from 1 to 1000000");
  }

  /** Content that is shared is not changed: CC and BCC are taken out of a copy. */
  @Test
  void contentStaysAsItIs() {
    Content content = toQueue(0, "1").content();
    replay(ReplayRule.atOnce(), new RecordedMessage(0, content, false, List.of(), null));
    broker.run();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
    assertThat(channel.get("q").body()).isEqualTo(content.body());
  }
}
