package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessChange;
import io.harveymq.broker.auth.AccessEditor;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;

/**
 * Runtime parameters as JSON. The limits of a virtual host are one, too, and so are operator
 * policies, which are set as such. Any thread.
 */
public final class ParameterDefinitions {
  /** The component of limits of virtual hosts. */
  public static final String VHOST_LIMITS = "vhost-limits";

  /** The name of the only parameter of that component. */
  public static final String LIMITS = "limits";

  /** The component of operator policies. */
  public static final String OPERATOR_POLICY = "operator_policy";

  /** The component of policies, which are not listed as parameters. */
  public static final String POLICY = "policy";

  private ParameterDefinitions() {}

  /** A parameter of a virtual host. */
  public static ObjectNode toJson(Parameter parameter) {
    return toJson(
        parameter.component(),
        parameter.vhost(),
        parameter.name(),
        FieldTables.toJson(parameter.value()));
  }

  /** The limits of a virtual host. */
  public static ObjectNode limits(VirtualHostDefinition vhost) {
    return toJson(VHOST_LIMITS, vhost.name(), LIMITS, LimitDefinitions.parameter(vhost.limits()));
  }

  private static ObjectNode toJson(String component, String vhost, String name, JsonNode value) {
    ObjectNode body = Json.object();
    body.set("value", value);
    body.put("vhost", vhost);
    body.put("component", component);
    body.put("name", name);
    return body;
  }

  /** A parameter of the broker. */
  public static ObjectNode global(Parameter parameter) {
    ObjectNode body = Json.object();
    body.put("name", parameter.name());
    body.set("value", FieldTables.toJson(parameter.value()));
    return body;
  }

  /** Reads a parameter of the broker. */
  public static Parameter global(String name, JsonNode value) {
    return Parameter.global(name, FieldTables.valueOf(value));
  }

  /**
   * What sets a parameter of a virtual host that is no policy. All other components of RabbitMQ
   * come with plugins.
   *
   * @throws ApiException 400 with RabbitMQ's words
   */
  public static AccessChange setting(String component, String vhost, String name, JsonNode value) {
    if (!component.equals(VHOST_LIMITS)) {
      throw failed("component " + component + " not found");
    }
    if (!name.equals(LIMITS)) {
      throw failed("the name of the limits of a virtual host is '" + LIMITS + "'");
    }
    VhostLimits limits = LimitDefinitions.ofVhost(value);
    return editor -> {
      requireVhost(editor, vhost);
      editor.putVhost(editor.vhost(vhost).withLimits(limits));
    };
  }

  private static ApiException failed(String reason) {
    return ApiException.badRequest(PolicyDefinitions.failed(reason));
  }

  /**
   * Checks that a virtual host is there.
   *
   * @throws ApiException 400 with RabbitMQ's words
   */
  static void requireVhost(AccessEditor editor, String vhost) {
    if (!editor.hasVhost(vhost)) {
      throw missing("no_such_vhost", vhost);
    }
  }

  /** What RabbitMQ says when a definition refers to what is not there. */
  static ApiException missing(String what, String name) {
    ArrayNode reason = Json.array();
    reason.add(what).add(name);
    return ApiException.badRequest(reason);
  }
}
