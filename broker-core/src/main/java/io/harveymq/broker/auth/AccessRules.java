package io.harveymq.broker.auth;

import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A snapshot of users, virtual hosts and permissions: who may log in with what, and do what. Two
 * snapshots with different contents are different objects. Immutable; any thread.
 */
public final class AccessRules {
  /** Who in which virtual host. */
  record Scope(String user, String vhost) {}

  /** What permissions call the default exchange. */
  public static final String DEFAULT_EXCHANGE = "amq.default";

  private final Map<String, User> users;
  private final Map<String, VirtualHostDefinition> vhosts;
  private final Map<Scope, Grant> grants;
  private final Map<Scope, Map<String, TopicGrant>> topicGrants;
  private final Map<Parameter.Key, Parameter> parameters;
  private final Set<String> loopbackUsers;

  private AccessRules(
      Map<String, User> users,
      Map<String, VirtualHostDefinition> vhosts,
      Map<Scope, Grant> grants,
      Map<Scope, Map<String, TopicGrant>> topicGrants,
      Map<Parameter.Key, Parameter> parameters,
      Set<String> loopbackUsers) {
    this.users = users;
    this.vhosts = vhosts;
    this.grants = grants;
    this.topicGrants = topicGrants;
    this.parameters = parameters;
    this.loopbackUsers = loopbackUsers;
  }

  /**
   * Nobody and nothing.
   *
   * @param loopbackUsers names of users who may log in from this machine only
   */
  public static AccessRules empty(Set<String> loopbackUsers) {
    return new AccessRules(
        Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.copyOf(loopbackUsers));
  }

  /** The maps are not to be changed any more. */
  AccessRules with(
      Map<String, User> newUsers,
      Map<String, VirtualHostDefinition> newVhosts,
      Map<Scope, Grant> newGrants,
      Map<Scope, Map<String, TopicGrant>> newTopicGrants,
      Map<Parameter.Key, Parameter> newParameters) {
    return new AccessRules(
        newUsers, newVhosts, newGrants, newTopicGrants, newParameters, loopbackUsers);
  }

  Map<String, User> copyOfUsers() {
    return new HashMap<>(users);
  }

  Map<String, VirtualHostDefinition> copyOfVhosts() {
    return new HashMap<>(vhosts);
  }

  Map<Scope, Grant> copyOfGrants() {
    return new HashMap<>(grants);
  }

  Map<Scope, Map<String, TopicGrant>> copyOfTopicGrants() {
    return new HashMap<>(topicGrants);
  }

  Map<Parameter.Key, Parameter> copyOfParameters() {
    return new HashMap<>(parameters);
  }

  // ---- lists

  /** The user with this name, or null. */
  public User user(String name) {
    return users.get(name);
  }

  /** All users, in no order. */
  public Collection<User> users() {
    return List.copyOf(users.values());
  }

  /** What is said about the virtual host with this name, or null. */
  public VirtualHostDefinition vhost(String name) {
    return vhosts.get(name);
  }

  /** All virtual hosts, in no order. */
  public Collection<VirtualHostDefinition> vhosts() {
    return List.copyOf(vhosts.values());
  }

  /** All permissions, in no order. */
  public List<Permission> permissions() {
    return grants.values().stream().map(grant -> grant.permission).toList();
  }

  /** The permission of a user in a virtual host, or null. */
  public Permission permission(String user, String vhost) {
    Grant grant = grants.get(new Scope(user, vhost));
    return grant == null ? null : grant.permission;
  }

  /** All topic permissions, in no order. */
  public List<TopicPermission> topicPermissions() {
    return topicGrants.values().stream()
        .flatMap(byExchange -> byExchange.values().stream())
        .map(grant -> grant.permission)
        .toList();
  }

  /** All runtime parameters, in no order. */
  public Collection<Parameter> parameters() {
    return List.copyOf(parameters.values());
  }

  /**
   * The runtime parameter of a virtual host, or null.
   *
   * @param component empty, as the virtual host, for a global one
   */
  public Parameter parameter(String component, String vhost, String name) {
    return parameters.get(new Parameter.Key(component, vhost, name));
  }

  // ---- decisions

  /**
   * Checks a login.
   *
   * @param fromLoopback whether the client runs on this machine
   */
  public LoginOutcome login(String name, String password, boolean fromLoopback) {
    User user = users.get(name);
    PasswordHash hash = user == null ? PasswordHash.OF_NOBODY : user.password();
    if (!hash.matches(password) || user == null) {
      return LoginOutcome.WRONG_CREDENTIALS;
    }
    return fromLoopback || !isLoopbackOnly(name)
        ? LoginOutcome.ACCEPTED
        : LoginOutcome.LOOPBACK_ONLY;
  }

  /** Whether a user may log in from this machine only. */
  public boolean isLoopbackOnly(String user) {
    return loopbackUsers.contains(user);
  }

  /** Whether a user may open a connection to a virtual host. */
  public boolean mayUse(String user, String vhost) {
    return grants.containsKey(new Scope(user, vhost));
  }

  /**
   * What names a user's right covers in a virtual host.
   *
   * @return null for none at all
   */
  public ErlangPattern pattern(String user, String vhost, AccessRight right) {
    Grant grant = grants.get(new Scope(user, vhost));
    return grant == null ? null : grant.pattern(right);
  }

  /** Whether topic permissions of a user in a virtual host have to be looked at. */
  public boolean hasTopicPermissions(String user, String vhost) {
    return topicGrants.containsKey(new Scope(user, vhost));
  }

  /**
   * Whether a user may use a routing key with a topic exchange.
   *
   * @param right to write for publishing, to read for binding
   */
  public boolean allowsTopic(
      String user, String vhost, String exchange, AccessRight right, String routingKey) {
    Map<String, TopicGrant> byExchange = topicGrants.get(new Scope(user, vhost));
    TopicGrant grant = byExchange == null ? null : byExchange.get(exchange);
    return grant == null || grant.allows(right, routingKey);
  }
}
