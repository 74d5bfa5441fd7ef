package io.harveymq.broker.exchange;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A destination that only keeps its incoming bindings. */
final class TestQueue implements Destination {
  private final String name;
  private final List<Binding> incoming = new ArrayList<>();

  TestQueue(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isQueue() {
    return true;
  }

  @Override
  public void bindingAdded(Binding binding) {
    incoming.add(binding);
  }

  @Override
  public void bindingRemoved(Binding binding) {
    incoming.remove(binding);
  }

  @Override
  public Collection<Binding> incoming() {
    return incoming;
  }

  @Override
  public String toString() {
    return name;
  }
}
