package io.harveymq.broker.policy;

import io.harveymq.broker.auth.ErlangPattern;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.codec.FieldTable;
import java.util.regex.PatternSyntaxException;

/**
 * Settings for all queues, exchanges or both whose name a pattern is found in. Immutable; any
 * thread.
 */
public final class Policy {
  private final String name;
  private final String pattern;
  private final ErlangPattern compiled;
  private final ApplyTo applyTo;
  private final long priority;
  private final FieldTable definition;

  private Policy(
      String name, String pattern, ApplyTo applyTo, long priority, FieldTable definition) {
    this.name = name;
    this.pattern = pattern;
    this.compiled = compile(pattern);
    this.applyTo = applyTo;
    this.priority = priority;
    this.definition = definition;
  }

  /**
   * An ordinary policy.
   *
   * @param pattern a regular expression
   * @param priority of several that match, that with the highest counts
   * @param definition the settings by policy key, such as {@code max-length}
   * @throws PolicyException for a wrong pattern, key or value
   */
  public static Policy of(
      String name, String pattern, ApplyTo applyTo, long priority, FieldTable definition) {
    PolicyKeys.check(definition);
    return new Policy(name, pattern, applyTo, priority, definition);
  }

  /**
   * An operator policy: it limits what ordinary ones allow.
   *
   * @throws PolicyException for a wrong pattern, key or value, and keys that operators can't set
   */
  public static Policy operator(
      String name, String pattern, ApplyTo applyTo, long priority, FieldTable definition) {
    PolicyKeys.checkOperator(definition);
    return new Policy(name, pattern, applyTo, priority, definition);
  }

  private static ErlangPattern compile(String pattern) {
    try {
      return ErlangPattern.compile(pattern);
    } catch (PatternSyntaxException invalid) {
      throw new PolicyException(
          "pattern should be regular expression but is invalid: {\""
              + invalid.getDescription()
              + "\","
              + Math.max(0, invalid.getIndex())
              + "}");
    }
  }

  public String name() {
    return name;
  }

  public String pattern() {
    return pattern;
  }

  public ApplyTo applyTo() {
    return applyTo;
  }

  public long priority() {
    return priority;
  }

  /** The settings by policy key. */
  public FieldTable definition() {
    return definition;
  }

  /** Whether it is for a queue: a key that its type has no use for rules all of it out. */
  boolean matchesQueue(String queue, QueueType type) {
    return applyTo.matches(type)
        && PolicyKeys.applicable(definition, type)
        && compiled.matches(queue);
  }

  boolean matchesExchange(String exchange) {
    return applyTo.matchesExchanges() && compiled.matches(exchange);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Policy policy
        && name.equals(policy.name)
        && pattern.equals(policy.pattern)
        && applyTo == policy.applyTo
        && priority == policy.priority
        && definition.equals(policy.definition);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return "policy '" + name + "' for " + applyTo.protocolName() + " matching " + pattern;
  }
}
