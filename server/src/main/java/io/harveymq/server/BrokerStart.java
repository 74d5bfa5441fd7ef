package io.harveymq.server;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a broker and says so in the log. Main thread. */
final class BrokerStart {
  private BrokerStart() {}

  /**
   * Starts the broker and returns once it accepts connections.
   *
   * @throws StartException with one line for the user, for example when the port is taken
   */
  static Broker start(ServerSettings settings) throws StartException {
    Logger log = LoggerFactory.getLogger(BrokerStart.class);
    log.info("Harvey {} on Java {}", Version.harvey(), Version.java());
    log.info(
        "Nothing is stored yet: data directory '{}' is not used, messages and definitions live in"
            + " memory",
        settings.dataDir());
    Broker broker;
    try {
      broker = Broker.start(settings.broker());
    } catch (BrokerStartException e) {
      throw new StartException(withAdvice(e.getMessage()), e);
    }
    log.info("started TCP listener on {}", address(settings.broker(), broker.port()));
    // The words that RabbitMQ prints here; tools wait for them.
    log.info("Server startup complete; 0 plugins started. ({} ms)", sinceProcessStart());
    return broker;
  }

  private static String withAdvice(String message) {
    return message.toLowerCase(Locale.ROOT).contains("already in use")
            && !message.contains("--amqp-port")
        ? message + " (is another broker running? stop it, or choose another port with --amqp-port)"
        : message;
  }

  private static String address(BrokerConfig config, int port) {
    String host = config.bindAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static long sinceProcessStart() {
    Instant now = Instant.now();
    Instant start = ProcessHandle.current().info().startInstant().orElse(now);
    return Duration.between(start, now).toMillis();
  }
}
