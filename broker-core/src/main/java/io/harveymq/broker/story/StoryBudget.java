package io.harveymq.broker.story;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory that the recordings of a loop may take together, each the same part of it, and the
 * numbers that their stories get. Owned by the home loop.
 */
public final class StoryBudget {
  /** The part of the heap for all of them. */
  private static final int PART_OF_HEAP = 64;

  private final long bytes;
  private final List<Stories> recordings = new ArrayList<>();
  private int lastId;

  /** Of the heap that there is. */
  public StoryBudget() {
    this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  StoryBudget(long bytes) {
    this.bytes = bytes;
  }

  void begin(Stories recording) {
    recordings.add(recording);
    recordings.forEach(Stories::trim);
  }

  void end(Stories recording) {
    recordings.remove(recording);
  }

  /** Bytes for each. */
  long share() {
    return bytes / Math.max(1, recordings.size());
  }

  /** Never 0, which means no story. */
  int nextId() {
    lastId = lastId == -1 ? 1 : lastId + 1;
    return lastId;
  }
}
