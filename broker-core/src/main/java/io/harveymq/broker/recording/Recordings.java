package io.harveymq.broker.recording;

import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The recordings of a virtual host, those that take messages and those that are kept, and its
 * replays. While none is on, publishing knows nothing of it. Owned by the home loop.
 */
public final class Recordings {
  /** Recordings of a virtual host. */
  public static final int MOST = 32;

  private final VirtualHost vhost;
  private final HomeLoop home;
  private final Map<Long, Recorder> all = new LinkedHashMap<>();
  private final Replays replays;

  public Recordings(VirtualHost vhost) {
    this.vhost = vhost;
    this.home = vhost.home();
    this.replays = new Replays(vhost);
  }

  /** What is being replayed, and the last replays that are over. */
  public Replays replays() {
    return replays;
  }

  /**
   * Begins a recording.
   *
   * @param user who does; null for an embedder
   * @throws IllegalArgumentException when there are too many
   */
  public Recording begin(String user, RecordingRule rule) {
    assert home.loop().inLoop();
    if (all.size() >= MOST) {
      throw new IllegalArgumentException(
          "vhost '" + vhost.name() + "' has " + MOST + " recordings; delete one before");
    }
    long id = home.recordingBudget().nextRecording();
    Recorder recorder = new Recorder(id, user, rule, vhost, this::stop);
    all.put(id, recorder);
    vhost.recorders(running());
    return recorder.seen(vhost.name());
  }

  private List<Recorder> running() {
    return all.values().stream().filter(Recorder::isOn).toList();
  }

  private void stop(Recorder recorder, RecordingEnd end) {
    recorder.end(end);
    vhost.recorders(running());
  }

  /** All that are there, the oldest first. */
  public List<Recording> all() {
    return all.values().stream().map(one -> one.seen(vhost.name())).toList();
  }

  /** One that is there; null for none. */
  public Recording recording(long id) {
    Recorder found = all.get(id);
    return found == null ? null : found.seen(vhost.name());
  }

  /**
   * Some messages of a recording in their order; null when it is not there.
   *
   * @param from the number of the first one, from 0
   * @param most how many at most
   */
  public List<RecordedMessage> messages(long id, int from, int most) {
    Recorder found = all.get(id);
    if (found == null) {
      return null;
    }
    int size = found.messages().size();
    int first = Math.min(from, size);
    int last = first + Math.min(most, size - first);
    return List.copyOf(found.messages().subList(first, last));
  }

  /** Stops a recording; nothing happens to one that has ended. Returns null for none. */
  public Recording stop(long id) {
    Recorder found = all.get(id);
    if (found == null) {
      return null;
    }
    if (found.isOn()) {
      stop(found, RecordingEnd.ASKED);
    }
    return found.seen(vhost.name());
  }

  /**
   * Stops a recording and forgets it.
   *
   * @return false when there is none
   */
  public boolean remove(long id) {
    if (stop(id) == null) {
      return false;
    }
    home.recordingBudget().forget(all.remove(id).bytes());
    return true;
  }

  /** Forgets all recordings and stops all replays, because the virtual host goes. */
  public void removeAll() {
    List.copyOf(all.keySet()).forEach(this::remove);
    replays.stopAll();
  }
}
