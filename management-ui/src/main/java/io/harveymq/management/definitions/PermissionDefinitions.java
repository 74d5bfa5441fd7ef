package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.ErlangPattern;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.Json;

/** Permissions and topic permissions as JSON. Any thread. */
public final class PermissionDefinitions {
  private PermissionDefinitions() {}

  /** All fields. */
  public static ObjectNode toJson(Permission permission) {
    ObjectNode body = Json.object();
    body.put("user", permission.user());
    body.put("vhost", permission.vhost());
    body.put("configure", permission.configure());
    body.put("write", permission.write());
    body.put("read", permission.read());
    return body;
  }

  /** All fields. */
  public static ObjectNode toJson(TopicPermission permission) {
    ObjectNode body = Json.object();
    body.put("user", permission.user());
    body.put("vhost", permission.vhost());
    body.put("exchange", permission.exchange());
    body.put("write", permission.write());
    body.put("read", permission.read());
    return body;
  }

  /**
   * Reads a permission.
   *
   * @throws ApiException 400 with RabbitMQ's words
   */
  public static Permission of(String user, String vhost, ObjectNode body) {
    ApiRequest.require(body, "configure", "write", "read");
    return new Permission(
        user, vhost, pattern(body, "configure"), pattern(body, "write"), pattern(body, "read"));
  }

  /**
   * Reads a topic permission.
   *
   * @throws ApiException 400 with RabbitMQ's words
   */
  public static TopicPermission topic(String user, String vhost, ObjectNode body) {
    ApiRequest.require(body, "exchange", "write", "read");
    return new TopicPermission(
        user, vhost, text(body, "exchange"), pattern(body, "write"), pattern(body, "read"));
  }

  private static String text(ObjectNode body, String key) {
    JsonNode value = body.get(key);
    if (!value.isTextual()) {
      throw ApiException.badRequest(key + " has to be a string");
    }
    return value.textValue();
  }

  private static String pattern(ObjectNode body, String key) {
    String pattern = text(body, key);
    try {
      ErlangPattern.of(pattern);
      return pattern;
    } catch (AccessException malformed) {
      ArrayNode reason = Json.array();
      reason.add("invalid_regexp").add(pattern).add(malformed.getMessage());
      throw ApiException.badRequest(reason);
    }
  }
}
