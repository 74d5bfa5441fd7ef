package io.harveymq.broker;

/**
 * What differs between versions of RabbitMQ's management API. Immutable; any thread.
 *
 * @param loginRefusal the reason given to who can't log in
 * @param hasLaterEndpoints whether there is what came with 4.x, such as /api/deprecated-features
 * @param namesQueueTypes whether virtual hosts and definitions name the type of queues that did not
 *     ask for one, and definitions tell where they come from
 * @param namesVhostOfPolicies whether the definitions of one virtual host name it in policies and
 *     parameters
 * @param testsAliveness whether /api/aliveness-test declares a queue and sends a message through it
 */
public record ManagementRules(
    String loginRefusal,
    boolean hasLaterEndpoints,
    boolean namesQueueTypes,
    boolean namesVhostOfPolicies,
    boolean testsAliveness) {
  static ManagementRules of(int release) {
    return new ManagementRules(
        release < 400 ? "Login failed" : "Not_Authorized",
        release >= 400,
        release >= 400,
        release < 313,
        release < 400);
  }
}
