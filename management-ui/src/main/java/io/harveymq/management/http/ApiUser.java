package io.harveymq.management.http;

import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.User;
import java.util.Set;

/**
 * Who asks by HTTP, and which virtual hosts that user may use. Immutable; any thread.
 *
 * @param known the same as one of the broker's own users, as it was at the login; null for others
 * @param vhosts which backends say the user may use; null where the broker's own permissions count
 */
record ApiUser(Identity identity, User known, Set<String> vhosts) {
  /** One of the broker's own users. */
  static ApiUser own(Identity identity, User known) {
    return new ApiUser(identity, known, null);
  }

  boolean isControl() {
    return identity == ControlToken.ADMINISTRATOR;
  }

  boolean mayUse(String vhost, AccessRules rules) {
    return vhosts == null ? rules.mayUse(identity.name(), vhost) : vhosts.contains(vhost);
  }
}
