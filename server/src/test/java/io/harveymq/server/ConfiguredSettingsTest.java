package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.FirstStart;
import io.harveymq.broker.NodeLimits;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.management.HttpLimits;
import io.harveymq.server.config.ConfigException;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.ManagementSettings;
import io.harveymq.server.config.ManagementSettings.Endpoint;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.log.LogLevel;
import io.harveymq.server.log.LogSettings.Sink;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keys of a configuration file become. */
class ConfiguredSettingsTest {
  @TempDir Path etc;

  private ServerSettings settings(String content, String... options) throws Exception {
    return settings(Map.of(), content, options);
  }

  private ServerSettings settings(
      Map<String, String> environment, String content, String... options) throws Exception {
    Files.writeString(etc.resolve("rabbitmq.conf"), content);
    return ServerSettings.of(new ConfigSources(environment, etc), options);
  }

  @Test
  void limitsOfConnectionsAreTaken() throws Exception {
    BrokerConfig broker =
        settings(
                "heartbeat = 17\nframe_max = 64kb\nchannel_max = 5\nmax_message_size = 1000\n"
                    + "connection_max = 9\nconsumer_max_per_channel = infinity\n"
                    + "consumer_timeout = 31622400000")
            .broker();

    assertThat(broker.limits()).isEqualTo(new ConnectionLimits(65_536, 5, 17, 1_000, 9, -1));
    assertThat(broker.consumerTimeoutMillis()).isEqualTo(31_622_400_000L);
  }

  @Test
  void noLimitIsTheLargestThatThereIs() throws Exception {
    ConnectionLimits limits = settings("frame_max = 0\nchannel_max = 0").broker().limits();

    assertThat(limits.frameMax()).isEqualTo(Integer.MAX_VALUE);
    assertThat(limits.channelMax()).isEqualTo(65_535);
  }

  @Test
  void theDefaultUserIsTaken() throws Exception {
    FirstStart first =
        settings(
                "default_user = u\ndefault_pass = p\ndefault_vhost = v\n"
                    + "default_user_tags.monitoring = true\ndefault_user_tags.management = false\n"
                    + "default_permissions.configure = c\ndefault_permissions.read = r\n"
                    + "default_permissions.write = w")
            .broker()
            .firstStart();

    assertThat(first)
        .isEqualTo(
            new FirstStart(
                "u", "p", "v", List.of("monitoring"), new FirstStart.Patterns("c", "w", "r")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          loopback_users.guest = false          | ''
          loopback_users = none                 | ''
          loopback_users.a\\.b = true           | a.b
          heartbeat = 1                         | guest
          """)
  void loopbackUsersAreThoseThatAreTrue(String content, String names) throws Exception {
    assertThat(String.join(",", settings(content).broker().loopbackUsers())).isEqualTo(names);
  }

  @Test
  void namesAndTypesAreTaken() throws Exception {
    BrokerConfig broker =
        settings("cluster_name = c\nnodename = n@h\ndefault_queue_type = quorum").broker();

    assertThat(broker.clusterName()).isEqualTo("c");
    assertThat(broker.nodeName()).isEqualTo("n@h");
    assertThat(broker.defaultQueueType()).isEqualTo("quorum");
  }

  @Test
  void limitsOfMemoryAndDiskMayBeRelativeOrAbsolute() throws Exception {
    BrokerConfig relative =
        settings("vm_memory_high_watermark.relative = 0.6\ndisk_free_limit.relative = 2").broker();
    BrokerConfig absolute =
        settings("vm_memory_high_watermark.absolute = 2GB\ndisk_free_limit.absolute = 1000")
            .broker();

    assertThat(relative.memoryHighWatermark()).isEqualTo(ResourceLimit.relative(0.6));
    assertThat(relative.diskFreeLimit()).isEqualTo(ResourceLimit.relative(2));
    assertThat(absolute.memoryHighWatermark()).isEqualTo(ResourceLimit.absolute(2_000_000_000));
    assertThat(absolute.diskFreeLimit()).isEqualTo(ResourceLimit.absolute(1_000));
  }

  @Test
  void allListenersAreTakenUnlessTheCommandLineNamesAPort() throws Exception {
    String two = "listeners.tcp.1 = 127.0.0.1:1\nlisteners.tcp.2 = [::1]:2\nlisteners.tcp.3 = 3";
    BrokerConfig broker = settings(Map.of("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.9"), two).broker();

    assertThat(broker.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(broker.amqpPort()).isEqualTo(1);
    assertThat(broker.moreAddresses())
        .containsExactly(
            InetSocketAddress.createUnresolved("::1", 2),
            InetSocketAddress.createUnresolved("0.0.0.0", 3));

    BrokerConfig told = settings(two, "--amqp-port", "9", "--bind", "127.0.0.2").broker();
    assertThat(told.bindAddress()).isEqualTo("127.0.0.2");
    assertThat(told.amqpPort()).isEqualTo(9);
    assertThat(told.moreAddresses()).isEmpty();
  }

  @Test
  void thePortAndAddressOfTheEnvironmentAreTakenWhenNoFileHasAny() throws Exception {
    BrokerConfig broker =
        settings(Map.of("RABBITMQ_NODE_PORT", "7", "RABBITMQ_NODE_IP_ADDRESS", "127.0.0.9"), "")
            .broker();

    assertThat(broker.bindAddress()).isEqualTo("127.0.0.9");
    assertThat(broker.amqpPort()).isEqualTo(7);
  }

  @Test
  void managementIsToldWhatConcernsIt() throws Exception {
    Path definitions = Files.writeString(etc.resolve("d.json"), "{}");
    ManagementSettings management =
        settings(
                "management.tcp.port = 1\nmanagement.tcp.ip = 127.0.0.1\n"
                    + "management.path_prefix = /p\nmanagement.cors.allow_origins.1 = http://a\n"
                    + "management.cors.allow_origins.2 = http://b\nmanagement.cors.max_age = 3\n"
                    + "management.rates_mode = none\nmanagement.disable_stats = true\n"
                    + "collect_statistics_interval = 100\nprometheus.tcp.port = 2\n"
                    + "prometheus.path = /m\nprometheus.return_per_object_metrics = true\n"
                    + "management.http.max_body_size = 1000\nharvey.http.max_connections = 7\n"
                    + "management.tcp.idle_timeout = 5000\n"
                    + "management.tcp.request_timeout = 2000\n"
                    + "definitions.skip_if_unchanged = true\nload_definitions = "
                    + definitions)
            .management();

    assertThat(management)
        .isEqualTo(
            new ManagementSettings(
                new Endpoint(true, "127.0.0.1", 1),
                "/p",
                List.of("http://a", "http://b"),
                3,
                "none",
                true,
                100,
                new Endpoint(true, "0.0.0.0", 2),
                "/m",
                true,
                List.of(definitions),
                true,
                new HttpLimits(7, 1_000, 5_000, 2_000, 64)));
  }

  @Test
  void limitsOfTheNodeAreTaken() throws Exception {
    ConnectionLimits limits =
        settings(
                "ranch_connection_max = 1\nchannel_max_per_node = 2\ncluster_queue_limit = 3\n"
                    + "cluster_exchange_limit = 40\nvhost_max = 5\nhandshake_timeout = 6000\n"
                    + "tcp_listen_options.send_timeout = 7000")
            .broker()
            .limits();

    assertThat(limits.node()).isEqualTo(new NodeLimits(1, 2, 3, 40, 5));
    assertThat(limits.handshakeMillis()).isEqualTo(6_000);
    assertThat(limits.sendTimeoutMillis()).isEqualTo(7_000);
    assertThat(settings("").broker().limits()).isEqualTo(ConnectionLimits.DEFAULT);
  }

  @Test
  void tlsIsKept() throws Exception {
    ServerSettings settings =
        settings(
            "listeners.ssl.default = 5671\nssl_options.certfile = /c\nssl_options.password = p");

    assertThat(settings.broker().tls().addresses())
        .containsExactly(InetSocketAddress.createUnresolved("0.0.0.0", 5671));
    assertThat(settings.broker().tls().options().certFile()).isEqualTo(Path.of("/c"));
    assertThat(settings.tls().toString()).doesNotContain("[p]", "=p", ", p,");
  }

  @Test
  void theLogGoesWhereItIsTold() throws Exception {
    String content =
        "log.console.level = error\nlog.console.formatter = json\nlog.file = h.log\n"
            + "log.file.level = debug\nlog.dir = /logs\nlog.connection.level = warning";

    assertThat(settings(content).log().sinks())
        .containsExactly(
            Sink.out(LogLevel.ERROR, true),
            Sink.file(Path.of("/logs/h.log"), LogLevel.DEBUG, false));
    assertThat(settings(content).log().categories())
        .containsEntry("io.harveymq.broker.connection", LogLevel.WARN);
    assertThat(settings(content, "--log-level", "info").log().sinks())
        .extracting(Sink::level)
        .containsOnly(LogLevel.INFO);
    assertThat(settings("log.console = false").log().sinks())
        .containsExactly(Sink.out(LogLevel.INFO, false));
    ServerSettings published =
        settings("log.exchange = true\nlog.exchange.level = error\ndefault_vhost = v");
    assertThat(published.log().sinks())
        .containsExactly(Sink.out(LogLevel.INFO, false), Sink.exchange(LogLevel.ERROR, false));
    assertThat(published.broker().logExchange()).isEqualTo("v");
    assertThat(settings("").broker().logExchange()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          heartbeat = x                 | heartbeat must be between 0 and 65535, got 'x'
          frame_max = 100               | frame_max must be 0, for no limit, or between 8192 and 2147483647, got '100'
          max_message_size = 1GB        | max_message_size must be a number of bytes between 1 and 536870912, got '1GB'
          connection_max = many         | connection_max must be a number, 0 or more, or infinity, got 'many'
          listeners.tcp.1 = here:amqp   | listeners.tcp.1 must be a port (0 to 65535) or ADDRESS:PORT, got 'here:amqp'
          listeners.tcp = none          | listeners.tcp must not be none without a listeners.ssl.default: no client could connect, got 'none'
          loopback_users.guest = maybe  | loopback_users.guest must be true or false, got 'maybe'
          default_queue_type = lazy     | default_queue_type must be one of classic, quorum, stream, got 'lazy'
          disk_free_limit.absolute = 1x | disk_free_limit.absolute must be a size such as 512MiB or 2GB, got '1x'
          load_definitions = /no/such   | load_definitions must be a file or directory that can be read, got '/no/such'
          log.console.level = loud      | log.console.level must be one of debug, info, notice, warning, error, critical, none, got 'loud'
          default_pass = ''             | default_pass must not be empty
          """)
  void aValueThatIsNotAllowedIsToldWithItsPlace(String line, String message) {
    assertThatThrownBy(() -> settings("# first\n" + line))
        .isInstanceOf(ConfigException.class)
        .hasMessage(etc.resolve("rabbitmq.conf") + ":2: " + message);
  }

  @Test
  void aVariableWithAWrongValueIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("RABBITMQ_NODE_PORT", "x"), ""))
        .isInstanceOf(UsageException.class)
        .hasMessage("RABBITMQ_NODE_PORT must be between 0 and 65535, got 'x'");
  }
}
