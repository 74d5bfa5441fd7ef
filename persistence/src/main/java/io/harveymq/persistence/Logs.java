package io.harveymq.persistence;

import io.netty.util.collection.LongObjectHashMap;

/** The logs by their numbers. Store thread. */
final class Logs {
  private final LongObjectHashMap<SegmentLog> logs = new LongObjectHashMap<>();
  private SegmentLog lastAsked;

  /** The log with this number, or null. */
  SegmentLog find(long number) {
    if (lastAsked == null || lastAsked.number != number) {
      SegmentLog log = logs.get(number);
      if (log == null) {
        return null;
      }
      lastAsked = log;
    }
    return lastAsked;
  }

  /** The log with this number, made when there is none. */
  SegmentLog obtain(long number) {
    SegmentLog log = find(number);
    if (log == null) {
      log = new SegmentLog(number);
      logs.put(number, log);
      lastAsked = log;
    }
    return log;
  }

  void remove(SegmentLog log) {
    logs.remove(log.number);
    lastAsked = null;
  }

  Iterable<SegmentLog> all() {
    return logs.values();
  }
}
