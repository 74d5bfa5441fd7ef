package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of the distribution, published as {@code log.exchange} asks for. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LogExchangeIT {
  @TempDir Path directory;

  private final BlockingQueue<Delivery> lines = new LinkedBlockingQueue<>();

  private HarveyProcess start(String... settings) throws Exception {
    Path file = directory.resolve("rabbitmq.conf");
    Files.writeString(file, String.join("\n", settings) + "\n");
    return HarveyProcess.start(
            "--memory", "--amqp-port", "0", "--bind", "127.0.0.1", "--config", file.toString())
        .awaitStarted();
  }

  private static Connection connect(HarveyProcess harvey, String vhost) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(harvey.port());
    factory.setVirtualHost(vhost);
    return factory.newConnection();
  }

  private void listen(Connection connection) throws Exception {
    Channel channel = connection.createChannel();
    String queue = channel.queueDeclare().getQueue();
    channel.queueBind(queue, "amq.rabbitmq.log", "#");
    channel.basicConsume(queue, true, (tag, line) -> lines.add(line), tag -> {});
  }

  private String next() throws InterruptedException {
    Delivery line = lines.poll(60, TimeUnit.SECONDS);
    assertThat(line).isNotNull();
    return line.getEnvelope().getRoutingKey()
        + " "
        + new String(line.getBody(), StandardCharsets.UTF_8);
  }

  @Test
  void linesFromItsLevelOnAreInTheDefaultVirtualHost() throws Exception {
    try (HarveyProcess harvey =
            start(
                "default_vhost = v",
                "log.exchange = true",
                "log.exchange.level = warning",
                "log.exchange.formatter = json");
        Connection connection = connect(harvey, "v")) {
      listen(connection);
      connection.createChannel().basicPublish("amq.direct", "a", null, new byte[0]);
      assertThat(next())
          .startsWith("warning {\"time\":\"")
          .contains("\"level\":\"warning\"", "published to exchange 'amq.direct'")
          .endsWith("}\n");
    }
  }

  /**
   * A queue that loses each line, which the log tells once, as the dead letter's key is too long.
   */
  private static void loseLines(Channel channel, String queue, Map<String, Object> limit)
      throws Exception {
    Map<String, Object> arguments = new HashMap<>(limit);
    arguments.put("x-dead-letter-exchange", "amq.topic");
    arguments.put("x-dead-letter-routing-key", "k".repeat(256));
    channel.queueDeclare(queue, false, true, true, arguments);
    channel.queueBind(queue, "amq.rabbitmq.log", "#");
  }

  @Test
  void whatALineBringsAboutLaterIsPublished() throws Exception {
    try (HarveyProcess harvey = start("log.exchange = true");
        Connection connection = connect(harvey, "/")) {
      Channel channel = connection.createChannel();
      loseLines(channel, "expiring", Map.of("x-message-ttl", 100));
      listen(connection);
      channel.basicPublish("amq.direct", "a", null, new byte[0]);
      assertThat(next()).contains("published to exchange 'amq.direct'");
      assertThat(next()).contains("dead letters of expiring are dropped");
    }
  }

  @Test
  void whatALineBringsAboutAtOnceIsNotPublished() throws Exception {
    try (HarveyProcess harvey = start("log.exchange = true");
        Connection connection = connect(harvey, "/")) {
      Channel channel = connection.createChannel();
      loseLines(channel, "dropping", Map.of("x-max-length", 0));
      listen(connection);
      channel.basicPublish("amq.direct", "a", null, new byte[0]);
      assertThat(next()).contains("published to exchange 'amq.direct'");
      harvey.awaitLine("dead letters of dropping are dropped");
      channel.basicPublish("amq.direct", "b", null, new byte[0]);
      assertThat(next()).contains("with routing key 'b'");
    }
  }
}
