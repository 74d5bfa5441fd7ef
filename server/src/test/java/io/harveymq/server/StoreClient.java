package io.harveymq.server;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;

/** A client of the tests, with one durable queue and numbered persistent messages. One thread. */
final class StoreClient implements AutoCloseable {
  private static final String QUEUE = "orders";
  private static final long PATIENCE_MILLIS = 60_000;
  private static final int GOODBYE_MILLIS = 1_000;

  private final Connection connection;
  private final Channel channel;
  private long published;

  StoreClient(HarveyProcess harvey) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(harvey.port());
    factory.setAutomaticRecoveryEnabled(false);
    connection = factory.newConnection();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  StoreClient declare() throws IOException {
    channel.queueDeclare(QUEUE, true, false, false, null);
    return this;
  }

  /** Publishes messages and waits until all of this client are confirmed. */
  void publish(int count, int size) throws Exception {
    publishUnconfirmed(count, size);
    awaitConfirms();
  }

  void publishUnconfirmed(int count, int size) throws IOException {
    for (int i = 0; i < count; i++) {
      byte[] body = ByteBuffer.allocate(size).putLong(0, published++).array();
      channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, body);
    }
  }

  void awaitConfirms() throws Exception {
    channel.waitForConfirms(PATIENCE_MILLIS);
  }

  /**
   * Publishes batches until one is not confirmed within two seconds, and returns how many messages
   * were confirmed before.
   */
  long publishUntilNothingIsConfirmed(int batch, int size) throws Exception {
    while (true) {
      long confirmed = published;
      publishUnconfirmed(batch, size);
      try {
        channel.waitForConfirms(2_000);
      } catch (TimeoutException full) {
        return confirmed;
      }
    }
  }

  /** Takes and acknowledges that many messages, which must be there and come in order. */
  void take(long first, long count) throws IOException {
    for (long expected = first; expected < first + count; expected++) {
      GetResponse got = channel.basicGet(QUEUE, false);
      if (got == null || ByteBuffer.wrap(got.getBody()).getLong(0) != expected) {
        throw new AssertionError("message " + expected + " is missing, there is " + got);
      }
      channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    }
  }

  /** The number of messages in the queue; fails when there is no such queue. */
  int messages() throws IOException {
    return channel.queueDeclarePassive(QUEUE).getMessageCount();
  }

  @Override
  public void close() {
    connection.abort(GOODBYE_MILLIS); // a blocked publisher gets no answer
  }
}
