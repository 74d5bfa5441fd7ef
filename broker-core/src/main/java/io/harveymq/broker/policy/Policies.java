package io.harveymq.broker.policy;

import io.harveymq.broker.queue.QueueType;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The policies of a virtual host. For each queue and exchange at most one of either kind is in
 * force: of those that match, the one with the highest priority, and of several such the one whose
 * name comes first. Owned by the home loop.
 */
public final class Policies {
  private final SortedMap<String, Policy> policies = new TreeMap<>();
  private final SortedMap<String, Policy> operatorPolicies = new TreeMap<>();

  /** Adds a policy, or replaces the one with its name. */
  public void set(Policy policy, boolean operator) {
    map(operator).put(policy.name(), policy);
  }

  /** Removes a policy; false when there was none. */
  public boolean clear(String name, boolean operator) {
    return map(operator).remove(name) != null;
  }

  /** All policies of a kind, by name. */
  public Collection<Policy> all(boolean operator) {
    return Collections.unmodifiableCollection(map(operator).values());
  }

  private SortedMap<String, Policy> map(boolean operator) {
    return operator ? operatorPolicies : policies;
  }

  /** What is in force for a queue. */
  public EffectivePolicy ofQueue(String queue, QueueType type) {
    return effective(policy -> policy.matchesQueue(queue, type));
  }

  /** What is in force for an exchange. */
  public EffectivePolicy ofExchange(String exchange) {
    return effective(policy -> policy.matchesExchange(exchange));
  }

  private EffectivePolicy effective(Predicate<Policy> matches) {
    if (policies.isEmpty() && operatorPolicies.isEmpty()) {
      return EffectivePolicy.NONE;
    }
    return new EffectivePolicy(first(policies, matches), first(operatorPolicies, matches));
  }

  private static Policy first(SortedMap<String, Policy> of, Predicate<Policy> matches) {
    Policy best = null;
    for (Policy policy : of.values()) {
      if ((best == null || policy.priority() > best.priority()) && matches.test(policy)) {
        best = policy;
      }
    }
    return best;
  }
}
