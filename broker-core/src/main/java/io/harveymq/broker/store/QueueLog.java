package io.harveymq.broker.store;

import io.harveymq.broker.queue.Message;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A queue's log as its home loop sees it: what happens to it goes into the batch that is being
 * gathered. A message that is acknowledged while it waits there is taken out again and never
 * written. Owned by the home loop.
 */
public final class QueueLog {
  private static final int FIRST_CAPACITY = 16;
  private static final int MOST_KEPT = 1_024;

  private final HomeStore store;
  private final long number;
  private long[] positions;
  private int[] places;
  private int gathered;
  private long gatheredIn;
  private long deliveredUpTo;
  private boolean toBeNoted;
  private boolean removed;
  private boolean asking;

  /**
   * @param deliveredUpTo as far as the store knows
   */
  QueueLog(HomeStore store, long number, long deliveredUpTo) {
    this.store = store;
    this.number = number;
    this.deliveredUpTo = deliveredUpTo;
  }

  /** What the store knows it by; negative for one that does not survive a restart. */
  public long number() {
    return number;
  }

  /**
   * Adds a message at the end.
   *
   * @param due see {@link MessageStore#append(long, long, Message, long, boolean)}
   * @param survives false for a message that is only stored because memory is short; then nobody
   *     waits for its being stored
   */
  public void append(long position, Message message, long due, boolean survives) {
    message.retain(store.memory());
    if (survives) {
      message.storing();
    }
    appendAgain(position, message, due, survives);
  }

  /** Adds a message that was refused for lack of space. */
  void appendAgain(long position, Message message, long due, boolean survives) {
    if (removed) {
      if (survives) {
        message.stored();
      }
      message.release(store.memory());
      return;
    }
    if (gatheredIn != store.batchNumber()) {
      gatheredIn = store.batchNumber();
      gathered = 0;
      if (positions != null && positions.length > MOST_KEPT) {
        positions = null;
      }
    }
    if (positions == null) {
      positions = new long[FIRST_CAPACITY];
      places = new int[FIRST_CAPACITY];
    } else if (gathered == positions.length) {
      positions = Arrays.copyOf(positions, 2 * gathered);
      places = Arrays.copyOf(places, 2 * gathered);
    }
    positions[gathered] = position;
    places[gathered++] = store.gathering().append(this, position, message, due, survives);
  }

  /** A message was dealt with for good. */
  public void ack(long position, int size) {
    if (removed) {
      return;
    }
    int at = find(position);
    if (at >= 0) {
      elide(at);
    } else {
      store.gathering().ack(this, position, size);
    }
  }

  private void elide(int at) {
    if (places[at] >= 0) {
      store.elide(places[at]);
      places[at] = -1;
    }
  }

  private int find(long position) {
    if (gatheredIn != store.batchNumber() || gathered == 0 || position < positions[0]) {
      return -1;
    }
    long guess = position - positions[0];
    if (guess < gathered && positions[(int) guess] == position) {
      return (int) guess;
    }
    return Arrays.binarySearch(positions, 0, gathered, position);
  }

  /** All messages from one position up to another, not included, were dropped. */
  public void drop(long from, long to) {
    if (removed || from >= to) {
      return;
    }
    elideFrom(from, to);
    store.gathering().drop(this, from, to);
  }

  private void elideFrom(long from, long to) {
    if (gatheredIn == store.batchNumber()) {
      for (int i = gathered - 1; i >= 0 && positions[i] >= from; i--) {
        if (positions[i] < to) {
          elide(i);
        }
      }
    }
  }

  /** All messages at positions below this one have been delivered at least once. */
  public void delivered(long upTo) {
    if (upTo > deliveredUpTo) {
      deliveredUpTo = upTo;
      if (!toBeNoted) {
        toBeNoted = true;
        store.noteAtEnd(this);
      }
    }
  }

  /** Puts into the batch how far deliveries have come. */
  void note() {
    store.gathering().delivered(this, deliveredUpTo);
  }

  /** A message was given back. */
  public void returned(long position, int deliveries) {
    if (!removed) {
      store.gathering().returned(this, position, deliveries);
    }
  }

  /**
   * Asks for the next messages; see {@link MessageStore#read}.
   *
   * @param then gets them in an event of the home loop
   */
  public void read(long from, int maxBytes, Consumer<List<StoredMessage>> then) {
    store
        .gathering()
        .read(new StoreBatch.Read<>(messages -> messages.read(number, from, maxBytes), then));
  }

  /**
   * The same from a message on that so many others are before.
   *
   * @param skip how many, see {@link MessageStore#skip}
   */
  public void read(long from, long skip, int maxBytes, Consumer<List<StoredMessage>> then) {
    store
        .gathering()
        .read(
            new StoreBatch.Read<>(
                messages -> messages.read(number, messages.skip(number, from, skip), maxBytes),
                then));
  }

  /**
   * Asks how many messages there are between two positions; see {@link MessageStore#count}.
   *
   * @param then gets it in an event of the home loop
   */
  public void count(long from, long to, Consumer<Long> then) {
    store
        .gathering()
        .read(new StoreBatch.Read<>(messages -> messages.count(number, from, to), then));
  }

  /**
   * Asks when the next message came, unless that was asked for and has not been answered, or many
   * others are asked for so.
   *
   * @param then gets it in an event of the home loop; null when there is none
   */
  public void arrival(long from, Consumer<MessageStore.Arrival> then) {
    if (!asking && store.mayAsk(1)) {
      asking = true;
      store
          .gathering()
          .read(
              new StoreBatch.Read<>(
                  messages -> messages.arrival(number, from),
                  found -> {
                    asking = false;
                    store.mayAsk(-1);
                    then.accept(found);
                  }));
    }
  }

  /** The log goes with its queue; nothing that comes later has an effect. */
  public void remove() {
    remove(false);
  }

  /**
   * The log goes while what it belongs to stays, which does without it: on a full disk, that does
   * not wait for what needs space.
   */
  public void removeAtOnce() {
    remove(true);
  }

  private void remove(boolean atOnce) {
    if (!removed) {
      elideFrom(0, Long.MAX_VALUE);
      if (atOnce) {
        store.gathering().removeAtOnce(this);
      } else {
        store.gathering().remove(this);
      }
      store.removed(this);
      removed = true;
      positions = null;
      places = null;
      gathered = 0;
    }
  }
}
