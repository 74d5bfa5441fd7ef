package io.harveymq.broker.auth;

/** A permission, ready to be asked. Immutable; any thread. */
final class Grant {
  final Permission permission;
  private final ErlangPattern[] patterns;

  /**
   * @throws AccessException when a pattern is malformed
   */
  Grant(Permission permission) {
    this.permission = permission;
    this.patterns =
        new ErlangPattern[] {
          ErlangPattern.of(permission.configure()),
          ErlangPattern.of(permission.write()),
          ErlangPattern.of(permission.read())
        };
  }

  ErlangPattern pattern(AccessRight right) {
    return patterns[right.ordinal()];
  }
}
