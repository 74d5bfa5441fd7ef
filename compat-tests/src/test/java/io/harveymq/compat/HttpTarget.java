package io.harveymq.compat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the HTTP API says of itself, and what differs between the versions of RabbitMQ's. Immutable;
 * any thread.
 */
final class HttpTarget {
  private static volatile HttpTarget current;

  private final String version;
  private final String node;

  private HttpTarget(JsonNode overview) {
    version = overview.get("rabbitmq_version").textValue();
    node = overview.get("node").textValue();
  }

  /** The target of this run; asks it the first time. */
  static HttpTarget current() {
    if (current == null) {
      current = new HttpTarget(ManagementClient.ofTarget().read("/overview"));
    }
    return current;
  }

  String version() {
    return version;
  }

  /** The name of the node, as it stands in paths. */
  String node() {
    return node;
  }

  /** Whether objects have exactly the fields that the suites know: those of RabbitMQ 3.10. */
  boolean is310() {
    return version.startsWith("3.10.");
  }

  boolean before40() {
    return version.startsWith("3.");
  }

  /** The reason of the 401 that a wrong password gets; 3.10 has the first, 4.x the second. */
  String loginFailed() {
    return before40() ? "Login failed" : "Not_Authorized";
  }
}
