package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.ManagementRules;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.Json;

/** Virtual hosts as JSON, without what is in them. Any thread. */
public final class VhostDefinitions {
  private static final String UNDEFINED = "undefined";

  private static final String CLASSIC = "classic";

  private VhostDefinitions() {}

  /** What is said about a virtual host. */
  public static ObjectNode toJson(VirtualHostDefinition vhost, ManagementRules rules) {
    ObjectNode body = Json.object();
    body.put("name", vhost.name());
    body.put("description", vhost.description());
    body.set("tags", tags(vhost));
    body.put("default_queue_type", queueType(vhost, rules));
    body.set("metadata", metadata(vhost, rules));
    return body;
  }

  private static ArrayNode tags(VirtualHostDefinition vhost) {
    ArrayNode tags = Json.array();
    vhost.tags().forEach(tags::add);
    return tags;
  }

  private static String queueType(VirtualHostDefinition vhost, ManagementRules rules) {
    if (vhost.defaultQueueType() != null) {
      return vhost.defaultQueueType();
    }
    return rules.namesQueueTypes() ? CLASSIC : UNDEFINED;
  }

  /** What RabbitMQ calls metadata. */
  static ObjectNode metadata(VirtualHostDefinition vhost, ManagementRules rules) {
    ObjectNode metadata = Json.object();
    metadata.put("description", vhost.description());
    metadata.set("tags", tags(vhost));
    String type = queueType(vhost, rules);
    if (!type.equals(UNDEFINED)) {
      metadata.put("default_queue_type", type);
    }
    if (vhost.protectedFromDeletion()) {
      metadata.put("protected_from_deletion", true);
    }
    return metadata;
  }

  /**
   * Reads what is said about a virtual host; what is not said stays as it is.
   *
   * @param before what was said until now, or {@link VirtualHostDefinition#of nothing}
   * @throws ApiException 400 for a value of a wrong kind
   */
  public static VirtualHostDefinition of(VirtualHostDefinition before, ObjectNode body) {
    VirtualHostDefinition read = before;
    if (body.get("metadata") instanceof ObjectNode metadata) {
      read = said(read, metadata);
    }
    return said(read, body);
  }

  private static VirtualHostDefinition said(VirtualHostDefinition before, ObjectNode body) {
    VirtualHostDefinition read =
        before.withDescription(ApiRequest.text(body, "description", before.description()));
    JsonNode tags = body.get("tags");
    if (tags != null && !tags.isNull()) {
      read = read.withTags(UserDefinitions.tags(tags));
    }
    JsonNode type = body.get("default_queue_type");
    if (type == null) {
      type = body.get("defaultqueuetype");
    }
    if (type != null) {
      // What an export says of a virtual host that leaves it open means no more than that.
      boolean open = before.defaultQueueType() == null && type.asText().equals(CLASSIC);
      boolean none = open || type.isNull() || type.asText().equals(UNDEFINED);
      read = read.withDefaultQueueType(none ? null : type.asText());
    }
    return read.withProtectedFromDeletion(
        ApiRequest.bool(body, "protected_from_deletion", before.protectedFromDeletion()));
  }
}
