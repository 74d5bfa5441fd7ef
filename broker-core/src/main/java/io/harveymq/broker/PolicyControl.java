package io.harveymq.broker;

import io.harveymq.broker.node.Node;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The policies of a running broker. A change is stored when the call returns; it reaches the queues
 * that exist within the next turns of their loop.
 *
 * <p>Safe from any thread but those of the broker, for which a call would have to wait.
 */
public final class PolicyControl {
  private static final int TIMEOUT_SECONDS = 30;

  private final Node node;

  PolicyControl(Node node) {
    this.node = node;
  }

  /** Sets a policy made with {@link Policy#of}, or replaces the one with its name. */
  public void set(String vhost, Policy policy) {
    change(vhost, found -> set(found, policy, false));
  }

  /** Sets a policy made with {@link Policy#operator}, or replaces the one with its name. */
  public void setOperator(String vhost, Policy policy) {
    change(vhost, found -> set(found, policy, true));
  }

  private static boolean set(VirtualHost vhost, Policy policy, boolean operator) {
    vhost.policies().set(policy, operator);
    return true;
  }

  /** Removes a policy; false when there was none with that name. */
  public boolean clear(String vhost, String name) {
    return change(vhost, found -> found.policies().clear(name, false));
  }

  /** Removes an operator policy; false when there was none with that name. */
  public boolean clearOperator(String vhost, String name) {
    return change(vhost, found -> found.policies().clear(name, true));
  }

  /** All policies of a virtual host, by name. */
  public List<Policy> list(String vhost) {
    return change(vhost, found -> List.copyOf(found.policies().all(false)));
  }

  /** All operator policies of a virtual host, by name. */
  public List<Policy> listOperator(String vhost) {
    return change(vhost, found -> List.copyOf(found.policies().all(true)));
  }

  private <T> T change(String name, Function<VirtualHost, T> change) {
    VirtualHost vhost = node.vhostOrNull(name);
    if (vhost == null) {
      throw new IllegalArgumentException("vhost " + name + " not found");
    }
    if (vhost.home().loop().inLoop()) {
      throw new IllegalStateException("a thread of the broker can't wait for the broker");
    }
    CompletableFuture<T> done = new CompletableFuture<>();
    vhost.home().execute(() -> change(vhost, change, done));
    try {
      return done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("the change failed", failed.getCause());
    } catch (TimeoutException silent) {
      throw new IllegalStateException("the broker does not answer", silent);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the broker", interrupted);
    }
  }

  private static <T> void change(
      VirtualHost vhost, Function<VirtualHost, T> change, CompletableFuture<T> done) {
    try {
      T result = change.apply(vhost);
      HomeStore store = vhost.home().store();
      if (store != null && store.hasUnstoredDefinitions()) {
        store.whenCommitted(() -> done.complete(result));
      } else {
        done.complete(result);
      }
    } catch (RuntimeException | AssertionError failure) {
      done.completeExceptionally(failure);
    }
  }
}
