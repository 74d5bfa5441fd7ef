package io.harveymq.broker.policy;

import static java.util.Map.entry;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.queue.DelayedRetry;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What may stand in a policy's definition: RabbitMQ's policy validators, with their texts, and
 * which keys each queue type has no use for. Stateless; any thread.
 */
final class PolicyKeys {
  private static final Pattern MAX_AGE = Pattern.compile("0*[1-9][0-9]*[YMDhms]");
  private static final long MOST_SEGMENT_BYTES = 3_000_000_000L;

  private record Rule(Predicate<FieldValue> valid, String what) {}

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          entry("alternate-exchange", string("alternate exchange name")),
          entry("dead-letter-exchange", string("dead letter exchange name")),
          entry("dead-letter-routing-key", string("dead letter routing key")),
          entry(
              "dead-letter-strategy",
              oneOf("dead letter strategy", "at-most-once", "at-least-once")),
          entry("message-ttl", atLeast(0, "message TTL")),
          entry("expires", atLeast(1, "queue expiry")),
          entry("max-length", atLeast(0, "maximum length")),
          entry("max-length-bytes", atLeast(0, "maximum length in bytes")),
          entry("max-in-memory-length", atLeast(0, "maximum memory in bytes")),
          entry("max-in-memory-bytes", atLeast(0, "maximum memory in bytes")),
          entry("queue-mode", oneOf("queue-mode value", "default", "lazy")),
          entry("queue-version", new Rule(v -> isInteger(v, 1, 2), "queue-version value")),
          entry(
              "overflow",
              oneOf("overflow value", "drop-head", "reject-publish", "reject-publish-dlx")),
          entry("delivery-limit", new Rule(PolicyKeys::isLimit, "delivery limit")),
          entry("max-age", new Rule(PolicyKeys::isAge, "max age")),
          entry(
              "queue-leader-locator",
              oneOf(
                  "queue leader locator value",
                  "client-local",
                  "balanced",
                  "random",
                  "least-leaders")),
          entry("initial-cluster-size", atLeast(0, "cluster size")),
          entry(
              "stream-max-segment-size-bytes",
              new Rule(v -> isInteger(v, 0, MOST_SEGMENT_BYTES), "segment size")),
          entry(
              "stream-filter-size-bytes",
              new Rule(v -> isInteger(v, 16, 255), "filter size. Valid range is 16-255")),
          entry("consumer-timeout", atLeast(0, "consumer timeout")),
          entry(
              "delayed-retry-type",
              oneOf("delayed retry type", DelayedRetry.TYPES.toArray(String[]::new))),
          entry("delayed-retry-min", atLeast(0, "delayed retry min")),
          entry("delayed-retry-max", atLeast(0, "delayed retry max")));

  /** Of clusters and federation: taken and shown, but there is only one node. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "ha-mode",
          "ha-params",
          "ha-sync-mode",
          "ha-sync-batch-size",
          "ha-promote-on-shutdown",
          "ha-promote-on-failure",
          "queue-master-locator",
          "federation-upstream",
          "federation-upstream-set",
          "federation-upstream-pattern",
          "target-group-size");

  private static final Set<String> OPERATOR_KEYS =
      Set.of(
          "expires",
          "message-ttl",
          "max-length",
          "max-length-bytes",
          "max-in-memory-length",
          "max-in-memory-bytes",
          "delivery-limit",
          "queue-version");

  /** Keys of which one rules a policy out for queues of a type. */
  private static final Map<QueueType, Set<String>> NOT_FOR =
      Map.of(
          QueueType.CLASSIC,
          Set.of(
              "max-age",
              "stream-max-segment-size-bytes",
              "queue-leader-locator",
              "initial-cluster-size",
              "delivery-limit",
              "dead-letter-strategy",
              "delayed-retry-type",
              "delayed-retry-min",
              "delayed-retry-max"),
          QueueType.QUORUM,
          Set.of(
              "max-priority",
              "queue-mode",
              "single-active-consumer",
              "ha-mode",
              "ha-params",
              "ha-sync-mode",
              "ha-promote-on-shutdown",
              "ha-promote-on-failure",
              "queue-master-locator",
              "max-age",
              "stream-max-segment-size-bytes",
              "initial-cluster-size"),
          QueueType.STREAM,
          Set.of(
              "expires",
              "message-ttl",
              "dead-letter-exchange",
              "dead-letter-routing-key",
              "max-length",
              "max-in-memory-length",
              "max-in-memory-bytes",
              "max-priority",
              "overflow",
              "queue-mode",
              "single-active-consumer",
              "delivery-limit",
              "ha-mode",
              "ha-params",
              "ha-sync-mode",
              "ha-promote-on-shutdown",
              "ha-promote-on-failure",
              "queue-master-locator",
              "dead-letter-strategy",
              "delayed-retry-type",
              "delayed-retry-min",
              "delayed-retry-max"));

  private PolicyKeys() {}

  private static Rule string(String what) {
    return new Rule(FieldValue.LongString.class::isInstance, what);
  }

  private static Rule oneOf(String what, String... values) {
    Set<String> all = Set.of(values);
    return new Rule(
        value -> {
          String text = ErlangTerm.stringOrNull(value);
          return text != null && all.contains(text);
        },
        what);
  }

  private static Rule atLeast(long least, String what) {
    return new Rule(value -> isInteger(value, least, Long.MAX_VALUE), what);
  }

  private static boolean isInteger(FieldValue value, long least, long most) {
    return value instanceof FieldValue.IntegerValue
        && value.asLong() >= least
        && value.asLong() <= most;
  }

  /** From 4.0 on, -1 stands for no limit. */
  private static boolean isLimit(FieldValue value) {
    return isInteger(value, -1, Long.MAX_VALUE);
  }

  private static boolean isAge(FieldValue value) {
    String age = ErlangTerm.stringOrNull(value);
    return age != null && MAX_AGE.matcher(age).matches();
  }

  /**
   * Checks the definition of an ordinary policy.
   *
   * @throws PolicyException with RabbitMQ's text
   */
  static void check(FieldTable definition) {
    check(definition, RULES.keySet(), true);
  }

  /**
   * Checks the definition of an operator policy.
   *
   * @throws PolicyException with RabbitMQ's text
   */
  static void checkOperator(FieldTable definition) {
    check(definition, OPERATOR_KEYS, false);
  }

  private static void check(FieldTable definition, Set<String> known, boolean others) {
    if (definition.isEmpty()) {
      throw new PolicyException("no policy provided");
    }
    List<String> unknown = new ArrayList<>();
    definition.forEach(
        (key, value) -> {
          if (known.contains(key)) {
            Rule rule = RULES.get(key);
            if (!rule.valid.test(value)) {
              throw new PolicyException(shown(value) + " is not a valid " + rule.what);
            }
          } else if (!others || !WITHOUT_EFFECT.contains(key)) {
            unknown.add("{<<\"" + key + "\">>," + shown(value) + "}");
          }
        });
    if (!unknown.isEmpty()) {
      throw new PolicyException(
          "[" + String.join(",", unknown) + "] are not recognised policy settings");
    }
  }

  private static String shown(FieldValue value) {
    return ErlangTerm.print(value);
  }

  static boolean applicable(FieldTable definition, QueueType type) {
    for (FieldTable.Entry entry : definition.entries()) {
      if (NOT_FOR.get(type).contains(entry.key())) {
        return false;
      }
    }
    return true;
  }
}
