package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.Equivalence;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.FlowEnd;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An exchange with its bindings: finds the destinations of a message by its routing key or headers.
 * What happens to the destinations (walking on through other exchanges, the alternate exchange) is
 * the router's. Owned by the vhost's home loop.
 */
public abstract sealed class Exchange implements Destination
    permits DirectExchange,
        FanoutExchange,
        TopicExchange,
        HeadersExchange,
        ConsistentHashExchange,
        ModulusHashExchange,
        RandomExchange,
        RecentHistoryExchange,
        DelayedExchange {
  private final String vhost;
  private final ExchangeDefinition definition;
  private final String alternateExchange;
  private String alternateByPolicy;
  private Set<Binding> bindings = Set.of();
  private Set<Binding> incoming = Set.of();
  private final Counters counters = new Counters();
  private final FlowEnd flows = new FlowEnd(this);
  private String declaredBy;

  Exchange(String vhost, ExchangeDefinition definition) {
    this.vhost = vhost;
    this.definition = definition;
    this.alternateExchange =
        ExchangeArguments.alternateExchange(vhost, definition.name(), definition.arguments());
  }

  /**
   * An exchange without bindings.
   *
   * @throws ChannelException 406 when the alternate-exchange argument is not a string, or for an
   *     argument that the type refuses
   */
  public static Exchange create(String vhost, ExchangeDefinition definition) {
    return switch (definition.type()) {
      case DIRECT -> new DirectExchange(vhost, definition);
      case FANOUT -> new FanoutExchange(vhost, definition);
      case TOPIC -> new TopicExchange(vhost, definition);
      case HEADERS -> new HeadersExchange(vhost, definition);
      case CONSISTENT_HASH -> new ConsistentHashExchange(vhost, definition);
      case MODULUS_HASH -> new ModulusHashExchange(vhost, definition);
      case RANDOM, LOCAL_RANDOM -> new RandomExchange(vhost, definition);
      case RECENT_HISTORY -> new RecentHistoryExchange(vhost, definition);
      case DELAYED_MESSAGE -> new DelayedExchange(vhost, definition);
    };
  }

  public final ExchangeDefinition definition() {
    return definition;
  }

  /** What was published here. */
  public final Counters counters() {
    return counters;
  }

  /** What channels publish here, and what goes on to queues. */
  public final FlowEnd flows() {
    return flows;
  }

  @Override
  public final String name() {
    return definition.name();
  }

  @Override
  public final boolean isQueue() {
    return false;
  }

  /** Says which user declared it. */
  public final Exchange declaredBy(String user) {
    declaredBy = user;
    return this;
  }

  /** The user who declared it; null for one of a store that did not tell. */
  public final String declaredBy() {
    return declaredBy;
  }

  /** The name given by the alternate-exchange argument, else by a policy, or null. */
  public final String alternateExchange() {
    return alternateExchange == null ? alternateByPolicy : alternateExchange;
  }

  /** Sets what a policy says about the alternate exchange; null for nothing. */
  public final void alternateByPolicy(String exchange) {
    alternateByPolicy = exchange;
  }

  /**
   * Adds a binding whose source is this exchange and tells its destination.
   *
   * @return false when the same binding is there already; nothing changes then
   * @throws ChannelException 406 for arguments that this type refuses
   */
  public final boolean bind(Binding binding) {
    assert binding.source() == this : binding;
    validate(binding);
    if (bindings.isEmpty()) {
      bindings = new LinkedHashSet<>();
    }
    if (!bindings.add(binding)) {
      return false;
    }
    added(binding);
    binding.destination().bindingAdded(binding);
    return true;
  }

  /**
   * Removes the binding equal to the given one and tells its destination.
   *
   * @return false when there was none
   */
  public final boolean unbind(Binding binding) {
    assert binding.source() == this : binding;
    if (bindings.isEmpty() || !bindings.remove(binding)) {
      return false;
    }
    removed(binding);
    if (bindings.isEmpty()) {
      bindings = Set.of();
    }
    binding.destination().bindingRemoved(binding);
    return true;
  }

  public final int bindingCount() {
    return bindings.size();
  }

  /** The bindings from this exchange and those to it. */
  public final long allBindings() {
    return bindings.size() + incoming.stream().filter(one -> one.source() != this).count();
  }

  /** The bindings from this exchange, oldest first. A view: copy it before unbinding. */
  public final Collection<Binding> bindings() {
    return Collections.unmodifiableSet(bindings);
  }

  /**
   * Whether there is no binding from this exchange, in the sense of if-unused (RabbitMQ does not
   * count incoming ones).
   */
  public final boolean isUnused() {
    return bindings.isEmpty();
  }

  /**
   * Whether {@link #match} looks at nothing but the routing key, so that its result can be cached
   * by it.
   */
  public boolean dependsOnKeyOnly() {
    return true;
  }

  /**
   * Whether {@link #match} has to be asked for each routing key of a message with CC or BCC; else
   * once, with the key that it was published with.
   */
  public boolean looksAtKeys() {
    return true;
  }

  /**
   * Adds the destination of each binding that the message satisfies, possibly several times.
   *
   * @param properties may be anything to an exchange that {@link #dependsOnKeyOnly}
   */
  public abstract void match(String routingKey, BasicProperties properties, Matches into);

  /**
   * Checks a second declaration against this exchange, in RabbitMQ's order: type, durable,
   * auto_delete, internal, alternate-exchange. Other arguments are not compared.
   *
   * @throws ChannelException 406 naming the first difference, with the others besides
   */
  public final void assertEquivalent(ExchangeDefinition received) {
    String resource = ResourceName.exchange(vhost, name());
    new Equivalence(resource)
        .field("type", definition.type(), received.type())
        .field("durable", definition.durable(), received.durable())
        .field("auto_delete", definition.autoDelete(), received.autoDelete())
        .field("internal", definition.internal(), received.internal())
        .argument(
            ExchangeArguments.ALTERNATE_EXCHANGE, definition.arguments(), received.arguments())
        .check();
  }

  @Override
  public final void bindingAdded(Binding binding) {
    if (incoming.isEmpty()) {
      incoming = new LinkedHashSet<>(4);
    }
    incoming.add(binding);
  }

  @Override
  public final void bindingRemoved(Binding binding) {
    incoming.remove(binding);
    if (incoming.isEmpty()) {
      incoming = Set.of();
    }
  }

  @Override
  public final Collection<Binding> incoming() {
    return Collections.unmodifiableSet(incoming);
  }

  /**
   * Checks a binding that is about to be added.
   *
   * @throws ChannelException 406 for arguments that this type refuses
   */
  public final void check(Binding binding) {
    validate(binding);
  }

  /** Throws a ChannelException for a binding that this type refuses. */
  void validate(Binding binding) {}

  /** Takes a new binding into the type's own structure. */
  abstract void added(Binding binding);

  /** Drops a binding, known to be there, from the type's own structure. */
  abstract void removed(Binding binding);

  final Set<Binding> bindingSet() {
    return bindings;
  }

  /** Has the bindings of another exchange from now on, which tells it of each change. */
  final void share(Exchange other) {
    bindings = other.bindings;
  }

  @Override
  public final String toString() {
    return ResourceName.exchange(vhost, name());
  }
}
