package io.harveymq.broker;

/**
 * What differs between versions of RabbitMQ's management API. Immutable; any thread.
 *
 * @param loginRefusal the reason given to who can't log in
 * @param hasLaterEndpoints whether there is what came with 4.x, such as /api/deprecated-features
 */
public record ManagementRules(String loginRefusal, boolean hasLaterEndpoints) {
  static ManagementRules of(int release) {
    return new ManagementRules(release < 400 ? "Login failed" : "Not_Authorized", release >= 400);
  }
}
