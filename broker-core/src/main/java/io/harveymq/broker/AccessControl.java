package io.harveymq.broker;

import io.harveymq.broker.auth.AccessChange;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.LoginAnswer;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.node.AccessRegistry;
import io.harveymq.broker.node.AuthAttempts;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Users, virtual hosts, permissions and limits of a running broker, as {@code rabbitmqctl} has
 * them:
 *
 * <pre>{@code
 * broker.access().addUser("alice", "secret");
 * broker.access().setPermissions("alice", "/", "^alice-", ".*", ".*");
 * }</pre>
 *
 * <p>A change holds for open connections, too. The methods return when it holds everywhere and, in
 * a broker with a store, is safe. They throw an {@link AccessException} for what can't be changed
 * so, and an IllegalStateException when the broker is closed.
 *
 * <p>Safe from any thread but the broker's event loops, which can't wait: there {@link #submit} is
 * the way.
 */
public final class AccessControl {
  private static final long TIMEOUT_SECONDS = 60;

  private final AccessRegistry registry;
  private volatile boolean closed;

  AccessControl(AccessRegistry registry) {
    this.registry = registry;
  }

  void close() {
    closed = true;
  }

  // ---- changes of any kind

  /**
   * Makes a change, or several together. Any thread.
   *
   * @return completed when the change holds everywhere and is safe, by a thread of the broker;
   *     exceptionally when it can't be made, with an {@link AccessException} as the cause
   */
  public CompletionStage<Void> submit(AccessChange change) {
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("the broker is closed"));
    }
    try {
      return CompletableFuture.supplyAsync(
              () -> registry.change(change), registry.nodeLoop()::executeOrReject)
          .thenCompose(made -> made);
    } catch (RejectedExecutionException closedMeanwhile) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the broker is closed", closedMeanwhile));
    }
  }

  /**
   * Makes a change, or several together, and waits for it.
   *
   * @throws AccessException when it can't be made; then nothing has changed
   * @throws IllegalStateException on a loop of the broker, or when the broker is closed
   */
  public void change(AccessChange change) {
    if (registry.isOnLoop()) {
      throw new IllegalStateException(
          "an event loop of the broker must not wait for a change; use submit()");
    }
    try {
      submit(change).toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof AccessException refusal) {
        throw new AccessException(refusal.reason(), refusal.getMessage());
      }
      throw new IllegalStateException(failure.getCause().getMessage(), failure.getCause());
    } catch (TimeoutException late) {
      throw new IllegalStateException("the change was not made in time", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a change", interrupted);
    }
  }

  /**
   * Checks credentials as for a connection, by all that the broker is configured to ask. Any
   * thread; nothing is counted or logged.
   *
   * @return never completed exceptionally; by a thread that must not be kept waiting
   */
  public CompletionStage<LoginAnswer> login(Credentials credentials) {
    return registry.logins().login(credentials);
  }

  /** Somebody whose rights are the broker's own permissions; needs no login. */
  public Identity ownIdentity(String user) {
    return registry.ownIdentity(user);
  }

  /** How often somebody tried to log in. */
  public AuthAttempts attempts() {
    return registry.attempts();
  }

  // ---- users

  /** Users, virtual hosts and permissions as they are now. */
  public AccessRules rules() {
    return registry.rules();
  }

  /** All users, by name. */
  public List<User> users() {
    return registry.rules().users().stream().sorted(Comparator.comparing(User::name)).toList();
  }

  /** The user with this name, or null. */
  public User user(String name) {
    return registry.rules().user(name);
  }

  /** Makes a user who has no permissions yet; fails when there is one with that name. */
  public void addUser(String name, String password, String... tags) {
    User user = User.of(name, password, tags);
    change(editor -> editor.addUser(user));
  }

  /** Makes a user, or changes the one with that name, whose permissions stay. */
  public void putUser(User user) {
    change(editor -> editor.putUser(user));
  }

  /** Changes a password; open connections stay. */
  public void changePassword(String name, String password) {
    PasswordHash hash = PasswordHash.of(password);
    change(editor -> editor.putUser(editor.user(name).withPassword(hash)));
  }

  /** Sets all tags of a user. */
  public void setUserTags(String name, String... tags) {
    change(editor -> editor.putUser(editor.user(name).withTags(List.of(tags))));
  }

  /** Sets all limits of a user. What is open already stays. */
  public void setUserLimits(String name, UserLimits limits) {
    change(editor -> editor.putUser(editor.user(name).withLimits(limits)));
  }

  /** Removes a user with all permissions; the user's connections are closed with 320. */
  public void deleteUser(String name) {
    change(editor -> editor.deleteUser(name));
  }

  /**
   * The same without waiting, unless more connections would be closed than somebody was told, or
   * more queues and messages would go with them.
   *
   * @return as of {@link #submit}
   */
  public CompletionStage<Void> deleteUser(String name, LossBound most) {
    return submit(registry.deletionOfUser(name, most));
  }

  // ---- virtual hosts

  /** All virtual hosts, by name. */
  public List<VirtualHostDefinition> vhosts() {
    return registry.rules().vhosts().stream()
        .sorted(Comparator.comparing(VirtualHostDefinition::name))
        .toList();
  }

  /** The virtual host with this name, or null. */
  public VirtualHostDefinition vhost(String name) {
    return registry.rules().vhost(name);
  }

  /**
   * Makes a virtual host with the predeclared exchanges, which nobody has permissions for yet; if
   * it is there already, nothing happens.
   */
  public void addVhost(String name) {
    change(
        editor -> {
          if (!editor.hasVhost(name)) {
            editor.putVhost(VirtualHostDefinition.of(name));
          }
        });
  }

  /** Makes a virtual host, or changes what is said about it. */
  public void putVhost(VirtualHostDefinition vhost) {
    change(editor -> editor.putVhost(vhost));
  }

  /** Sets all limits of a virtual host. What is there already stays. */
  public void setVhostLimits(String name, VhostLimits limits) {
    change(editor -> editor.putVhost(editor.vhost(name).withLimits(limits)));
  }

  /**
   * Removes a virtual host with all queues, exchanges, messages and permissions; its connections
   * are closed with 320.
   */
  public void deleteVhost(String name) {
    change(editor -> editor.deleteVhost(name));
  }

  /**
   * The same without waiting, unless queues, messages or connections are more than somebody was
   * told.
   *
   * @return as of {@link #submit}
   */
  public CompletionStage<Void> deleteVhost(String name, LossBound most) {
    return submit(registry.deletionOfVhost(name, most));
  }

  // ---- permissions

  /** All permissions, by virtual host and user. */
  public List<Permission> permissions() {
    return registry.rules().permissions().stream()
        .sorted(Comparator.comparing(Permission::vhost).thenComparing(Permission::user))
        .toList();
  }

  /** What a user may do in a virtual host, or null. */
  public Permission permission(String user, String vhost) {
    return registry.rules().permission(user, vhost);
  }

  /** Sets what a user may do in a virtual host, as regular expressions for names. */
  public void setPermissions(
      String user, String vhost, String configure, String write, String read) {
    Permission permission = new Permission(user, vhost, configure, write, read);
    change(editor -> editor.setPermission(permission));
  }

  /** Takes a user all rights in a virtual host; open connections stay, but can do nothing. */
  public void clearPermissions(String user, String vhost) {
    change(editor -> editor.clearPermission(user, vhost));
  }

  /** All topic permissions, by virtual host, user and exchange. */
  public List<TopicPermission> topicPermissions() {
    return registry.rules().topicPermissions().stream()
        .sorted(
            Comparator.comparing(TopicPermission::vhost)
                .thenComparing(TopicPermission::user)
                .thenComparing(TopicPermission::exchange))
        .toList();
  }

  /** Sets which routing keys a user may use with a topic exchange, as regular expressions. */
  public void setTopicPermissions(
      String user, String vhost, String exchange, String write, String read) {
    TopicPermission permission = new TopicPermission(user, vhost, exchange, write, read);
    change(editor -> editor.setTopicPermission(permission));
  }

  /** Lets a user use all routing keys in a virtual host again. */
  public void clearTopicPermissions(String user, String vhost) {
    change(editor -> editor.clearTopicPermissions(user, vhost));
  }

  /** Lets a user use all routing keys with an exchange again. */
  public void clearTopicPermissions(String user, String vhost, String exchange) {
    change(editor -> editor.clearTopicPermissions(user, vhost, exchange));
  }
}
