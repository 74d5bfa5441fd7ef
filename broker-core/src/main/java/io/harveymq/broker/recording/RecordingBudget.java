package io.harveymq.broker.recording;

/**
 * The memory that the recordings of a loop may take together, as much again that running replays
 * may, and the numbers that both get. Owned by the home loop.
 */
public final class RecordingBudget {
  /** The part of the heap for all recordings. */
  private static final int PART_OF_HEAP = 64;

  private final long limit;
  private long recorded;
  private long replayed;
  private long lastRecording;
  private long lastReplay;

  /** Of the heap that there is. */
  public RecordingBudget() {
    this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  RecordingBudget(long limit) {
    this.limit = limit;
  }

  /** Bytes for all recordings, and for all running replays. */
  public long limit() {
    return limit;
  }

  /** Takes memory for a message; false when there is none. */
  boolean record(long bytes) {
    if (recorded + bytes > limit) {
      return false;
    }
    recorded += bytes;
    return true;
  }

  /** A recording is deleted. */
  void forget(long bytes) {
    recorded -= bytes;
  }

  /** Takes memory for the messages of a replay, all of it for one that is alone. */
  boolean replay(long bytes) {
    if (replayed > 0 && replayed + bytes > limit) {
      return false;
    }
    replayed += bytes;
    return true;
  }

  /** A replay is over. */
  void replayed(long bytes) {
    replayed -= bytes;
  }

  long nextRecording() {
    return ++lastRecording;
  }

  long nextReplay() {
    return ++lastReplay;
  }
}
