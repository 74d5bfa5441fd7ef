package io.harveymq.broker.exchange;

import java.nio.charset.StandardCharsets;

/**
 * A hash of bytes that is the same on every machine and in every version, with all 64 bits mixed:
 * FNV-1a with the last step of splitmix64. Stateless; any thread.
 */
final class StableHash {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private StableHash() {}

  static long of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static long of(byte[] bytes) {
    long hash = FNV_OFFSET;
    for (byte one : bytes) {
      hash = (hash ^ (one & 0xFF)) * FNV_PRIME;
    }
    return mixed(hash);
  }

  /** One hash out of two, in which both count fully. */
  static long mixed(long first, long second) {
    return mixed(first ^ mixed(second));
  }

  private static long mixed(long hash) {
    long mixed = hash + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
