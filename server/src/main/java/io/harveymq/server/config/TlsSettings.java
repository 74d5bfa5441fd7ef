package io.harveymq.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is said about TLS, as it was given. Immutable; any thread.
 *
 * @param listeners values of {@code listeners.ssl.*}: a port, or an address and a port; none for no
 *     TLS
 * @param options values by the names behind {@code ssl_options.}
 * @param managementOptions values by the names behind {@code management.ssl.}
 */
public record TlsSettings(
    List<String> listeners, Map<String, String> options, Map<String, String> managementOptions) {
  /** Reads them; whoever opens the listeners checks them. */
  public static TlsSettings of(EffectiveConfig config) {
    Map<String, String> listeners = members(config, ConfigKey.LISTENERS_SSL);
    return new TlsSettings(
        List.copyOf(listeners.values()),
        members(config, ConfigKey.SSL_OPTIONS),
        members(config, ConfigKey.MANAGEMENT_SSL));
  }

  private static Map<String, String> members(EffectiveConfig config, ConfigKey family) {
    Map<String, String> members = new LinkedHashMap<>();
    for (ConfigEntry entry : config.family(family)) {
      if (!entry.member(family).isEmpty()) {
        members.put(entry.member(family), entry.value());
      }
    }
    return members;
  }

  /** Tells which options there are, not their values. */
  @Override
  public String toString() {
    return listeners + " " + options.keySet() + " " + managementOptions.keySet();
  }
}
