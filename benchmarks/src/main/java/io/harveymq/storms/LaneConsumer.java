package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * Acknowledges most of what comes and gives some back. After every so many acknowledgements it
 * publishes a persistent message on the same channel: its confirm says that they are on the disk,
 * too. Deliveries and confirms come on the thread of the socket.
 */
final class LaneConsumer extends DefaultConsumer {
  private static final int PREFETCH = 200;
  private static final int CERTIFIED_AT_ONCE = 50;
  private static final int RETURNED_OF_100 = 5;
  private static final int POLL_MILLIS = 100;

  private final Lane lane;
  private final Figures figures;
  private final Faults faults;
  private final Random random = new Random();
  private final NavigableMap<Long, List<Long>> receipts = new TreeMap<>();
  private List<Long> settling = new ArrayList<>();

  LaneConsumer(Lane lane, Channel channel, Figures figures, Faults faults) {
    super(channel);
    this.lane = lane;
    this.figures = figures;
    this.faults = faults;
  }

  void start() throws IOException {
    Channel channel = getChannel();
    channel.confirmSelect();
    channel.addConfirmListener(this::certified, (tag, multiple) -> faults.add("a receipt's nack"));
    channel.basicQos(PREFETCH);
    channel.basicConsume(lane.model().queue(), false, this);
  }

  @Override
  public synchronized void handleDelivery(
      String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
      throws IOException {
    long number = lane.take(body);
    if (random.nextInt(100) < RETURNED_OF_100) {
      lane.model().returning(number);
      getChannel().basicNack(envelope.getDeliveryTag(), false, true);
      return;
    }
    lane.model().settling(number);
    settling.add(number);
    getChannel().basicAck(envelope.getDeliveryTag(), false);
    if (settling.size() >= CERTIFIED_AT_ONCE) {
      askForReceipt();
    }
  }

  private void askForReceipt() throws IOException {
    receipts.put(getChannel().getNextPublishSeqNo(), settling);
    settling = new ArrayList<>();
    getChannel().basicPublish("", lane.receipts(), MessageProperties.PERSISTENT_BASIC, new byte[1]);
  }

  private synchronized void certified(long tag, boolean multiple) {
    NavigableMap<Long, List<Long>> these =
        multiple ? receipts.headMap(tag, true) : receipts.subMap(tag, true, tag, true);
    these
        .values()
        .forEach(
            numbers -> {
              lane.model().settled(numbers);
              figures.certified.add(numbers.size());
            });
    these.clear();
    notifyAll();
  }

  @Override
  public void handleCancel(String tag) {
    faults.add(lane.model().queue() + ": the broker cancelled the consumer");
  }

  /**
   * Takes no more, and waits until all acknowledgements are certified.
   *
   * @param patience without any receipt
   * @throws IOException if the channel closes
   * @throws IllegalStateException if it stays open and no receipt comes
   */
  void finish(Duration patience) throws IOException, InterruptedException {
    getChannel().basicCancel(getConsumerTag());
    synchronized (this) {
      if (!settling.isEmpty()) {
        askForReceipt();
      }
      long waits = 0;
      while (!receipts.isEmpty()) {
        int before = receipts.size();
        if (!getChannel().isOpen()) {
          throw new IOException("no receipt came", getChannel().getCloseReason());
        }
        if (waits++ > patience.toMillis() / POLL_MILLIS) {
          throw new IllegalStateException("acknowledgements stay without a receipt");
        }
        wait(POLL_MILLIS);
        if (receipts.size() < before) {
          waits = 0;
        }
      }
    }
  }
}
