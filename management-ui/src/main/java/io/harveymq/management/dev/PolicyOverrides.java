package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import java.util.Set;

/**
 * Which arguments of a declaration a policy sets, too, and which of both values would be in force:
 * of two limits the lower one, of anything else the argument. In a quorum queue and a stream the
 * policy comes first for some. Stateless; any thread.
 */
final class PolicyOverrides {
  private static final Set<String> LIMITS =
      Set.of(
          "message-ttl",
          "expires",
          "max-length",
          "max-length-bytes",
          "delivery-limit",
          "consumer-timeout");

  private static final Set<String> QUORUM_BY_POLICY = Set.of("expires", "overflow");

  private static final Set<String> STREAM_BY_POLICY =
      Set.of("max-length-bytes", "max-age", "stream-max-segment-size-bytes");

  private PolicyOverrides() {}

  /** Classic, unless x-queue-type names another type that there is. */
  static QueueType typeOf(FieldTable arguments) {
    QueueType named = QueueType.of(ErlangTerm.stringOrNull(arguments.get("x-queue-type")));
    return named == null ? QueueType.CLASSIC : named;
  }

  /** One object for each argument that the policy sets, too. */
  static ArrayNode of(FieldTable arguments, EffectivePolicy policy) {
    ArrayNode all = Json.array();
    QueueType type = typeOf(arguments);
    arguments.forEach(
        (argument, value) -> {
          String key = argument.startsWith("x-") ? argument.substring(2) : argument;
          FieldValue other = policy.get(key);
          if (other != null) {
            all.add(one(argument, key, policy, other, inForce(key, value, other, type)));
          }
        });
    return all;
  }

  private static ObjectNode one(
      String argument, String key, EffectivePolicy policy, FieldValue other, FieldValue inForce) {
    boolean operator = !other.equals(valueOf(policy.policy(), key));
    ObjectNode told = Json.object();
    told.put("argument", argument);
    told.put("policy", (operator ? policy.operator() : policy.policy()).name());
    told.put("operator", operator);
    told.set("value", FieldTables.toJson(other));
    told.set("in_force", FieldTables.toJson(inForce));
    return told;
  }

  private static FieldValue valueOf(Policy policy, String key) {
    return policy == null ? null : policy.definition().get(key);
  }

  private static FieldValue inForce(
      String key, FieldValue argument, FieldValue policy, QueueType type) {
    boolean policyFirst =
        type == QueueType.QUORUM && QUORUM_BY_POLICY.contains(key)
            || type == QueueType.STREAM && STREAM_BY_POLICY.contains(key);
    if (policyFirst) {
      return policy;
    }
    boolean lower =
        LIMITS.contains(key)
            && argument.isInteger()
            && policy.isInteger()
            && policy.asLong() < argument.asLong();
    return lower ? policy : argument;
  }
}
