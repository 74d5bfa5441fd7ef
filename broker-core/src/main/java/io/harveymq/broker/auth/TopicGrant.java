package io.harveymq.broker.auth;

/** A topic permission, ready to be asked. Immutable; any thread. */
final class TopicGrant {
  final TopicPermission permission;
  private final ErlangPattern write;
  private final ErlangPattern read;

  /**
   * @throws AccessException when a pattern is malformed
   */
  TopicGrant(TopicPermission permission) {
    this.permission = permission;
    this.write = ErlangPattern.of(expanded(permission.write()));
    this.read = ErlangPattern.of(expanded(permission.read()));
  }

  /**
   * RabbitMQ puts the names in as they are, as parts of the expression; the client id is known for
   * other protocols only.
   */
  private String expanded(String pattern) {
    return pattern.replace("{username}", permission.user()).replace("{vhost}", permission.vhost());
  }

  boolean allows(AccessRight right, String routingKey) {
    return (right == AccessRight.WRITE ? write : read).matches(routingKey);
  }
}
