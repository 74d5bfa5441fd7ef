package io.harveymq.server.config;

import io.harveymq.broker.tls.TlsException;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.server.config.ManagementSettings.Endpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * What is said about TLS. Immutable; any thread.
 *
 * @param listeners where AMQP clients with TLS are listened for, not looked up; none for nowhere
 * @param options how; null without listeners
 * @param https where the management API is with TLS
 * @param metrics where Prometheus finds metrics with TLS
 * @param places where the settings come from, by their whole keys
 */
public record TlsSettings(
    List<InetSocketAddress> listeners,
    TlsOptions options,
    Web https,
    Web metrics,
    Map<String, String> places) {

  /**
   * One of the web servers.
   *
   * @param options null when it is not enabled
   */
  public record Web(Endpoint endpoint, TlsOptions options) {}

  /**
   * A failure in terms of the configuration.
   *
   * @param family whose options were used
   */
  public String sentence(ConfigKey family, TlsException failure) {
    String own = family.key() + "." + failure.option();
    String common = ConfigKey.SSL_OPTIONS.key() + "." + failure.option();
    String place = places.getOrDefault(own, places.getOrDefault(common, common));
    return place + ": " + failure.getMessage();
  }
}
