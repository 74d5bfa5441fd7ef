package io.harveymq.server.config;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads where to listen for AMQP clients. Stateless; any thread. */
public final class Listeners {
  private static final int MOST_PORT = 65_535;

  private Listeners() {}

  /**
   * The addresses for clients without TLS, not looked up; none for {@code none}.
   *
   * @throws UsageException for a value that is not allowed
   */
  public static List<InetSocketAddress> of(EffectiveConfig config) throws UsageException {
    List<InetSocketAddress> addresses = of(config, ConfigKey.LISTENERS_TCP);
    if (addresses.isEmpty() && of(config, ConfigKey.LISTENERS_SSL).isEmpty()) {
      throw config
          .family(ConfigKey.LISTENERS_TCP)
          .get(0)
          .broken("must not be none without a listeners.ssl.default: no client could connect");
    }
    return addresses;
  }

  /**
   * The addresses for clients with TLS, not looked up; none for {@code none}.
   *
   * @throws UsageException for a value that is not allowed
   */
  public static List<InetSocketAddress> withTls(EffectiveConfig config) throws UsageException {
    return of(config, ConfigKey.LISTENERS_SSL);
  }

  private static List<InetSocketAddress> of(EffectiveConfig config, ConfigKey family)
      throws UsageException {
    ConfigEntry bind = config.entry(ConfigKey.BIND);
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (ConfigEntry entry : config.family(family)) {
      if (!entry.value().equals("none") && !entry.value().equals("off")) {
        addresses.add(address(entry, bind));
      }
    }
    return addresses;
  }

  private static InetSocketAddress address(ConfigEntry entry, ConfigEntry bind)
      throws UsageException {
    int colon = entry.value().lastIndexOf(':');
    if (colon < 0) {
      int port = (int) Values.integer(entry, 0, MOST_PORT);
      return InetSocketAddress.createUnresolved(addressFor(entry, bind), port);
    }
    String host = entry.value().substring(0, colon).replaceAll("^\\[|]$", "");
    ConfigEntry port =
        new ConfigEntry(
            entry.key(), entry.value().substring(colon + 1), entry.source(), entry.place());
    try {
      return InetSocketAddress.createUnresolved(
          bind.source() == Source.COMMAND_LINE ? Values.text(bind) : host,
          (int) Values.integer(port, 0, MOST_PORT));
    } catch (UsageException broken) {
      throw entry.broken("must be a port (0 to " + MOST_PORT + ") or ADDRESS:PORT");
    }
  }

  /** A listener in the file is not narrowed by RABBITMQ_NODE_IP_ADDRESS, as in RabbitMQ. */
  private static String addressFor(ConfigEntry entry, ConfigEntry bind) throws UsageException {
    boolean isOverruled = entry.source() == Source.FILE && bind.source() == Source.WEAK_ENVIRONMENT;
    return isOverruled ? ConfigKey.BIND.defaultValue() : Values.text(bind);
  }
}
