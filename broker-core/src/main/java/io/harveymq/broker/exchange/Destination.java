package io.harveymq.broker.exchange;

import java.util.Collection;

/**
 * What a binding leads to: a queue or another exchange. It knows its incoming bindings, so that
 * deleting it is a matter of those alone. Owned by the vhost's home loop.
 */
public interface Destination {
  String name();

  boolean isQueue();

  /** Called by the source after it took the binding in; nobody else calls it. */
  void bindingAdded(Binding binding);

  /** Called by the source after it dropped the binding; nobody else calls it. */
  void bindingRemoved(Binding binding);

  /**
   * The bindings that lead here, oldest first, without the implicit one from the default exchange.
   * A view: copy it before unbinding.
   */
  Collection<Binding> incoming();
}
