package io.harveymq.broker.queue;

import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;

/**
 * A published message, shared by all queues it was routed to. Its content never changes; how many
 * places hold it is counted, so that its memory is counted once. Owned by the home loop.
 */
public final class Message extends Content {
  private int copies;

  /** See {@link Content#Content(byte[], byte[], byte[])}. */
  public Message(byte[] address, byte[] properties, byte[] body) {
    super(address, properties, body);
  }

  /** Bytes of body and properties. */
  public int size() {
    return body().length + properties().length;
  }

  /** Whether it was published with delivery mode 2. */
  public boolean isPersistent() {
    return BasicProperties.isPersistent(properties());
  }

  /** One more place holds this message. */
  public void retain(MemoryAccount memory) {
    if (copies++ == 0) {
      memory.add(size() + MemoryAccount.MESSAGE_OVERHEAD);
    }
  }

  /** One place less holds this message. */
  public void release(MemoryAccount memory) {
    if (--copies == 0) {
      memory.add(-size() - MemoryAccount.MESSAGE_OVERHEAD);
    }
    assert copies >= 0;
  }
}
