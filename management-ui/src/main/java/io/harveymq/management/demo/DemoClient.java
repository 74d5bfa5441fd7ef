package io.harveymq.management.demo;

import io.harveymq.codec.AmqpException;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.CommandAssembler;
import io.harveymq.codec.CommandEncoder;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A client with just enough AMQP for the demo: one connection, one channel, and what is to be
 * declared on it, one after the other. It ends with the first thing that goes wrong. Owned by the
 * HTTP server's event loop.
 */
final class DemoClient {
  private static final int FRAME_MAX = 131_072;
  private static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  /**
   * Who it is.
   *
   * @param name as it says of itself
   */
  record Login(String name, String user, String password, String vhost) {
    FieldTable properties() {
      return FieldTable.builder()
          .put("product", "Harvey demo")
          .put("platform", "JVM")
          .put("connection_name", name)
          .put("capabilities", FieldTable.builder().put("consumer_cancel_notify", true).build())
          .build();
    }

    byte[] response() {
      return ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Takes what is delivered, and settles it by {@link #ack} or {@link #reject}, now or later. */
  interface Work {
    /**
     * @param body null for one that is too large to be kept
     */
    void take(DemoClient client, long deliveryTag, byte[] body);
  }

  private final NetSocket socket;
  private final Login login;
  private final Deque<Method> rest;
  private final Work work;
  private final Promise<Void> ready = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final CommandAssembler connection = new CommandAssembler(0);
  private final CommandAssembler channel = new CommandAssembler(FRAME_MAX);
  private final FrameDecoder decoder = new FrameDecoder(new Frames(), FRAME_MAX);
  private int frameMax = FRAME_MAX;
  private boolean opened;

  /**
   * Begins to log in on a socket that has just been opened.
   *
   * @param setUp sent on the channel, each when the one before is answered
   * @param work what is done with each delivery
   */
  DemoClient(NetSocket socket, Login login, List<Method> setUp, Work work) {
    this.socket = socket;
    this.login = login;
    this.rest = new ArrayDeque<>(setUp);
    this.work = work;
    // a broker's decoder awaits the header that clients begin with; brokers send none
    decoder.decode(Unpooled.wrappedBuffer(PROTOCOL_HEADER));
    socket.handler(this::read).exceptionHandler(this::fail).closeHandler(closed -> end());
    socket.write(Buffer.buffer(PROTOCOL_HEADER));
  }

  /** Completed when all is declared; fails with the broker's reason. */
  Future<Void> ready() {
    return ready.future();
  }

  /** Completed when the connection has ended. */
  Future<Void> ended() {
    return ended.future();
  }

  /** Publishes a persistent message, unless the broker does not read what came before. */
  void publish(String exchange, String key, BasicProperties properties, byte[] body) {
    if (!ready.future().succeeded() || socket.writeQueueFull()) {
      return;
    }
    ByteBuf out = Unpooled.buffer(512);
    CommandEncoder.method(out, 1, new BasicMethod.Publish(exchange, key, false, false));
    CommandEncoder.header(out, 1, new Content(new byte[0], properties.encoded(), body));
    CommandEncoder.body(out, 1, body, 0, body.length, frameMax - FrameDecoder.FRAME_OVERHEAD);
    write(out);
  }

  /** Acknowledges a delivery. */
  void ack(long deliveryTag) {
    send(1, new BasicMethod.Ack(deliveryTag, false));
  }

  /** Refuses a delivery for good. */
  void reject(long deliveryTag) {
    send(1, new BasicMethod.Reject(deliveryTag, false));
  }

  /** Ends the connection as the protocol wants it, which has no way to do so before it is open. */
  void close() {
    if (opened) {
      send(0, new ConnectionMethod.Close(200, "the demo ends", 0, 0));
    } else {
      socket.close();
    }
  }

  private void read(Buffer bytes) {
    try {
      decoder.decode(Unpooled.wrappedBuffer(bytes.getBytes()));
    } catch (AmqpException unreadable) {
      fail(unreadable);
    }
  }

  private void onMethod(Method method) {
    if (method instanceof ConnectionMethod.Start) {
      send(0, new ConnectionMethod.StartOk(login.properties(), "PLAIN", login.response(), "en_US"));
    } else if (method instanceof ConnectionMethod.Tune tune) {
      if (tune.frameMax() != 0) {
        frameMax = (int) Math.min(tune.frameMax(), FRAME_MAX);
      }
      send(0, new ConnectionMethod.TuneOk(tune.channelMax(), frameMax, 0));
      send(0, new ConnectionMethod.Open(login.vhost()));
    } else if (method instanceof ConnectionMethod.OpenOk) {
      opened = true;
      send(1, new ChannelMethod.Open());
    } else if (method instanceof ConnectionMethod.Close close) {
      send(0, new ConnectionMethod.CloseOk());
      fail(new IllegalStateException(close.replyText()));
    } else if (method instanceof ConnectionMethod.CloseOk) {
      socket.close();
    } else if (method instanceof ChannelMethod.Close close) {
      send(1, new ChannelMethod.CloseOk());
      ready.tryFail(close.replyText());
      close();
    } else if (method instanceof BasicMethod.Cancel) {
      close();
    } else {
      next();
    }
  }

  private void next() {
    if (rest.isEmpty()) {
      ready.tryComplete();
    } else {
      send(1, rest.remove());
    }
  }

  private void send(int to, Method method) {
    ByteBuf out = Unpooled.buffer(256);
    CommandEncoder.method(out, to, method);
    write(out);
  }

  private void write(ByteBuf out) {
    socket.write(Buffer.buffer(Arrays.copyOf(out.array(), out.readableBytes())));
  }

  private void fail(Throwable reason) {
    ready.tryFail(reason);
    socket.close();
  }

  private void end() {
    ready.tryFail("the connection was closed");
    ended.tryComplete();
  }

  /** Puts the frames together; what comes on a channel is told apart by the methods. */
  private final class Frames implements FrameDecoder.Handler, CommandAssembler.Handler {
    @Override
    public void onProtocolHeader(long header) {
      // its own, see the constructor
    }

    @Override
    public void onFrame(int type, int number, ByteBuf payload, int length) {
      if (type != FrameDecoder.HEARTBEAT) {
        (number == 0 ? connection : channel).onFrame(type, payload, length, this);
      }
    }

    @Override
    public void onMethod(Method method) {
      DemoClient.this.onMethod(method);
    }

    @Override
    public void onContent(Method method, byte[] properties, byte[] body, long bodySize) {
      if (method instanceof BasicMethod.Deliver deliver) {
        work.take(DemoClient.this, deliver.deliveryTag(), body);
      }
    }

    @Override
    public void onBuffered(int bytes) {
      // a few messages of the demo's own
    }
  }
}
