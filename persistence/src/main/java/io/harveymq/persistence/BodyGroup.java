package io.harveymq.persistence;

/**
 * Extents with bodies that lie outside of segments, and how many segments have records that refer
 * to them. Store thread.
 */
final class BodyGroup {
  /** Never changed, but for the length of the only one of a group of shared bodies. */
  final long[] extents;

  /** Segments that refer to it, and one while it is filled. */
  int references;

  BodyGroup(long[] extents) {
    this.extents = extents;
  }

  /** What two groups share that are one. */
  long key() {
    return Extent.start(extents[0]);
  }
}
