package io.harveymq.broker.node;

import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Users, virtual hosts and permissions as one loop knows them. Owned by that loop.
 *
 * <p>Channels are counted here, by loop. That is the count of the node as long as all virtual hosts
 * live on one loop.
 */
public final class LoopAccess {
  private final HomeLoop home;
  private final Map<String, UserChannels> channels = new HashMap<>();
  private AccessRules rules;

  LoopAccess(HomeLoop home, AccessRules rules) {
    this.home = home;
    this.rules = rules;
  }

  /** What holds now. A change of anything is seen by its being another object. */
  public AccessRules rules() {
    return rules;
  }

  /** The loop. */
  public HomeLoop home() {
    return home;
  }

  /** The counter of a user's channels; those whom the broker does not know have no limits. */
  public UserChannels channels(String user) {
    if (rules.user(user) == null) {
      return new UserChannels();
    }
    return channels.computeIfAbsent(user, name -> new UserChannels());
  }

  /**
   * Takes over what holds from now on. Routes are found anew, because a route that is remembered
   * also means that its message is allowed.
   */
  void update(AccessRules newRules, Collection<VirtualHost> vhosts) {
    rules = newRules;
    channels.keySet().removeIf(user -> newRules.user(user) == null);
    for (VirtualHost vhost : vhosts) {
      if (vhost.home() == home) {
        VirtualHostDefinition definition = newRules.vhost(vhost.name());
        vhost.accessChanged(definition == null ? vhost.definition() : definition);
      }
    }
  }
}
