package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.PolicyControl;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.Tracing;
import io.harveymq.broker.Transport;
import io.harveymq.broker.vhost.LogExchange;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.ManagementOptions.Endpoint;
import io.harveymq.management.ManagementOptions.Metrics;
import io.harveymq.management.ManagementStartException;
import io.harveymq.server.log.Log;
import io.harveymq.server.log.LogLevel;
import io.harveymq.server.log.LogSettings;
import io.harveymq.server.log.LogSettings.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The broker that all suites of this run talk to: the external one that the system property {@code
 * harvey.test.target} names (an amqp URI), else a Harvey inside this JVM on a free loopback port,
 * started before the first suite and closed after the last. {@code harvey.test.eventLoops}, {@code
 * harvey.test.version} (3.10, 3.13, 4.2 or 4.3) and {@code harvey.test.transport} choose Harvey's
 * shape. Any thread.
 */
final class BrokerUnderTest implements BeforeAllCallback {
  /** What the embedded broker takes for the free space of its disk, in bytes. */
  private static final long FREE_DISK_SPACE = 1L << 40;

  private static volatile URI uri;
  private static volatile ResourceAlarms alarms;
  private static volatile Tracing tracing;
  private static volatile AccessControl access;
  private static volatile PolicyControl policies;
  private static volatile Management management;

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(BrokerUnderTest.class.getName(), name -> start(), AutoCloseable.class);
  }

  /**
   * Leaves a test out if another broker was not given a plugin; the embedded one has to have it.
   *
   * @param there whether the plugin is there
   */
  static void requirePlugin(boolean there, String what) {
    if (isEmbedded()) {
      assertThat(there).as("the embedded broker has " + what).isTrue();
    }
    assumeTrue(there, "the broker has no " + what);
  }

  /** Whether the broker is a Harvey inside this JVM. */
  static boolean isEmbedded() {
    return System.getProperty("harvey.test.target", "").isBlank();
  }

  private static AutoCloseable start() {
    if (!isEmbedded()) {
      uri = URI.create(System.getProperty("harvey.test.target"));
      return () -> uri = null;
    }
    Broker broker = startHarvey();
    alarms = broker.alarms();
    tracing = broker.tracing();
    access = broker.access();
    policies = broker.policies();
    uri = URI.create("amqp://guest:guest@127.0.0.1:" + broker.port());
    publishLog(broker.logExchange());
    try {
      management =
          Management.start(
              broker, ManagementOptions.loopback().withMetrics(new Metrics(Endpoint.loopback())));
    } catch (ManagementStartException failure) {
      broker.close();
      throw new IllegalStateException("the management did not start", failure);
    }
    return () -> {
      management.close();
      broker.close();
    };
  }

  private static void publishLog(LogExchange exchange) {
    try {
      Log.configure(
          new LogSettings(
              List.of(Sink.err(LogLevel.INFO, false), Sink.exchange(LogLevel.INFO, false)),
              Map.of()));
    } catch (IOException noFile) {
      throw new UncheckedIOException(noFile);
    }
    Log.publishTo((level, time, text) -> exchange.publish(level, time.toEpochSecond(), text));
  }

  private static Broker startHarvey() {
    String transport = System.getProperty("harvey.test.transport", "auto");
    String version = System.getProperty("harvey.test.version", "4.2");
    BrokerConfig config =
        BrokerConfig.builder()
            .bindAddress("127.0.0.1")
            .amqpPort(0)
            .eventLoops(Integer.getInteger("harvey.test.eventLoops", 1))
            .transport(Transport.valueOf(transport.toUpperCase(Locale.ROOT)))
            .eventExchange(true)
            .logExchange("/")
            .freeDiskSpace(() -> FREE_DISK_SPACE)
            .compatibility(Compatibility.profile(version))
            .build();
    try {
      return Broker.start(config);
    } catch (BrokerStartException failure) {
      throw new IllegalStateException("Harvey did not start", failure);
    }
  }

  /** The alarms of the embedded broker; null of any other. */
  static ResourceAlarms alarms() {
    return alarms;
  }

  /** The broker's URI without a virtual host. */
  static String uri() {
    return "amqp://%s@%s:%d".formatted(uri.getRawUserInfo(), host(), port());
  }

  /** The switch of the embedded broker's firehose; null of any other. */
  static Tracing tracing() {
    return tracing;
  }

  /** Users and permissions of the embedded broker; null of any other. */
  static AccessControl access() {
    return access;
  }

  /** The policies of the embedded broker; null of any other. */
  static PolicyControl policies() {
    return policies;
  }

  /**
   * Where the HTTP API is, without {@code /api}: for another broker than the embedded one, the
   * system property {@code harvey.test.management} names it, such as {@code
   * http://127.0.0.1:15672}. A RabbitMQ needs the plugins rabbitmq_management and
   * rabbitmq_prometheus, and {@code management.rates_mode = detailed}, without which it does not
   * say which exchange a queue's messages come from.
   *
   * @throws IllegalStateException if the broker has none
   */
  static URI managementUri() {
    String given = System.getProperty("harvey.test.management", "");
    if (isEmbedded()) {
      return URI.create("http://127.0.0.1:" + management.port());
    }
    if (given.isBlank()) {
      throw new IllegalStateException("no management");
    }
    return URI.create(given);
  }

  static String host() {
    return uri.getHost();
  }

  static int port() {
    return uri.getPort();
  }

  static String user() {
    return uri.getUserInfo().split(":", 2)[0];
  }

  static String password() {
    return uri.getUserInfo().split(":", 2)[1];
  }
}
