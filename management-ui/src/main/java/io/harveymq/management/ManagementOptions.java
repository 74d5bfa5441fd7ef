package io.harveymq.management;

import java.util.List;

/**
 * How the management listens and what it tells of the node. Immutable.
 *
 * @param bindAddress where to listen
 * @param port for the API and the page; 0 for a free one
 * @param pathPrefix before everything, such as {@code /rabbit}; empty for none
 * @param allowedOrigins for cross-origin requests, {@code *} for any; empty for none
 */
public record ManagementOptions(
    String bindAddress, int port, String pathPrefix, List<String> allowedOrigins) {

  /** On a free port of the loopback address. */
  public static ManagementOptions loopback() {
    return new ManagementOptions("127.0.0.1", 0, "", List.of());
  }
}
