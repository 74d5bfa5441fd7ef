package io.harveymq.broker.queue;

import io.harveymq.broker.channel.PublisherConfirms;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.List;

/**
 * A published message, shared by all queues it was routed to. Its content never changes; how many
 * places hold it is counted, so that its memory is counted once. Owned by the home loop, but for
 * the content, which any thread may read.
 */
public final class Message extends Content {
  /** An address of so many bytes is no more than the overhead that is counted anyway. */
  private static final int SHORT_ADDRESS = 32;

  private int copies;
  private int unstored;
  private int story;
  private int arrived;
  private PublisherConfirms confirms;
  private long confirmTag;
  private Runnable whenStored;
  private boolean persistenceKnown;
  private boolean persistent;
  private boolean deadLetter;
  private List<String> hiddenKeys;

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
    if (!persistenceKnown) {
      persistent = BasicProperties.isPersistent(properties());
      persistenceKnown = true;
    }
    return persistent;
  }

  /** The keys in BCC that it was published with; a restart forgets them. */
  public List<String> hiddenKeys() {
    return hiddenKeys == null ? List.of() : hiddenKeys;
  }

  /** Sets the keys in BCC that it was published with. */
  public void hiddenKeys(List<String> keys) {
    hiddenKeys = keys;
  }

  /** The number of its life story; 0 for none. */
  public int story() {
    return story;
  }

  /** Sets the number of its life story. */
  public void story(int number) {
    story = number;
  }

  /**
   * When it came into its queues, in whole seconds since the epoch by the broker's clock, unsigned;
   * 0 while it is in none, or if the store does not know.
   */
  public int arrived() {
    return arrived;
  }

  /** Sets when it came into its queues, before others can see it there. */
  public void arrived(int second) {
    arrived = second;
  }

  /** How long it has been in its queues at a time, in whole seconds; -1 if nobody knows. */
  public long ageSeconds(long nowMillis) {
    return arrived == 0 ? -1 : Math.max(0, nowMillis / 1_000 - Integer.toUnsignedLong(arrived));
  }

  /** Whether a queue of this broker dropped it before. */
  public boolean isDeadLetter() {
    return deadLetter;
  }

  /** Notes that a queue of this broker dropped it before. */
  public void markDeadLetter() {
    deadLetter = true;
  }

  /** The same content, as if it had just been published: in no queue and not stored. */
  public Message anew() {
    Message message = new Message(address(), properties(), body());
    message.deadLetter = deadLetter;
    message.hiddenKeys = hiddenKeys;
    message.story = story;
    return message;
  }

  /** This message as it goes on to a dead letter exchange. */
  public Message deadLetter(String exchange, String routingKey, byte[] newProperties) {
    Message letter = new Message(address(exchange, routingKey), newProperties, body());
    letter.deadLetter = true;
    letter.story = story;
    return letter;
  }

  /**
   * The same content with the headers x-delivery-count and x-acquired-count; none that is negative.
   */
  Message withCounts(long failures, long acquired) {
    BasicProperties decoded = BasicProperties.trusted(properties());
    FieldTable headers = decoded.headers() == null ? FieldTable.EMPTY : decoded.headers();
    if (failures >= 0) {
      headers = headers.with("x-delivery-count", FieldValue.of(failures));
    }
    if (acquired >= 0) {
      headers = headers.with("x-acquired-count", FieldValue.of(acquired));
    }
    FieldTable counted = headers.sorted();
    byte[] shown = decoded.toBuilder().headers(counted).build().encoded();
    Message message = new Message(address(), shown, body());
    message.story = story;
    return message;
  }

  /** From 0 to 255; -1 without one. */
  int priority() {
    return BasicProperties.priority(properties());
  }

  /** Whether it has a time to live of its own. */
  boolean hasExpiration() {
    return BasicProperties.hasExpiration(properties());
  }

  /** Its own time to live in milliseconds; {@link Long#MAX_VALUE} without one. */
  long expiration() {
    return hasExpiration()
        ? Long.parseLong(BasicProperties.trusted(properties()).expiration())
        : Long.MAX_VALUE;
  }

  /** One more place holds this message. */
  public void retain(MemoryAccount memory) {
    if (copies++ == 0) {
      memory.add(retainedSize());
    }
  }

  /** One place less holds this message. */
  public void release(MemoryAccount memory) {
    if (--copies == 0) {
      memory.add(-retainedSize());
    }
    assert copies >= 0;
  }

  /** A long address and hidden keys are counted, too: each message may have others. */
  private long retainedSize() {
    long bytes = size() + MemoryAccount.MESSAGE_OVERHEAD;
    bytes += Math.max(0, address().length - SHORT_ADDRESS);
    if (hiddenKeys != null) {
      for (String key : hiddenKeys) {
        bytes += MemoryAccount.KEY_OVERHEAD + key.length();
      }
    }
    return bytes;
  }

  /** One more copy of it has to be stored before its publisher may be told that it is safe. */
  public void storing() {
    unstored++;
  }

  /** A copy of it is stored, or need not be any more. */
  public void stored() {
    if (--unstored == 0) {
      if (confirms != null) {
        confirms.confirm(confirmTag);
        confirms = null;
      }
      if (whenStored != null) {
        Runnable actions = whenStored;
        whenStored = null;
        actions.run();
      }
    }
    assert unstored >= 0;
  }

  /**
   * This message takes the place of another: if neither is stored yet, the publisher of the other
   * is not told before this one is, too.
   */
  public void replaces(Message other) {
    if (unstored > 0 && other.unstored > 0) {
      other.storing();
      whenStored(other::stored);
    }
  }

  /** Runs something when it is safe, at once if it is. */
  public void whenStored(Runnable action) {
    if (unstored == 0) {
      action.run();
    } else if (whenStored == null) {
      whenStored = action;
    } else {
      Runnable before = whenStored;
      whenStored =
          () -> {
            before.run();
            action.run();
          };
    }
  }

  /** Sends the confirm when it is safe, at the end of this turn at the earliest. */
  public void confirmWhenStored(PublisherConfirms to, long tag) {
    if (unstored == 0) {
      to.confirm(tag);
    } else {
      confirms = to;
      confirmTag = tag;
    }
  }
}
