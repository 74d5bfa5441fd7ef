package io.harveymq.storms;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must and what may be in one queue, by what clients have been told. Each message is known by
 * a number and may be in the queue once. Tell it of an action before the client sends it, of an
 * answer after it came. Safe from any thread.
 */
public final class QueueModel {
  private enum Place {
    /** Published or returned: waits to be delivered. */
    READY,
    /** Delivered and neither settled nor returned. */
    UNACKED,
    /** Its settlement was sent; nobody knows yet whether the broker has it. */
    SETTLING,
    /** A crash or a lost connection left open whether it is there. */
    DOUBTFUL
  }

  private static final class Entry {
    private Place place = Place.READY;
    private boolean confirmed;
  }

  private static final int NAMED = 10;

  private final String queue;
  private final Faults faults;
  private final Map<Long, Entry> entries = new HashMap<>();
  private long deliveries;

  /** An empty queue. */
  public QueueModel(String queue, Faults faults) {
    this.queue = queue;
    this.faults = faults;
  }

  /** The queue's name. */
  public String queue() {
    return queue;
  }

  /** A message is about to be sent that may get into the queue. */
  public synchronized void publishing(long number) {
    entries.put(number, new Entry());
  }

  /** The broker has confirmed it. */
  public synchronized void confirmed(long number) {
    Entry entry = entries.get(number);
    if (entry != null) {
      entry.confirmed = true;
    }
  }

  /** All that was sent so far is known to have arrived, by the answer to a later method. */
  public synchronized void allConfirmed() {
    entries.values().forEach(entry -> entry.confirmed = true);
  }

  /** The broker did not take it, and said so. */
  public synchronized void refused(long number) {
    if (entries.remove(number) == null) {
      faults.add(queue + ": " + number + " was delivered and refused");
    }
  }

  /** A message came. Anything but one that waits is a fault. */
  public synchronized void delivered(long number) {
    Entry entry = entries.get(number);
    deliveries++;
    if (entry == null) {
      faults.add(queue + ": " + number + " was delivered, but was settled or never published");
    } else if (entry.place == Place.UNACKED || entry.place == Place.SETTLING) {
      faults.add(queue + ": " + number + " was delivered again while " + entry.place);
    } else {
      entry.place = Place.UNACKED;
    }
  }

  /** A delivered message is about to be given back. */
  public synchronized void returning(long number) {
    move(number, Place.READY);
  }

  /** A delivered message is about to be acknowledged or rejected. */
  public synchronized void settling(long number) {
    move(number, Place.SETTLING);
  }

  private void move(long number, Place place) {
    Entry entry = entries.get(number);
    if (entry == null || entry.place != Place.UNACKED) {
      // The delivery was a fault already.
      return;
    }
    entry.place = place;
  }

  /** All settlements so far have been taken: a later method on their channel was answered. */
  public synchronized void settled() {
    entries.values().removeIf(entry -> entry.place == Place.SETTLING);
  }

  /** These settlements have been taken. */
  public synchronized void settled(List<Long> numbers) {
    numbers.forEach(entries::remove);
  }

  /**
   * The connection of the consumers, or the broker, is gone: what they had comes back, and what
   * they settled last may.
   */
  public synchronized void consumersLost() {
    for (Entry entry : entries.values()) {
      if (entry.place == Place.UNACKED) {
        entry.place = entry.confirmed ? Place.READY : Place.DOUBTFUL;
      } else if (entry.place == Place.SETTLING) {
        entry.place = Place.DOUBTFUL;
      }
    }
  }

  /** The connection of the publisher, or the broker, is gone: what has no confirm may be there. */
  public synchronized void publisherLost() {
    for (Entry entry : entries.values()) {
      if (!entry.confirmed && entry.place == Place.READY) {
        entry.place = Place.DOUBTFUL;
      }
    }
  }

  /** The queue was emptied by getting all: whatever should still be in it is lost. */
  public synchronized void empty() {
    List<Long> lost = new ArrayList<>();
    entries.forEach(
        (number, entry) -> {
          if (entry.place == Place.READY) {
            lost.add(number);
          }
        });
    if (!lost.isEmpty()) {
      List<Long> named = lost.stream().sorted().limit(NAMED).toList();
      faults.add(queue + ": " + lost.size() + " messages are lost, such as " + named);
      entries.keySet().removeAll(lost);
    }
    entries.values().removeIf(entry -> entry.place == Place.DOUBTFUL);
  }

  /** Whether a message that waits might also not be there. */
  public synchronized boolean isDoubtful() {
    return entries.values().stream()
        .anyMatch(entry -> entry.place == Place.DOUBTFUL || !entry.confirmed);
  }

  /** Compares a count of ready messages; nothing may be delivered or under way. */
  public synchronized void checkReady(long count, String source) {
    long sure = entries.values().stream().filter(entry -> entry.place == Place.READY).count();
    long most =
        sure + entries.values().stream().filter(entry -> entry.place == Place.DOUBTFUL).count();
    if (count < sure || count > most) {
      String expected = sure == most ? String.valueOf(sure) : sure + " to " + most;
      faults.add(queue + ": " + count + " messages by " + source + ", must be " + expected);
    }
  }

  /** Messages that wait or are delivered, doubtful ones included. */
  public synchronized int size() {
    return entries.size();
  }

  /** Deliveries so far. */
  public synchronized long deliveries() {
    return deliveries;
  }
}
