package io.harveymq.broker.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who gets the next message of a queue: of the consumers that can take one, those with the highest
 * priority in turn. Owned by the home loop.
 */
final class Consumers {
  private final Set<Consumer> all = new LinkedHashSet<>();
  private final TreeMap<Integer, ArrayDeque<Consumer>> active =
      new TreeMap<>(Comparator.reverseOrder());
  private final boolean singleActive;
  private ArrayDeque<Consumer> round;
  private Consumer single;
  private boolean exclusive;
  private boolean paused;

  /**
   * No consumers yet.
   *
   * @param singleActive whether one of them gets everything until it goes
   */
  Consumers(boolean singleActive) {
    this.singleActive = singleActive;
  }

  int count() {
    return all.size();
  }

  /** All of them, oldest first. */
  List<Consumer> all() {
    return List.copyOf(all);
  }

  /** The single active one, or else the oldest; null when there is none. */
  Consumer first() {
    return single != null || all.isEmpty() ? single : all.iterator().next();
  }

  /** Whether it gets messages. */
  boolean isActive(Consumer consumer) {
    return !singleActive || consumer == single;
  }

  /** Whether an exclusive consumer has the queue to itself. */
  boolean isExclusive() {
    return exclusive;
  }

  void add(Consumer consumer) {
    all.add(consumer);
    exclusive |= consumer.exclusive();
    if (singleActive && single == null) {
      single = consumer;
    }
    activate(consumer);
  }

  void remove(Consumer consumer) {
    consumer.cancel();
    all.remove(consumer);
    exclusive &= !consumer.exclusive();
    ArrayDeque<Consumer> level = active.get(consumer.priority());
    if (level != null && level.remove(consumer)) {
      dropIfEmpty(consumer, level);
    }
    if (consumer == single) {
      single = null;
      chooseSingle();
    }
  }

  /** Of those with the highest priority, the one that waits longest. */
  private void chooseSingle() {
    for (Consumer candidate : all) {
      if (single == null || candidate.priority() > single.priority()) {
        single = candidate;
      }
    }
    if (single != null && !single.isParked()) {
      activate(single);
    }
  }

  /** Removes all at once. */
  List<Consumer> removeAll() {
    List<Consumer> removed = new ArrayList<>(all);
    removed.forEach(Consumer::cancel);
    all.clear();
    active.clear();
    round = null;
    single = null;
    exclusive = false;
    return removed;
  }

  /** Gives nobody a turn, until it is told otherwise. */
  void pause(boolean on) {
    paused = on;
    chooseRound();
  }

  boolean isPaused() {
    return paused;
  }

  private void chooseRound() {
    round = paused || active.isEmpty() ? null : active.firstEntry().getValue();
  }

  /** Puts a consumer at the end of its round. */
  void activate(Consumer consumer) {
    if (singleActive && consumer != single) {
      return;
    }
    active.computeIfAbsent(consumer.priority(), p -> new ArrayDeque<>(2)).addLast(consumer);
    chooseRound();
  }

  /** The consumer whose turn it is, or null when none can take a message. */
  Consumer next() {
    while (round != null) {
      Consumer consumer = round.peekFirst();
      Consumer.Readiness readiness = consumer.readiness();
      if (readiness == Consumer.Readiness.READY) {
        if (round.size() > 1) {
          round.addLast(round.pollFirst());
        }
        return consumer;
      }
      ArrayDeque<Consumer> level = round;
      level.pollFirst();
      dropIfEmpty(consumer, level);
      consumer.park(readiness);
    }
    return null;
  }

  private void dropIfEmpty(Consumer consumer, ArrayDeque<Consumer> level) {
    if (level.isEmpty()) {
      active.remove(consumer.priority());
      chooseRound();
    }
  }
}
