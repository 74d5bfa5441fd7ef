package io.harveymq.server;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.broker.store.BrokerStore;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.ManagementStartException;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreInfo;
import io.harveymq.persistence.StoreOptions;
import io.harveymq.persistence.journal.StoreOpenException;
import io.harveymq.server.config.ManagementSettings;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a broker and says so in the log. Main thread. */
final class BrokerStart {
  /** As many as RabbitMQ starts for the same: management, its agent and its web server. */
  private static final int PLUGINS = 3;

  private static final int TOKEN_BYTES = 32;

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
   * Starts the broker and returns once it accepts connections.
   *
   * @param forAll whether command line tools are to find it from any directory
   * @throws StartException with one line for the user, for example when the port is taken
   */
  static Running start(ServerSettings settings, boolean forAll) throws StartException {
    Logger log = LoggerFactory.getLogger(BrokerStart.class);
    log.info("Harvey {} on Java {}", Version.harvey(), Version.java());
    settings.config().files().forEach(file -> log.info("configuration file {}", file));
    settings.config().notices().tell(log::info, log::warn);
    DefinitionFiles definitions = DefinitionFiles.read(settings.management().definitions());
    BrokerStore store = openStore(settings, log);
    Broker broker;
    try {
      broker = Broker.start(settings.broker(), store, definitions);
    } catch (BrokerStartException e) {
      throw new StartException(forTheUser(e, settings.broker()), e);
    }
    logListeners(settings.broker(), broker, log);
    String token = newToken();
    Management management = startManagement(settings, broker, token, log);
    ControlFile control =
        management == null
            ? null
            : ControlFile.ofThisProcess(management.uri(), token, broker.nodeName());
    List<Path> controlFiles = tell(control, settings.dataDir(), forAll, log);
    // The words that RabbitMQ prints here; tools wait for them.
    log.info(
        "Server startup complete; {} plugins started. ({} ms)",
        management == null ? 0 : PLUGINS,
        Harvey.millisSinceMain());
    return new Running(broker, management, control, controlFiles);
  }

  /** What the management tells of the files of the node. */
  private static ManagementOptions.NodeFiles files(ServerSettings settings) {
    Path data = settings.dataDir();
    List<String> logs = new ArrayList<>();
    for (LogSettings.Sink sink : settings.log().sinks()) {
      boolean console = sink.file() == null;
      logs.add(console ? "<stdout>" : sink.file().toAbsolutePath().normalize().toString());
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
      ServerSettings settings, Broker broker, String token, Logger log) throws StartException {
    ManagementSettings asked = settings.management();
    if (!asked.http().enabled()) {
      return null;
    }
    ManagementOptions options =
        new ManagementOptions(
                asked.http().address(),
                asked.http().port(),
                asked.pathPrefix(),
                asked.corsOrigins())
            .withMetricsPort(asked.metrics().enabled() ? asked.metrics().port() : null)
            .withControlToken(token)
            .withFiles(files(settings));
    // The JDK's resolver will do: nothing is looked up but addresses to listen on.
    System.setProperty("vertx.disableDnsResolver", "true");
    try {
      Management management = Management.start(broker, options);
      log.info("management page and HTTP API on {}", management.uri());
      return management;
    } catch (ManagementStartException e) {
      broker.close();
      throw new StartException(
          e.getMessage() + " (choose another port with --http-port, or --http-port off)", e);
    }
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
    if (!config.moreAddresses().isEmpty()) {
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
      String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      log.info("started TCP listener on {}:{}", shown, bound.get(i).getPort());
    }
  }
}
