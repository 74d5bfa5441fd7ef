package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * The consumer of a {@link FlowWorker}: settles most messages at once and some later, gives some
 * back, rejects some. Deliveries come on the thread of the socket, all else is the worker's.
 */
final class FlowConsumer extends DefaultConsumer {
  private static final int PREFETCH = 100;
  private static final int MOST_HELD = 20;
  private static final int ACKED_OF_100 = 90;
  private static final int RETURNED_OF_100 = 93;
  private static final int REJECTED_OF_100 = 96;

  private record Held(long tag, long number) {}

  private final FlowWorker worker;
  private final QueueModel model;
  private final QueueModel dead;
  private final Random random;
  private final Deque<Held> held = new ArrayDeque<>();
  private long timedFrom;
  private boolean inOrder;
  private long lastFresh;
  private boolean gone;

  FlowConsumer(FlowWorker worker, Connection connection, QueueModel model, QueueModel dead)
      throws IOException {
    super(connection.createChannel());
    this.worker = worker;
    this.model = model;
    this.dead = dead;
    random = new Random(worker.lastNumber());
  }

  /**
   * Begins to consume.
   *
   * @param timed the first number whose latency counts: those before wait already
   * @param ordered whether messages that nobody had before must come in order
   */
  void start(long timed, boolean ordered) throws IOException {
    timedFrom = timed;
    inOrder = ordered;
    getChannel().basicQos(PREFETCH);
    getChannel().basicConsume(model.queue(), false, this);
  }

  @Override
  public synchronized void handleDelivery(
      String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
      throws IOException {
    if (gone) {
      return;
    }
    long number = worker.numberOf(model.queue(), body);
    if (number >= timedFrom && !envelope.isRedeliver()) {
      worker.setting.figures().deliveredSince(NumberedBody.nanos(body));
    }
    if (inOrder && !envelope.isRedeliver()) {
      if (number <= lastFresh) {
        worker.fault(model.queue() + ": " + number + " came fresh after " + lastFresh);
      }
      lastFresh = number;
    }
    model.delivered(number);
    settle(new Held(envelope.getDeliveryTag(), number), random.nextInt(100));
  }

  private void settle(Held message, int choice) throws IOException {
    Channel channel = getChannel();
    if (choice < ACKED_OF_100) {
      model.settling(message.number());
      channel.basicAck(message.tag(), false);
    } else if (choice < RETURNED_OF_100) {
      model.returning(message.number());
      channel.basicNack(message.tag(), false, true);
    } else if (choice < REJECTED_OF_100) {
      dead.publishing(message.number());
      model.settling(message.number());
      channel.basicReject(message.tag(), false);
    } else {
      held.add(message);
      if (held.size() > MOST_HELD) {
        acknowledgeAllHeld();
      }
    }
  }

  private void acknowledgeAllHeld() throws IOException {
    // All others up to here are settled already.
    held.forEach(each -> model.settling(each.number()));
    getChannel().basicAck(held.getLast().tag(), true);
    held.clear();
  }

  /** Cancels, settles or gives back what is held, and waits until the broker has all of it. */
  void finish(Random choices) throws IOException, java.util.concurrent.TimeoutException {
    Channel channel = getChannel();
    channel.basicCancel(getConsumerTag());
    synchronized (this) {
      if (!held.isEmpty()) {
        if (choices.nextBoolean()) {
          acknowledgeAllHeld();
        } else if (choices.nextBoolean()) {
          held.forEach(each -> model.returning(each.number()));
          channel.basicNack(held.getLast().tag(), true, true);
        } else {
          // The end of the channel gives them back.
          held.forEach(each -> model.returning(each.number()));
        }
        held.clear();
      }
    }
    channel.basicQos(0);
    channel.close();
    model.settled();
    dead.allConfirmed();
  }

  /** The connection is gone; whatever still comes is not looked at. */
  synchronized void lost() {
    gone = true;
    held.clear();
  }
}
