package io.harveymq.server.config;

import io.harveymq.management.HttpLimits;
import io.harveymq.server.config.ManagementSettings.Endpoint;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@link ManagementSettings} from a configuration. One thread. */
public final class ManagementKeys {
  private static final int MOST_PORT = 65_535;
  private static final String OFF = "off";

  private final EffectiveConfig config;
  private final String bindAddress;

  /**
   * @param bindAddress where to listen unless an address is given
   */
  public ManagementKeys(EffectiveConfig config, String bindAddress) {
    this.config = config;
    this.bindAddress = bindAddress;
  }

  /**
   * The settings.
   *
   * @throws UsageException for a value that is not allowed
   */
  public ManagementSettings read() throws UsageException {
    return new ManagementSettings(
        endpoint(ConfigKey.MANAGEMENT_PORT, ConfigKey.MANAGEMENT_IP, ConfigKey.MANAGEMENT_SSL),
        pathPrefix(),
        origins(),
        integer(ConfigKey.MANAGEMENT_CORS_MAX_AGE, 0),
        Values.word(config.entry(ConfigKey.MANAGEMENT_RATES_MODE), "basic", "detailed", "none"),
        Values.flag(config.entry(ConfigKey.MANAGEMENT_DISABLE_STATS)),
        integer(ConfigKey.COLLECT_STATISTICS_INTERVAL, 1),
        endpoint(ConfigKey.PROMETHEUS_PORT, ConfigKey.PROMETHEUS_IP, ConfigKey.PROMETHEUS_SSL),
        metricsPath(),
        Values.flag(config.entry(ConfigKey.PROMETHEUS_PER_OBJECT)),
        definitions(),
        Values.flag(config.entry(ConfigKey.DEFINITIONS_SKIP)),
        limits());
  }

  private HttpLimits limits() throws UsageException {
    return new HttpLimits(
        integer(ConfigKey.MANAGEMENT_MAX_CONNECTIONS, 1),
        Values.bytes(config.entry(ConfigKey.MANAGEMENT_MAX_BODY), 0, Integer.MAX_VALUE),
        integer(ConfigKey.MANAGEMENT_IDLE_TIMEOUT, 1),
        integer(ConfigKey.MANAGEMENT_REQUEST_TIMEOUT, 1),
        HttpLimits.DEFAULT.maxStreams());
  }

  private int integer(ConfigKey key, int least) throws UsageException {
    return (int) Values.integer(config.entry(key), least, Integer.MAX_VALUE);
  }

  private Endpoint endpoint(ConfigKey portKey, ConfigKey addressKey, ConfigKey tlsKey)
      throws UsageException {
    ConfigEntry port = config.entry(portKey);
    String given = config.entry(addressKey).value();
    String address = given.isEmpty() ? bindAddress : given;
    if (port.value().equals(OFF) || isReplaced(port, tlsKey)) {
      return new Endpoint(false, address, 0);
    }
    try {
      return new Endpoint(true, address, (int) Values.integer(port, 0, MOST_PORT));
    } catch (UsageException broken) {
      throw port.broken("must be between 0 and " + MOST_PORT + ", or " + OFF);
    }
  }

  /** As in RabbitMQ, a file that names the port with TLS only does not want the other. */
  private boolean isReplaced(ConfigEntry port, ConfigKey tlsKey) {
    if (port.source() != Source.DEFAULT) {
      return false;
    }
    for (ConfigEntry entry : config.family(tlsKey)) {
      if (entry.member(tlsKey).equals("port")
          && entry.source() == Source.FILE
          && !entry.value().equals(OFF)) {
        return true;
      }
    }
    return false;
  }

  private String pathPrefix() throws UsageException {
    ConfigEntry entry = config.entry(ConfigKey.MANAGEMENT_PATH_PREFIX);
    String prefix = entry.value().equals("/") ? "" : entry.value();
    if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
      throw entry.broken("must begin with / and not end with it");
    }
    return prefix;
  }

  private String metricsPath() throws UsageException {
    ConfigEntry entry = config.entry(ConfigKey.PROMETHEUS_PATH);
    if (!entry.value().startsWith("/") || entry.value().endsWith("/")) {
      throw entry.broken("must begin with / and not end with it");
    }
    return entry.value();
  }

  private List<String> origins() {
    List<String> origins = new ArrayList<>();
    for (ConfigEntry entry : config.family(ConfigKey.MANAGEMENT_CORS_ORIGINS)) {
      if (!entry.member(ConfigKey.MANAGEMENT_CORS_ORIGINS).isEmpty()) {
        origins.add(entry.value());
      }
    }
    return origins;
  }

  private List<Path> definitions() throws UsageException {
    List<Path> paths = new ArrayList<>();
    ConfigEntry backend = config.entry(ConfigKey.DEFINITIONS_BACKEND);
    if (!backend.value().equals(ConfigKey.DEFINITIONS_BACKEND.defaultValue())
        && !backend.value().equals("rabbit_definitions_import_local_filesystem")) {
      config
          .notices()
          .warn(backend.label() + ": Harvey imports definitions from local_filesystem only");
    } else {
      add(paths, ConfigKey.DEFINITIONS_PATH);
    }
    add(paths, ConfigKey.LOAD_DEFINITIONS);
    add(paths, ConfigKey.MANAGEMENT_LOAD_DEFINITIONS);
    return paths;
  }

  private void add(List<Path> paths, ConfigKey key) throws UsageException {
    ConfigEntry entry = config.entry(key);
    if (entry.value().isEmpty()) {
      return;
    }
    try {
      Path path = Path.of(entry.value());
      if (Files.isReadable(path)) {
        if (!paths.contains(path)) {
          paths.add(path);
        }
        return;
      }
    } catch (InvalidPathException notAPath) {
      // told below, as one that is not there is
    }
    throw entry.broken("must be a file or directory that can be read");
  }
}
