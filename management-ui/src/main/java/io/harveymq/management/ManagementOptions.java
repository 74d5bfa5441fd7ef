package io.harveymq.management;

import java.util.List;

/**
 * How the management listens and what it tells of the node. Immutable.
 *
 * @param bindAddress where to listen
 * @param port for the API and the page; 0 for a free one
 * @param pathPrefix before everything, such as {@code /rabbit}; empty for none
 * @param allowedOrigins for cross-origin requests, {@code *} for any; empty for none
 * @param metricsPort for Prometheus; 0 for a free one, null for none
 * @param files what the broker uses
 * @param controlToken what command line tools of this machine may log in with instead of a name and
 *     a password; null for none
 */
public record ManagementOptions(
    String bindAddress,
    int port,
    String pathPrefix,
    List<String> allowedOrigins,
    Integer metricsPort,
    NodeFiles files,
    String controlToken) {

  /**
   * Files of the node, which are shown and not touched.
   *
   * @param data the directory of the store; {@code <memory>} when there is none
   */
  public record NodeFiles(String data, List<String> logs, List<String> configuration) {
    /** None at all, what is logged goes to the output. */
    public static final NodeFiles NONE = new NodeFiles("<memory>", List.of("<stdout>"), List.of());
  }

  /** Without a listener for metrics, and without files. */
  public ManagementOptions(
      String bindAddress, int port, String pathPrefix, List<String> allowedOrigins) {
    this(bindAddress, port, pathPrefix, allowedOrigins, null, NodeFiles.NONE, null);
  }

  /** On a free port of the loopback address. */
  public static ManagementOptions loopback() {
    return new ManagementOptions("127.0.0.1", 0, "", List.of());
  }

  /**
   * The same with metrics for Prometheus.
   *
   * @param metrics 0 for a free port, null for none
   */
  public ManagementOptions withMetricsPort(Integer metrics) {
    return new ManagementOptions(
        bindAddress, port, pathPrefix, allowedOrigins, metrics, files, controlToken);
  }

  /** The same with files of the node to show. */
  public ManagementOptions withFiles(NodeFiles shown) {
    return new ManagementOptions(
        bindAddress, port, pathPrefix, allowedOrigins, metricsPort, shown, controlToken);
  }

  /**
   * The same with a token for command line tools.
   *
   * @param token hard to guess; null for none
   */
  public ManagementOptions withControlToken(String token) {
    return new ManagementOptions(
        bindAddress, port, pathPrefix, allowedOrigins, metricsPort, files, token);
  }

  /** Without the token, which is nobody's business. */
  @Override
  public String toString() {
    return "ManagementOptions[" + bindAddress + ":" + port + pathPrefix + "]";
  }
}
