package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.FirstStart;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.Transport;
import io.harveymq.server.config.ManagementSettings.Endpoint;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.log.LogLevel;
import io.harveymq.server.log.LogSettings.Sink;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {
  @Test
  void withoutOptionsItListensLikeRabbitMq() throws UsageException {
    ServerSettings settings = ServerSettings.of();

    assertThat(settings.broker().amqpPort()).isEqualTo(5672);
    assertThat(settings.broker().bindAddress()).isEqualTo("0.0.0.0");
    assertThat(settings.broker().eventLoops()).isEqualTo(1);
    assertThat(settings.broker().transport()).isEqualTo(Transport.AUTO);
    assertThat(settings.broker().memoryShare()).isEqualTo(0.4);
    assertThat(settings.broker().memoryHighWatermark()).isNull();
    assertThat(settings.broker().diskFreeLimit()).isEqualTo(ResourceLimit.absolute(50_000_000));
    assertThat(settings.broker().compatibility()).isEqualTo(Compatibility.V4_2);
    assertThat(settings.broker().consumerTimeoutMillis()).isEqualTo(1_800_000);
    assertThat(settings.broker().eventExchange()).isFalse();
    assertThat(settings.dataDir()).isEqualTo(Path.of("harvey-data"));
    assertThat(settings.log().sinks()).containsExactly(Sink.out(LogLevel.INFO, false));
    assertThat(settings.broker().firstStart()).isEqualTo(FirstStart.DEFAULT);
    assertThat(settings.broker().loopbackUsers()).containsExactly("guest");
  }

  @Test
  void takesEveryOption() throws UsageException {
    ServerSettings settings =
        ServerSettings.of(
            "--amqp-port 0 --bind ::1 --data-dir d --event-loops 2 --transport nio --memory-share"
                .concat(" 0.5 --memory-high-watermark 512MiB --disk-free-limit 2GB")
                .concat(
                    " --compatibility 3.13 --log-level warn --log-format json --http-port off --metrics-port 0 --default-user u --default-pass p --default-vhost v")
                .concat(" --loopback-users u,guest --consumer-timeout 60000 --event-exchange")
                .split(" "));

    assertThat(settings.broker().amqpPort()).isZero();
    assertThat(settings.broker().bindAddress()).isEqualTo("::1");
    assertThat(settings.broker().eventLoops()).isEqualTo(2);
    assertThat(settings.broker().transport()).isEqualTo(Transport.NIO);
    assertThat(settings.broker().memoryShare()).isEqualTo(0.5);
    assertThat(settings.broker().memoryHighWatermark())
        .isEqualTo(ResourceLimit.absolute(512 << 20));
    assertThat(settings.broker().diskFreeLimit()).isEqualTo(ResourceLimit.absolute(2_000_000_000));
    assertThat(settings.broker().compatibility()).isEqualTo(Compatibility.V3_13);
    assertThat(settings.broker().consumerTimeoutMillis()).isEqualTo(60_000);
    assertThat(settings.management().http()).isEqualTo(new Endpoint(false, "::1", 0));
    assertThat(settings.management().metrics()).isEqualTo(new Endpoint(true, "::1", 0));
    assertThat(settings.broker().eventExchange()).isTrue();
    assertThat(settings.dataDir()).isEqualTo(Path.of("d"));
    assertThat(settings.log().sinks()).containsExactly(Sink.out(LogLevel.WARN, true));
    assertThat(settings.broker().firstStart()).isEqualTo(new FirstStart("u", "p", "v"));
    assertThat(settings.broker().loopbackUsers()).containsExactlyInAnyOrder("u", "guest");
  }

  @Test
  void withLoopbackUsersNoneGuestMayLogInFromAnywhere() throws UsageException {
    assertThat(ServerSettings.of("--loopback-users", "none").broker().loopbackUsers()).isEmpty();
  }

  @Test
  void takesAValueAfterAnEqualsSignToo() throws UsageException {
    assertThat(ServerSettings.of("--amqp-port=1").broker().amqpPort()).isEqualTo(1);
  }

  @Test
  void ofAnOptionGivenTwiceTheLastCounts() throws UsageException {
    ServerSettings settings = ServerSettings.of("--amqp-port", "1", "--amqp-port", "2");

    assertThat(settings.broker().amqpPort()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --amqp-port x         | --amqp-port must be between 0 and 65535, got 'x'
          --amqp-port 65536     | --amqp-port must be between 0 and 65535, got '65536'
          --amqp-port -1        | --amqp-port must be between 0 and 65535, got '-1'
          --amqp-port=          | --amqp-port must be between 0 and 65535, got ''
          --event-loops 0       | --event-loops must be between 1 and 256, got '0'
          --event-loops 1.5     | --event-loops must be between 1 and 256, got '1.5'
          --memory-share 0.9    | --memory-share must be between 0.05 and 0.8, got '0.9'
          --memory-share 0.01   | --memory-share must be between 0.05 and 0.8, got '0.01'
          --memory-share NaN    | --memory-share must be between 0.05 and 0.8, got 'NaN'
          --memory-share half   | --memory-share must be between 0.05 and 0.8, got 'half'
          --disk-free-limit x   | --disk-free-limit must be a part such as 0.4 or a size such as 512MiB, got 'x'
          --memory-high-watermark 4XB | --memory-high-watermark must be a part such as 0.4 or a size such as 512MiB, got '4XB'
          --consumer-timeout -1 | --consumer-timeout must be between 0 and 999999999999, got '-1'
          --event-exchange=on   | --event-exchange takes no value
          --http-port on        | --http-port must be between 0 and 65535, or off, got 'on'
          --metrics-port -2     | --metrics-port must be between 0 and 65535, or off, got '-2'
          --log-format xml      | --log-format must be one of plaintext, json, got 'xml'
          --definitions no/such | --definitions must be a file or directory that can be read, got 'no/such'
          --transport tcp       | --transport must be one of auto, epoll, nio, got 'tcp'
          --compatibility 4.1   | --compatibility must be one of 3.10, 3.13, 4.2, 4.3, got '4.1'
          --log-level loud      | --log-level must be one of debug, info, notice, warning, error, critical, none, got 'loud'
          --bind=               | --bind must not be empty, got ''
          --data-dir=           | --data-dir must not be empty, got ''
          --amqp-port           | --amqp-port needs a value: --amqp-port PORT
          --bind --amqp-port 1  | --bind needs a value: --bind ADDRESS
          --port 5672           | unknown option '--port' (did you mean --amqp-port?)
          --amqpport=5672       | unknown option '--amqpport' (did you mean --amqp-port?)
          -port 5672            | unknown option '-port' (did you mean --amqp-port?)
          --verbose             | unknown option '--verbose'
          start                 | unexpected argument 'start'
          """)
  void refusesWhatBreaksARuleAndNamesIt(String arguments, String message) {
    assertThatThrownBy(() -> ServerSettings.of(arguments.split(" +")))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }
}
