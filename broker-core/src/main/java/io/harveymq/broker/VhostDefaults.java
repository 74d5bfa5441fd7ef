package io.harveymq.broker;

import io.harveymq.broker.auth.ErlangPattern;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.vhost.VhostLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * What a new virtual host gets by its name, however it is made: RabbitMQ's default_limits,
 * default_policies and default_users, by the rules of rabbit_db_vhost_defaults. Patterns are
 * regular expressions that may match anywhere in the name. What a virtual host has already is never
 * touched. Immutable; any thread.
 *
 * <pre>{@code
 * VhostDefaults.NONE
 *     .withLimits("^device", new VhostLimits(100, 20))
 *     .withUser(".*", User.of("monitor", "secret", "monitoring"), FirstStart.Patterns.ALL)
 * }</pre>
 *
 * @param limits of several that match, the first counts
 * @param operatorPolicies all that match are set, so that of two with one name the last counts
 * @param users all that match get their permissions
 */
public record VhostDefaults(
    List<LimitsOf> limits, List<OperatorPolicyOf> operatorPolicies, List<UserOf> users) {

  /** Limits, and the names of virtual hosts that they are for. */
  public record LimitsOf(ErlangPattern vhosts, VhostLimits limits) {}

  /** A policy made with {@link Policy#operator}, and the names of virtual hosts it is for. */
  public record OperatorPolicyOf(ErlangPattern vhosts, Policy policy) {}

  /**
   * A user and the names of the virtual hosts that get the permissions. Where there is a user of
   * that name already, password and tags stay as they are.
   */
  public record UserOf(ErlangPattern vhosts, User user, FirstStart.Patterns permissions) {}

  /** Nothing. */
  public static final VhostDefaults NONE = new VhostDefaults(List.of(), List.of(), List.of());

  /** Takes copies. */
  public VhostDefaults {
    limits = List.copyOf(limits);
    operatorPolicies = List.copyOf(operatorPolicies);
    users = List.copyOf(users);
  }

  /**
   * The same with limits for virtual hosts that nothing before is for.
   *
   * @throws java.util.regex.PatternSyntaxException when the pattern is malformed or too complex
   */
  public VhostDefaults withLimits(String vhosts, VhostLimits added) {
    return new VhostDefaults(
        with(limits, new LimitsOf(ErlangPattern.compile(vhosts), added)), operatorPolicies, users);
  }

  /**
   * The same with an operator policy more.
   *
   * @param added made with {@link Policy#operator}
   * @throws java.util.regex.PatternSyntaxException when the pattern is malformed or too complex
   */
  public VhostDefaults withOperatorPolicy(String vhosts, Policy added) {
    OperatorPolicyOf one = new OperatorPolicyOf(ErlangPattern.compile(vhosts), added);
    return new VhostDefaults(limits, with(operatorPolicies, one), users);
  }

  /**
   * The same with a user more.
   *
   * @throws java.util.regex.PatternSyntaxException when the pattern is malformed or too complex
   */
  public VhostDefaults withUser(String vhosts, User added, FirstStart.Patterns permissions) {
    UserOf one = new UserOf(ErlangPattern.compile(vhosts), added, permissions);
    return new VhostDefaults(limits, operatorPolicies, with(users, one));
  }

  private static <T> List<T> with(List<T> before, T added) {
    List<T> all = new ArrayList<>(before);
    all.add(added);
    return all;
  }

  /** The limits of a new virtual host. */
  public VhostLimits limitsOf(String vhost) {
    return limits.stream()
        .filter(one -> one.vhosts().matches(vhost))
        .map(LimitsOf::limits)
        .findFirst()
        .orElse(VhostLimits.NONE);
  }

  /** The operator policies of a new virtual host. */
  public List<Policy> operatorPoliciesOf(String vhost) {
    return operatorPolicies.stream()
        .filter(one -> one.vhosts().matches(vhost))
        .map(OperatorPolicyOf::policy)
        .toList();
  }

  /** Who gets permissions for a new virtual host. */
  public List<UserOf> usersOf(String vhost) {
    return users.stream().filter(one -> one.vhosts().matches(vhost)).toList();
  }
}
