package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.ClientName;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.broker.vhost.Onlookers;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.SenderSelectedKeys;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.Content;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes and fetches messages in this process on behalf of a user, as RabbitMQ's management does
 * through a channel of its own. Owned by the home loop.
 */
public final class DirectMessages {
  /** Messages fetched in a turn. */
  private static final int FETCHED_PER_TURN = 256;

  /** Bytes of messages from which on no more are fetched for one answer. */
  private static final long MOST_BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);

  private final VirtualHost vhost;
  private final AccessChecks access;

  /**
   * @param access what the user may do in the virtual host
   */
  public DirectMessages(VirtualHost vhost, AccessChecks access) {
    this.vhost = vhost;
    this.access = access;
  }

  /**
   * What to publish.
   *
   * @param properties encoded
   * @param mandatory whether it is returned, rather than lost, if no queue takes it; either way
   *     that is said
   */
  public record Publish(
      String exchange, String routingKey, byte[] properties, byte[] body, boolean mandatory) {
    /** With mandatory. */
    public Publish(String exchange, String routingKey, byte[] properties, byte[] body) {
      this(exchange, routingKey, properties, body, true);
    }
  }

  /** What became of a publish. */
  public enum Published {
    /** All its queues have it safe. */
    ROUTED,
    /** There was no queue for it. */
    UNROUTABLE,
    /** A queue was full and did not take it. */
    REJECTED
  }

  /** What becomes of a message that was fetched. */
  public enum Afterwards {
    ACK,
    REJECT,
    REQUEUE_BY_NACK,
    REQUEUE_BY_REJECT
  }

  /**
   * What to fetch.
   *
   * @param count how many at most
   */
  public record Get(String queue, int count, Afterwards afterwards) {}

  /**
   * A message that was fetched.
   *
   * @param left messages that were ready behind it
   */
  public record Got(Content message, boolean redelivered, int left) {}

  /** Publishes; see {@link Published}. Completed exceptionally when the user may not. */
  public CompletableFuture<Published> publish(Publish publish) {
    CompletableFuture<Published> done = new CompletableFuture<>();
    publish(publish, done);
    return done;
  }

  private void publish(Publish publish, CompletableFuture<Published> done) {
    try {
      put(publish, done);
    } catch (AccessPending pending) {
      pending.whenKnown(() -> publish(publish, done));
    } catch (RuntimeException refusal) {
      done.completeExceptionally(refusal);
    }
  }

  /**
   * The same at once, for who keeps messages in their order.
   *
   * @throws io.harveymq.codec.AmqpException when it is refused
   * @throws AccessPending when it has to be tried again, and nothing has happened
   */
  public CompletableFuture<Published> publishNow(Publish publish) {
    CompletableFuture<Published> done = new CompletableFuture<>();
    put(publish, done);
    return done;
  }

  private void put(Publish publish, CompletableFuture<Published> done) {
    PublishChecks.checkRoutingKey(publish.routingKey());
    Exchange exchange = checkedExchange(publish);
    Route route = vhost.router().route(exchange, publish.routingKey(), publish.properties());
    PublishChecks.check(publish.properties(), access, exchange);
    byte[] shown = SenderSelectedKeys.withoutBcc(publish.properties());
    Message message =
        new Message(
            Content.address(publish.exchange(), publish.routingKey()), shown, publish.body());
    if (shown != publish.properties()) {
      message.hiddenKeys(SenderSelectedKeys.hidden(publish.properties()));
    }
    exchange.counters().add(Counter.PUBLISH_IN);
    exchange.counters().add(Counter.PUBLISH_OUT, route.queues().length);
    route.countPublished(vhost.flows());
    vhost.ended().add(Counter.PUBLISH);
    Onlookers onlookers = vhost.onlookers();
    if (onlookers != null) {
      Firehose.Tap by = Firehose.Tap.ofHttp(access.user());
      onlookers.seen(message, publish.properties(), publish.mandatory(), route, by);
    }
    put(message, route, done);
    if (route.isEmpty()) {
      lose(message, exchange, publish.mandatory());
    }
  }

  private void lose(Message message, Exchange exchange, boolean mandatory) {
    if (mandatory) {
      vhost.unroutable().returned(message, exchange, vhost.ended());
    } else {
      DroppedMessages.Publisher by = new DroppedMessages.Publisher(access.user(), "HTTP", null);
      vhost.unroutable().dropped(message, exchange, vhost.ended(), by);
    }
  }

  private Exchange checkedExchange(Publish publish) {
    access.checkExchange(AccessRight.WRITE, publish.exchange());
    Exchange exchange = vhost.exchange(publish.exchange());
    if (exchange.definition().internal()) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED,
          "cannot publish to internal " + ResourceName.exchange(vhost.name(), publish.exchange()));
    }
    access.checkTopic(AccessRight.WRITE, exchange, publish.routingKey());
    return exchange;
  }

  private void put(Message message, Route route, CompletableFuture<Published> done) {
    boolean taken = true;
    for (AmqpQueue queue : route.queues()) {
      queue.counters().add(Counter.PUBLISH);
      taken &= queue.publish(message);
    }
    vhost.home().routed(route.queues().length);
    vhost.keep(message, route);
    if (!taken) {
      done.complete(Published.REJECTED);
      return;
    }
    Published outcome = route.isEmpty() ? Published.UNROUTABLE : Published.ROUTED;
    message.whenStored(
        () -> {
          vhost.ended().add(Counter.CONFIRM);
          done.complete(outcome);
        });
  }

  /** Fetches; completed exceptionally when the user may not, or the queue is not for that. */
  public CompletableFuture<List<Got>> get(Get get) {
    Fetched fetched = new Fetched();
    fetch(get, fetched);
    return fetched.done;
  }

  private static final class Fetched {
    final CompletableFuture<List<Got>> done = new CompletableFuture<>();
    final List<Got> got = new ArrayList<>();
    final List<QueueEntry> entries = new ArrayList<>();
    long bytes;

    /** Whoever wants all there is gets no more than an answer can hold. */
    boolean isEnough(Get get) {
      return got.size() >= get.count() || bytes >= MOST_BYTES;
    }

    void add(QueueEntry entry, int left) {
      Message shown = entry.shownByGet();
      bytes += shown.size() + MemoryAccount.MESSAGE_OVERHEAD;
      entries.add(entry);
      got.add(new Got(shown, entry.redelivered(), left));
    }
  }

  private void fetch(Get get, Fetched fetched) {
    try {
      access.checkQueue(AccessRight.READ, get.queue());
      AmqpQueue named = vhost.queue(get.queue());
      if (named.owner() != null) {
        throw QueueMethods.locked(vhost, named);
      }
      MessageQueue queue = QueueTypeRules.gettable(named, vhost.name());
      Runnable again = () -> fetch(get, fetched);
      for (int i = 0; !fetched.isEnough(get); i++) {
        if (queue.isHeld() || queue.isHeadMissing()) {
          queue.waiters().whenReleased(again);
          return;
        }
        if (i == FETCHED_PER_TURN) {
          vhost.home().execute(again);
          return;
        }
        QueueEntry entry = queue.get();
        if (entry == null) {
          count(queue, Counter.GET_EMPTY);
          break;
        }
        count(queue, get.afterwards() == Afterwards.ACK ? Counter.GET_NO_ACK : Counter.GET);
        if (entry.redelivered()) {
          count(queue, Counter.REDELIVER);
        }
        fetched.add(entry, queue.readyCount());
        StoryTaps.fetched(entry, access.user(), get.afterwards() == Afterwards.ACK);
      }
      settle(get, fetched.entries);
      fetched.done.complete(fetched.got);
    } catch (AccessPending pending) {
      pending.whenKnown(() -> fetch(get, fetched));
    } catch (RuntimeException refusal) {
      fetched.entries.forEach(entry -> settle(entry, Settlement.Outcome.ABANDON));
      fetched.done.completeExceptionally(refusal);
    }
  }

  private void settle(Get get, List<QueueEntry> entries) {
    for (QueueEntry entry : entries) {
      switch (get.afterwards()) {
        case ACK -> entry.queue().ack(entry);
        case REJECT -> settle(entry, Settlement.Outcome.REJECT);
        case REQUEUE_BY_NACK ->
            settle(
                entry,
                vhost.compatibility().nackIsNoFailure()
                    ? Settlement.Outcome.RETURN
                    : Settlement.Outcome.REQUEUE);
        case REQUEUE_BY_REJECT -> settle(entry, Settlement.Outcome.REQUEUE);
      }
    }
  }

  private void settle(QueueEntry entry, Settlement.Outcome outcome) {
    ClientName client = new ClientName(access.user(), access.user());
    Settlement.settle(entry, outcome, vhost.home(), client);
  }

  private void count(AmqpQueue queue, Counter counter) {
    queue.counters().add(counter);
    vhost.ended().add(counter);
  }
}
