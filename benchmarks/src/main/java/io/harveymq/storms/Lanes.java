package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The load of the storms: {@link Lane}s with their queues, and the comparison at the end. Confined
 * to one thread.
 */
final class Lanes implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final StormBroker broker;
  private final Faults faults;
  private final Figures figures = new Figures();
  private final List<Lane> lanes = new ArrayList<>();

  Lanes(StormBroker broker, Faults faults, Lane.Setting setting, int count) {
    this.broker = broker;
    this.faults = faults;
    for (int i = 0; i < count; i++) {
      lanes.add(new Lane(setting, faults, figures, i));
    }
  }

  Figures figures() {
    return figures;
  }

  /** Declares the queues and starts the clients. */
  void start() throws IOException, TimeoutException {
    try (Connection connection = broker.factory().newConnection("declaring")) {
      Channel channel = connection.createChannel();
      for (Lane lane : lanes) {
        channel.queueDeclare(lane.model().queue(), true, false, false, null);
        channel.queueDeclare(lane.receipts(), true, false, false, null);
      }
    }
    lanes.forEach(Lane::start);
  }

  /** Waits until every lane has had more confirms and more deliveries than now. */
  void awaitProgress() throws InterruptedException {
    List<Long> confirmed = lanes.stream().map(Lane::lastConfirmed).toList();
    List<Long> delivered = lanes.stream().map(Lane::delivered).toList();
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      String queue = lane.model().queue();
      long last = confirmed.get(i);
      long before = delivered.get(i);
      Await.until(queue + " has new confirms", LIMIT, () -> lane.lastConfirmed() > last, faults);
      Await.until(queue + " has new deliveries", LIMIT, () -> lane.delivered() > before, faults);
    }
  }

  /** Ends the clients in order, with the broker well and the network whole, and compares all. */
  void finish() throws IOException, InterruptedException, TimeoutException {
    for (Lane lane : lanes) {
      lane.endPublishing();
    }
    for (Lane lane : lanes) {
      lane.end();
    }
    Await.until(
        "no connection is left", LIMIT, () -> broker.api().count("connections") == 0, faults);
    int waiting = 0;
    try (Connection connection = broker.factory().newConnection("comparing")) {
      Channel channel = connection.createChannel();
      for (Lane lane : lanes) {
        waiting += compare(channel, lane.model());
        channel.queueDelete(lane.model().queue());
        channel.queueDelete(lane.receipts());
      }
    }
    System.out.printf(
        "%d published, %d delivered, %d acknowledgements certified, %d connections broken or refused,"
            + " %d messages left at the end%n",
        figures.published.sum(),
        figures.delivered.sum(),
        figures.certified.sum(),
        figures.clientRestarts.sum(),
        waiting);
  }

  /** Ends the clients if a storm failed before {@link #finish}; then, the queues stay. */
  @Override
  public void close() {
    lanes.forEach(Lane::abandon);
  }

  private int compare(Channel channel, QueueModel model) throws IOException, InterruptedException {
    int count = channel.queueDeclarePassive(model.queue()).getMessageCount();
    model.checkReady(count, "a passive declare");
    Await.until(
        model.queue() + " has " + count + " ready and no other message by the API",
        LIMIT,
        () -> {
          var info = broker.api().queue(model.queue());
          return info.path("messages_ready").asInt() == count
              && info.path("messages").asInt() == count;
        },
        faults);
    int got = 0;
    for (GetResponse next = channel.basicGet(model.queue(), true);
        next != null;
        next = channel.basicGet(model.queue(), true)) {
      long number = NumberedBody.number(next.getBody());
      if (number < 0) {
        faults.add(model.queue() + ": a body of the rest is not as it was sent");
      }
      model.delivered(number);
      model.settling(number);
      got++;
    }
    model.settled();
    model.empty();
    if (got != count) {
      faults.add(model.queue() + " had " + count + " messages and gave " + got);
    }
    return got;
  }
}
