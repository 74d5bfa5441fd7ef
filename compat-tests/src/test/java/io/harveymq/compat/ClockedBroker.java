package io.harveymq.compat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.persistence.MapDbStore;
import io.harveymq.persistence.StoreOptions;
import java.nio.file.Path;

/** An embedded broker on a clock that the test moves, and one connection to it. */
final class ClockedBroker implements AutoCloseable {
  static final long EPOCH_MILLIS = 1_800_000_000_000L;

  private final Broker broker;
  private final Connection connection;

  private ClockedBroker(Broker broker) throws Exception {
    this.broker = broker;
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(broker.port());
    factory.setAutomaticRecoveryEnabled(false);
    connection = factory.newConnection();
  }

  static ClockedBroker start(ManualClock clock, Compatibility version) throws Exception {
    return new ClockedBroker(Broker.start(config(clock, version)));
  }

  /** Durable queues are in a directory. */
  static ClockedBroker start(ManualClock clock, Compatibility version, Path data) throws Exception {
    MapDbStore store = MapDbStore.open(data, StoreOptions.defaults());
    return new ClockedBroker(Broker.start(config(clock, version), store));
  }

  private static BrokerConfig config(ManualClock clock, Compatibility version) {
    return BrokerConfig.builder()
        .bindAddress("127.0.0.1")
        .amqpPort(0)
        .clock(clock)
        .compatibility(version)
        .build();
  }

  Connection connection() {
    return connection;
  }

  /** A new channel whose publishes are confirmed. */
  Channel confirmedChannel() throws Exception {
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    return channel;
  }

  @Override
  public void close() {
    connection.abort(5_000);
    broker.close();
  }
}
