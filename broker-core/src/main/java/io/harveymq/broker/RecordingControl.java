package io.harveymq.broker;

import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.broker.recording.RecordingRule;
import io.harveymq.broker.recording.Recordings;
import io.harveymq.broker.recording.Replay;
import io.harveymq.broker.recording.ReplayRule;
import io.harveymq.broker.recording.Replayer;
import io.harveymq.codec.AmqpException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Records what is published to a running broker, and publishes it again, as a fixture of a test or
 * as a bug's history:
 *
 * <pre>{@code
 * Recording recording = broker.recordings().begin("/", RecordingRule.builder().build());
 * // what publishes
 * List<RecordedMessage> traffic = broker.recordings().messages("/", recording.id());
 * Replay replay = other.recordings().replay("/", traffic, ReplayRule.atOnce());
 * other.recordings().whenOver("/", replay.id()).toCompletableFuture().join();
 * }</pre>
 *
 * <p>Recordings are kept in memory until they are deleted, and with their virtual host; none is
 * stored. Times go by the broker's clock.
 *
 * <p>Safe from any thread, but those of the broker must not wait; the methods that begin with
 * submit don't. All throw an IllegalArgumentException when there is no such virtual host, and an
 * IllegalStateException when the broker is closed.
 */
public final class RecordingControl {
  private static final int TIMEOUT_SECONDS = 30;

  private final Node node;
  private final VhostCalls calls;
  private final BrokerCommands commands;

  RecordingControl(Node node, BrokerCommands commands) {
    this.node = node;
    this.calls = new VhostCalls(node);
    this.commands = commands;
  }

  /** The broker ends: no replay goes on, and nobody waits for one. */
  void end() {
    calls.submitAll(
        name -> true,
        vhost -> {
          vhost.recordings().replays().stopAll();
          return List.of();
        });
  }

  // ---- recordings

  /**
   * Begins a recording.
   *
   * @throws IllegalArgumentException when there are {@link Recordings#MOST} already
   */
  public Recording begin(String vhost, RecordingRule rule) {
    return calls.call(vhost, found -> found.recordings().begin(null, rule));
  }

  /** The recordings of a virtual host, the oldest first. */
  public List<Recording> list(String vhost) {
    return calls.call(vhost, found -> found.recordings().all());
  }

  /** Stops a recording, and keeps it. Returns null when there is none with this id. */
  public Recording stop(String vhost, long id) {
    return calls.call(vhost, found -> found.recordings().stop(id));
  }

  /** What a recording has, the oldest first; null when there is none with this id. */
  public List<RecordedMessage> messages(String vhost, long id) {
    return calls.call(vhost, found -> found.recordings().messages(id, 0, Integer.MAX_VALUE));
  }

  /**
   * Stops a recording and forgets it.
   *
   * @return false when there is none with this id
   */
  public boolean delete(String vhost, long id) {
    return calls.call(vhost, found -> found.recordings().remove(id));
  }

  /** {@link #begin} in the name of a user, without waiting. */
  public CompletionStage<Recording> submitBegin(String vhost, String user, RecordingRule rule) {
    return calls.submit(vhost, found -> found.recordings().begin(user, rule));
  }

  /** Something about the recordings of a virtual host, asked on its loop, without waiting. */
  public <T> CompletionStage<T> submit(String vhost, Function<Recordings, T> question) {
    return calls.submit(vhost, found -> question.apply(found.recordings()));
  }

  /** The same of the virtual hosts that pass, one after another. */
  public <T> CompletionStage<List<T>> submitAll(
      Predicate<String> vhosts, Function<Recordings, List<T>> question) {
    return calls.submitAll(vhosts, found -> question.apply(found.recordings()));
  }

  // ---- replays

  /**
   * Begins to publish messages again, with all rights. What becomes of it {@link #replays} and
   * {@link #whenOver} tell.
   *
   * @throws IllegalArgumentException when an exchange is not there, when there is no message, or
   *     when too many replays run; nothing is published then
   */
  public Replay replay(String vhost, List<RecordedMessage> messages, ReplayRule rule) {
    try {
      return submitReplay(null, vhost, Replayer.Source.of(List.copyOf(messages), rule))
          .toCompletableFuture()
          .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      if (cause instanceof AmqpException refusal) {
        throw new IllegalArgumentException(refusal.replyText(), refusal);
      }
      if (cause instanceof IllegalStateException closed) {
        throw closed;
      }
      throw new IllegalStateException(
          cause instanceof TimeoutException ? "the broker does not answer" : "the replay failed",
          cause);
    }
  }

  /**
   * {@link #replay} without waiting for its beginning, and with the rights of a user.
   *
   * @param user null for the broker itself, which may do everything
   * @return completed exceptionally with an {@link AmqpException} when the user may not or an
   *     exchange is not there, with an IllegalArgumentException as {@link #replay}
   */
  public CompletionStage<Replay> submitReplay(Identity user, String vhost, Replayer.Source source) {
    return commands.replay(user, vhost, source);
  }

  /** The replays of a virtual host that run, and the last ones that are over, the oldest first. */
  public List<Replay> replays(String vhost) {
    return calls.call(vhost, found -> found.recordings().replays().all());
  }

  /** Stops a replay; what was published stays. Returns null when there is none with this id. */
  public Replay stopReplay(String vhost, long id) {
    return calls.call(vhost, found -> found.recordings().replays().stop(id));
  }

  /**
   * How a replay ended, once it is over.
   *
   * @return completed with null when there is none with this id
   */
  public CompletionStage<Replay> whenOver(String vhost, long id) {
    return calls
        .submit(vhost, found -> found.recordings().replays().whenOver(id))
        .thenCompose(over -> over);
  }
}
