package io.harveymq.broker.recording;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.node.LoopAlarms;
import io.harveymq.broker.vhost.Continuation;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Publishes messages again in their order and at their times, in slices, with the checks that a
 * client meets. It waits where publishers wait: while the memory share is used up, while an alarm
 * blocks them, and until the store has what it published. Owned by the home loop.
 */
public final class Replayer implements Continuation {
  /** Messages published in a turn. */
  static final int PER_TURN = 256;

  /** Messages that the store may not have yet. */
  static final int MOST_UNSTORED = 1_024;

  /** What backends allowed is asked again after so long, as of a connection. */
  private static final long ALLOWED_MILLIS = 60_000;

  /**
   * What is replayed.
   *
   * @param recording its number; 0 for what came from elsewhere
   * @param hidden places in the recording of messages that are left out, ascending
   */
  public record Source(
      long recording, List<RecordedMessage> messages, List<Integer> hidden, ReplayRule rule) {
    /** Messages that came from elsewhere. */
    public static Source of(List<RecordedMessage> messages, ReplayRule rule) {
      return new Source(0, messages, List.of(), rule);
    }
  }

  /**
   * In whose name.
   *
   * @param checks makes new ones each time
   */
  public record Access(Supplier<AccessChecks> checks, LoopAlarms alarms) {}

  private final VirtualHost vhost;
  private final HomeLoop home;
  private final Access access;
  private final ReplayRule rule;
  private final long id;
  private final long recording;
  private final List<Integer> hidden;
  private final String user;
  private final long total;
  private final long bytes;
  private final long first;
  private final long length;
  private final Runnable wake = this::wake;
  private final Deadline due = new Deadline(wake);
  private final CompletableFuture<Replay> over = new CompletableFuture<>();
  private List<RecordedMessage> messages;
  private AccessChecks checks;
  private DirectMessages direct;
  private long checksMade;
  private Replay.State state = Replay.State.RUNNING;
  private boolean awake;
  private boolean asking;
  private long began;
  private long ended;
  private long next;
  private int unstored;
  private long published;
  private long unroutable;
  private long rejected;
  private long refused;
  private Replay.Failure firstError;

  Replayer(VirtualHost vhost, Source source, Access access) {
    this.vhost = vhost;
    this.home = vhost.home();
    this.access = access;
    this.rule = source.rule();
    this.recording = source.recording();
    this.hidden = source.hidden();
    this.messages = source.messages();
    this.id = home.recordingBudget().nextReplay();
    this.total = (long) messages.size() * rule.times();
    this.bytes = messages.stream().mapToLong(RecordedMessage::bytes).sum();
    this.first = messages.get(0).atMillis();
    long last = messages.stream().mapToLong(RecordedMessage::atMillis).max().orElseThrow();
    this.length = Math.max(0, last - first);
    renew();
    this.user = checks.user();
  }

  private void renew() {
    checks = access.checks().get();
    direct = new DirectMessages(vhost, checks);
    checksMade = home.now();
  }

  long id() {
    return id;
  }

  boolean isRunning() {
    return state == Replay.State.RUNNING;
  }

  CompletableFuture<Replay> whenOver() {
    return over;
  }

  // ---- before anything is published

  /** Completed when all exchanges are there and the user may publish to them. */
  CompletableFuture<Void> check() {
    Map<String, Integer> exchanges = new LinkedHashMap<>();
    for (int i = 0; i < messages.size(); i++) {
      exchanges.putIfAbsent(exchangeOf(messages.get(i)), i);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    check(exchanges, done);
    return done;
  }

  private void check(Map<String, Integer> exchanges, CompletableFuture<Void> done) {
    try {
      exchanges.forEach(this::checkExchange);
      done.complete(null);
    } catch (AccessPending pending) {
      pending.whenKnown(() -> check(exchanges, done));
    } catch (RuntimeException refusal) {
      done.completeExceptionally(refusal);
    }
  }

  private void checkExchange(String name, int message) {
    checks.checkExchange(AccessRight.WRITE, name);
    if (vhost.exchangeOrNull(name) == null) {
      throw new ChannelException(
          ReplyCode.NOT_FOUND,
          "no "
              + ResourceName.exchange(vhost.name(), name)
              + (rule.exchange() == null
                  ? ", which message "
                      + recordedPlace(message)
                      + " was published to: declare it, or name another exchange for the replay"
                  : ": declare it before the replay"));
    }
  }

  /** The place of one of the messages in the recording, where those that are hidden count. */
  private int recordedPlace(int place) {
    int recorded = place;
    for (int before : hidden) {
      if (before <= recorded) {
        recorded++;
      }
    }
    return recorded;
  }

  private String exchangeOf(RecordedMessage message) {
    return rule.exchange() == null ? message.content().exchange() : rule.exchange();
  }

  // ---- publishing

  /**
   * Begins to publish.
   *
   * @throws IllegalArgumentException when those that run take all the memory that there is for them
   */
  void start() {
    if (!home.recordingBudget().replay(bytes)) {
      throw new IllegalArgumentException(
          "other replays take all the memory that there is for them; stop one before");
    }
    began = home.now();
    wake();
  }

  private void wake() {
    if (!awake && isRunning()) {
      awake = true;
      home.startBulk(this);
    }
  }

  @Override
  public boolean step(int units) {
    int left = Math.min(units, PER_TURN);
    while (isRunning()) {
      if (next == total) {
        if (unstored == 0) {
          end(Replay.State.DONE);
        }
        break;
      }
      if (mustWait()) {
        break;
      }
      if (left-- == 0) {
        return false;
      }
      publishNext();
    }
    awake = false;
    return true;
  }

  /** Whether the next message has to wait; what it waits for wakes this up. */
  private boolean mustWait() {
    if (asking || unstored >= MOST_UNSTORED) {
      return true;
    }
    if (home.memory().overShare()) {
      home.whenMemoryFreed(wake);
      return true;
    }
    if (access.alarms().blocksPublishers()) {
      access.alarms().whenUnblocked(wake);
      return true;
    }
    long at = began + offset();
    if (at > home.now()) {
      home.deadlines().set(due, at);
      return true;
    }
    return false;
  }

  /** When the next message is due, in milliseconds from the beginning of the replay. */
  private long offset() {
    if (rule.speed() == 0) {
      return 0;
    }
    long round = next / messages.size();
    long recorded = messages.get(place()).atMillis() - first;
    return (long) ((round * (double) length + recorded) / rule.speed());
  }

  private int place() {
    return (int) (next % messages.size());
  }

  private void publishNext() {
    if (home.now() - checksMade >= ALLOWED_MILLIS) {
      renew();
    }
    int place = place();
    RecordedMessage message = messages.get(place);
    DirectMessages.Publish publish =
        new DirectMessages.Publish(
            exchangeOf(message),
            message.content().routingKey(),
            message.content().properties(),
            message.content().body(),
            message.mandatory());
    try {
      CompletableFuture<DirectMessages.Published> outcome = direct.publishNow(publish);
      next++;
      published++;
      unstored++;
      outcome.thenAccept(became -> settled(place, became));
    } catch (AccessPending pending) {
      asking = true;
      pending.whenKnown(
          () -> {
            asking = false;
            wake();
          });
    } catch (AmqpException refusal) {
      next++;
      refused++;
      failed(place, refusal.replyText());
    }
  }

  private void settled(int place, DirectMessages.Published became) {
    unstored--;
    if (became == DirectMessages.Published.UNROUTABLE) {
      unroutable++;
    } else if (became == DirectMessages.Published.REJECTED) {
      rejected++;
      failed(place, "a queue is full and did not take it");
    }
    wake();
  }

  private void failed(int place, String reason) {
    if (firstError == null) {
      firstError = new Replay.Failure(recordedPlace(place), reason);
    }
  }

  // ---- the end

  /** Publishes no more; nothing happens when it is over. */
  void stop() {
    if (isRunning()) {
      end(Replay.State.STOPPED);
    }
  }

  @Override
  public void givenUp() {
    if (isRunning()) {
      failed(place(), "a fault of the broker; see its log");
      end(Replay.State.STOPPED);
    }
  }

  private void end(Replay.State how) {
    state = how;
    ended = home.now();
    home.deadlines().clear(due);
    home.forgetMemoryFreed(wake);
    access.alarms().forget(wake);
    home.recordingBudget().replayed(bytes);
    messages = List.of();
    over.complete(seen());
  }

  Replay seen() {
    return new Replay(
        id,
        vhost.name(),
        user,
        recording,
        hidden.size(),
        rule,
        state,
        total,
        published,
        unroutable,
        rejected,
        refused,
        firstError,
        began,
        (isRunning() ? home.now() : ended) - began);
  }
}
