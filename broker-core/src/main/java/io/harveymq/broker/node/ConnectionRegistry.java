package io.harveymq.broker.node;

import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The connections that were admitted to a virtual host, and the checks for that. Owned by the
 * node's loop.
 */
public final class ConnectionRegistry {
  /** One connection. */
  public static final class Client {
    private final String user;
    private final String vhost;
    private final Decision decision;
    private final Connection connection;
    private final Consumer<String> close;

    /**
     * @param decision what backends say of the user and the virtual host; null where the broker's
     *     own permissions count
     * @param close asks the connection to close with 320 and this text; called on the node's loop
     */
    public Client(
        String user,
        String vhost,
        Decision decision,
        Connection connection,
        Consumer<String> close) {
      this.user = user;
      this.vhost = vhost;
      this.decision = decision;
      this.connection = connection;
      this.close = close;
    }

    String user() {
      return user;
    }

    private Decision decision(AccessRules rules) {
      return decision == null ? Decision.of(rules.mayUse(user, vhost)) : decision;
    }
  }

  private final Map<String, Set<Client>> byUser = new HashMap<>();
  private final Map<String, Set<Client>> byVhost = new HashMap<>();
  private final Map<String, Runnable> whenEmpty = new HashMap<>();
  private int size;

  ConnectionRegistry() {}

  /**
   * Counts a connection in, with RabbitMQ's checks in its order (rabbit_reader: connection.open).
   *
   * @param mostOfNode how many there may be in all; negative for no limit
   * @throws ConnectionException 530 when it may not use the virtual host, or a limit is reached
   */
  void admit(Client client, AccessRules rules, int mostOfNode) {
    if (mostOfNode >= 0 && size >= mostOfNode) {
      throw notAllowed("connection refused: node connection limit (" + mostOfNode + ") is reached");
    }
    VirtualHostDefinition vhost = rules.vhost(client.vhost);
    if (vhost == null) {
      throw notAllowed("vhost " + client.vhost + " not found");
    }
    int most = vhost.limits().maxConnections();
    String refused =
        "access to vhost '" + client.vhost + "' refused for user '" + client.user + "'";
    if (most >= 0 && count(byVhost, client.vhost) >= most) {
      throw notAllowed(refused + ": connection limit (" + most + ") is reached");
    }
    User user = rules.user(client.user);
    int mostOfUser = user == null ? -1 : user.limits().maxConnections();
    if (mostOfUser >= 0 && count(byUser, client.user) >= mostOfUser) {
      throw notAllowed(
          "connection refused for user '"
              + client.user
              + "': user connection limit ("
              + mostOfUser
              + ") is reached");
    }
    Decision decision = client.decision(rules);
    if (!decision.isAllowed()) {
      throw notAllowed(refused + decision.suffix());
    }
    size++;
    byUser.computeIfAbsent(client.user, name -> new LinkedHashSet<>()).add(client);
    byVhost.computeIfAbsent(client.vhost, name -> new LinkedHashSet<>()).add(client);
  }

  private static ConnectionException notAllowed(String text) {
    return new ConnectionException(ReplyCode.NOT_ALLOWED, text);
  }

  private static int count(Map<String, Set<Client>> map, String key) {
    return map.getOrDefault(key, Set.of()).size();
  }

  /** A connection is done with its virtual host; nothing happens when it never was admitted. */
  public void leave(Client client) {
    size -= byUser.getOrDefault(client.user, Set.of()).contains(client) ? 1 : 0;
    remove(byUser, client.user, client);
    if (remove(byVhost, client.vhost, client)) {
      Runnable waiting = whenEmpty.remove(client.vhost);
      if (waiting != null) {
        waiting.run();
      }
    }
  }

  /** Whether that was the last one. */
  private static boolean remove(Map<String, Set<Client>> map, String key, Client client) {
    Set<Client> clients = map.get(key);
    if (clients == null || !clients.remove(client) || !clients.isEmpty()) {
      return false;
    }
    map.remove(key);
    return true;
  }

  /** Connections that a user has open. */
  public int countOfUser(String user) {
    return count(byUser, user);
  }

  /** The connections themselves; a set that does not change. */
  Set<Connection> ofUser(String user) {
    return byUser.getOrDefault(user, Set.of()).stream()
        .map(client -> client.connection)
        .collect(Collectors.toSet());
  }

  /** Connections that are open to a virtual host. */
  public int countInVhost(String vhost) {
    return count(byVhost, vhost);
  }

  void closeOfUser(String user, String text) {
    closeAll(byUser.get(user), text);
  }

  /** Closes the connections to a virtual host, and runs the action once there are none. */
  void closeInVhost(String vhost, String text, Runnable whenDone) {
    Set<Client> clients = byVhost.get(vhost);
    if (clients == null) {
      whenDone.run();
    } else {
      whenEmpty.merge(
          vhost,
          whenDone,
          (first, then) ->
              () -> {
                first.run();
                then.run();
              });
      closeAll(clients, text);
    }
  }

  private static void closeAll(Set<Client> clients, String text) {
    if (clients != null) {
      List<Client> all = new ArrayList<>(clients);
      all.forEach(client -> client.close.accept(text));
    }
  }
}
