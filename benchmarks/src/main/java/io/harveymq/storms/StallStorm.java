package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Readers that stop reading their sockets while much is published to them: the broker's memory must
 * stay bounded and others must not notice; when they read again they get everything.
 */
final class StallStorm {
  private static final int BODY = 10_000;
  private static final int LANES = 4;
  private static final int HEARTBEAT = 10;
  private static final double PER_SECOND = 50;
  private static final double HEAP_MORE = 120;
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final StormBroker broker;
  private final Faults faults;

  StallStorm(StormBroker broker, Faults faults) {
    this.broker = broker;
    this.faults = faults;
  }

  /** So many readers stall while so many messages of 10,000 octets wait for each. */
  void run(int readers, int messages) throws IOException, InterruptedException, TimeoutException {
    double before = broker.figures().liveHeapMib();
    var setting = new Lane.Setting(broker.port(), HEARTBEAT, PER_SECOND);
    try (Lanes lanes = new Lanes(broker, faults, setting, LANES)) {
      lanes.start();
      lanes.awaitProgress();
      CountDownLatch goOn = new CountDownLatch(1);
      List<Connection> connections = new ArrayList<>();
      AtomicInteger arrived = new AtomicInteger();
      for (int i = 0; i < readers; i++) {
        connections.add(stall("stalled-" + i, goOn, arrived));
      }
      publish(readers, messages);
      lanes.awaitProgress();
      double heap = broker.figures().liveHeapMib();
      if (heap > before + HEAP_MORE) {
        faults.add("stalled readers cost " + (heap - before) + " MiB of heap");
      }
      long begin = System.nanoTime();
      goOn.countDown();
      int all = readers * messages;
      Await.until("the readers got everything", LIMIT, () -> arrived.get() >= all, faults);
      double took = (System.nanoTime() - begin) / 1e9;
      if (arrived.get() != all) {
        faults.add(arrived + " messages came to stalled readers, must be " + all);
      }
      for (Connection connection : connections) {
        connection.close();
      }
      lanes.finish();
      System.out.printf(
          Locale.ROOT,
          "%d readers stalled before %d MB: live heap %.1f -> %.1f MiB; all was read %.1f s later%n",
          readers,
          (long) all * BODY / 1_000_000,
          before,
          heap,
          took);
    }
  }

  private Connection stall(String queue, CountDownLatch goOn, AtomicInteger arrived)
      throws IOException, TimeoutException {
    ConnectionFactory factory = broker.factory();
    // A client that doesn't read can't tell that it lives.
    factory.setRequestedHeartbeat(0);
    Connection connection = factory.newConnection(queue);
    Channel channel = connection.createChannel();
    channel.queueDeclare(queue, false, true, true, null);
    channel.basicConsume(
        queue,
        true,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag,
              Envelope envelope,
              com.rabbitmq.client.AMQP.BasicProperties properties,
              byte[] body) {
            arrived.incrementAndGet();
            try {
              // The thread of the socket waits here, so that nothing more is read.
              goOn.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
              Thread.currentThread().interrupt();
            }
          }
        });
    return connection;
  }

  private void publish(int readers, int messages)
      throws IOException, InterruptedException, TimeoutException {
    try (Connection connection = broker.factory().newConnection("publishing")) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      byte[] body = new byte[BODY];
      for (int i = 0; i < messages; i++) {
        for (int reader = 0; reader < readers; reader++) {
          channel.basicPublish("", "stalled-" + reader, null, body);
        }
        if (i % 50 == 49) {
          channel.waitForConfirmsOrDie(60_000);
        }
      }
      channel.waitForConfirmsOrDie(60_000);
    }
  }
}
