package io.harveymq.broker.vhost;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.ReplyCode;

/**
 * Counts what clients make besides messages: queues, exchanges, bindings, consumers, channels and
 * connections, and the bytes that they take, by what was measured for each kind. When these fill
 * their part of the memory, nothing more is made until some are gone; publishers have a limit of
 * their own. Owned by the home loop.
 */
public final class Structures {
  /** What can be made, with the bytes that one takes besides its names and arguments. */
  public enum Kind {
    QUEUE(1_100),
    /** The queue behind direct reply-to, which nobody declares. */
    REPLY_QUEUE(1_100),
    EXCHANGE(450),
    BINDING(350),
    CONSUMER(450),
    CHANNEL(1_000),
    CONNECTION(4_000);

    private final int size;

    Kind(int size) {
      this.size = size;
    }
  }

  /** What a word of a binding's key may take in the trie of a topic exchange. */
  private static final int WORD_SIZE = 180;

  private final long limit;
  private final int[] counts = new int[Kind.values().length];
  private long bytes;

  /**
   * @param limit bytes from which on nothing more is made
   */
  Structures(long limit) {
    this.limit = limit;
  }

  /**
   * Counts one in.
   *
   * @param variable bytes of its names and arguments
   */
  public void add(Kind kind, long variable) {
    counts[kind.ordinal()]++;
    bytes += kind.size + variable;
  }

  /**
   * Counts one out.
   *
   * @param variable as when it was added
   */
  public void remove(Kind kind, long variable) {
    counts[kind.ordinal()]--;
    bytes -= kind.size + variable;
    assert counts[kind.ordinal()] >= 0 && bytes >= 0 : kind;
  }

  /** How many of a kind there are. */
  public int count(Kind kind) {
    return counts[kind.ordinal()];
  }

  /** Bytes that all take. */
  public long bytes() {
    return bytes;
  }

  /** The most that they may take. */
  public long limit() {
    return limit;
  }

  /** Bytes of a name with its arguments. */
  static long sizeOf(String name, FieldTable arguments) {
    return name.length() + arguments.retainedSize();
  }

  /** Bytes of a binding's key and arguments. */
  static long sizeOfBinding(String key, FieldTable arguments, boolean topic) {
    long words = 0;
    for (int i = 0; topic && i < key.length(); i++) {
      words += key.charAt(i) == '.' ? 1 : 0;
    }
    return words * WORD_SIZE + sizeOf(key, arguments);
  }

  /** Whether nothing more may be made. */
  public boolean isFull() {
    return bytes >= limit;
  }

  /**
   * Checks that one more may be declared.
   *
   * @param what names it, as in {@code queue 'q' in vhost '/'}
   * @throws ChannelException 406 when there is no memory for it
   */
  public void requireRoomFor(String what) {
    if (isFull()) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "cannot declare " + what + ": " + reason());
    }
  }

  /**
   * Checks that one more channel or connection may be opened.
   *
   * @throws ConnectionException 506 when there is no memory for it
   */
  public void requireRoomToOpen(String what) {
    if (isFull()) {
      throw new ConnectionException(
          ReplyCode.RESOURCE_ERROR, "cannot open a " + what + ": " + reason(), 0, 0);
    }
  }

  private String reason() {
    return "queues, bindings, channels and the like take "
        + bytes
        + " bytes of memory, and may take "
        + limit;
  }
}
