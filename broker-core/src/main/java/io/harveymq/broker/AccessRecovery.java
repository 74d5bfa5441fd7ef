package io.harveymq.broker;

import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.node.AccessRegistry;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.vhost.EventExchange;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.LogExchange;
import io.harveymq.broker.vhost.NameGenerator;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings back users, virtual hosts and permissions, or makes the first ones. Used by the thread
 * that starts a broker, before its loops run anything.
 */
final class AccessRecovery {
  private final Durability durability;
  private final NameGenerator names;
  private final Compatibility compatibility;
  private final VhostDefaults defaults;
  private final EventExchange events;
  private final LogExchange log;

  /**
   * @param defaults what new virtual hosts get
   * @param events gets told what happens; null for nobody
   * @param log gets the lines of the log; null for nobody
   */
  AccessRecovery(
      Durability durability,
      NameGenerator names,
      Compatibility compatibility,
      VhostDefaults defaults,
      EventExchange events,
      LogExchange log) {
    this.log = log;
    this.compatibility = compatibility;
    this.defaults = defaults;
    this.events = events;
    this.durability = durability;
    this.names = names;
  }

  /**
   * Takes up what the store has, virtual hosts and all.
   *
   * @param loops the first gets the virtual hosts
   * @param firstStart what is made if the store has nothing; null for nothing
   * @param loopbackUsers names of users who may log in from this machine only
   */
  AccessRegistry recover(List<HomeLoop> loops, FirstStart firstStart, Set<String> loopbackUsers) {
    HomeLoop home = loops.get(0);
    AccessEditor editor = new AccessEditor(AccessRules.empty(loopbackUsers), defaults);
    List<Definition> found = new ArrayList<>(durability.definitions());
    List<Definition> policies = List.of();
    if (found.stream().noneMatch(AccessRecovery::isOfAccess) && firstStart != null) {
      makeFirst(editor, firstStart, found);
      policies = defaultPolicies(editor.rules());
      found.addAll(policies);
    } else {
      found.forEach(editor::load);
    }
    AccessRules rules = editor.rules();
    Map<String, List<Definition>> byVhost =
        found.stream().collect(Collectors.groupingBy(Definition::vhost));
    Map<String, VirtualHost> vhosts = new HashMap<>();
    for (VirtualHostDefinition definition : rules.vhosts()) {
      VirtualHost vhost = newVhost(definition, home);
      durability.recover(vhost, byVhost.getOrDefault(vhost.name(), List.of()));
      vhosts.put(vhost.name(), vhost);
    }
    durability.forget(definition -> isLeftOver(definition, rules));
    if (home.store() != null) {
      editor.changes().forEach(change -> home.store().put(change.definition()));
      policies.forEach(home.store()::put);
    }
    return new AccessRegistry(
        loops, rules, vhosts, definition -> newVhost(definition, home), defaults, events);
  }

  /** The operator policies of the first virtual hosts. */
  private List<Definition> defaultPolicies(AccessRules rules) {
    List<Definition> policies = new ArrayList<>();
    for (VirtualHostDefinition vhost : rules.vhosts()) {
      defaults
          .operatorPoliciesOf(vhost.name())
          .forEach(policy -> policies.add(new Definition.Policy(vhost.name(), true, policy)));
    }
    return policies;
  }

  private VirtualHost newVhost(VirtualHostDefinition definition, HomeLoop home) {
    VirtualHost vhost = new VirtualHost(definition, home, names, compatibility);
    if (events != null) {
      vhost.enableEvents(events);
    }
    if (log != null) {
      log.isThere(vhost);
    }
    return vhost;
  }

  private static boolean isOfAccess(Definition definition) {
    return definition instanceof Definition.User
        || definition instanceof Definition.VirtualHost
        || definition instanceof Definition.Permission;
  }

  /** The end of a broker may have come in the middle of the deletion of a virtual host. */
  private static boolean isLeftOver(Definition definition, AccessRules rules) {
    return !definition.vhost().isEmpty() && rules.vhost(definition.vhost()) == null;
  }

  /** Makes the first user and virtual host. */
  static void makeFirst(AccessEditor editor, FirstStart firstStart) {
    editor.addUser(
        User.of(
            firstStart.defaultUser(),
            firstStart.defaultPass(),
            firstStart.tags().toArray(new String[0])));
    editor.putVhost(
        VirtualHostDefinition.of(firstStart.defaultVhost())
            .withDescription("Default virtual host"));
    editor.setPermission(permission(firstStart, firstStart.defaultVhost()));
  }

  /**
   * Makes the first user and virtual host; and, for a store of a time when there were no users,
   * virtual hosts for what it has.
   */
  private static void makeFirst(
      AccessEditor editor, FirstStart firstStart, List<Definition> found) {
    makeFirst(editor, firstStart);
    found.stream()
        .map(Definition::vhost)
        .filter(vhost -> !vhost.isEmpty() && !vhost.equals(firstStart.defaultVhost()))
        .distinct()
        .forEach(
            vhost -> {
              editor.putVhost(VirtualHostDefinition.of(vhost));
              editor.setPermission(permission(firstStart, vhost));
            });
  }

  private static Permission permission(FirstStart firstStart, String vhost) {
    FirstStart.Patterns may = firstStart.permissions();
    return new Permission(
        firstStart.defaultUser(), vhost, may.configure(), may.write(), may.read());
  }
}
