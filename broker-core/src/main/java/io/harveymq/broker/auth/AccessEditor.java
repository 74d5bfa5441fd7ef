package io.harveymq.broker.auth;

import io.harveymq.broker.VhostDefaults;
import io.harveymq.broker.auth.AccessException.Reason;
import io.harveymq.broker.auth.AccessRules.Scope;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a new snapshot of users, virtual hosts and permissions from an old one, with RabbitMQ's
 * rules for what belongs together, and keeps account of what has to be stored. For one thread; used
 * once.
 */
public final class AccessEditor {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_TEXT = 16_384;
  private static final int MOST_TAGS = 1_000;

  private final AccessRules before;
  private final VhostDefaults defaults;
  private final Map<String, User> users;
  private final Map<String, VirtualHostDefinition> vhosts;
  private final Map<Scope, Grant> grants;
  private final Map<Scope, Map<String, TopicGrant>> topicGrants;

  private final Map<Parameter.Key, Parameter> parameters;

  /** What has to be stored by key; an absent definition is to be removed. */
  private final Map<Object, Change> changes = new LinkedHashMap<>();

  private final Set<String> deletedUsers = new LinkedHashSet<>();
  private final Set<String> deletedVhosts = new LinkedHashSet<>();

  /** One definition that is new or has changed, or is gone. */
  public record Change(Definition definition, boolean removed) {}

  public AccessEditor(AccessRules before) {
    this(before, VhostDefaults.NONE);
  }

  /**
   * @param defaults what new virtual hosts get; their policies are not kept here
   */
  public AccessEditor(AccessRules before, VhostDefaults defaults) {
    this.before = before;
    this.defaults = defaults;
    users = before.copyOfUsers();
    vhosts = before.copyOfVhosts();
    grants = before.copyOfGrants();
    topicGrants = before.copyOfTopicGrants();
    parameters = before.copyOfParameters();
  }

  /** The snapshot with all changes; nothing is changed any more after this. */
  public AccessRules rules() {
    return before.with(users, vhosts, grants, topicGrants, parameters);
  }

  /** What has to be stored, in the order of the changes. */
  public List<Change> changes() {
    return List.copyOf(changes.values());
  }

  /** Users who are gone. */
  public Set<String> deletedUsers() {
    return deletedUsers;
  }

  /** Virtual hosts that are gone. */
  public Set<String> deletedVhosts() {
    return deletedVhosts;
  }

  private void put(Definition definition) {
    changes.put(definition.key(), new Change(definition, false));
  }

  private void remove(Definition definition) {
    changes.put(definition.key(), new Change(definition, true));
  }

  /**
   * Takes up what was stored; other kinds of definitions are passed over.
   *
   * @throws AccessException when it can't be understood
   */
  public void load(Definition definition) {
    if (definition instanceof Definition.User stored) {
      users.put(stored.user().name(), stored.user());
    } else if (definition instanceof Definition.VirtualHost stored) {
      vhosts.put(stored.definition().name(), stored.definition());
    } else if (definition instanceof Definition.Permission stored) {
      grant(stored.permission());
    } else if (definition instanceof Definition.TopicPermission stored) {
      grant(stored.permission());
    } else if (definition instanceof Definition.Parameter stored) {
      parameters.put(stored.parameter().key(), stored.parameter());
    }
  }

  // ---- users

  /**
   * The user with this name.
   *
   * @throws AccessException when there is none
   */
  public User user(String name) {
    User user = users.get(name);
    if (user == null) {
      throw new AccessException(Reason.NO_SUCH_USER, "user '" + name + "' does not exist");
    }
    return user;
  }

  /** Whether there is a user with this name. */
  public boolean hasUser(String name) {
    return users.containsKey(name);
  }

  /**
   * Makes a user.
   *
   * @throws AccessException when there is one with that name, or the name is not allowed
   */
  public void addUser(User user) {
    if (users.containsKey(user.name())) {
      throw new AccessException(
          Reason.USER_ALREADY_EXISTS, "user '" + user.name() + "' already exists");
    }
    putUser(user);
  }

  /**
   * Makes a user or changes the one with that name, whose permissions stay.
   *
   * @throws AccessException when a value is not allowed
   */
  public void putUser(User user) {
    checkName("user", user.name());
    checkTags(user.tags());
    users.put(user.name(), user);
    deletedUsers.remove(user.name());
    put(new Definition.User(user));
  }

  /**
   * Removes a user with all permissions. The user's connections are closed.
   *
   * @throws AccessException when there is none
   */
  public void deleteUser(String name) {
    remove(new Definition.User(user(name)));
    users.remove(name);
    deletedUsers.add(name);
    forgetPermissions(scope -> scope.user().equals(name));
  }

  // ---- virtual hosts

  /**
   * What is said about the virtual host with this name.
   *
   * @throws AccessException when there is none
   */
  public VirtualHostDefinition vhost(String name) {
    VirtualHostDefinition vhost = vhosts.get(name);
    if (vhost == null) {
      throw new AccessException(Reason.NO_SUCH_VHOST, "virtual host '" + name + "' does not exist");
    }
    return vhost;
  }

  /** Whether there is a virtual host with this name. */
  public boolean hasVhost(String name) {
    return vhosts.containsKey(name);
  }

  /**
   * Makes a virtual host, with the predeclared exchanges and without permissions but for default
   * users, or changes what is said about it. One that is new gets default limits if it has none.
   *
   * @throws AccessException when a value is not allowed
   */
  public void putVhost(VirtualHostDefinition vhost) {
    checkName("virtual host", vhost.name());
    checkText("description", vhost.description());
    checkTags(vhost.tags());
    String type = vhost.defaultQueueType();
    if (type != null && QueueType.of(type) == null) {
      throw new AccessException(Reason.INVALID, "unknown default queue type '" + type + "'");
    }
    if (deletedVhosts.contains(vhost.name())) {
      throw new AccessException(
          Reason.INVALID,
          "virtual host '" + vhost.name() + "' can't be deleted and made in one change");
    }
    boolean isNew = !vhosts.containsKey(vhost.name());
    boolean takesLimits = isNew && vhost.limits().equals(VhostLimits.NONE);
    VirtualHostDefinition said =
        takesLimits ? vhost.withLimits(defaults.limitsOf(vhost.name())) : vhost;
    vhosts.put(said.name(), said);
    put(new Definition.VirtualHost(said));
    if (isNew) {
      defaults.usersOf(vhost.name()).forEach(user -> admit(user, vhost.name()));
    }
  }

  private void admit(VhostDefaults.UserOf member, String vhost) {
    User user = member.user();
    if (!users.containsKey(user.name())) {
      putUser(user);
    }
    var may = member.permissions();
    setPermission(new Permission(user.name(), vhost, may.configure(), may.write(), may.read()));
  }

  /**
   * Removes a virtual host with everything in it, and all permissions for it. Its connections are
   * closed.
   *
   * @throws AccessException when there is none, or it is protected from deletion
   */
  public void deleteVhost(String name) {
    if (vhost(name).protectedFromDeletion()) {
      throw new AccessException(
          Reason.PROTECTED, "virtual host '" + name + "' is protected from deletion");
    }
    forgetVhost(name);
  }

  /** Removes all users, virtual hosts, permissions and parameters, protected or not. */
  public void clear() {
    List.copyOf(vhosts.keySet()).forEach(this::forgetVhost);
    List.copyOf(users.keySet()).forEach(this::deleteUser);
    List.copyOf(parameters.values()).forEach(this::forget);
  }

  private void forgetVhost(String name) {
    remove(new Definition.VirtualHost(vhost(name)));
    vhosts.remove(name);
    deletedVhosts.add(name);
    forgetPermissions(scope -> scope.vhost().equals(name));
    List.copyOf(parameters.values()).stream()
        .filter(parameter -> !parameter.isGlobal() && parameter.vhost().equals(name))
        .forEach(this::forget);
  }

  private interface Choice {
    boolean includes(Scope scope);
  }

  private void forgetPermissions(Choice choice) {
    List<Grant> gone =
        grants.entrySet().stream()
            .filter(entry -> choice.includes(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    gone.forEach(grant -> clearPermission(grant.permission.user(), grant.permission.vhost()));
    List<Scope> scopes = topicGrants.keySet().stream().filter(choice::includes).toList();
    scopes.forEach(scope -> clearTopicPermissions(scope.user(), scope.vhost()));
  }

  // ---- permissions

  /**
   * Sets what a user may do in a virtual host.
   *
   * @throws AccessException when one of them does not exist or a pattern is malformed
   */
  public void setPermission(Permission permission) {
    vhost(permission.vhost());
    user(permission.user());
    checkText("configure permission", permission.configure());
    checkText("write permission", permission.write());
    checkText("read permission", permission.read());
    grant(permission);
    put(new Definition.Permission(permission));
  }

  private void grant(Permission permission) {
    grants.put(new Scope(permission.user(), permission.vhost()), new Grant(permission));
  }

  /** Takes a user every right in a virtual host; nothing happens when there was none. */
  public void clearPermission(String user, String vhost) {
    Grant gone = grants.remove(new Scope(user, vhost));
    if (gone != null) {
      remove(new Definition.Permission(gone.permission));
    }
  }

  /**
   * Sets which routing keys a user may use with a topic exchange.
   *
   * @throws AccessException when user or virtual host does not exist or a pattern is malformed
   */
  public void setTopicPermission(TopicPermission permission) {
    vhost(permission.vhost());
    user(permission.user());
    if (permission.exchange().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new AccessException(Reason.INVALID, "the name of the exchange is too long");
    }
    checkText("write permission", permission.write());
    checkText("read permission", permission.read());
    grant(permission);
    put(new Definition.TopicPermission(permission));
  }

  private void grant(TopicPermission permission) {
    Scope scope = new Scope(permission.user(), permission.vhost());
    Map<String, TopicGrant> byExchange = new HashMap<>(topicGrants.getOrDefault(scope, Map.of()));
    byExchange.put(permission.exchange(), new TopicGrant(permission));
    topicGrants.put(scope, byExchange);
  }

  /** Lets a user use all routing keys in a virtual host again. */
  public void clearTopicPermissions(String user, String vhost) {
    Map<String, TopicGrant> gone = topicGrants.remove(new Scope(user, vhost));
    if (gone != null) {
      gone.values().forEach(grant -> remove(new Definition.TopicPermission(grant.permission)));
    }
  }

  /** Lets a user use all routing keys with an exchange again. */
  public void clearTopicPermissions(String user, String vhost, String exchange) {
    Scope scope = new Scope(user, vhost);
    Map<String, TopicGrant> left = new HashMap<>(topicGrants.getOrDefault(scope, Map.of()));
    TopicGrant gone = left.remove(exchange);
    if (gone == null) {
      return;
    }
    remove(new Definition.TopicPermission(gone.permission));
    if (left.isEmpty()) {
      topicGrants.remove(scope);
    } else {
      topicGrants.put(scope, left);
    }
  }

  // ---- runtime parameters

  /**
   * Sets a runtime parameter.
   *
   * @throws AccessException when there is no such virtual host, or the name is not allowed
   */
  public void putParameter(Parameter parameter) {
    if (!parameter.isGlobal()) {
      vhost(parameter.vhost());
    }
    checkName("parameter", parameter.name());
    parameters.put(parameter.key(), parameter);
    put(new Definition.Parameter(parameter));
  }

  /**
   * Removes a runtime parameter; nothing happens when there is none.
   *
   * @param component empty, as the virtual host, for a global one
   */
  public void clearParameter(String component, String vhost, String name) {
    Parameter gone = parameters.get(new Parameter.Key(component, vhost, name));
    if (gone != null) {
      forget(gone);
    }
  }

  private void forget(Parameter parameter) {
    parameters.remove(parameter.key());
    remove(new Definition.Parameter(parameter));
  }

  // ---- values

  private static void checkName(String what, String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST_NAME) {
      throw new AccessException(
          Reason.INVALID,
          "the name of a " + what + " must have from 1 to 255 bytes, not " + length);
    }
  }

  private static void checkText(String what, String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new AccessException(
          Reason.INVALID, "a " + what + " may have " + LONGEST_TEXT + " characters at most");
    }
  }

  private static void checkTags(List<String> tags) {
    if (tags.size() > MOST_TAGS) {
      throw new AccessException(Reason.INVALID, "there may be " + MOST_TAGS + " tags at most");
    }
    tags.forEach(tag -> checkName("tag", tag));
  }
}
