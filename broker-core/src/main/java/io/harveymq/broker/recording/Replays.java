package io.harveymq.broker.recording;

import io.harveymq.broker.vhost.VirtualHost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The replays of a virtual host: those that run, and the last ones that are over. Owned by the home
 * loop.
 */
public final class Replays {
  /** Replays of a virtual host; those that are over make room for new ones. */
  public static final int MOST = 16;

  private final VirtualHost vhost;
  private final Map<Long, Replayer> all = new LinkedHashMap<>();

  private boolean stopped;

  Replays(VirtualHost vhost) {
    this.vhost = vhost;
  }

  /**
   * Begins a replay.
   *
   * @return how it stands, once it is known that the user may publish where it goes; exceptionally
   *     with an AmqpException if not, or if an exchange is not there, and with an
   *     IllegalArgumentException when it is empty or too many run. Nothing is published then
   */
  public CompletionStage<Replay> begin(Replayer.Source source, Replayer.Access access) {
    assert vhost.home().loop().inLoop();
    if (source.messages().isEmpty()) {
      throw new IllegalArgumentException("there is no message to replay");
    }
    makeRoom();
    Replayer replayer = new Replayer(vhost, source, access);
    return replayer
        .check()
        .thenApply(
            may -> {
              if (stopped) {
                throw new IllegalArgumentException("vhost '" + vhost.name() + "' is gone");
              }
              makeRoom();
              replayer.start();
              all.put(replayer.id(), replayer);
              return replayer.seen();
            });
  }

  private void makeRoom() {
    if (all.size() >= MOST) {
      long over =
          all.values().stream()
              .filter(one -> !one.isRunning())
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          MOST + " replays run in vhost '" + vhost.name() + "'; stop one before"))
              .id();
      all.remove(over);
    }
  }

  /** All that are there, the oldest first. */
  public List<Replay> all() {
    return all.values().stream().map(Replayer::seen).toList();
  }

  /** One that is there; null for none. */
  public Replay replay(long id) {
    Replayer found = all.get(id);
    return found == null ? null : found.seen();
  }

  /** Stops one; nothing happens to one that is over. Returns null for none. */
  public Replay stop(long id) {
    Replayer found = all.get(id);
    if (found == null) {
      return null;
    }
    found.stop();
    return found.seen();
  }

  /** Completed with how it ended when one is over; with null at once for none. */
  public CompletableFuture<Replay> whenOver(long id) {
    Replayer found = all.get(id);
    return found == null ? CompletableFuture.completedFuture(null) : found.whenOver();
  }

  /** Stops all; no other begins. The virtual host goes, or the broker ends. */
  public void stopAll() {
    stopped = true;
    all.values().forEach(Replayer::stop);
  }
}
