package io.harveymq.broker.channel;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a channel in tx mode did since the last commit or rollback. Owned by the home loop. */
final class Transaction {
  /**
   * A publish that waits for the commit. Its route is that of the time of the publish, as in
   * RabbitMQ.
   */
  record Publish(Message message, Route route, boolean mandatory) {}

  /** A settled delivery that waits for the commit. */
  record Settled(QueueEntry entry, Settlement.Outcome outcome) {}

  private final List<Publish> publishes = new ArrayList<>();
  private final List<Settled> settled = new ArrayList<>();

  /** Deliveries to consumers, settled and not yet committed: they still fill the window. */
  int settledByConsumers() {
    return (int) settled.stream().filter(one -> one.entry.consumer() != null).count();
  }

  /** Publishes that wait for the commit. */
  int publishes() {
    return publishes.size();
  }

  /** Settled deliveries that wait for the commit. */
  int settled() {
    return settled.size();
  }

  void add(Publish publish, AmqpChannel channel) {
    publish.message.retain(channel.home().memory());
    publishes.add(publish);
    channel.connection().throttle().countUnacked(1);
  }

  void add(Unacked.Batch batch, Settlement.Outcome outcome) {
    List<QueueEntry> entries = new ArrayList<>();
    batch.addTo(entries);
    entries.forEach(entry -> settled.add(new Settled(entry, outcome)));
  }

  void add(QueueEntry entry, Settlement.Outcome outcome) {
    settled.add(new Settled(entry, outcome));
  }

  /**
   * Delivers the publishes, then settles the deliveries, each in the order of the client's
   * commands.
   *
   * @return false when a queue was full and did not take one of them
   */
  boolean commit(AmqpChannel channel) {
    boolean taken = true;
    for (Publish publish : publishes) {
      taken &=
          channel
              .basicMethods()
              .deliver(publish.message, withoutDeleted(publish.route), publish.mandatory);
      publish.message.release(channel.home().memory());
    }
    channel.connection().throttle().countUnacked(-publishes.size());
    publishes.clear();
    // What was published finds its consumers before what comes back.
    settled.stream().map(one -> one.entry.queue()).distinct().forEach(AmqpQueue::settle);
    for (Settled one : settled) {
      channel.deliveries().settled(one.entry, one.outcome);
      Settlement.settle(one.entry, one.outcome, channel);
    }
    settled.clear();
    return taken;
  }

  /** Queues may have gone since the publish. */
  private static Route withoutDeleted(Route route) {
    AmqpQueue[] left =
        Arrays.stream(route.queues()).filter(queue -> !queue.isDeleted()).toArray(AmqpQueue[]::new);
    return left.length == route.queues().length ? route : route.to(left);
  }

  /** Drops the publishes and makes the settled deliveries outstanding again. */
  void rollback(AmqpChannel channel) {
    publishes.forEach(
        publish ->
            StoryTaps.happened(channel.vhost(), publish.message, StoryEvent.ROLLED_BACK, null));
    publishes.forEach(publish -> publish.message.release(channel.home().memory()));
    channel.connection().throttle().countUnacked(-publishes.size());
    publishes.clear();
    List<QueueEntry> entries = new ArrayList<>(settled.size());
    settled.forEach(one -> entries.add(one.entry));
    settled.clear();
    channel.unacked().restore(entries);
    channel.ackTimeout().restored();
    channel.connection().throttle().countUnacked(entries.size());
  }
}
