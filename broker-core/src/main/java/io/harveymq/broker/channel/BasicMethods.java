package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.fault.FaultOperation;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.ConsumerArguments;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.SenderSelectedKeys;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.Content;
import io.harveymq.codec.ReplyCode;

/** What a channel does with the methods of class basic. Owned by the home loop. */
final class BasicMethods {
  /** Finding the queues again costs little then, and each channel would keep a list of its own. */
  private static final int LARGE_ROUTE = 1_024;

  private final AmqpChannel channel;
  private final DirectReplyTo directReplyTo;
  private BasicMethod.Publish lastPublish;
  private byte[] lastAddress;
  private Route lastRoute;
  private int lastAccessEpoch;
  private Exchange lastExchange;
  private Flow lastFlow;
  private DroppedMessages.Publisher publisher;

  BasicMethods(AmqpChannel channel) {
    this.channel = channel;
    this.directReplyTo = new DirectReplyTo(channel);
  }

  void handle(BasicMethod method) {
    switch (method.methodId()) {
      case BasicMethod.Ack.ID -> ack((BasicMethod.Ack) method);
      case BasicMethod.Nack.ID -> nack((BasicMethod.Nack) method);
      case BasicMethod.Reject.ID -> reject((BasicMethod.Reject) method);
      case BasicMethod.Get.ID -> get((BasicMethod.Get) method);
      case BasicMethod.Consume.ID -> consume((BasicMethod.Consume) method);
      case BasicMethod.Cancel.ID -> cancel((BasicMethod.Cancel) method);
      case BasicMethod.Qos.ID -> qos((BasicMethod.Qos) method);
      case BasicMethod.RecoverAsync.ID -> recover(((BasicMethod.RecoverAsync) method).requeue());
      case BasicMethod.Recover.ID -> {
        recover(((BasicMethod.Recover) method).requeue());
        channel.send(new BasicMethod.RecoverOk());
      }
      case BasicMethod.CancelOk.ID -> {
        // A client may answer the broker's own basic.cancel; there is nothing to do.
      }
      default -> throw AmqpChannel.unimplemented();
    }
  }

  // ---- publish

  /**
   * Takes a message.
   *
   * @param body null when it was larger than the broker takes
   */
  void publish(BasicMethod.Publish method, byte[] properties, byte[] body, long bodySize) {
    if (method.immediate()) {
      throw new ConnectionException(ReplyCode.NOT_IMPLEMENTED, "immediate=true");
    }
    if (body == null) {
      throw tooLarge(bodySize, channel.connection().settings().maxMessageSize());
    }
    Route route = route(method, properties);
    byte[] addressed = directReplyTo.addressed(properties);
    PublishChecks.check(properties, channel.access(), lastExchange);
    channel.counters().add(Counter.PUBLISH);
    lastFlow.add(Counter.PUBLISH);
    lastExchange.counters().add(Counter.PUBLISH_IN);
    boolean faulty = channel.vhost().faults().areOn();
    if (faulty && ChannelFaults.strikesPublish(channel, method.exchange(), route)) {
      return;
    }
    byte[] shown = SenderSelectedKeys.withoutBcc(addressed);
    Message message = new Message(lastAddress, shown, body);
    if (shown != addressed) {
      message.hiddenKeys(SenderSelectedKeys.hidden(addressed));
    }
    Taps.published(channel, message, properties, method.mandatory(), route);
    lastExchange.counters().add(Counter.PUBLISH_OUT, route.queues().length);
    if (channel.transaction() != null) {
      channel
          .transaction()
          .add(new Transaction.Publish(message, route, method.mandatory()), channel);
    } else {
      boolean taken = deliver(message, route, method.mandatory());
      PublisherConfirms confirms = channel.confirms();
      if (confirms != null) {
        long tag = confirms.next(lastFlow);
        if (!taken) {
          confirms.reject(tag);
        } else {
          if (faulty) {
            ChannelFaults.withhold(channel, method.exchange(), route, tag);
          }
          message.confirmWhenStored(confirms, tag);
        }
      }
    }
    channel.connection().throttle().published(route.queues().length + 1);
  }

  /**
   * Finds the way of a message that the user may publish. A change of permissions begins another
   * routing epoch, and backends have an epoch of their own, so that a remembered route says that it
   * is allowed, too.
   */
  private Route route(BasicMethod.Publish method, byte[] properties) {
    VirtualHost vhost = channel.vhost();
    Route last = lastRoute;
    if (method == lastPublish
        && last.byKeyOnly()
        && last.epoch() == vhost.routingEpoch()
        && lastAccessEpoch == channel.access().epoch()
        && !SenderSelectedKeys.mayBeIn(properties)) {
      return last;
    }
    channel.access().checkExchange(AccessRight.WRITE, method.exchange());
    Exchange exchange = vhost.exchange(method.exchange());
    if (exchange.definition().internal()) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED,
          "cannot publish to internal " + ResourceName.exchange(vhost.name(), method.exchange()));
    }
    channel.access().checkTopic(AccessRight.WRITE, exchange, method.routingKey());
    Route route = vhost.router().route(exchange, method.routingKey(), properties);
    if (method != lastPublish) {
      lastPublish = method;
      lastAddress = Content.address(method.exchange(), method.routingKey());
    }
    lastRoute = route;
    lastAccessEpoch = channel.access().epoch();
    if (exchange != lastExchange) {
      lastExchange = exchange;
      lastFlow = channel.deliveries().flowTo(exchange);
    }
    if (route.queues().length > LARGE_ROUTE) {
      lastPublish = null;
      lastRoute = null;
    }
    return route;
  }

  /**
   * Puts a message into its queues, or gives it back to the client that insists on one.
   *
   * @return false when one of the queues was full and did not take it
   */
  boolean deliver(Message message, Route route, boolean mandatory) {
    AmqpQueue[] queues = route.queues();
    route.countPublished(channel.vhost().flows());
    boolean taken = true;
    for (AmqpQueue queue : queues) {
      queue.counters().add(Counter.PUBLISH);
      taken &= queue.publish(message);
      if (queue.isBehind()) {
        channel.connection().throttle().publishedAhead(queue);
      }
    }
    if (route.keepers().length > 0) {
      channel.vhost().keep(message, route);
    }
    if (mandatory) {
      if (directReplyTo.isReturned(message, route)) {
        Exchange exchange = unroutable(message, Counter.RETURN_UNROUTABLE);
        channel.vhost().unroutable().returned(message, exchange, channel.counters());
        giveBack(message);
      }
    } else if (route.isEmpty() && !DirectReplyTo.isForRequester(message)) {
      Exchange exchange = unroutable(message, Counter.DROP_UNROUTABLE);
      channel.vhost().unroutable().dropped(message, exchange, channel.counters(), publisher());
    }
    return taken;
  }

  /** See rabbit_channel:check_msg_size. */
  private static ChannelException tooLarge(long bodySize, long most) {
    String which = most == Settings.LARGEST_MESSAGE ? "max size " : "configured max size ";
    return new ChannelException(
        ReplyCode.PRECONDITION_FAILED,
        "message size " + Long.toUnsignedString(bodySize) + " is larger than " + which + most);
  }

  /** Counts it for the way to its exchange, which is null when it is gone. */
  private Exchange unroutable(Message message, Counter counter) {
    Exchange exchange = channel.vhost().exchangeOrNull(message.exchange());
    if (exchange != null) {
      channel.deliveries().flowTo(exchange).add(counter);
    }
    return exchange;
  }

  /** Who publishes here, made once somebody loses a message. */
  private DroppedMessages.Publisher publisher() {
    if (publisher == null) {
      Connection connection = channel.connection();
      publisher =
          new DroppedMessages.Publisher(
              connection.access().user(), connection.name(), connection.view().clientName());
    }
    return publisher;
  }

  private void giveBack(Message message) {
    channel
        .outbound()
        .content(
            channel.number(),
            new BasicMethod.Return(
                ReplyCode.NO_ROUTE.code(),
                ReplyCode.NO_ROUTE.name(),
                message.exchange(),
                message.routingKey()),
            message);
  }

  // ---- settling

  private void ack(BasicMethod.Ack method) {
    settle(method.deliveryTag(), method.multiple(), Settlement.Outcome.DONE);
  }

  private void nack(BasicMethod.Nack method) {
    QueueTypeRules.checkRefusal(channel, method.deliveryTag(), method.multiple());
    Settlement.Outcome outcome = method.requeue() ? returned() : Settlement.Outcome.REJECT;
    settle(method.deliveryTag(), method.multiple(), outcome);
  }

  private void reject(BasicMethod.Reject method) {
    QueueTypeRules.checkRefusal(channel, method.deliveryTag(), false);
    Settlement.Outcome outcome =
        method.requeue() ? Settlement.Outcome.REQUEUE : Settlement.Outcome.REJECT;
    settle(method.deliveryTag(), false, outcome);
  }

  private Settlement.Outcome returned() {
    return channel.vhost().compatibility().nackIsNoFailure()
        ? Settlement.Outcome.RETURN
        : Settlement.Outcome.REQUEUE;
  }

  private void settle(long tag, boolean multiple, Settlement.Outcome outcome) {
    Unacked unacked = channel.unacked();
    LateTags lateTags = channel.ackTimeout().lateTags();
    if (multiple) {
      if (tag != 0 && !unacked.contains(tag) && !lateTags.contains(tag)) {
        throw unknownTag(tag);
      }
      settle(tag == 0 ? Long.MAX_VALUE : tag, outcome);
      return;
    }
    QueueEntry entry = unacked.take(tag);
    if (entry == null) {
      if (!lateTags.remove(tag)) {
        throw unknownTag(tag);
      }
      return;
    }
    channel.unackedTaken(1);
    if (outcome == Settlement.Outcome.DONE) {
      channel.counters().add(Counter.ACK);
    }
    if (channel.transaction() != null) {
      channel.transaction().add(entry, outcome);
    } else {
      int fromWindow = entry.consumer() == null ? 0 : 1;
      channel.deliveries().settled(entry, outcome);
      Settlement.settle(entry, outcome, channel);
      channel.window().settled(fromWindow);
    }
  }

  private void settle(long upTo, Settlement.Outcome outcome) {
    channel.ackTimeout().lateTags().removeUpTo(upTo);
    int before = channel.unacked().size();
    Unacked.Batch batch = channel.unacked().takeUpTo(upTo);
    int taken = before - channel.unacked().size();
    channel.unackedTaken(taken);
    if (outcome == Settlement.Outcome.DONE) {
      channel.counters().add(Counter.ACK, taken);
    }
    if (channel.transaction() != null) {
      channel.transaction().add(batch, outcome);
    } else {
      settle(batch, outcome);
    }
  }

  private void settle(Unacked.Batch batch, Settlement.Outcome outcome) {
    channel.deliveries().settled(batch, outcome);
    int fromWindow = channel.window().isLimited() ? batch.consumed() : 0;
    Settlement.settle(batch, outcome, channel);
    channel.window().settled(fromWindow);
  }

  private static ChannelException unknownTag(long tag) {
    return new ChannelException(
        ReplyCode.PRECONDITION_FAILED, "unknown delivery tag " + Long.toUnsignedString(tag));
  }

  private void recover(boolean requeue) {
    if (!requeue) {
      throw new ConnectionException(ReplyCode.NOT_IMPLEMENTED, "requeue=false");
    }
    channel.ackTimeout().lateTags().removeUpTo(Long.MAX_VALUE);
    channel.unackedTaken(channel.unacked().size());
    settle(channel.unacked().takeAll(), returned());
  }

  // ---- get and consume

  private void get(BasicMethod.Get method) {
    MessageQueue queue =
        QueueTypeRules.gettable(
            QueueMethods.usable(channel, method.queue()), channel.vhost().name());
    if (channel.waitsFor(queue, method) || channel.waitsForHead(queue, method)) {
      return;
    }
    if (channel.vhost().faults().areOn()
        && ChannelFaults.strikes(channel, FaultOperation.GET, queue)) {
      return;
    }
    QueueEntry entry = queue.get();
    if (entry == null) {
      channel.counters().add(Counter.GET_EMPTY);
      queue.counters().add(Counter.GET_EMPTY);
      channel.deliveries().flowFrom(queue).add(Counter.GET_EMPTY);
      channel.send(new BasicMethod.GetEmpty());
      return;
    }
    Message message = entry.shownByGet();
    long tag = channel.deliveries().tagForGet(entry, method.noAck());
    channel
        .outbound()
        .content(
            channel.number(),
            new BasicMethod.GetOk(
                tag,
                entry.redelivered(),
                message.exchange(),
                message.routingKey(),
                queue.readyCount()),
            message);
    Taps.got(channel, entry, message, method.noAck());
    if (method.noAck()) {
      queue.ack(entry);
    }
  }

  private void consume(BasicMethod.Consume method) {
    if (channel.consumers().orNull(method.consumerTag()) != null) {
      throw new ConnectionException(
          ReplyCode.NOT_ALLOWED, "attempt to reuse consumer tag '" + method.consumerTag() + "'");
    }
    if (method.queue().equals(ReplyQueues.PSEUDO_QUEUE)) {
      directReplyTo.consume(method);
      return;
    }
    AmqpQueue queue = QueueMethods.usable(channel, method.queue());
    channel.consumers().requireRoomForOne();
    String vhost = channel.vhost().name();
    ConsumerArguments arguments =
        ConsumerArguments.parse(queue.name(), vhost, queue.type(), method.arguments());
    long ackTimeout = channel.ackTimeout().ofConsumer(queue, method.arguments());
    QueueTypeRules.checkConsume(queue, channel, method.noAck());
    if (!queue.acceptsConsumer(method.exclusive())) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, ResourceName.queue(vhost, queue.name()) + " in exclusive use");
    }
    if (channel.vhost().faults().areOn()
        && ChannelFaults.strikes(channel, FaultOperation.CONSUME, queue)) {
      return;
    }
    String tag =
        method.consumerTag().isEmpty()
            ? channel.vhost().names().next("amq.ctag")
            : method.consumerTag();
    Consumer consumer =
        new Consumer(
            channel,
            queue,
            new Consumer.Options(tag, method.noAck(), method.exclusive(), arguments, ackTimeout),
            channel.consumerPrefetch());
    if (!method.nowait()) {
      channel.send(new BasicMethod.ConsumeOk(tag));
    }
    channel.consumers().add(consumer);
    Taps.consuming(channel, consumer, method);
    queue.addConsumer(consumer);
  }

  private void cancel(BasicMethod.Cancel method) {
    Consumer consumer = channel.consumers().orNull(method.consumerTag());
    if (consumer != null) {
      channel.consumers().end(consumer);
    }
    if (!method.nowait()) {
      channel.send(new BasicMethod.CancelOk(method.consumerTag()));
    }
  }

  private void qos(BasicMethod.Qos method) {
    if (method.prefetchSize() != 0) {
      throw new ConnectionException(
          ReplyCode.NOT_IMPLEMENTED, "prefetch_size!=0 (" + method.prefetchSize() + ")");
    }
    if (method.global() && !channel.connection().settings().compatibility().ignoresGlobalQos()) {
      channel.window().limit(method.prefetchCount(), channel.unacked().size());
    } else {
      channel.consumerPrefetch(method.prefetchCount());
    }
    channel.send(new BasicMethod.QosOk());
  }
}
