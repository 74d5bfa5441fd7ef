package io.harveymq.persistence;

import io.harveymq.broker.store.Definition;

/** Where a definition lies. Store thread; the definition any. */
final class DefinitionRecord {
  final Definition definition;

  /** Its place in the directory. */
  final int entry;

  /** Where its encoded form lies; none when the entry has room for it. */
  final long[] extents;

  DefinitionRecord(Definition definition, int entry, long[] extents) {
    this.definition = definition;
    this.entry = entry;
    this.extents = extents;
  }
}
