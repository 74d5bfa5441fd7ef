package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Broker;
import io.harveymq.server.config.ConfigException;
import io.harveymq.server.config.ConfigSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** deprecated_features.permit from the configuration file to AMQP clients. */
class DeprecatedFeaturesTest {
  private static final String TRANSIENT = "deprecated_features.permit.transient_nonexcl_queues = ";
  private static final String GLOBAL_QOS = "deprecated_features.permit.global_qos = ";

  @TempDir private Path directory;

  private ServerSettings settings(String profile, String... lines) throws Exception {
    Path file = Files.write(directory.resolve("rabbitmq.conf"), List.of(lines));
    return ServerSettings.of(
        ConfigSources.none(),
        "--config",
        file.toString(),
        "--compatibility",
        profile,
        "--memory",
        "--amqp-port",
        "0");
  }

  private static Connection connect(Broker broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.amqpUri());
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }

  @ParameterizedTest
  @CsvSource({"4.3,true", "4.2,true", "3.13,true"})
  void queuesThatAreNeitherDurableNorExclusiveCanBePermitted(String profile, boolean permitted)
      throws Exception {
    try (Broker broker = Broker.start(settings(profile, TRANSIENT + permitted).broker());
        Connection connection = connect(broker);
        Channel channel = connection.createChannel()) {
      channel.queueDeclare("q", false, false, false, null);
      channel.basicPublish("", "q", null, "m".getBytes());

      GetResponse got = channel.basicGet("q", true);
      assertThat(got.getBody()).asString().isEqualTo("m");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.10 | Its use is not permitted per the configuration (overriding the default, which is"
            + " permitted):",
        "4.2 | Its use is not permitted per the configuration (overriding the default, which is"
            + " permitted):",
        "4.3 | By default, this feature is not permitted anymore."
      })
  void andTheyCanBeDenied(String profile, String reason) throws Exception {
    try (Broker broker = Broker.start(settings(profile, TRANSIENT + "false").broker())) {
      Channel channel = connect(broker).createChannel();
      channel.queueDeclare("exclusive", false, true, false, null);
      channel.queueDeclare("durable", true, false, false, null);

      assertThatThrownBy(() -> channel.queueDeclare("q", false, false, false, null))
          .cause()
          .isInstanceOfSatisfying(
              ShutdownSignalException.class,
              closed -> {
                AMQP.Connection.Close close = (AMQP.Connection.Close) closed.getReason();
                assertThat(close.getReplyCode()).isEqualTo(541);
                assertThat(close.getReplyText())
                    .startsWith(
                        "INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.\n"
                            + reason
                            + "\n");
              });
    }
  }

  @ParameterizedTest
  @CsvSource({"4.3,true,1", "4.3,false,2", "4.2,true,1", "4.2,false,2", "3.13,false,2"})
  void theWindowOfAWholeChannelCanBePermittedAndDenied(
      String profile, boolean permitted, int delivered) throws Exception {
    BlockingQueue<String> deliveries = new LinkedBlockingQueue<>();
    try (Broker broker = Broker.start(settings(profile, GLOBAL_QOS + permitted).broker());
        Connection connection = connect(broker);
        Channel channel = connection.createChannel()) {
      channel.queueDeclare("q", false, true, false, null);
      channel.basicQos(1, true);
      for (String consumer : List.of("first", "second")) {
        channel.basicConsume(
            "q", false, consumer, (tag, message) -> deliveries.add(tag), tag -> {});
      }
      for (int i = 0; i < 3; i++) {
        channel.basicPublish("", "q", null, new byte[1]);
      }
      for (int i = 0; i < delivered; i++) {
        assertThat(deliveries.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
      // the answer comes behind all deliveries, and what is not delivered waits
      assertThat(channel.messageCount("q")).isEqualTo(3 - delivered);
      assertThat(deliveries).isEmpty();
    }
  }

  @Test
  void otherFeaturesAreRemarkedOnAndBadValuesRefused() throws Exception {
    assertThat(
            settings("4.2", "deprecated_features.permit.queue_master_locator = true")
                .config()
                .notices()
                .remarks())
        .anyMatch(
            remark -> remark.contains("rabbitmq.conf:1") && remark.contains("without effect"));
    assertThatThrownBy(() -> settings("4.2", "", TRANSIENT + "perhaps"))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith(
            "rabbitmq.conf:2: deprecated_features.permit.transient_nonexcl_queues must be true or"
                + " false, got 'perhaps'");
  }
}
