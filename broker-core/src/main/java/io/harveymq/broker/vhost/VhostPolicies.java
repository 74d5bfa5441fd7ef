package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.policy.Policies;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.QueueSettings;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.HomeStore;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;

/**
 * The policies of a virtual host, and their way to its queues and exchanges: a change reaches those
 * that exist over the next turns, new ones at once. Owned by the home loop.
 */
public final class VhostPolicies {
  /** Applying one counts as so many units of bulk work. */
  private static final int UNITS_EACH = 16;

  private final VirtualHost vhost;
  private final Policies policies = new Policies();

  VhostPolicies(VirtualHost vhost) {
    this.vhost = vhost;
  }

  /** Takes up what a start found in the store. */
  void recover(List<Definition> found) {
    for (Definition definition : found) {
      if (definition instanceof Definition.Policy stored) {
        policies.set(stored.policy(), stored.operator());
      }
    }
  }

  /** Adds a policy, or replaces the one with its name. */
  public void set(Policy policy, boolean operator) {
    assert vhost.home().loop().inLoop();
    policies.set(policy, operator);
    if (vhost.events() != null) {
      PolicyEvents.set(vhost, policy, operator);
    }
    HomeStore store = vhost.home().store();
    if (store != null) {
      store.put(new Definition.Policy(vhost.name(), operator, policy));
    }
    applyToAll();
  }

  /**
   * Removes a policy.
   *
   * @return false when there was none with that name
   */
  public boolean clear(String name, boolean operator) {
    assert vhost.home().loop().inLoop();
    for (Policy policy : policies.all(operator)) {
      if (policy.name().equals(name)) {
        policies.clear(name, operator);
        if (vhost.events() != null) {
          PolicyEvents.cleared(vhost, name, operator);
        }
        HomeStore store = vhost.home().store();
        if (store != null) {
          store.remove(new Definition.Policy(vhost.name(), operator, policy));
        }
        applyToAll();
        return true;
      }
    }
    return false;
  }

  /** The virtual host goes, and they with it. */
  void dropAll() {
    for (boolean operator : new boolean[] {false, true}) {
      List.copyOf(policies.all(operator)).forEach(policy -> clear(policy.name(), operator));
    }
  }

  /** All policies of a kind, by name. */
  public Collection<Policy> all(boolean operator) {
    return policies.all(operator);
  }

  /** What is in force for a queue. */
  public EffectivePolicy of(AmqpQueue.Definition queue) {
    return ofQueue(queue.name(), queue.arguments().queueType());
  }

  /** What would be in force for a queue. */
  public EffectivePolicy ofQueue(String name, QueueType type) {
    return policies.ofQueue(name, type);
  }

  /** What is in force for an exchange. */
  public EffectivePolicy of(Exchange exchange) {
    return ofExchange(exchange.name());
  }

  /** What would be in force for an exchange. */
  public EffectivePolicy ofExchange(String name) {
    return policies.ofExchange(name);
  }

  /** What arguments and policies make of a queue. */
  public QueueSettings settingsOf(AmqpQueue.Definition queue) {
    return QueueSettings.of(queue.arguments(), of(queue), vhost.compatibility());
  }

  /** Gives an exchange what policies say about it; the default exchange has no alternative. */
  void apply(Exchange exchange) {
    if (exchange.name().isEmpty()) {
      return;
    }
    exchange.alternateByPolicy(of(exchange).text("alternate-exchange"));
  }

  private void applyToAll() {
    ArrayDeque<Exchange> exchanges = new ArrayDeque<>(vhost.exchanges());
    ArrayDeque<AmqpQueue> queues = new ArrayDeque<>(vhost.queues());
    vhost
        .home()
        .startBulk(
            this,
            units -> {
              for (int left = units; left > 0 && !exchanges.isEmpty(); left -= UNITS_EACH) {
                apply(exchanges.poll());
              }
              for (int left = units; left > 0 && !queues.isEmpty(); left -= UNITS_EACH) {
                applyTo(queues.poll());
              }
              vhost.routesChanged();
              return exchanges.isEmpty() && queues.isEmpty();
            });
  }

  private void applyTo(AmqpQueue queue) {
    if (!queue.isDeleted()) {
      queue.applyPolicies();
    }
  }
}
