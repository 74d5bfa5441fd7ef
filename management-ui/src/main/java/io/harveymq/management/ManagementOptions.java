package io.harveymq.management;

import io.harveymq.broker.tls.TlsOptions;
import java.util.List;
import java.util.Objects;

/**
 * How the management listens and what it tells of the node. Immutable; any thread.
 *
 * @param http for the API and the page without TLS; null for nowhere
 * @param https for the API and the page with TLS; null for nowhere
 * @param pathPrefix before everything, such as {@code /rabbit}; empty for none
 * @param cors for requests of other origins
 * @param metrics for Prometheus; null for none
 * @param files what the broker uses
 * @param controlToken what command line tools of this machine may log in with instead of a name and
 *     a password; null for none
 * @param limits what clients are held to
 */
public record ManagementOptions(
    Endpoint http,
    Endpoint https,
    String pathPrefix,
    Cors cors,
    Metrics metrics,
    NodeFiles files,
    String controlToken,
    HttpLimits limits) {
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Where to listen.
   *
   * @param address address or host name
   * @param port 0 for a free one
   * @param tls how it is encrypted; null for not at all
   */
  public record Endpoint(String address, int port, TlsOptions tls) {
    /** Without TLS. */
    public Endpoint(String address, int port) {
      this(address, port, null);
    }

    /** A free port of the loopback address. */
    public static Endpoint loopback() {
      return new Endpoint(LOOPBACK, 0);
    }
  }

  /**
   * Who may call the API from a browser.
   *
   * @param allowedOrigins {@code *} for any; empty for none
   * @param maxAgeSeconds how long a browser may keep the answer to a preflight request; 0 for
   *     nothing said
   */
  public record Cors(List<String> allowedOrigins, int maxAgeSeconds) {
    /** RabbitMQ's default: half an hour. */
    public static final int DEFAULT_MAX_AGE_SECONDS = 1_800;

    /** No other origin. */
    public static final Cors NONE = new Cors(List.of(), DEFAULT_MAX_AGE_SECONDS);

    /** Keeps a copy. */
    public Cors {
      allowedOrigins = List.copyOf(allowedOrigins);
    }
  }

  /**
   * Metrics for Prometheus.
   *
   * @param http where without TLS; null for nowhere
   * @param https where with TLS; null for nowhere
   * @param path begins with a slash and does not end with one
   * @param perObject whether {@code path} itself has them for each object, as {@code /per-object}
   *     behind it has
   */
  public record Metrics(Endpoint http, Endpoint https, String path, boolean perObject) {
    /** RabbitMQ's path. */
    public static final String DEFAULT_PATH = "/metrics";

    /** Sums, at RabbitMQ's path, without TLS. */
    public Metrics(Endpoint http) {
      this(http, null, DEFAULT_PATH, false);
    }
  }

  /**
   * Files of the node, which are shown and not touched.
   *
   * @param data the directory of the store; {@code <memory>} when there is none
   */
  public record NodeFiles(String data, List<String> logs, List<String> configuration) {
    /** None at all, what is logged goes to the output. */
    public static final NodeFiles NONE = new NodeFiles("<memory>", List.of("<stdout>"), List.of());
  }

  /** Something to listen for there must be. */
  public ManagementOptions {
    Objects.requireNonNull(pathPrefix, "pathPrefix");
    if (http == null && https == null && metrics == null) {
      throw new IllegalArgumentException("neither the API nor metrics");
    }
  }

  /** The API and the page alone. */
  public ManagementOptions(Endpoint http) {
    this(http, null, "", Cors.NONE, null, NodeFiles.NONE, null, HttpLimits.DEFAULT);
  }

  /** The API and the page on a free port of the loopback address. */
  public static ManagementOptions loopback() {
    return new ManagementOptions(Endpoint.loopback());
  }

  /** Metrics alone. */
  public static ManagementOptions metricsOnly(Metrics metrics) {
    return new ManagementOptions(
        null, null, "", Cors.NONE, metrics, NodeFiles.NONE, null, HttpLimits.DEFAULT);
  }

  /** The same with another prefix. */
  public ManagementOptions withPathPrefix(String prefix) {
    return new ManagementOptions(http, https, prefix, cors, metrics, files, controlToken, limits);
  }

  /** The same for other origins. */
  public ManagementOptions withCors(Cors allowed) {
    return new ManagementOptions(
        http, https, pathPrefix, allowed, metrics, files, controlToken, limits);
  }

  /** The same with metrics. */
  public ManagementOptions withMetrics(Metrics shown) {
    return new ManagementOptions(http, https, pathPrefix, cors, shown, files, controlToken, limits);
  }

  /** The same with the API and the page with TLS, too; null for not. */
  public ManagementOptions withHttps(Endpoint encrypted) {
    return new ManagementOptions(
        http, encrypted, pathPrefix, cors, metrics, files, controlToken, limits);
  }

  /** The same with files of the node to show. */
  public ManagementOptions withFiles(NodeFiles shown) {
    return new ManagementOptions(
        http, https, pathPrefix, cors, metrics, shown, controlToken, limits);
  }

  /**
   * The same with a token for command line tools.
   *
   * @param token hard to guess; null for none
   */
  public ManagementOptions withControlToken(String token) {
    return new ManagementOptions(http, https, pathPrefix, cors, metrics, files, token, limits);
  }

  /** The same with other limits. */
  public ManagementOptions withLimits(HttpLimits ofClients) {
    return new ManagementOptions(
        http, https, pathPrefix, cors, metrics, files, controlToken, ofClients);
  }

  /** Without the token, which is nobody's business. */
  @Override
  public String toString() {
    return "ManagementOptions[" + http + " " + https + pathPrefix + ", " + metrics + "]";
  }
}
