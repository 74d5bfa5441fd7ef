package io.harveymq.broker.recording;

import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.Content;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes down what is published, until it has enough or is stopped, and keeps it until it is
 * forgotten. It holds no message but its parts, which messages share with it. Owned by the home
 * loop.
 */
public final class Recorder {
  /** Stops a recorder. */
  interface Stop {
    void stop(Recorder recorder, RecordingEnd end);
  }

  private final long id;
  private final String user;
  private final RecordingRule rule;
  private final VirtualHost vhost;
  private final HomeLoop home;
  private final Stop stop;
  private final long began;
  private final Deadline time;
  private final List<RecordedMessage> messages = new ArrayList<>();
  private long bytes;
  private RecordingEnd end;
  private long ended;
  private Route lastRoute;
  private List<String> lastQueues;
  private RecordedMessage.Guard lastGuard;
  private Firehose.Tap lastTap;

  Recorder(long id, String user, RecordingRule rule, VirtualHost vhost, Stop stop) {
    this.id = id;
    this.user = user;
    this.rule = rule;
    this.vhost = vhost;
    this.home = vhost.home();
    this.stop = stop;
    this.began = home.now();
    this.time = new Deadline(() -> stop.stop(this, RecordingEnd.TIME));
    home.deadlines().set(time, began + rule.forMillis());
  }

  long id() {
    return id;
  }

  boolean isOn() {
    return end == null;
  }

  long bytes() {
    return bytes;
  }

  List<RecordedMessage> messages() {
    return messages;
  }

  /**
   * A message was published. Replies to {@code amq.rabbitmq.reply-to} are not for anybody else.
   *
   * @param properties as they came, CC and BCC included
   * @param mandatory whether it is returned if no queue takes it
   */
  public void published(
      Message message, byte[] properties, boolean mandatory, Route route, Firehose.Tap by) {
    if (!isAbout(message, route)) {
      return;
    }
    if (route != lastRoute) {
      lastRoute = route;
      lastQueues = names(route);
      lastGuard = guard(message.exchange(), route);
    }
    if (!by.equals(lastTap)) {
      lastTap = by;
    }
    Content content = new Content(message.address(), properties, message.body());
    long at = home.now() - began;
    add(new RecordedMessage(at, content, mandatory, lastQueues, lastTap, lastGuard));
  }

  private boolean isAbout(Message message, Route route) {
    String exchange = message.exchange();
    if (exchange.isEmpty() && ReplyQueues.isReplyKey(message.routingKey())) {
      return false;
    }
    return rule.queue() != null
        ? goesTo(route, rule.queue())
        : rule.exchange() == null || rule.exchange().equals(exchange);
  }

  private RecordedMessage.Guard guard(String exchange, Route route) {
    String owner = null;
    for (AmqpQueue queue : route.queues()) {
      boolean meant = rule.queue() == null ? exchange.isEmpty() : queue.name().equals(rule.queue());
      if (meant && queue.owner() instanceof Connection connection) {
        owner = connection.access().user();
      }
    }
    Exchange through = vhost.exchangeOrNull(exchange);
    boolean topic = through != null && through.definition().type() == ExchangeType.TOPIC;
    return owner == null && !topic ? null : new RecordedMessage.Guard(owner, topic);
  }

  private static boolean goesTo(Route route, String queue) {
    for (AmqpQueue one : route.queues()) {
      if (one.name().equals(queue)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> names(Route route) {
    List<String> names = new ArrayList<>(route.queues().length);
    for (AmqpQueue queue : route.queues()) {
      if (!ReplyQueues.isReplyKey(queue.name())) {
        names.add(queue.name());
      }
    }
    return List.copyOf(names);
  }

  /** One that there is no room for ends the recording: it has no gaps. */
  private void add(RecordedMessage message) {
    long size = message.bytes();
    if (rule.maxBytes() > 0 && bytes + size > rule.maxBytes()) {
      stop.stop(this, RecordingEnd.BYTES);
    } else if (!home.recordingBudget().record(size)) {
      stop.stop(this, RecordingEnd.MEMORY);
    } else {
      messages.add(message);
      bytes += size;
      if (messages.size() == rule.maxMessages()) {
        stop.stop(this, RecordingEnd.MESSAGES);
      }
    }
  }

  void end(RecordingEnd why) {
    end = why;
    ended = home.now();
    home.deadlines().clear(time);
    lastRoute = null;
  }

  Recording seen(String vhost) {
    long until = isOn() ? home.now() : ended;
    long left = isOn() ? Math.max(0, time.due() - until) : 0;
    return new Recording(
        id, vhost, user, rule, began, end, messages.size(), bytes, until - began, left);
  }
}
