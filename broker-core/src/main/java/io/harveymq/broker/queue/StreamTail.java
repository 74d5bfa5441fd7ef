package io.harveymq.broker.queue;

import io.harveymq.broker.vhost.MemoryAccount;

/**
 * Messages of a stream that are in memory: all from some offset to the end, in blocks, so that
 * neither growing nor finding one takes long. Owned by the home loop.
 */
final class StreamTail {
  private static final int BLOCK_BITS = 9;
  private static final int BLOCK = 1 << BLOCK_BITS;

  private static final class Block {
    final Message[] messages = new Message[BLOCK];
    final long[] times = new long[BLOCK];
  }

  private final MemoryAccount memory;
  private Block[] blocks = new Block[1];
  private long first;
  private long next;
  private long bytes;

  StreamTail(MemoryAccount memory) {
    this.memory = memory;
  }

  /** The offset of the first message that is here; that of the next one when there is none. */
  long first() {
    return first;
  }

  /** Bytes of the messages. */
  long bytes() {
    return bytes;
  }

  /** Holds nothing, and begins with this offset; only while it is empty. */
  void startAt(long offset) {
    assert first == next;
    first = offset;
    next = offset;
  }

  /** Adds the next message, published at this time. */
  void add(Message message, long time) {
    long number = next >> BLOCK_BITS;
    if (number - (first >> BLOCK_BITS) == blocks.length) {
      grow();
    }
    int at = (int) (number & blocks.length - 1);
    if (blocks[at] == null) {
      blocks[at] = new Block();
    }
    int slot = slot(next);
    blocks[at].messages[slot] = message;
    blocks[at].times[slot] = time;
    next++;
    bytes += message.size();
    message.retain(memory);
    memory.add(MemoryAccount.ENTRY_SIZE);
  }

  private void grow() {
    Block[] larger = new Block[2 * blocks.length];
    for (long number = first >> BLOCK_BITS; number <= next - 1 >> BLOCK_BITS; number++) {
      larger[(int) (number & larger.length - 1)] = blocks[(int) (number & blocks.length - 1)];
    }
    blocks = larger;
  }

  /** The message with this offset, or null. */
  Message message(long offset) {
    return has(offset) ? block(offset).messages[slot(offset)] : null;
  }

  /** When the message with this offset was published; 0 when it is not here. */
  long time(long offset) {
    return has(offset) ? block(offset).times[slot(offset)] : 0;
  }

  private boolean has(long offset) {
    return offset >= first && offset < next;
  }

  private Block block(long offset) {
    return blocks[(int) ((offset >> BLOCK_BITS) & blocks.length - 1)];
  }

  private static int slot(long offset) {
    return (int) (offset & BLOCK - 1);
  }

  /**
   * Forgets messages with lower offsets.
   *
   * @param most so many
   * @return whether none is left
   */
  boolean dropBelow(long offset, int most) {
    long end = Math.min(offset, next);
    for (int i = 0; i < most && first < end; i++) {
      Block block = block(first);
      Message message = block.messages[slot(first)];
      block.messages[slot(first)] = null;
      bytes -= message.size();
      memory.add(-MemoryAccount.ENTRY_SIZE);
      message.release(memory);
      if (slot(first) == BLOCK - 1 || first + 1 == next) {
        blocks[(int) ((first >> BLOCK_BITS) & blocks.length - 1)] = null;
      }
      first++;
    }
    if (first == next && blocks.length > 1) {
      blocks = new Block[1];
    }
    return first >= end;
  }
}
