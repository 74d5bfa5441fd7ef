package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.FirstStart;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What RabbitMQ's configuration sets for connections, as its Java client sees it. */
@Timeout(60)
class ConnectionLimitsTest {
  private static Connection connect(Broker broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.amqpUri());
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }

  private static Broker start(ConnectionLimits limits) throws Exception {
    return Broker.start(BrokerConfig.builder().limits(limits).build());
  }

  private static CompletableFuture<ShutdownSignalException> end(Channel channel) {
    CompletableFuture<ShutdownSignalException> end = new CompletableFuture<>();
    channel.addShutdownListener(end::complete);
    return end;
  }

  @Test
  void theClientIsOfferedWhatIsConfigured() throws Exception {
    try (Broker broker = start(new ConnectionLimits(65_536, 9, 17, 0, -1, -1));
        Connection connection = connect(broker)) {
      assertThat(connection.getFrameMax()).isEqualTo(65_536);
      assertThat(connection.getChannelMax()).isEqualTo(9);
      assertThat(connection.getHeartbeat()).isEqualTo(17);
    }
  }

  @Test
  void aMessageMayBeAsLargeAsConfigured() throws Exception {
    try (Broker broker = start(new ConnectionLimits(131_072, 9, 60, 100, -1, -1));
        Connection connection = connect(broker)) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      channel.basicPublish("", "q", null, new byte[100]);
      assertThat(channel.waitForConfirms()).isTrue();
      CompletableFuture<ShutdownSignalException> end = end(channel);
      channel.basicPublish("", "q", null, new byte[101]);

      assertThat(end.get(30, TimeUnit.SECONDS))
          .hasMessageContaining("message size 101 is larger than configured max size 100");
    }
  }

  @Test
  void oneConnectionMoreThanConfiguredIsRefused() throws Exception {
    try (Broker broker = start(new ConnectionLimits(131_072, 9, 60, 0, 1, -1))) {
      try (Connection first = connect(broker)) {
        assertThat(first.isOpen()).isTrue();
        assertThatThrownBy(() -> connect(broker))
            .hasStackTraceContaining("connection refused: node connection limit (1) is reached");
        assertThat(first.isOpen()).isTrue();
      }
      connect(broker).close();
    }
  }

  @Test
  void oneConsumerMoreThanConfiguredIsRefused() throws Exception {
    try (Broker broker = start(new ConnectionLimits(131_072, 9, 60, 0, -1, 1))) {
      Channel channel = connect(broker).createChannel();
      String queue = channel.queueDeclare().getQueue();
      channel.basicConsume(queue, (tag, delivery) -> {}, tag -> {});

      assertThatThrownBy(() -> channel.basicConsume(queue, (tag, delivery) -> {}, tag -> {}))
          .hasStackTraceContaining("NOT_ALLOWED - reached maximum (1) of consumers per channel");
    }
  }

  @Test
  void theNameOfTheClusterIsTold() throws Exception {
    BrokerConfig named = BrokerConfig.builder().nodeName("n@h").clusterName("c").build();
    try (Broker broker = Broker.start(named);
        Connection connection = connect(broker)) {
      assertThat(connection.getServerProperties().get("cluster_name")).hasToString("c");
    }
    try (Broker broker = Broker.start(BrokerConfig.builder().nodeName("n@h").build());
        Connection connection = connect(broker)) {
      assertThat(connection.getServerProperties().get("cluster_name")).hasToString("n@h");
    }
  }

  @Test
  void aQueueThatDoesNotSayIsOfTheDefaultType() throws Exception {
    try (Broker broker = Broker.start(BrokerConfig.builder().defaultQueueType("quorum").build());
        Connection connection = connect(broker)) {
      Channel channel = connection.createChannel();
      channel.queueDeclare("q", true, false, false, null);
      channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));

      assertThatThrownBy(
              () ->
                  channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "classic")))
          .hasStackTraceContaining("inequivalent arg 'x-queue-type' for queue 'q'");
    }
  }

  @Test
  void theDefaultUserMayDoWhatIsConfigured() throws Exception {
    FirstStart first =
        new FirstStart("u", "p", "/", List.of(), new FirstStart.Patterns("^a", ".*", ".*"));
    try (Broker broker = Broker.start(BrokerConfig.builder().firstStart(first).build());
        Connection connection = connect(broker)) {
      Channel channel = connection.createChannel();
      channel.queueDeclare("a", false, true, false, null);

      assertThat(broker.access().user("u").tags()).isEmpty();
      assertThatThrownBy(() -> channel.queueDeclare("b", false, true, false, null))
          .hasStackTraceContaining("ACCESS_REFUSED");
    }
  }

  @Test
  void itListensOnAllAddressesAndOnNoneOnceItIsClosed() throws Exception {
    BrokerConfig config =
        BrokerConfig.builder()
            .moreAddresses(List.of(InetSocketAddress.createUnresolved("127.0.0.1", 0)))
            .build();
    ConnectionFactory factory = new ConnectionFactory();
    try (Broker broker = Broker.start(config)) {
      assertThat(broker.addresses()).hasSize(2);
      for (InetSocketAddress address : broker.addresses()) {
        factory.setPort(address.getPort());
        factory.newConnection().close();
      }
    }
    assertThatThrownBy(factory::newConnection).isInstanceOf(java.net.ConnectException.class);
  }
}
