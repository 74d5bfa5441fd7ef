package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.policy.PolicyException;
import io.harveymq.codec.FieldTable;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import java.nio.charset.StandardCharsets;

/** Policies and operator policies as JSON. Any thread. */
public final class PolicyDefinitions {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_PATTERN = 16_384;

  private PolicyDefinitions() {}

  /** All fields. */
  public static ObjectNode toJson(String vhost, Policy policy) {
    ObjectNode body = Json.object();
    body.put("vhost", vhost);
    body.put("name", policy.name());
    body.put("pattern", policy.pattern());
    body.put("apply-to", policy.applyTo().protocolName());
    body.set("definition", FieldTables.toJson(policy.definition()));
    body.put("priority", policy.priority());
    return body;
  }

  /** An operator policy as the parameter that RabbitMQ keeps it as. */
  public static ObjectNode toParameter(String vhost, Policy policy) {
    ObjectNode value = Json.object();
    value.put("pattern", policy.pattern());
    value.set("definition", FieldTables.toJson(policy.definition()));
    value.put("priority", policy.priority());
    value.put("apply-to", policy.applyTo().protocolName());
    ObjectNode body = Json.object();
    body.set("value", value);
    body.put("vhost", vhost);
    body.put("component", ParameterDefinitions.OPERATOR_POLICY);
    body.put("name", policy.name());
    return body;
  }

  /**
   * Reads a policy.
   *
   * @throws PolicyException with RabbitMQ's words, without {@link #failed} around them
   */
  public static Policy of(String name, ObjectNode body, boolean operator) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST_NAME) {
      throw new PolicyException("the name of a policy must have from 1 to 255 bytes");
    }
    JsonNode pattern = body.get("pattern");
    if (pattern == null || !pattern.isTextual()) {
      throw new PolicyException(
          "pattern should be a binary but was "
              + (pattern == null ? "undefined" : LimitDefinitions.term(pattern)));
    }
    if (pattern.textValue().length() > LONGEST_PATTERN) {
      throw new PolicyException("a pattern may have " + LONGEST_PATTERN + " characters at most");
    }
    JsonNode applyTo = body.get("apply-to");
    ApplyTo target =
        applyTo == null || applyTo.isNull() ? ApplyTo.ALL : ApplyTo.of(applyTo.asText());
    long priority = priority(body.get("priority"));
    FieldTable definition = ApiRequest.table(body, "definition");
    return operator
        ? Policy.operator(name, pattern.textValue(), target, priority, definition)
        : Policy.of(name, pattern.textValue(), target, priority, definition);
  }

  private static long priority(JsonNode priority) {
    if (priority == null || priority.isNull()) {
      return 0;
    }
    if (!priority.isIntegralNumber() || !priority.canConvertToLong()) {
      throw new PolicyException(
          "priority should be a"
              + (priority.isNumber() ? "n integer" : " number")
              + ", actually was "
              + LimitDefinitions.term(priority));
    }
    return priority.longValue();
  }

  /** RabbitMQ's words around what is wrong with a parameter. */
  public static String failed(String reason) {
    return "Validation failed\n\n" + reason + "\n";
  }
}
