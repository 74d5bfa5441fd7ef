package io.harveymq.broker.connection;

import io.harveymq.broker.LogText;
import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.net.SocketLink;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ErlangTerm;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodReader;
import io.harveymq.codec.ReplyCode;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: takes its bytes apart, answers on channel 0, keeps its channels and
 * exclusive queues, and is the one place where a broken rule becomes connection.close.
 *
 * <p>Owned by the loop of its socket during the handshake, by the home loop of its virtual host
 * from then on.
 */
public final class Connection implements FrameDecoder.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private enum State {
    HANDSHAKE,
    RUNNING,
    /** The client has said connection.close; what it sent before takes effect first. */
    ENDING,
    /** The broker has sent connection.close and waits for close-ok. */
    CLOSING,
    /** Nothing that comes is looked at any more. */
    DEAF
  }

  private final SocketLink link;
  private final Outbound outbound;
  private final Node node;
  private final Settings settings;
  private final FrameDecoder decoder;
  private final Input input;
  private final Throttle throttle;
  private final SocketEnd end;
  private final Handshake handshake;
  private final Channels channels = new Channels(this);
  private HomeLoop home;
  private State state = State.HANDSHAKE;
  private VirtualHost vhost;
  private AccessChecks access;
  private final ExclusiveQueues exclusiveQueues = new ExclusiveQueues();
  private Heartbeats heartbeats;
  private boolean released;
  private boolean socketClosed;
  private final LongestWait longestWait = new LongestWait(this::suspensionEnded);
  private final ConnectionView view = new ConnectionView(this, exclusiveQueues);

  /**
   * A connection whose socket was just accepted.
   *
   * @param home the loop of the socket
   */
  public Connection(SocketLink link, HomeLoop home, Node node, Settings settings) {
    this.link = link;
    this.home = home;
    this.node = node;
    this.settings = settings;
    this.outbound = link.outbound();
    this.decoder = new FrameDecoder(this, settings.compatibility().smallestFrameMax());
    this.input = new Input(link, decoder, this::home, this::onBrokenStream);
    this.throttle = new Throttle(input, outbound, this::home);
    this.end = new SocketEnd(link, this::home);
    this.handshake = new Handshake(this, input);
    end.withinHandshake(settings.limits().handshakeMillis(), this::drop);
  }

  public HomeLoop home() {
    return home;
  }

  public Outbound outbound() {
    return outbound;
  }

  public VirtualHost vhost() {
    return vhost;
  }

  /** What the user may do; null before the connection is open. */
  public AccessChecks access() {
    return access;
  }

  public Settings settings() {
    return settings;
  }

  /** What decides when it is not read. */
  public Throttle throttle() {
    return throttle;
  }

  Handshake handshake() {
    return handshake;
  }

  Channels channels() {
    return channels;
  }

  Input input() {
    return input;
  }

  /** What listings tell of it. */
  public ConnectionView view() {
    return view;
  }

  /** RabbitMQ's name for it: the client's address, an arrow, the broker's. */
  public String name() {
    return link.toString();
  }

  /** Where the client is. */
  public SocketAddress peer() {
    return link.peer();
  }

  Node node() {
    return node;
  }

  SocketLink link() {
    return link;
  }

  void send(Method method) {
    outbound.method(0, method);
  }

  // ---- input

  /**
   * Takes bytes from the socket.
   *
   * @param bytes released here
   */
  public void onBytes(ByteBuf bytes) {
    if (state == State.DEAF) {
      bytes.release();
      link.readMore();
      return;
    }
    view.received(bytes.readableBytes());
    if (heartbeats != null) {
      heartbeats.received();
    }
    input.add(bytes);
  }

  @Override
  public void onProtocolHeader(long header) {
    byte[] refusal = handshake.onProtocolHeader(header);
    if (refusal != null) {
      LOG.warn(
          "{}: closed, because the client does not speak AMQP 0-9-1; its first bytes were {}",
          link,
          ProtocolHeaders.describe(header));
      outbound.raw(refusal);
      cut();
    }
  }

  @Override
  public void onFrame(int type, int channel, ByteBuf payload, int length) {
    if (state == State.DEAF || state == State.ENDING) {
      return;
    }
    if (state == State.CLOSING) {
      onFrameWhileClosing(type, channel, payload, length);
      return;
    }
    int start = payload.readerIndex();
    try {
      FrameDecoder.checkType(type, payload, length);
      if (channel != 0) {
        onChannelFrame(type, channel, payload, length);
      } else if (type == FrameDecoder.METHOD) {
        onMethod(MethodReader.read(payload, length));
      } else if (type != FrameDecoder.HEARTBEAT) {
        throw ErlangTerm.unexpectedFrame(type, payload.slice(payload.readerIndex(), length));
      }
    } catch (ConnectionException refusal) {
      int methodIds = type == FrameDecoder.METHOD && length >= 4 ? payload.getInt(start) : 0;
      fail(refusal, channel, methodIds);
    }
  }

  private void onChannelFrame(int type, int number, ByteBuf payload, int length) {
    if (state != State.RUNNING || type == FrameDecoder.HEARTBEAT) {
      throw ErlangTerm.unexpectedFrame(type, payload.slice(payload.readerIndex(), length));
    }
    channels.get(number, handshake.limits().channelMax()).onFrame(type, payload, length);
    if (type != FrameDecoder.METHOD) {
      throttle.contentReceived();
    }
  }

  private void onFrameWhileClosing(int type, int channel, ByteBuf payload, int length) {
    if (channel != 0 || type != FrameDecoder.METHOD || length < 4) {
      return;
    }
    int method = payload.getInt(payload.readerIndex());
    if (method == (ConnectionMethod.CLASS_ID << 16 | ConnectionMethod.CloseOk.ID)) {
      cut();
    } else if (method == (ConnectionMethod.CLASS_ID << 16 | ConnectionMethod.Close.ID)) {
      send(new ConnectionMethod.CloseOk());
    }
  }

  private void onMethod(Method method) {
    if (state == State.HANDSHAKE) {
      handshake.onMethod(method);
    } else if (method instanceof ConnectionMethod.Close) {
      state = State.ENDING;
      endWhenNothingWaits();
    } else if (method instanceof ConnectionMethod.UpdateSecret update) {
      handshake.updateSecret(update);
    } else {
      throw new ConnectionException(
          ReplyCode.CHANNEL_ERROR, "unexpected method in connection state running");
    }
  }

  // ---- handshake

  /** The client may use the virtual host; goes on at the loop that owns it. */
  void opened(VirtualHost chosen) {
    vhost = chosen;
    decoder.frameMax((int) handshake.limits().frameMax());
    outbound.frameMax((int) handshake.limits().frameMax());
    end.cancel();
    if (chosen.home() == home) {
      start();
    } else {
      input.pause(Input.Reason.MOVING);
      home.execute(this::move);
    }
  }

  private void move() {
    if (state == State.DEAF) {
      return;
    }
    input.leaveLoop();
    home = vhost.home();
    link.moveTo(home);
    home.execute(
        () -> {
          start();
          input.resume(Input.Reason.MOVING);
        });
  }

  private void start() {
    access = handshake.accessChecks(node.access().on(home), vhost);
    if (link.isClosed()) {
      return;
    }
    state = State.RUNNING;
    try {
      home.memory().structures().requireRoomToOpen("connection");
    } catch (ConnectionException full) {
      fail(full, 0, 0);
      return;
    }
    view.opened();
    throttle.start(node.alarms().on(home), vhost.faults(), this::tellOfAlarm);
    send(new ConnectionMethod.OpenOk());
    end.watchOutput(settings.limits().sendTimeoutMillis(), this::drop);
    int seconds = handshake.heartbeatSeconds();
    if (seconds > 0) {
      heartbeats = new Heartbeats(home, outbound, seconds, this::heartbeatMissed);
      input.whenPaused(heartbeats::suspended);
    }
    ConnectionEvents.opened(this, handshake.limits());
    LOG.info("{} opened", this);
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  private void tellOfAlarm(Method method) {
    if (state == State.RUNNING && handshake.clientCan("connection.blocked")) {
      send(method);
    }
  }

  private void heartbeatMissed() {
    LOG.warn(
        "{} closed: missed heartbeats from the client, interval {} s",
        this,
        handshake.heartbeatSeconds());
    drop();
  }

  // ---- the end as the client wants it

  /**
   * Answers connection.close once no channel is suspended, because whatever the client sent before
   * it takes effect, as in RabbitMQ.
   */
  private void endWhenNothingWaits() {
    if (state == State.ENDING && longestWait.isOnFor(channels.anySuspended(), home)) {
      return;
    }
    if (state == State.ENDING) {
      state = State.DEAF;
      release();
      send(new ConnectionMethod.CloseOk());
      LOG.info("{} closed by the client", this);
      end.later();
    }
  }

  /**
   * The socket is closed. What came before takes effect, unless it has to wait for other clients.
   */
  public void onSocketClosed() {
    socketClosed = true;
    outbound.end();
    if (state == State.RUNNING || state == State.ENDING) {
      boolean turnWasLong = state == State.RUNNING && input.isFinishing();
      if (turnWasLong || longestWait.isOnFor(channels.anyCommandWaits(), home)) {
        stayForWhatWaits(turnWasLong);
        return;
      }
    }
    if (state == State.RUNNING) {
      LOG.warn("{} closed: client unexpectedly closed TCP connection", this);
    }
    endOfStream();
  }

  /** Nothing can be delivered or expected any more; only commands that came go on. */
  private void stayForWhatWaits(boolean anotherTurn) {
    outbound.stopDeliveries();
    if (heartbeats != null) {
      heartbeats.stop();
    }
    if (anotherTurn) {
      home.execute(this::onSocketClosed);
    }
  }

  /** A channel is not suspended any more, and its commands that waited are executed. */
  public void suspensionEnded() {
    if (socketClosed) {
      home.execute(this::onSocketClosed);
    } else if (state == State.ENDING) {
      home.execute(this::endWhenNothingWaits);
    }
  }

  // ---- errors and the end

  private void onBrokenStream(ConnectionException refusal) {
    if (state == State.DEAF || state == State.ENDING) {
      input.discard();
      return;
    }
    if (state != State.CLOSING) {
      fail(refusal, 0, 0);
      end.later();
    }
    state = State.DEAF;
  }

  /** Answers a hard error that a method on a channel made. */
  public void fail(ConnectionException refusal, int channel, Method method) {
    fail(refusal, channel, method == null ? 0 : method.classId() << 16 | method.methodId());
  }

  private void fail(ConnectionException refusal, int channel, int methodIds) {
    if (state == State.HANDSHAKE && !handshake.answers(refusal)) {
      LOG.warn("{}: handshake failed: {}", link, LogText.withoutOctets(refusal.replyText()));
      state = State.DEAF;
      end.later();
      return;
    }
    String text = channel == 0 ? LogText.withoutOctets(refusal.replyText()) : refusal.replyText();
    LOG.warn("{} closed: error on channel {}: {}", this, channel, LogText.of(text));
    view.closed(refusal.replyCode().code(), text);
    sendClose(refusal, refusal.methodIds(methodIds));
  }

  private void sendClose(ConnectionException reason, int methodIds) {
    state = State.CLOSING;
    release();
    send(
        new ConnectionMethod.Close(
            reason.replyCode().code(), reason.replyText(), methodIds >>> 16, methodIds & 0xFFFF));
    end.withinHeartbeat(handshake.heartbeatSeconds(), this::drop);
    input.resumeAll();
  }

  /** Closes the connection because the broker stops or an operator wants it. */
  public void forceClose(ReplyCode code, String text) {
    if (socketClosed) {
      endOfStream();
    } else if (state == State.RUNNING || state == State.ENDING) {
      sendClose(new ConnectionException(code, text), 0);
    } else if (state == State.HANDSHAKE) {
      cut();
    }
  }

  /** Resets the socket without a word to the client. */
  public void reset(String reason) {
    LOG.warn("{} cut: {}", this, reason);
    link.reset();
    drop();
  }

  /** Looks at nothing more, and closes the socket once everything is written. */
  private void cut() {
    endOfStream();
    end.afterFlush();
  }

  /** Looks at nothing more, and closes the socket at once. */
  private void drop() {
    endOfStream();
    end.now();
  }

  private void endOfStream() {
    state = State.DEAF;
    input.discard();
    end.cancel();
    release();
  }

  /** Ends channels, then exclusive queues, as RabbitMQ does before it answers connection.close. */
  private void release() {
    handshake.leave();
    if (released || vhost == null) {
      return;
    }
    longestWait.cancel();
    released = true;
    if (access != null) {
      access.end();
    }
    if (heartbeats != null) {
      heartbeats.stop();
    }
    channels.release();
    exclusiveQueues.delete(vhost, this);
    if (view.wasOpened()) {
      ConnectionEvents.closed(this);
    }
    throttle.stop();
  }

  // ---- what channels report

  /** A channel is gone; its number is free. */
  public void channelClosed(AmqpChannel channel) {
    channels.remove(channel);
  }

  /** The exclusive queue goes when this connection does. */
  public void owns(AmqpQueue queue) {
    exclusiveQueues.add(queue);
  }

  /** Whether the client said that it understands being told of the end of a consumer. */
  public boolean understandsConsumerCancel() {
    return handshake.clientCan("consumer_cancel_notify");
  }

  /** For logs: addresses, user and virtual host, and the client's own name if it gave one. */
  @Override
  public String toString() {
    return handshake.describe(link, vhost == null ? "" : vhost.name());
  }
}
