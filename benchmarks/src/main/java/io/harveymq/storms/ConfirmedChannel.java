package io.harveymq.storms;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A channel that publishes with confirms, at most so many without an answer, and tells models of
 * the answers. One thread publishes; answers come on the thread of the socket.
 */
final class ConfirmedChannel {
  /** How long a broker may answer nothing. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int WINDOW = 500;
  private static final int POLL_MILLIS = 100;

  private record Pending(long number, long nanos, List<QueueModel> models) {}

  private final Channel channel;
  private final Figures figures;
  private final Duration patience;
  private final NavigableMap<Long, Pending> pending = new TreeMap<>();
  private long refused;
  private long lastConfirmed;

  ConfirmedChannel(Connection connection, Figures figures) throws IOException {
    this(connection, figures, PATIENCE);
  }

  /**
   * A channel whose broker may take its time.
   *
   * @param patience without any answer, while there are publishes without one
   */
  ConfirmedChannel(Connection connection, Figures figures, Duration patience) throws IOException {
    this.figures = figures;
    this.patience = patience;
    channel = connection.createChannel();
    channel.confirmSelect();
    channel.addConfirmListener(
        (tag, multiple) -> answered(tag, multiple, true),
        (tag, multiple) -> answered(tag, multiple, false));
  }

  /** The channel, for whatever else. */
  Channel channel() {
    return channel;
  }

  /** Publishes to one queue; the model has to know of the message already. */
  void publish(
      String exchange, String key, BasicProperties properties, byte[] body, QueueModel model)
      throws IOException, InterruptedException {
    publish(exchange, key, properties, body, List.of(model));
  }

  /** Publishes what goes to several queues; the models have to know of the message already. */
  void publish(
      String exchange, String key, BasicProperties properties, byte[] body, List<QueueModel> models)
      throws IOException, InterruptedException {
    note(body, models);
    channel.basicPublish(exchange, key, properties, body);
    figures.published.increment();
  }

  /** Publishes with the mandatory flag; no model hears of the answer. */
  void publishMandatory(String exchange, String key, BasicProperties properties, byte[] body)
      throws IOException, InterruptedException {
    note(body, List.of());
    channel.basicPublish(exchange, key, true, properties, body);
    figures.published.increment();
  }

  private synchronized void note(byte[] body, List<QueueModel> models)
      throws IOException, InterruptedException {
    await(WINDOW);
    long number = NumberedBody.number(body);
    pending.put(
        channel.getNextPublishSeqNo(), new Pending(number, NumberedBody.nanos(body), models));
  }

  private synchronized void answered(long tag, boolean multiple, boolean taken) {
    NavigableMap<Long, Pending> these =
        multiple ? pending.headMap(tag, true) : pending.subMap(tag, true, tag, true);
    for (Pending each : these.values()) {
      figures.confirmedSince(each.nanos());
      refused += taken ? 0 : 1;
      lastConfirmed = taken ? each.number() : lastConfirmed;
      for (QueueModel model : each.models()) {
        if (taken) {
          model.confirmed(each.number());
        } else {
          model.refused(each.number());
        }
      }
    }
    these.clear();
    notifyAll();
  }

  /**
   * Waits until all is answered.
   *
   * @throws IOException if the channel closes
   * @throws IllegalStateException if it stays open and no answer comes
   */
  synchronized void awaitConfirms() throws IOException, InterruptedException {
    await(1);
  }

  private void await(int below) throws IOException, InterruptedException {
    // Waits are counted, not the time: a process that stands still must not blame the broker.
    long waits = 0;
    while (pending.size() >= below) {
      int before = pending.size();
      if (!channel.isOpen()) {
        throw new IOException(before + " publishes without an answer", channel.getCloseReason());
      }
      if (waits++ > patience.toMillis() / POLL_MILLIS) {
        throw new IllegalStateException(before + " publishes stay without an answer");
      }
      wait(POLL_MILLIS);
      if (pending.size() < before) {
        waits = 0;
      }
    }
  }

  /** The number of the message of the last confirm. */
  synchronized long lastConfirmed() {
    return lastConfirmed;
  }

  /** Publishes that the broker answered with basic.nack so far. */
  synchronized long refused() {
    return refused;
  }
}
