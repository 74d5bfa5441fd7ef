package io.harveymq.broker.vhost;

/**
 * Counts the bytes that clients make a home loop keep: messages once, queue entries, unacknowledged
 * deliveries, unfinished content, open transactions. Owned by the home loop.
 */
public final class MemoryAccount {
  /** Bytes counted for a message besides its body and properties. */
  public static final int MESSAGE_OVERHEAD = 100;

  /** Bytes counted for a key in BCC besides its letters. */
  public static final int KEY_OVERHEAD = 48;

  /** Bytes counted for a place in a queue. */
  public static final int ENTRY_SIZE = 8;

  /** Bytes counted for an unacknowledged delivery. */
  public static final int UNACKED_SIZE = 64;

  private static final int RESUME_NUMERATOR = 4;
  private static final int RESUME_DENOMINATOR = 5;

  /** Output may take up to this part of the share before it is kept short. */
  private static final int OUTPUT_SHARE = 4;

  private static final long SMALLEST_WINDOW = 256 << 10;
  private static final long LARGEST_WINDOW = 16 << 20;
  private static final int WINDOW_SHARE = 8;

  /** Frames that are not whole may take this part of the share. */
  private static final int INPUT_SHARE = 2;

  private final long share;
  private final long hardLimit;
  private final Structures structures;
  private long used;
  private long unfinished;
  private long output;
  private long input;

  /**
   * @param share bytes from which on publishers are not read
   * @param hardLimit bytes from which on a connection that can't be paused is closed when it
   *     publishes
   */
  public MemoryAccount(long share, long hardLimit) {
    this(share, hardLimit, Long.MAX_VALUE);
  }

  /**
   * @param share bytes from which on publishers are not read
   * @param hardLimit bytes from which on a connection that can't be paused is closed when it
   *     publishes
   * @param structureLimit bytes that queues and the like may take
   */
  public MemoryAccount(long share, long hardLimit, long structureLimit) {
    this.share = share;
    this.hardLimit = hardLimit;
    this.structures = new Structures(structureLimit);
  }

  /** What clients make besides messages. */
  public Structures structures() {
    return structures;
  }

  /** Counts bytes in, or out when negative. */
  public void add(long bytes) {
    used += bytes;
  }

  /** Counts bytes of messages that are not received in full, in or out. */
  public void addUnfinished(long bytes) {
    unfinished += bytes;
    used += bytes;
  }

  /** Counts bytes that wait to be written to sockets, in or out; they are no part of the share. */
  public void addOutput(long bytes) {
    output += bytes;
  }

  /** Counts bytes of frames that are not whole, in or out; they are no part of the share. */
  public void addInput(long bytes) {
    input += bytes;
  }

  /** Bytes of frames that are not whole. */
  public long input() {
    return input;
  }

  /** Whether such frames take more than they may. */
  public boolean inputFull() {
    return input > share / INPUT_SHARE;
  }

  /** Whether so much waits to be written that each connection has to do with little. */
  public boolean outputTight() {
    return output > share / OUTPUT_SHARE;
  }

  /** Whether consumers can bring it down to where publishers go on, by taking what is complete. */
  public boolean consumersCanHelp() {
    return used - unfinished > share / RESUME_DENOMINATOR * RESUME_NUMERATOR;
  }

  /**
   * Bytes of waiting messages that one queue may keep in memory if it can have the others in the
   * store: less when memory gets short.
   */
  public long queueWindow() {
    long window = Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, share / WINDOW_SHARE));
    if (used <= share / 2) {
      return window;
    }
    return used <= share / RESUME_DENOMINATOR * (RESUME_NUMERATOR - 1) ? SMALLEST_WINDOW : 0;
  }

  /** Bytes counted now. */
  public long used() {
    return used;
  }

  /** Whether publishers are to be paused. */
  public boolean overShare() {
    return used > share;
  }

  /** Whether consumers have caught up so far that publishers may go on. */
  public boolean belowResumeLevel() {
    return used <= share / RESUME_DENOMINATOR * RESUME_NUMERATOR;
  }

  /** Whether even a connection that holds deliveries may not publish any more. */
  public boolean overHardLimit() {
    return used > hardLimit;
  }

  /** The bytes of {@link #overShare}. */
  public long share() {
    return share;
  }

  /** The bytes of {@link #overHardLimit}. */
  public long hardLimit() {
    return hardLimit;
  }
}
