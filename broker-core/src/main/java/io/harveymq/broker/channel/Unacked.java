package io.harveymq.broker.channel;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.queue.QueueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The deliveries of a channel that await their acknowledgement, by delivery tag, oldest first. A
 * ring with gaps: finding a tag is a look at its likely place, else a binary search; gaps are
 * closed before the ring grows. Owned by the home loop.
 */
public final class Unacked {
  private static final int FIRST_CAPACITY = 16;
  private static final int SMALL_BATCH = 1_024;
  private static final int LARGE_RING = 16_384;
  private static final int FEW_QUEUES = 16;
  private static final int DELIVERIES_PER_QUEUE = 64;

  private final long serial;
  private QueueEntry[] ring;
  private long[] tags;
  private int start;
  private int used;
  private int live;
  private AmqpQueue lastQueue;
  private Set<AmqpQueue> queues = newQueueSet();
  private int queuesKept = FEW_QUEUES;

  /**
   * @param serial of the channel
   */
  Unacked(long serial) {
    this.serial = serial;
    allocate(FIRST_CAPACITY);
  }

  /**
   * Tells this channel from all others of the virtual host that there were since the broker
   * started, those with its number included; together with a tag it names a delivery.
   */
  public long serial() {
    return serial;
  }

  int size() {
    return live;
  }

  boolean isEmpty() {
    return live == 0;
  }

  /** Adds a delivery; its tag is higher than all before. */
  void add(QueueEntry entry) {
    if (used == ring.length) {
      makeRoom();
    }
    int slot = slot(used);
    ring[slot] = entry;
    tags[slot] = entry.deliveryTag();
    used++;
    live++;
    if (entry.queue() != lastQueue) {
      lastQueue = entry.queue();
      queues.add(lastQueue);
      if (queues.size() > queuesKept && queues.size() > used / DELIVERIES_PER_QUEUE) {
        forgetQueues();
      }
    }
  }

  /** Keeps only the queues of what is outstanding; deleted ones would stay for ever. */
  private void forgetQueues() {
    queues = newQueueSet();
    for (int i = 0; i < used; i++) {
      QueueEntry entry = ring[slot(i)];
      if (entry != null) {
        queues.add(entry.queue());
      }
    }
    queuesKept = Math.max(FEW_QUEUES, 2 * queues.size());
  }

  /** Takes the delivery with this tag out; null when it is not outstanding. */
  QueueEntry take(long tag) {
    int index = find(tag);
    if (index < 0) {
      return null;
    }
    int slot = slot(index);
    QueueEntry entry = ring[slot];
    ring[slot] = null;
    if (entry != null) {
      live--;
      trimStart();
    }
    return entry;
  }

  /** The oldest delivery; null when there is none. */
  QueueEntry oldest() {
    return used == 0 ? null : ring[start];
  }

  /** Places to look {@link #at}, until something is added or taken. */
  int slots() {
    return used;
  }

  /** The delivery at a place, oldest first; null for a gap. */
  QueueEntry at(int index) {
    return ring[slot(index)];
  }

  /**
   * A stream among the queues of deliveries.
   *
   * @param upTo whether those with lower tags count, too, and 0 stands for all
   * @return null when there is none
   */
  AmqpQueue streamOf(long tag, boolean upTo) {
    int from = upTo ? 0 : Math.max(0, find(tag));
    for (int i = from; i < used; i++) {
      QueueEntry entry = ring[slot(i)];
      if (entry != null) {
        if (tag != 0 && entry.deliveryTag() > tag) {
          return null;
        }
        if (entry.queue().type() == QueueType.STREAM) {
          return entry.queue();
        }
      }
    }
    return null;
  }

  /** Adds the deliveries of one queue to a list, oldest first. */
  void addOf(AmqpQueue queue, List<QueueEntry> into) {
    for (int i = 0; i < used; i++) {
      QueueEntry entry = ring[slot(i)];
      if (entry != null && entry.queue() == queue) {
        into.add(entry);
      }
    }
  }

  /** Whether the delivery with this tag is outstanding. */
  boolean contains(long tag) {
    int index = find(tag);
    return index >= 0 && ring[slot(index)] != null;
  }

  /**
   * Deliveries taken out together, oldest first.
   *
   * @param ring holds them from {@code start} on, around its end, with gaps; nobody else uses it
   *     any more
   * @param slots places of the ring to look at
   * @param queues where they came from, and perhaps more
   */
  record Batch(QueueEntry[] ring, int start, int slots, Set<AmqpQueue> queues) {
    /** The delivery at a place, null for a gap. */
    QueueEntry at(int index) {
      return ring[(start + index) & (ring.length - 1)];
    }

    /** How many of them went to consumers, and were not fetched with basic.get. */
    int consumed() {
      int count = 0;
      for (int i = 0; i < slots; i++) {
        QueueEntry entry = at(i);
        count += entry != null && entry.consumer() != null ? 1 : 0;
      }
      return count;
    }

    /** Adds all to a list. */
    void addTo(List<QueueEntry> list) {
      for (int i = 0; i < slots; i++) {
        QueueEntry entry = at(i);
        if (entry != null) {
          list.add(entry);
        }
      }
    }
  }

  /**
   * Takes out all deliveries up to and with this tag: moves them, or what remains, whichever is
   * less.
   */
  Batch takeUpTo(long tag) {
    int count = countUpTo(tag);
    return count <= Math.max(SMALL_BATCH, used - count) ? copyOut(count) : detach(count);
  }

  /** Takes out everything. */
  Batch takeAll() {
    return takeUpTo(Long.MAX_VALUE);
  }

  private Batch copyOut(int count) {
    QueueEntry[] copy =
        new QueueEntry[Math.max(1, Integer.highestOneBit(Math.max(1, count - 1)) * 2)];
    for (int i = 0; i < count; i++) {
      int slot = slot(i);
      copy[i] = ring[slot];
      if (ring[slot] != null) {
        ring[slot] = null;
        live--;
      }
    }
    start = slot(count);
    used -= count;
    trimStart();
    return new Batch(copy, 0, count, count <= SMALL_BATCH ? queues : Set.copyOf(queues));
  }

  /** Leaves the ring to the batch and goes on with a copy of what remains. */
  private Batch detach(int count) {
    Batch batch = new Batch(ring, start, count, queues);
    int rest = used - count;
    allocate(Math.max(FIRST_CAPACITY, Integer.highestOneBit(Math.max(1, rest)) * 2));
    used = 0;
    live = 0;
    lastQueue = null;
    queues = newQueueSet();
    for (int i = count; i < count + rest; i++) {
      if (batch.at(i) != null) {
        add(batch.at(i));
      }
    }
    return batch;
  }

  private int countUpTo(long tag) {
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tags[slot(middle)] <= tag) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Set<AmqpQueue> newQueueSet() {
    return Collections.newSetFromMap(new IdentityHashMap<>(2));
  }

  private void allocate(int capacity) {
    ring = new QueueEntry[capacity];
    tags = new long[capacity];
    start = 0;
  }

  /** Takes back deliveries that were taken out earlier. */
  void restore(List<QueueEntry> entries) {
    List<QueueEntry> all = new ArrayList<>(entries);
    takeAll().addTo(all);
    all.sort(Comparator.comparingLong(QueueEntry::deliveryTag));
    all.forEach(this::add);
  }

  private int slot(int index) {
    return (start + index) & (ring.length - 1);
  }

  private int find(long tag) {
    if (used == 0 || tag < tags[start]) {
      return -1;
    }
    long guess = tag - tags[start];
    if (guess < used && tags[slot((int) guess)] == tag) {
      return (int) guess;
    }
    int low = 0;
    int high = used - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long there = tags[slot(middle)];
      if (there == tag) {
        return middle;
      }
      if (there < tag) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private void trimStart() {
    while (used > 0 && ring[start] == null) {
      start = slot(1);
      used--;
    }
    if (used == 0 && ring.length > LARGE_RING) {
      allocate(FIRST_CAPACITY);
    }
  }

  private void makeRoom() {
    int capacity = live > ring.length / 2 ? ring.length * 2 : ring.length;
    QueueEntry[] newRing = new QueueEntry[capacity];
    long[] newTags = new long[capacity];
    int count = 0;
    for (int i = 0; i < used; i++) {
      int slot = slot(i);
      if (ring[slot] != null) {
        newRing[count] = ring[slot];
        newTags[count++] = tags[slot];
      }
    }
    ring = newRing;
    tags = newTags;
    start = 0;
    used = count;
  }
}
