package io.harveymq.storms;

import java.util.ArrayList;
import java.util.List;

/** What a run found wrong: the first of it in words, all of it counted. Safe from any thread. */
public final class Faults {
  private static final int KEPT = 40;

  private final List<String> first = new ArrayList<>();
  private long count;

  /** Notes a fault and prints it. */
  public synchronized void add(String text) {
    count++;
    if (first.size() < KEPT) {
      first.add(text);
      System.out.println("FAULT " + text);
    }
  }

  /** How many there were. */
  public synchronized long count() {
    return count;
  }

  /** The first of them. */
  public synchronized List<String> first() {
    return List.copyOf(first);
  }
}
