package io.harveymq.server;

import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.DeprecatedFeature;
import io.harveymq.broker.FirstStart;
import io.harveymq.broker.NodeLimits;
import io.harveymq.broker.TlsListeners;
import io.harveymq.broker.Transport;
import io.harveymq.server.config.AuthKeys;
import io.harveymq.server.config.ConfigEntry;
import io.harveymq.server.config.ConfigKey;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.EffectiveConfig;
import io.harveymq.server.config.Listeners;
import io.harveymq.server.config.LogKeys;
import io.harveymq.server.config.ManagementKeys;
import io.harveymq.server.config.ManagementSettings;
import io.harveymq.server.config.NodeName;
import io.harveymq.server.config.Source;
import io.harveymq.server.config.TlsKeys;
import io.harveymq.server.config.TlsSettings;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.config.Values;
import io.harveymq.server.config.VhostDefaultKeys;
import io.harveymq.server.log.LogSettings;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one run of the launcher was asked to do, with every rule checked. Immutable but for the
 * notices of its configuration; any thread.
 *
 * @param broker what the broker is started with
 * @param dataDir where data is kept, need not exist; null to keep none
 * @param acceptLoss whether a damaged journal is no reason not to start
 * @param log what is logged where
 * @param management management, metrics and definitions
 * @param tls what is said about TLS
 * @param config where each setting comes from
 */
record ServerSettings(
    BrokerConfig broker,
    Path dataDir,
    boolean acceptLoss,
    LogSettings log,
    ManagementSettings management,
    TlsSettings tls,
    EffectiveConfig config) {
  private static final int MAX_EVENT_LOOPS = 256;
  private static final double MIN_MEMORY_SHARE = 0.05;
  private static final double MAX_MEMORY_SHARE = 0.8;
  private static final int MAX_CHANNELS = 65_535;
  private static final int MAX_HEARTBEAT = 65_535;
  private static final long MAX_MESSAGE_SIZE = 512L << 20;
  private static final long MAX_TIMEOUT = 999_999_999_999L;

  /**
   * Reads the arguments of {@code harvey server}, and nothing else.
   *
   * @throws UsageException with the first rule that is broken, and what was given
   */
  static ServerSettings of(String... arguments) throws UsageException {
    return of(ConfigSources.none(), arguments);
  }

  /**
   * Reads the arguments of {@code harvey server}, configuration files and the environment.
   *
   * @throws UsageException with the first rule that is broken, and what was given where
   */
  static ServerSettings of(ConfigSources sources, String... arguments) throws UsageException {
    Map<ServerOption, String> given = ServerOption.parse(List.of(arguments));
    EffectiveConfig config =
        sources.load(ServerOption.entries(given), given.get(ServerOption.CONFIG));
    Path dataDir =
        Values.flag(config.entry(ConfigKey.MEMORY))
            ? null
            : dataDir(config.entry(ConfigKey.DATA_DIR));
    TlsSettings tls = new TlsKeys(config, Values.text(config.entry(ConfigKey.BIND))).read();
    BrokerConfig broker = broker(config, dataDir, tls);
    return new ServerSettings(
        broker,
        dataDir,
        Values.flag(config.entry(ConfigKey.ACCEPT_LOSS)),
        new LogKeys(config).read(),
        new ManagementKeys(config, broker.bindAddress()).read(),
        tls,
        config);
  }

  private static BrokerConfig broker(EffectiveConfig config, Path dataDir, TlsSettings tls)
      throws UsageException {
    Compatibility compatibility = compatibility(config);
    List<InetSocketAddress> listeners = Listeners.of(config);
    BrokerConfig.Builder broker =
        BrokerConfig.builder()
            .tls(tls.options() == null ? null : new TlsListeners(tls.options(), tls.listeners()))
            .eventLoops(
                (int) Values.integer(config.entry(ConfigKey.EVENT_LOOPS), 1, MAX_EVENT_LOOPS))
            .transport(Values.constant(config.entry(ConfigKey.TRANSPORT), Transport.class))
            .memoryShare(
                Values.decimal(
                    config.entry(ConfigKey.MEMORY_SHARE), MIN_MEMORY_SHARE, MAX_MEMORY_SHARE))
            .diskFreeLimit(
                Values.resourceLimit(
                    config.family(ConfigKey.DISK_FREE_LIMIT), ConfigKey.DISK_FREE_LIMIT))
            .consumerTimeout(
                Values.integer(config.entry(ConfigKey.CONSUMER_TIMEOUT), 0, MAX_TIMEOUT))
            .eventExchange(Values.flag(config.entry(ConfigKey.EVENT_EXCHANGE)))
            .logExchange(
                Values.flag(config.entry(ConfigKey.LOG_EXCHANGE))
                    ? Values.text(config.entry(ConfigKey.DEFAULT_VHOST))
                    : null)
            .compatibility(compatibility)
            .limits(limits(config, compatibility))
            .clusterName(orNull(config.entry(ConfigKey.CLUSTER_NAME)))
            .defaultQueueType(queueType(config.entry(ConfigKey.DEFAULT_QUEUE_TYPE)))
            .firstStart(firstStart(config))
            .vhostDefaults(new VhostDefaultKeys(config).read())
            .loopbackUsers(
                Set.copyOf(
                    Values.names(
                        config.family(ConfigKey.LOOPBACK_USERS), ConfigKey.LOOPBACK_USERS)));
    listen(broker, listeners, tls);
    AuthKeys auth = new AuthKeys(config);
    broker.login(new TlsKeys(config, "").login().withMechanisms(auth.mechanisms()));
    var backends = auth.chain();
    if (backends != null) {
      broker.authBackends(backends);
    }
    if (dataDir != null) {
      broker.freeDiskSpace(new FreeDiskSpace(dataDir));
    }
    String nodeName = config.entry(ConfigKey.NODENAME).value();
    if (!nodeName.isEmpty()) {
      broker.nodeName(NodeName.of(nodeName));
    }
    ConfigKey watermark = ConfigKey.MEMORY_HIGH_WATERMARK;
    List<ConfigEntry> watermarks = config.family(watermark);
    if (!watermarks.get(0).value().equals(watermark.defaultValue())) {
      broker.memoryHighWatermark(Values.resourceLimit(watermarks, watermark));
    }
    return broker.build();
  }

  private static void listen(
      BrokerConfig.Builder broker, List<InetSocketAddress> plain, TlsSettings tls) {
    if (plain.isEmpty()) {
      broker.bindAddress(tls.listeners().get(0).getHostString()).amqpPort(BrokerConfig.NO_PORT);
    } else {
      broker
          .bindAddress(plain.get(0).getHostString())
          .amqpPort(plain.get(0).getPort())
          .moreAddresses(plain.subList(1, plain.size()));
    }
  }

  private static ConnectionLimits limits(EffectiveConfig config, Compatibility compatibility)
      throws UsageException {
    ConfigEntry frameMax = config.entry(ConfigKey.FRAME_MAX);
    long frame = Values.bytes(frameMax, 0, Integer.MAX_VALUE);
    if (frame != 0 && frame < compatibility.smallestFrameMax()) {
      throw frameMax.broken(
          "must be 0, for no limit, or between "
              + compatibility.smallestFrameMax()
              + " and "
              + Integer.MAX_VALUE);
    }
    int channels = (int) Values.integer(config.entry(ConfigKey.CHANNEL_MAX), 0, MAX_CHANNELS);
    ConfigEntry messageSize = config.entry(ConfigKey.MAX_MESSAGE_SIZE);
    ConnectionLimits limits =
        new ConnectionLimits(
            frame == 0 ? Integer.MAX_VALUE : (int) frame,
            channels == 0 ? MAX_CHANNELS : channels,
            (int) Values.integer(config.entry(ConfigKey.HEARTBEAT), 0, MAX_HEARTBEAT),
            messageSize.value().isEmpty() ? 0 : Values.bytes(messageSize, 1, MAX_MESSAGE_SIZE),
            Values.limit(config.entry(ConfigKey.CONNECTION_MAX)),
            Values.limit(config.entry(ConfigKey.CONSUMER_MAX)));
    return limits
        .withTimeouts(
            Values.integer(config.entry(ConfigKey.HANDSHAKE_TIMEOUT), 1, MAX_TIMEOUT),
            Math.max(0, Values.limit(config.entry(ConfigKey.SEND_TIMEOUT))))
        .withNode(
            new NodeLimits(
                Values.limit(config.entry(ConfigKey.RANCH_CONNECTION_MAX)),
                Values.limit(config.entry(ConfigKey.CHANNEL_MAX_PER_NODE)),
                Values.limit(config.entry(ConfigKey.CLUSTER_QUEUE_LIMIT)),
                Values.limit(config.entry(ConfigKey.CLUSTER_EXCHANGE_LIMIT)),
                Values.limit(config.entry(ConfigKey.VHOST_MAX))));
  }

  private static Compatibility compatibility(EffectiveConfig config) throws UsageException {
    ConfigEntry entry = config.entry(ConfigKey.COMPATIBILITY);
    Compatibility profile;
    try {
      profile = Compatibility.profile(entry.value());
    } catch (IllegalArgumentException unknown) {
      throw entry.broken("must be one of " + String.join(", ", Compatibility.PROFILES));
    }
    profile =
        permitting(
            profile,
            DeprecatedFeature.TRANSIENT_NONEXCL_QUEUES,
            config.entry(ConfigKey.PERMIT_TRANSIENT_QUEUES));
    return permitting(
        profile, DeprecatedFeature.GLOBAL_QOS, config.entry(ConfigKey.PERMIT_GLOBAL_QOS));
  }

  private static Compatibility permitting(
      Compatibility profile, DeprecatedFeature feature, ConfigEntry entry) throws UsageException {
    return entry.source() == Source.DEFAULT
        ? profile
        : profile.permitting(feature, Values.flag(entry));
  }

  private static FirstStart firstStart(EffectiveConfig config) throws UsageException {
    return new FirstStart(
        Values.text(config.entry(ConfigKey.DEFAULT_USER)),
        Values.text(config.entry(ConfigKey.DEFAULT_PASS)),
        Values.text(config.entry(ConfigKey.DEFAULT_VHOST)),
        Values.names(config.family(ConfigKey.DEFAULT_USER_TAGS), ConfigKey.DEFAULT_USER_TAGS),
        new FirstStart.Patterns(
            config.entry(ConfigKey.DEFAULT_PERMISSIONS_CONFIGURE).value(),
            config.entry(ConfigKey.DEFAULT_PERMISSIONS_WRITE).value(),
            config.entry(ConfigKey.DEFAULT_PERMISSIONS_READ).value()));
  }

  private static String queueType(ConfigEntry entry) throws UsageException {
    return switch (entry.value()) {
      case "classic", "rabbit_classic_queue" -> null;
      case "quorum", "rabbit_quorum_queue" -> "quorum";
      case "stream", "rabbit_stream_queue" -> "stream";
      default -> throw entry.broken("must be one of classic, quorum, stream");
    };
  }

  private static String orNull(ConfigEntry entry) {
    return entry.value().isEmpty() ? null : entry.value();
  }

  private static Path dataDir(ConfigEntry entry) throws UsageException {
    try {
      return Path.of(Values.text(entry));
    } catch (InvalidPathException e) {
      throw entry.broken("must be the path of a directory");
    }
  }
}
