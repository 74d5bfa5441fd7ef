package io.harveymq.server.config;

import io.harveymq.management.HttpLimits;
import java.nio.file.Path;
import java.util.List;

/**
 * What is said about management, metrics and definitions. Immutable; any thread.
 *
 * @param http where the management API is, or is not, to listen
 * @param pathPrefix what every path of it begins with; empty for nothing
 * @param corsOrigins origins that a browser may call it from; {@code *} for each; none for no CORS
 * @param corsMaxAgeSeconds how long a browser may keep the answer to a preflight request
 * @param ratesMode basic, detailed or none
 * @param disableStats whether it answers without statistics
 * @param statisticsIntervalMillis collect_statistics_interval
 * @param metrics where Prometheus finds metrics, or does not
 * @param metricsPath the path of them
 * @param metricsPerObject whether they are for each object unless asked otherwise
 * @param definitions files and directories of definitions to import at the start, in order
 * @param skipUnchangedDefinitions whether what was imported before is not imported again
 * @param limits what clients of HTTP are held to
 */
public record ManagementSettings(
    Endpoint http,
    String pathPrefix,
    List<String> corsOrigins,
    int corsMaxAgeSeconds,
    String ratesMode,
    boolean disableStats,
    int statisticsIntervalMillis,
    Endpoint metrics,
    String metricsPath,
    boolean metricsPerObject,
    List<Path> definitions,
    boolean skipUnchangedDefinitions,
    HttpLimits limits) {

  /**
   * Where to listen.
   *
   * @param enabled false for nowhere
   * @param address address or host name
   * @param port 0 for a free one
   */
  public record Endpoint(boolean enabled, String address, int port) {}
}
