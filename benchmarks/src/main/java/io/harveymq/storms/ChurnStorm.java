package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections that are opened and dropped, at every stage of their life and in every manner, many
 * thousands of them. Afterwards the broker must be as it was before.
 */
final class ChurnStorm {
  private static final int CLIENTS = 4;
  private static final int WARM_UP = 200;
  private static final int MESSAGES = 10;
  private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int METHOD_FRAME = 1;

  private enum Manner {
    CONNECT_AND_CLOSE,
    CONNECT_AND_RESET,
    HALF_A_HEADER,
    AFTER_THE_START_METHOD,
    HALF_A_FRAME,
    NO_AMQP,
    OPEN_AND_RESET,
    WORK_AND_RESET,
    WORK_AND_CLOSE_SOCKET,
    WORK_AND_CLOSE
  }

  private final StormBroker broker;
  private final Faults faults;
  private final AtomicInteger begun = new AtomicInteger();

  ChurnStorm(StormBroker broker, Faults faults) {
    this.broker = broker;
    this.faults = faults;
  }

  /** Opens and drops so many connections, evenly over so many seconds; 0 for as fast as it goes. */
  void run(int connections, int seconds)
      throws IOException, InterruptedException, TimeoutException {
    drop(Math.min(connections, WARM_UP), 0);
    Baseline before = Baseline.take(broker, faults);
    long begin = System.nanoTime();
    drop(connections, seconds);
    System.out.printf(
        "%d connections dropped in %d manners in %d s%n",
        connections, Manner.values().length, (System.nanoTime() - begin) / 1_000_000_000L);
    before.expectBack(broker, faults);
  }

  private void drop(int connections, int seconds) throws InterruptedException {
    begun.set(0);
    double perSecond = seconds == 0 ? 1e6 : (double) connections / seconds / CLIENTS;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(() -> dropOneByOne(connections, new Pace(perSecond)), "churn" + i);
      threads.add(thread);
      thread.start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } finally {
      // If this thread is told to end before them, so are they.
      begun.set(connections);
    }
  }

  private void dropOneByOne(int connections, Pace pace) {
    Manner[] manners = Manner.values();
    for (int i = begun.getAndIncrement(); i < connections; i = begun.getAndIncrement()) {
      Manner manner = manners[i % manners.length];
      try {
        pace.await();
        drop(manner);
      } catch (IOException | TimeoutException | ShutdownSignalException e) {
        faults.add(manner + ": " + e);
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }

  private void drop(Manner manner) throws IOException, TimeoutException {
    switch (manner) {
      case CONNECT_AND_CLOSE -> dropRaw(new byte[0], false, false);
      case CONNECT_AND_RESET -> dropRaw(new byte[0], false, true);
      case HALF_A_HEADER -> dropRaw(new byte[] {'A', 'M', 'Q'}, false, false);
      case AFTER_THE_START_METHOD -> dropRaw(HEADER, true, true);
      case HALF_A_FRAME -> dropRaw(headerAndHalfAFrame(), true, false);
      case NO_AMQP ->
          dropRaw("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), true, false);
      case OPEN_AND_RESET -> dropOpen(false, manner);
      default -> dropOpen(true, manner);
    }
  }

  private static byte[] headerAndHalfAFrame() {
    byte[] octets = new byte[HEADER.length + 40];
    System.arraycopy(HEADER, 0, octets, 0, HEADER.length);
    octets[HEADER.length] = METHOD_FRAME;
    // The frame's size, of which there is only a part.
    octets[HEADER.length + 5] = 2;
    return octets;
  }

  private void dropRaw(byte[] octets, boolean readAnswer, boolean reset) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
      socket.getOutputStream().write(octets);
      if (readAnswer) {
        InputStream in = socket.getInputStream();
        in.read(new byte[64]);
      }
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }
  }

  private void dropOpen(boolean working, Manner manner) throws IOException, TimeoutException {
    ConnectionFactory factory = broker.factory();
    Socket[] socket = new Socket[1];
    factory.setSocketConfigurator(made -> socket[0] = made);
    Connection connection = factory.newConnection();
    Channel channel = connection.createChannel();
    if (working) {
      work(connection, channel);
    }
    if (manner == Manner.WORK_AND_CLOSE) {
      connection.close();
      return;
    }
    if (manner != Manner.WORK_AND_CLOSE_SOCKET) {
      socket[0].setSoLinger(true, 0);
    }
    socket[0].close();
    connection.abort(2_000);
  }

  private static void work(Connection connection, Channel channel) throws IOException {
    String exclusive = channel.queueDeclare().getQueue();
    String autoDelete = "";
    Channel other = connection.createChannel();
    autoDelete = other.queueDeclare("", false, false, true, Map.of()).getQueue();
    channel.queueBind(exclusive, "amq.topic", "churn.#");
    for (int i = 0; i < MESSAGES; i++) {
      channel.basicPublish("", exclusive, MessageProperties.PERSISTENT_BASIC, new byte[500]);
      channel.basicPublish("", autoDelete, MessageProperties.MINIMAL_BASIC, new byte[500]);
    }
    // Nobody acknowledges what they get.
    channel.basicConsume(exclusive, false, new DefaultConsumer(channel));
    other.basicConsume(autoDelete, false, new DefaultConsumer(other));
    channel.basicQos(1);
  }
}
