package io.harveymq.broker.store;

import java.util.List;

/**
 * Where durable definitions are kept. Changes take effect with {@link MessageStore#commit}. Owned
 * by the store thread, but for {@link #load}, which the starting thread calls before that one runs.
 */
public interface DefinitionStore {
  /** All definitions that are stored, in no order. */
  List<Definition> load();

  /** Stores a definition in place of the one with the same {@link Definition#key}, if any. */
  void put(Definition definition);

  /** Removes the definition with this one's key; nothing happens when there is none. */
  void remove(Definition definition);
}
