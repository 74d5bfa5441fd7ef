package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Limits of users and virtual hosts as JSON. Any thread. */
public final class LimitDefinitions {
  /** What a user or a virtual host may have of connections. */
  public static final String CONNECTIONS = "max-connections";

  /** What a user may have of channels. */
  public static final String CHANNELS = "max-channels";

  /** What a virtual host may have of queues. */
  public static final String QUEUES = "max-queues";

  private static final int UNSET = UserLimits.UNSET;

  private LimitDefinitions() {}

  /** The limits that were set. */
  public static ObjectNode toJson(UserLimits limits) {
    return toJson(CONNECTIONS, limits.maxConnections(), CHANNELS, limits.maxChannels());
  }

  /** The limits that were set. */
  public static ObjectNode toJson(VhostLimits limits) {
    return toJson(CONNECTIONS, limits.maxConnections(), QUEUES, limits.maxQueues());
  }

  /** The value of the parameter that they are: an empty list when it limits nothing. */
  public static JsonNode parameter(VhostLimits limits) {
    return limits.isEmpty() ? Json.array() : toJson(limits);
  }

  private static ObjectNode toJson(String name, int limit, String otherName, int other) {
    ObjectNode body = Json.object();
    if (limit != UNSET) {
      body.put(name, limit);
    }
    if (other != UNSET) {
      body.put(otherName, other);
    }
    return body;
  }

  /**
   * Reads all limits of a user.
   *
   * @param value null for none
   * @throws ApiException 400 with RabbitMQ's words
   */
  public static UserLimits ofUser(JsonNode value) {
    try {
      Map<String, Integer> read = read(value, CHANNELS, "user-limits");
      return new UserLimits(read.get(CONNECTIONS), read.get(CHANNELS));
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest(wrong.getMessage());
    }
  }

  /**
   * Reads all limits of a virtual host.
   *
   * @param value null for an empty set of them
   * @throws ApiException 400 with RabbitMQ's words
   */
  public static VhostLimits ofVhost(JsonNode value) {
    try {
      Map<String, Integer> read = read(value, QUEUES, "limits");
      return new VhostLimits(read.get(CONNECTIONS), read.get(QUEUES));
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest(PolicyDefinitions.failed(wrong.getMessage()));
    }
  }

  private static Map<String, Integer> read(JsonNode value, String second, String what) {
    Map<String, Integer> limits = new LinkedHashMap<>();
    limits.put(CONNECTIONS, UNSET);
    limits.put(second, UNSET);
    if (value == null || value.isNull() || value.isArray() && value.isEmpty()) {
      return limits;
    }
    if (!value.isObject()) {
      throw new IllegalArgumentException(what + " not a list " + term(value));
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!limits.containsKey(field.getKey())) {
        throw new IllegalArgumentException(
            "Unrecognised terms [{<<\""
                + field.getKey()
                + "\">>,"
                + term(field.getValue())
                + "}] in "
                + what);
      }
      limits.put(field.getKey(), number(field.getKey(), field.getValue()));
    }
    return limits;
  }

  /** Beyond what an int holds, a limit limits nothing. */
  private static int number(String name, JsonNode value) {
    if (!value.isIntegralNumber()) {
      throw new IllegalArgumentException(name + " should be a number, actually was " + term(value));
    }
    long most = value.canConvertToLong() ? value.longValue() : Long.MAX_VALUE;
    return (int) Math.min(Integer.MAX_VALUE, Math.max(-1, most));
  }

  static String term(JsonNode value) {
    return ErlangTerm.print(FieldTables.valueOf(value));
  }
}
