package io.harveymq.broker.channel;

import io.harveymq.broker.connection.AccessChecks;
import io.harveymq.broker.connection.AccessPending;
import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueEntry;
import io.harveymq.broker.stats.Counters;
import io.harveymq.broker.stats.Sampler;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.AccessMethod;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.CommandAssembler;
import io.harveymq.codec.ConfirmMethod;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import io.harveymq.codec.TxMethod;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A channel: its state, its consumers and outstanding deliveries, and the order of its commands. A
 * command that has to wait suspends the channel; what comes after it, content included, queues up.
 * Owned by the home loop.
 */
public final class AmqpChannel implements CommandAssembler.Handler, Caller {
  private enum State {
    NEW,
    OPEN,
    /** The broker has sent channel.close and swallows everything up to close-ok. */
    CLOSING,
    CLOSED
  }

  private final Connection connection;
  private final int number;
  private final CommandAssembler assembler;
  private final BasicMethods basicMethods;
  private final Unacked unacked;
  private final AckTimeout ackTimeout;
  private final Suspension suspension = new Suspension(this);
  private State state = State.NEW;
  private final ChannelConsumers consumers = new ChannelConsumers(this);
  private final Counters counters = new Counters();
  private final Deliveries deliveries = new Deliveries(this);
  private final ChannelWindow window = new ChannelWindow();
  private int unfinishedBytes;
  private int methodSize;
  private PublisherConfirms confirms;
  private Transaction transaction;
  private int consumerPrefetch;
  private final QueueNames queueNames = new QueueNames();

  /** A channel that has not been opened yet. */
  public AmqpChannel(Connection connection, int number) {
    this.connection = connection;
    this.number = number;
    this.assembler = new CommandAssembler(connection.settings().maxMessageSize());
    this.basicMethods = new BasicMethods(this);
    this.unacked = new Unacked(connection.home().nextChannel());
    this.ackTimeout = new AckTimeout(this, unacked, connection.settings());
  }

  public Connection connection() {
    return connection;
  }

  public int number() {
    return number;
  }

  /** What went through it. */
  public Counters counters() {
    return counters;
  }

  /** Adds the deliveries of a queue that are outstanding here. */
  public void outstanding(AmqpQueue queue, List<QueueEntry> into) {
    unacked.addOf(queue, into);
  }

  /** What there is to say about it. */
  public ChannelInfo info(Sampler sampler) {
    return new ChannelInfo(
        connection.name(),
        connection.peer(),
        number,
        connection.access().user(),
        vhost().name(),
        confirms != null,
        transaction != null,
        consumers.all().size(),
        consumerPrefetch,
        window.limit(),
        unacked.size(),
        confirms == null ? 0 : confirms.unconfirmed(),
        transaction == null ? 0 : transaction.publishes(),
        transaction == null ? 0 : transaction.settled(),
        ChannelInfo.Held.of(unacked.oldest(), unacked.size(), home().now()),
        counters.figures(sampler));
  }

  @Override
  public AccessChecks access() {
    return connection.access();
  }

  @Override
  public VirtualHost vhost() {
    return connection.vhost();
  }

  @Override
  public Settings settings() {
    return connection.settings();
  }

  @Override
  public Object owner() {
    return connection;
  }

  @Override
  public void owns(AmqpQueue queue) {
    connection.owns(queue);
  }

  HomeLoop home() {
    return connection.home();
  }

  Outbound outbound() {
    return connection.outbound();
  }

  BasicMethods basicMethods() {
    return basicMethods;
  }

  /** The deliveries that await their acknowledgement. */
  public Unacked unacked() {
    return unacked;
  }

  AckTimeout ackTimeout() {
    return ackTimeout;
  }

  /** Deliveries that await their acknowledgement. */
  public int unackedCount() {
    return unacked.size();
  }

  @Override
  public void send(Method method) {
    outbound().method(number, method);
  }

  // ---- input

  /** Takes one frame of this channel. */
  public void onFrame(int type, ByteBuf payload, int length) {
    if (state == State.CLOSING) {
      onFrameWhileClosing(type, payload, length);
    } else {
      methodSize = type == FrameDecoder.METHOD ? length : methodSize;
      assembler.onFrame(type, payload, length, this);
      if (type != FrameDecoder.METHOD && unfinishedBytes > 0) {
        connection.throttle().bodyPartReceived();
      }
    }
  }

  private void onFrameWhileClosing(int type, ByteBuf payload, int length) {
    if (type != FrameDecoder.METHOD || length < 4) {
      return;
    }
    int method = payload.getInt(payload.readerIndex());
    if (method == (ChannelMethod.CLASS_ID << 16 | ChannelMethod.CloseOk.ID)) {
      state = State.CLOSED;
      connection.channelClosed(this);
    } else if (method == (ChannelMethod.CLASS_ID << 16 | ChannelMethod.Close.ID)) {
      send(new ChannelMethod.CloseOk());
    }
  }

  @Override
  public void onMethod(Method method) {
    if (suspension.isOn()) {
      suspension.add(method, methodSize, null, null, 0);
    } else {
      execute(method, null, null, 0);
    }
  }

  @Override
  public void onContent(Method method, byte[] properties, byte[] body, long bodySize) {
    if (suspension.isOn()) {
      suspension.add(method, methodSize, properties, body, bodySize);
    } else {
      execute(method, properties, body, bodySize);
    }
  }

  @Override
  public void onBuffered(int bytes) {
    unfinishedBytes += bytes;
    home().memory().addUnfinished(bytes);
  }

  void execute(Method method, byte[] properties, byte[] body, long bodySize) {
    try {
      if (method instanceof BasicMethod.Publish publish && state == State.OPEN) {
        basicMethods.publish(publish, properties, body, bodySize);
      } else {
        dispatch(method);
        connection.throttle().executed(method);
      }
    } catch (AmqpException refusal) {
      refuse(refusal, method);
    } catch (AccessPending pending) {
      suspension.repeat(method, methodSize, properties, body, bodySize);
      pending.whenKnown(() -> resume(() -> {}));
    }
  }

  private void refuse(AmqpException refusal, Method method) {
    ReplyCode code = refusal.replyCode();
    if (refusal instanceof ConnectionException hard) {
      connection.fail(hard, number, method);
      return;
    }
    ErrorLog.channelClosed(this, method, (ChannelException) refusal);
    if (confirms != null) {
      confirms.send();
    }
    release();
    state = State.CLOSING;
    int classId = method == null ? 0 : method.classId();
    int methodId = method == null ? 0 : method.methodId();
    send(new ChannelMethod.Close(code.code(), refusal.replyText(), classId, methodId));
  }

  /** Closes the channel for a reason that no method of the client gave. */
  void fail(ChannelException reason) {
    if (state == State.OPEN) {
      refuse(reason, null);
    }
  }

  private void dispatch(Method method) {
    if (state == State.NEW) {
      open(method);
    } else if (method instanceof BasicMethod basic) {
      basicMethods.handle(basic);
    } else if (method instanceof QueueMethod queue) {
      QueueMethods.handle(this, queue);
    } else if (method instanceof ExchangeMethod exchange) {
      ExchangeMethods.handle(this, exchange);
    } else if (method instanceof ChannelMethod channel) {
      handle(channel);
    } else if (method instanceof ConfirmMethod.Select select) {
      selectConfirms(select);
    } else if (method instanceof TxMethod tx) {
      TxMethods.handle(this, tx);
    } else if (method instanceof AccessMethod.Request) {
      send(new AccessMethod.RequestOk(1));
    } else {
      throw unimplemented();
    }
  }

  /** The 503 for a method that a client may not send. */
  static ConnectionException unimplemented() {
    return new ConnectionException(ReplyCode.COMMAND_INVALID, "unimplemented method");
  }

  private void open(Method method) {
    if (!(method instanceof ChannelMethod.Open)) {
      throw new ConnectionException(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
    }
    state = State.OPEN;
    send(new ChannelMethod.OpenOk());
  }

  private void handle(ChannelMethod method) {
    if (method instanceof ChannelMethod.Open) {
      throw new ConnectionException(ReplyCode.CHANNEL_ERROR, "second 'channel.open' seen");
    } else if (method instanceof ChannelMethod.Close) {
      if (confirms != null) {
        confirms.send();
      }
      release();
      connection.channelClosed(this);
      send(new ChannelMethod.CloseOk());
    } else if (method instanceof ChannelMethod.Flow flow) {
      if (!flow.active()) {
        throw new ConnectionException(ReplyCode.NOT_IMPLEMENTED, "active=false");
      }
      send(new ChannelMethod.FlowOk(true));
    } else {
      throw unimplemented();
    }
  }

  // ---- suspension

  /** Suspends the channel until a queue is whole again, then runs the method. */
  @Override
  public boolean waitsFor(AmqpQueue queue, Method method) {
    if (!queue.isHeld()) {
      return false;
    }
    suspension.begin(true);
    queue.waiters().whenReleased(() -> resume(() -> execute(method, null, null, 0)));
    return true;
  }

  /**
   * Suspends the channel until the first message of a queue was read back, then runs the method.
   *
   * @return false when there is nothing to wait for
   */
  boolean waitsForHead(MessageQueue queue, Method method) {
    if (!queue.isHeadMissing()) {
      return false;
    }
    suspension.begin(true);
    queue.waiters().whenReleased(() -> resume(() -> execute(method, null, null, 0)));
    return true;
  }

  /**
   * Runs the end of a command now; or, if it changed what has to be stored, suspends the channel
   * until that is safe.
   */
  void whenStored(boolean changed, Runnable end) {
    if (changed && home().store() != null) {
      suspension.begin(false);
      home().store().whenCommitted(() -> resume(end));
    } else {
      end.run();
    }
  }

  @Override
  public void replyWhenStored(boolean isStored, Runnable reply) {
    whenStored(
        isStored && home().store() != null && home().store().hasUnstoredDefinitions(), reply);
  }

  /** Whether a command waits, and those after it. */
  public boolean isSuspended() {
    return suspension.isOn();
  }

  /** Whether commands wait that did not take effect yet. */
  public boolean hasCommandsWaiting() {
    return suspension.hasCommands();
  }

  private void resume(Runnable first) {
    suspension.end(first);
  }

  /** Runs a command that waited; the channel may have been closed by one before it. */
  void executeLater(Method method, byte[] properties, byte[] body, long bodySize) {
    if (state == State.OPEN || state == State.NEW) {
      execute(method, properties, body, bodySize);
    } else if (state == State.CLOSING && method instanceof ChannelMethod.Close) {
      send(new ChannelMethod.CloseOk());
    }
  }

  // ---- deliveries

  /** Whether a consumer of this channel can get a message now; if windowed, the window counts. */
  public Consumer.Readiness readiness(boolean windowed) {
    if (windowed && window.isFull()) {
      return Consumer.Readiness.CHANNEL_FULL;
    }
    return outbound().hasRoom(number) ? Consumer.Readiness.READY : Consumer.Readiness.OUTPUT_FULL;
  }

  /** Sends messages to the client. */
  public Deliveries deliveries() {
    return deliveries;
  }

  /** A consumer can't take messages: sees to it that it is asked again when it might. */
  public void park(Consumer consumer, Consumer.Readiness reason) {
    if (reason == Consumer.Readiness.CHANNEL_FULL) {
      window.park(consumer);
    } else if (reason == Consumer.Readiness.OUTPUT_FULL) {
      connection.throttle().waitForOutput(consumer);
    }
  }

  /** Deliveries left {@link #unacked}. */
  void unackedTaken(int count) {
    connection.throttle().countUnacked(-count);
  }

  /** The window that all consumers of this channel share. */
  ChannelWindow window() {
    return window;
  }

  // ---- what the method classes keep here

  @Override
  public QueueNames queueNames() {
    return queueNames;
  }

  int consumerPrefetch() {
    return consumerPrefetch;
  }

  /** Sets the window for consumers to come; the channel's own one ends, as in RabbitMQ. */
  void consumerPrefetch(int count) {
    consumerPrefetch = count;
    window.limit(0, 0);
  }

  /** The confirms of this channel; null unless it is in confirm mode. */
  PublisherConfirms confirms() {
    return confirms;
  }

  private void selectConfirms(ConfirmMethod.Select select) {
    if (transaction != null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "cannot switch from tx to confirm mode");
    }
    if (confirms == null) {
      confirms = new PublisherConfirms(home(), outbound(), number, counters);
    }
    if (!select.nowait()) {
      send(new ConfirmMethod.SelectOk());
    }
  }

  /** The open transaction; null unless the channel is in tx mode. */
  Transaction transaction() {
    return transaction;
  }

  void transaction(Transaction newTransaction) {
    transaction = newTransaction;
  }

  ChannelConsumers consumers() {
    return consumers;
  }

  /** The queue of a consumer is gone; the client hears of it if it said that it understands. */
  public void cancelledByQueue(Consumer consumer) {
    consumers.forget(consumer);
    if (state == State.OPEN && connection.understandsConsumerCancel()) {
      send(new BasicMethod.Cancel(consumer.tag(), true));
    }
  }

  /** Ends the channel without a word: deliveries go back, the rest of what it was is dropped. */
  public void release() {
    if (state == State.CLOSED || state == State.CLOSING) {
      return;
    }
    consumers.endAll();
    deliveries.flows().end();
    if (transaction != null) {
      transaction.rollback(this);
      transaction = null;
    }
    unackedTaken(unacked.size());
    Settlement.settle(unacked.takeAll(), Settlement.Outcome.ABANDON, this);
    ackTimeout.end();
    suspension.drop();
    if (confirms != null) {
      confirms.discard();
    }
    assembler.reset(this);
    state = State.CLOSED;
  }
}
