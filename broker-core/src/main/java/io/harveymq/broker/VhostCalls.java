package io.harveymq.broker;

import io.harveymq.broker.node.Node;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How an embedder's thread asks a virtual host for something and, if it likes, waits for it. Safe
 * from any thread, but those of the broker must not wait.
 */
final class VhostCalls {
  private static final int TIMEOUT_SECONDS = 30;

  private final Node node;

  VhostCalls(Node node) {
    this.node = node;
  }

  /**
   * Does something on the loop of a virtual host; what it changes of definitions is stored when
   * this returns.
   *
   * @throws IllegalArgumentException when there is no such virtual host, or from the call itself
   * @throws IllegalStateException on a thread of the broker, when the call fails, or when the
   *     broker is closed
   */
  <T> T call(String name, Function<VirtualHost, T> call) {
    VirtualHost vhost = node.vhostOrNull(name);
    if (vhost != null && vhost.home().loop().inLoop()) {
      throw new IllegalStateException("a thread of the broker can't wait for the broker");
    }
    try {
      return submit(name, call).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      if (failed.getCause() instanceof IllegalStateException closed) {
        throw closed;
      }
      throw new IllegalStateException("the call failed", failed.getCause());
    } catch (TimeoutException | RuntimeException closed) {
      throw new IllegalStateException("the broker does not answer", closed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the broker", interrupted);
    }
  }

  /**
   * The same without waiting, from any thread.
   *
   * @return completed on the loop; exceptionally with an IllegalArgumentException when there is no
   *     such virtual host, what the call throws, or an IllegalStateException when the broker is
   *     closed
   */
  <T> CompletableFuture<T> submit(String name, Function<VirtualHost, T> call) {
    VirtualHost vhost = node.vhostOrNull(name);
    if (vhost == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("there is no virtual host '" + name + "'"));
    }
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      vhost.home().executeOrReject(() -> run(vhost, call, done));
    } catch (RejectedExecutionException closed) {
      done.completeExceptionally(new IllegalStateException("the broker is closed", closed));
    }
    return done;
  }

  /** The same of all virtual hosts that pass, in the order of their names, on their loop. */
  <T> CompletableFuture<List<T>> submitAll(
      Predicate<String> vhosts, Function<VirtualHost, List<T>> question) {
    try {
      return CompletableFuture.supplyAsync(
          () ->
              new TreeMap<>(node.vhosts())
                  .values().stream()
                      .filter(vhost -> vhosts.test(vhost.name()))
                      .flatMap(vhost -> question.apply(vhost).stream())
                      .toList(),
          node.access().nodeLoop()::executeOrReject);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the broker is closed", closed));
    }
  }

  private static <T> void run(
      VirtualHost vhost, Function<VirtualHost, T> call, CompletableFuture<T> done) {
    try {
      T result = call.apply(vhost);
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
