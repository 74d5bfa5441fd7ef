package io.harveymq.broker;

import io.harveymq.broker.node.Node;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The policies of a running broker. A change is stored when the call returns; it reaches the queues
 * that exist within the next turns of their loop.
 *
 * <p>Safe from any thread, but those of the broker must not wait; the methods that begin with
 * submit don't.
 */
public final class PolicyControl {
  private final VhostCalls calls;

  PolicyControl(Node node) {
    this.calls = new VhostCalls(node);
  }

  /** Sets a policy made with {@link Policy#of}, or replaces the one with its name. */
  public void set(String vhost, Policy policy) {
    calls.call(vhost, found -> set(found, policy, false));
  }

  /** Sets a policy made with {@link Policy#operator}, or replaces the one with its name. */
  public void setOperator(String vhost, Policy policy) {
    calls.call(vhost, found -> set(found, policy, true));
  }

  /**
   * Sets a policy without waiting for it.
   *
   * @param operator whether it is one made with {@link Policy#operator}
   * @return whether it is new, when it is stored, on a thread of the broker; exceptionally with an
   *     IllegalArgumentException when there is no such virtual host
   */
  public CompletionStage<Boolean> submit(String vhost, Policy policy, boolean operator) {
    return calls.submit(
        vhost,
        found -> {
          boolean isNew =
              found.policies().all(operator).stream()
                  .noneMatch(one -> one.name().equals(policy.name()));
          set(found, policy, operator);
          return isNew;
        });
  }

  /**
   * Removes a policy without waiting for it.
   *
   * @return whether there was one, in the way of {@link #submit}
   */
  public CompletionStage<Boolean> submitClear(String vhost, String name, boolean operator) {
    return calls.submit(vhost, found -> found.policies().clear(name, operator));
  }

  /**
   * All policies of a virtual host, by name.
   *
   * @return in the way of {@link #submit}
   */
  public CompletionStage<List<Policy>> submitList(String vhost, boolean operator) {
    return calls.submit(vhost, found -> List.copyOf(found.policies().all(operator)));
  }

  /**
   * What policies say of a queue with this name and type, which need not exist.
   *
   * @return in the way of {@link #submit}
   */
  public CompletionStage<EffectivePolicy> submitOfQueue(String vhost, String name, QueueType type) {
    return calls.submit(vhost, found -> found.policies().ofQueue(name, type));
  }

  /**
   * What policies say of an exchange with this name, which need not exist.
   *
   * @return in the way of {@link #submit}
   */
  public CompletionStage<EffectivePolicy> submitOfExchange(String vhost, String name) {
    return calls.submit(vhost, found -> found.policies().ofExchange(name));
  }

  private static boolean set(VirtualHost vhost, Policy policy, boolean operator) {
    vhost.policies().set(policy, operator);
    return true;
  }

  /** Removes a policy; false when there was none with that name. */
  public boolean clear(String vhost, String name) {
    return calls.call(vhost, found -> found.policies().clear(name, false));
  }

  /** Removes an operator policy; false when there was none with that name. */
  public boolean clearOperator(String vhost, String name) {
    return calls.call(vhost, found -> found.policies().clear(name, true));
  }

  /** All policies of a virtual host, by name. */
  public List<Policy> list(String vhost) {
    return calls.call(vhost, found -> List.copyOf(found.policies().all(false)));
  }

  /** All operator policies of a virtual host, by name. */
  public List<Policy> listOperator(String vhost) {
    return calls.call(vhost, found -> List.copyOf(found.policies().all(true)));
  }
}
