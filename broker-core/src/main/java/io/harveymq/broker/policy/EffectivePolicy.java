package io.harveymq.broker.policy;

import io.harveymq.codec.FieldValue;

/**
 * The policy and the operator policy that are in force for one queue or exchange. Immutable; any
 * thread.
 *
 * @param policy null for none
 * @param operator null for none
 */
public record EffectivePolicy(Policy policy, Policy operator) {
  /** No policy at all. */
  public static final EffectivePolicy NONE = new EffectivePolicy(null, null);

  /**
   * The value of a policy key: the lower one of two numbers, because operators set limits.
   *
   * @return null when neither has one
   */
  public FieldValue get(String key) {
    FieldValue value = policy == null ? null : policy.definition().get(key);
    FieldValue limit = operator == null ? null : operator.definition().get(key);
    if (value == null) {
      return limit;
    }
    return limit != null && limit.asLong() < value.asLong() ? limit : value;
  }

  /** The {@link #get value} as a number, or null. */
  public Long number(String key) {
    FieldValue value = get(key);
    return value == null ? null : Long.valueOf(value.asLong());
  }

  /** The {@link #get value} as text, or null. */
  public String text(String key) {
    return get(key) instanceof FieldValue.LongString string ? string.asString() : null;
  }
}
