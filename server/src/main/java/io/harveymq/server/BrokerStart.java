package io.harveymq.server;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.broker.store.BrokerStore;
import io.harveymq.broker.tls.TlsException;
import io.harveymq.broker.vhost.LogExchange;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.ManagementStartException;
import io.harveymq.management.Preparation;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreInfo;
import io.harveymq.persistence.StoreOptions;
import io.harveymq.persistence.journal.StoreOpenException;
import io.harveymq.server.config.ConfigEntry;
import io.harveymq.server.config.ConfigKey;
import io.harveymq.server.config.ManagementSettings;
import io.harveymq.server.config.Source;
import io.harveymq.server.config.TlsSettings;
import io.harveymq.server.ctl.ControlFile;
import io.harveymq.server.ctl.RuntimeDirectory;
import io.harveymq.server.log.Log;
import io.harveymq.server.log.LogSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a broker and says in the log what it does. Main thread. */
final class BrokerStart {
  /** As many as RabbitMQ starts for the same: management, its agent and its web server. */
  private static final int PLUGINS = 3;

  private static final int TOKEN_BYTES = 32;

  /**
   * Java's property that has it refuse what lets one client cost as much as many (CVE-2011-1473).
   */
  private static final String RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  private BrokerStart() {}

  /**
   * Sets the log up.
   *
   * @throws StartException when its file can't be written
   */
  static void configure(LogSettings settings) throws StartException {
    try {
      Log.configure(settings);
    } catch (IOException e) {
      throw new StartException("the log file cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Starts the broker and returns once it accepts connections; {@link #tellComplete} comes after.
   *
   * @param forAll whether command line tools are to find it from any directory
   * @throws StartException with one line for the user, for example when the port is taken
   */
  static Running start(ServerSettings settings, boolean forAll) throws StartException {
    String token = newToken();
    ManagementOptions options = options(settings, token);
    if (options == null) {
      return start(settings, forAll, token, broker -> null);
    }
    // The JDK's resolver will do: nothing is looked up but addresses to listen on.
    System.setProperty("vertx.disableDnsResolver", "true");
    // Before there is a second thread that logs: until it is there, slf4j drops what others say.
    LoggerFactory.getILoggerFactory();
    Preparation preparation = Preparation.begin();
    try {
      return start(
          settings,
          forAll,
          token,
          broker -> startManagement(settings, broker, options, preparation));
    } catch (StartException | RuntimeException failed) {
      preparation.close();
      throw failed;
    }
  }

  /** Starts a management, or none. */
  private interface ManagementStart {
    /** Returns null for none. */
    Management on(Broker broker) throws StartException;
  }

  private static Running start(
      ServerSettings settings, boolean forAll, String token, ManagementStart managementStart)
      throws StartException {
    Logger log = LoggerFactory.getLogger(BrokerStart.class);
    log.info("Harvey {} on Java {}", Version.harvey(), Version.java());
    settings.config().files().forEach(file -> log.info("configuration file {}", file));
    settings.config().notices().tell(log::info, log::warn);
    boolean skip = settings.management().skipUnchangedDefinitions() && settings.dataDir() != null;
    DefinitionFiles definitions =
        DefinitionFiles.read(
            settings.management().definitions(),
            skip ? new ImportedDefinitions(settings.dataDir()) : null);
    ConfigEntry user = settings.config().entry(ConfigKey.DEFAULT_USER);
    if (user.source() != Source.DEFAULT && definitions.leaveOut(user.value())) {
      log.warn(
          "default_user is not used: the definitions bring users, and '{}' is not one of them",
          user.value());
    }
    BrokerStore store = openStore(settings, log);
    if (System.getProperty(RENEGOTIATION) == null) {
      System.setProperty(RENEGOTIATION, "true");
    }
    Broker broker;
    try {
      broker = Broker.start(settings.broker(), store, definitions);
    } catch (BrokerStartException e) {
      throw new StartException(
          e.getCause() instanceof TlsException unusable
              ? settings.tls().sentence(ConfigKey.SSL_OPTIONS, unusable)
              : forTheUser(e, settings.broker()),
          e);
    }
    Log.Exchange published = publishLog(broker);
    logListeners(settings.broker(), broker, log);
    Management management;
    try {
      management = managementStart.on(broker);
    } catch (StartException failed) {
      Log.publishNoMoreTo(published);
      throw failed;
    }
    ControlFile control = controlOf(management, token, broker.nodeName());
    List<Path> controlFiles = tell(control, settings.dataDir(), forAll, log);
    Running running =
        new Running(broker, management, new AtomicReference<>(control), controlFiles, published);
    if (control != null && control.certificate() != null) {
      management.tls().whenReloaded(() -> tellAnew(running, token, log));
    }
    return running;
  }

  /**
   * Says that the start is over. Whoever reads the line may stop the broker at once: what is needed
   * for an orderly end is to be there before.
   */
  static void tellComplete(Running running) {
    // The words that RabbitMQ prints here; tools wait for them.
    LoggerFactory.getLogger(BrokerStart.class)
        .info(
            "Server startup complete; {} plugins started. ({} ms)",
            running.control().get() == null ? 0 : PLUGINS,
            Harvey.millisSinceMain());
  }

  /** How command line tools get in; null when they can't. */
  private static ControlFile controlOf(Management management, String token, String node) {
    if (management == null || management.uri() == null) {
      return null;
    }
    ControlFile control = ControlFile.ofThisProcess(management.uri(), token, node);
    return management.uri().startsWith("https:")
        ? control.withCertificate(management.tls().certificates().get(0))
        : control;
  }

  /** Command line tools trust one certificate only, and there is another now. */
  private static void tellAnew(Running running, String token, Logger log) {
    ControlFile control = controlOf(running.management(), token, running.broker().nodeName());
    running.control().set(control);
    for (Path file : running.controlFiles()) {
      try {
        control.write(file);
      } catch (IOException failed) {
        log.warn("command line tools may need --uri to find this broker: {}", failed.getMessage());
      }
    }
  }

  /** Returns null when nothing is to be published. */
  private static Log.Exchange publishLog(Broker broker) {
    LogExchange exchange = broker.logExchange();
    if (exchange == null) {
      return null;
    }
    Log.Exchange lines = (level, time, text) -> exchange.publish(level, time.toEpochSecond(), text);
    Log.publishTo(lines);
    return lines;
  }

  /** What the management tells of the files of the node. */
  private static ManagementOptions.NodeFiles files(ServerSettings settings) {
    Path data = settings.dataDir();
    List<String> logs = new ArrayList<>();
    for (LogSettings.Sink sink : settings.log().sinks()) {
      logs.add(
          switch (sink.target()) {
            case STDOUT, STDERR -> "<stdout>";
            case FILE -> sink.file().toAbsolutePath().normalize().toString();
            case EXCHANGE ->
                "exchange:{resource,<<\"%s\">>,exchange,<<\"%s\">>}"
                    .formatted(settings.broker().logExchange(), LogExchange.NAME);
          });
    }
    return new ManagementOptions.NodeFiles(
        data == null ? "<memory>" : data.toAbsolutePath().normalize().toString(),
        logs,
        settings.config().files().stream().map(String::valueOf).toList());
  }

  private static String newToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /**
   * Tells command line tools how to reach the broker; without that, they need --uri.
   *
   * @param control null when they can't: then they are not to be told of an earlier broker either
   */
  private static List<Path> tell(ControlFile control, Path dataDir, boolean forAll, Logger log) {
    List<Path> written = new ArrayList<>();
    try {
      if (control == null) {
        if (dataDir != null) {
          Files.deleteIfExists(dataDir.resolve(ControlFile.NAME));
        }
        return List.of();
      }
      if (dataDir != null) {
        Path file = dataDir.resolve(ControlFile.NAME);
        control.write(file);
        written.add(file);
      }
      if (forAll) {
        Path file = RuntimeDirectory.ofThisUser().place(control);
        control.write(file);
        written.add(file);
      }
    } catch (IOException failed) {
      log.warn("command line tools may need --uri to find this broker: {}", failed.getMessage());
    }
    return written;
  }

  private static Management startManagement(
      ServerSettings settings, Broker broker, ManagementOptions options, Preparation preparation)
      throws StartException {
    Logger log = LoggerFactory.getLogger(BrokerStart.class);
    try {
      Management management = Management.start(broker, options, preparation);
      if (options.http() != null) {
        log.info("management page and HTTP API on {}", management.uri());
      }
      if (options.https() != null) {
        log.info("management page and HTTP API on {}", management.httpsUri());
      }
      if (options.metrics() != null) {
        log.info("metrics for Prometheus on {}", management.metricsUri());
      }
      return management;
    } catch (ManagementStartException e) {
      broker.close();
      if (e.getCause() instanceof TlsException unusable) {
        throw new StartException(settings.tls().sentence(ConfigKey.MANAGEMENT_SSL, unusable), e);
      }
      throw new StartException(
          e.getMessage()
              + " (choose another port with --http-port or --metrics-port, or turn it off with off)",
          e);
    }
  }

  /** What to start, or null for nothing. */
  private static ManagementOptions options(ServerSettings settings, String token) {
    ManagementSettings asked = settings.management();
    TlsSettings tls = settings.tls();
    ManagementOptions.Endpoint http = endpoint(asked.http());
    ManagementOptions.Endpoint https = endpoint(tls.https());
    ManagementOptions.Endpoint metrics = endpoint(asked.metrics());
    ManagementOptions.Endpoint metricsHttps = endpoint(tls.metrics());
    boolean hasMetrics = metrics != null || metricsHttps != null;
    if (http == null && https == null && !hasMetrics) {
      return null;
    }
    return new ManagementOptions(
        http,
        https,
        asked.pathPrefix(),
        new ManagementOptions.Cors(asked.corsOrigins(), asked.corsMaxAgeSeconds()),
        hasMetrics
            ? new ManagementOptions.Metrics(
                metrics, metricsHttps, asked.metricsPath(), asked.metricsPerObject())
            : null,
        files(settings),
        token,
        asked.limits());
  }

  private static ManagementOptions.Endpoint endpoint(ManagementSettings.Endpoint asked) {
    return asked.enabled() ? new ManagementOptions.Endpoint(asked.address(), asked.port()) : null;
  }

  private static ManagementOptions.Endpoint endpoint(TlsSettings.Web web) {
    return web.endpoint().enabled()
        ? new ManagementOptions.Endpoint(
            web.endpoint().address(), web.endpoint().port(), web.options())
        : null;
  }

  private static BrokerStore openStore(ServerSettings settings, Logger log) throws StartException {
    if (settings.dataDir() == null) {
      log.info("nothing is stored: messages and definitions are gone after a restart (--memory)");
      return null;
    }
    StoreOptions options = StoreOptions.defaults();
    boolean isNew = !Files.exists(settings.dataDir().resolve("store.state"));
    try {
      MapDbStore store =
          MapDbStore.open(
              settings.dataDir(), settings.acceptLoss() ? options.acceptingLoss() : options);
      log.info(
          "data directory {}: {}",
          settings.dataDir().toAbsolutePath().normalize(),
          isNew ? "new" : contents(store.info()));
      return store;
    } catch (StoreOpenException e) {
      throw new StartException(e.getMessage(), e);
    }
  }

  private static String contents(StoreInfo found) {
    String queues = Sizes.count(found.queues(), "durable queue");
    String messages = Sizes.count(found.messages(), "message");
    return queues + " with " + messages + " (" + Sizes.bytes(found.bytes()) + ")";
  }

  /** The usual failures in terms of the options; any other as the broker words it. */
  private static String forTheUser(BrokerStartException failure, BrokerConfig config) {
    String message = failure.getMessage();
    if (!config.moreAddresses().isEmpty() || config.tls() != null) {
      return message;
    }
    if (message.contains("in use")) {
      return inTermsOf(
          config,
          "port %d on %s is already in use (is another broker running? stop it, or choose another"
              + " port with --amqp-port)");
    }
    if (message.contains("ermission denied")) {
      return inTermsOf(
          config,
          "port %d on %s may not be opened by this user (choose one from 1024 on with"
              + " --amqp-port)");
    }
    if (message.contains("assign requested address")) {
      return inTermsOf(
          config,
          "port %d on %s cannot be opened: that is no address of this machine (choose another"
              + " with --bind)");
    }
    return message;
  }

  private static String inTermsOf(BrokerConfig config, String sentence) {
    return sentence.formatted(config.amqpPort(), config.bindAddress());
  }

  /** Addresses as they were configured, ports as they are. */
  private static void logListeners(BrokerConfig config, Broker broker, Logger log) {
    List<InetSocketAddress> bound = broker.addresses();
    for (int i = 0; i < bound.size(); i++) {
      String host =
          i == 0 ? config.bindAddress() : config.moreAddresses().get(i - 1).getHostString();
      log.info("started TCP listener on {}:{}", shown(host), bound.get(i).getPort());
    }
    List<InetSocketAddress> encrypted = broker.tlsAddresses();
    for (int i = 0; i < encrypted.size(); i++) {
      String host = config.tls().addresses().get(i).getHostString();
      log.info("started TLS (SSL) listener on {}:{}", shown(host), encrypted.get(i).getPort());
    }
  }

  private static String shown(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
