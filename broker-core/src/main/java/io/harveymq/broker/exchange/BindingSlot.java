package io.harveymq.broker.exchange;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bindings of one key or one topic pattern, oldest first. Nearly always there is just one,
 * which needs no collection; with many, adding and removing stay O(1). Owned by the vhost's home
 * loop.
 */
final class BindingSlot {
  private Binding only;
  private Set<Binding> many;

  BindingSlot(Binding first) {
    only = first;
  }

  /** The binding must not be in here yet. */
  void add(Binding binding) {
    if (many == null) {
      many = new LinkedHashSet<>(4);
      many.add(only);
      only = null;
    }
    many.add(binding);
  }

  /** Returns whether the slot is empty now; it must be dropped then. */
  boolean removeAndIsEmpty(Binding binding) {
    if (many == null) {
      return true;
    }
    many.remove(binding);
    if (many.size() == 1) {
      only = many.iterator().next();
      many = null;
    }
    return false;
  }

  void addTo(Matches into) {
    if (many == null) {
      into.add(only.destination());
      return;
    }
    for (Binding binding : many) {
      into.add(binding.destination());
    }
  }
}
