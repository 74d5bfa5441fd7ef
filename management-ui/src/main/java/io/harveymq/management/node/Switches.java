package io.harveymq.management.node;

import java.util.HashMap;
import java.util.Map;

/**
 * How often threads were given a processor, those that have ended included: the system tells of the
 * living ones alone, whose sum falls whenever one ends. One for the process; any thread.
 */
final class Switches {
  private final Map<String, Long> living = new HashMap<>();
  private long all;

  /**
   * Takes what the system tells now.
   *
   * @param now how often each living thread was, by its id
   * @return how often all were so far, which never falls
   */
  synchronized long seen(Map<String, Long> now) {
    now.forEach(
        (thread, times) -> {
          long before = living.getOrDefault(thread, 0L);
          all += times < before ? times : times - before; // an id is given again
        });
    living.clear();
    living.putAll(now);
    return all;
  }
}
