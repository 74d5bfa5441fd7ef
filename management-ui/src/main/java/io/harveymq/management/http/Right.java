package io.harveymq.management.http;

import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Identity;

/**
 * Who may use an endpoint: the tags of RabbitMQ's management, each of which has the rights of those
 * before it, but monitoring does not have policymaker's. Any thread.
 */
public enum Right {
  /** Anybody, without logging in. */
  NOBODY_IN_PARTICULAR(null),
  /** Who may use the management at all. */
  MANAGEMENT("Not management user"),
  /** Who may use the management and has permissions in the virtual host of the path. */
  VHOST("User not authorised to access virtual host"),
  /** The same, but who monitors need not have permissions there. */
  VISIBLE_VHOST("User not authorised to access virtual host"),
  POLICYMAKER("User not authorised to access object"),
  MONITORING("Not monitor user"),
  ADMINISTRATOR("Not administrator user");

  private final String refusal;

  Right(String refusal) {
    this.refusal = refusal;
  }

  /**
   * Checks that a user has this right.
   *
   * @param vhost that of the path, or null
   * @param changes whether something is to be made there
   * @throws ApiException 401 without it, 404 when there is no such virtual host
   */
  void check(ApiUser user, String vhost, AccessRules rules, boolean changes) {
    if (!MANAGEMENT.isOf(user.identity())) {
      throw ApiException.notAuthorised(MANAGEMENT.refusal);
    }
    if (!isOf(user.identity())) {
      throw ApiException.notAuthorised(refusal);
    }
    boolean isOfVhost = this == VHOST || this == VISIBLE_VHOST || this == POLICYMAKER;
    if (isOfVhost && vhost != null) {
      if (rules.vhost(vhost) == null) {
        throw changes ? ApiException.notFound("vhost_not_found") : ApiException.notFound();
      }
      boolean seesAll = (this == VISIBLE_VHOST ? MONITORING : ADMINISTRATOR).isOf(user.identity());
      if (!seesAll && !user.mayUse(vhost, rules)) {
        throw ApiException.notAuthorised(refusal);
      }
    }
  }

  /** Whether the tags of a user give this right; {@link #VHOST} asks for permissions besides. */
  boolean isOf(Identity user) {
    boolean administrator = user.hasTag("administrator");
    boolean monitoring = administrator || user.hasTag("monitoring");
    boolean policymaker = administrator || user.hasTag("policymaker");
    return switch (this) {
      case NOBODY_IN_PARTICULAR -> true;
      case MANAGEMENT, VHOST, VISIBLE_VHOST ->
          monitoring || policymaker || user.hasTag("management");
      case POLICYMAKER -> policymaker;
      case MONITORING -> monitoring;
      case ADMINISTRATOR -> administrator;
    };
  }
}
