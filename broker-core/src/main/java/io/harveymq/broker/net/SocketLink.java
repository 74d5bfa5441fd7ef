package io.harveymq.broker.net;

import io.harveymq.broker.tls.TlsSession;
import io.harveymq.broker.vhost.HomeLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The way between a socket and the loop that owns its connection. Where both are the same thread,
 * bytes pass without a hand-over; otherwise each burst read crosses as one event and is answered by
 * one batch of output, and nothing is read meanwhile. This class alone knows the difference.
 *
 * <p>The write side belongs to the connection's loop, {@link ConnectionHandler} uses the other on
 * the socket's.
 */
public final class SocketLink {
  private final Channel channel;
  private final HomeLoop socketLoop;
  private final Outbound outbound;
  private final String name;
  private final boolean fromLoopback;
  private final TlsSession tls;

  /** Where the connection lives; written on the socket's loop, and read there. */
  private HomeLoop owner;

  private boolean local = true;
  private ByteBuf last;
  private List<ByteBuf> batch;
  private volatile boolean closed;

  /**
   * @param tls how it is encrypted; null when it is not
   */
  SocketLink(Channel channel, HomeLoop socketLoop, TlsSession tls) {
    this.channel = channel;
    this.tls = tls;
    this.socketLoop = socketLoop;
    this.owner = socketLoop;
    this.outbound = new Outbound(this, socketLoop);
    this.name = name(channel);
    this.fromLoopback =
        !(channel.remoteAddress() instanceof InetSocketAddress address)
            || address.getAddress().isLoopbackAddress();
  }

  /** RabbitMQ's name for a connection. */
  static String name(Channel channel) {
    return text(channel.remoteAddress()) + " -> " + text(channel.localAddress());
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }

  /** What writes to this socket. */
  public Outbound outbound() {
    return outbound;
  }

  /** Where the client is. Any thread. */
  public SocketAddress peer() {
    return channel.remoteAddress();
  }

  /** The same as text, without the port; empty if it is not known. Any thread. */
  public String address() {
    return peer() instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
  }

  /** Where the client connected to. Any thread. */
  public SocketAddress local() {
    return channel.localAddress();
  }

  /** Whether the client runs on this machine. */
  public boolean isFromLoopback() {
    return fromLoopback;
  }

  /** How it is encrypted; null when it is not. Any thread. */
  public TlsSession tls() {
    return tls;
  }

  /** Whether the socket is closed. Any thread. */
  public boolean isClosed() {
    return closed;
  }

  HomeLoop owner() {
    return owner;
  }

  /** Runs an event on the loop of the connection, wherever that is by then. Any thread. */
  public void tellOwner(Runnable event) {
    socketLoop.execute(() -> owner.execute(event));
  }

  /** Passes the connection to another loop. On the socket's loop, in an event of its own. */
  public void moveTo(HomeLoop newOwner) {
    owner = newOwner;
    local = newOwner == socketLoop;
    batch = local ? null : new ArrayList<>(4);
    outbound.moveTo(newOwner);
  }

  /** The last burst was dealt with; the next one may be read. */
  public void readMore() {
    if (local) {
      channel.read();
    } else if (!closed) {
      channel.eventLoop().execute(channel::read);
    }
  }

  /** Takes a copy of encoded output, to be written with the next {@link #flush}. */
  void write(ByteBuf encoded) {
    int length = encoded.readableBytes();
    ByteBuf copy = newBuffer(length);
    copy.writeBytes(encoded, encoded.readerIndex(), length);
    if (!local) {
      batch.add(copy);
      return;
    }
    if (last != null) {
      channel.write(last, channel.voidPromise());
    }
    last = copy;
  }

  /** What the socket takes without another copy: Java encrypts what is in the heap faster. */
  private ByteBuf newBuffer(int length) {
    return tls == null ? channel.alloc().directBuffer(length) : channel.alloc().heapBuffer(length);
  }

  /** Writes what was taken, at least once; the outbound hears when so many bytes are through. */
  void flush(Outbound out, long bytes) {
    if (local) {
      ByteBuf lastOfAll = last;
      last = null;
      ChannelFuture written = channel.writeAndFlush(lastOfAll);
      if (written.isDone()) {
        out.written(bytes);
      } else {
        written.addListener(done -> socketLoop.run(() -> out.written(bytes)));
      }
      return;
    }
    List<ByteBuf> buffers = batch;
    batch = new ArrayList<>(4);
    HomeLoop home = owner;
    if (closed) {
      buffers.forEach(ByteBuf::release);
      home.execute(() -> out.written(bytes));
      return;
    }
    channel.eventLoop().execute(() -> flushBatch(buffers, home, out, bytes));
  }

  private void flushBatch(List<ByteBuf> buffers, HomeLoop home, Outbound out, long bytes) {
    int lastIndex = buffers.size() - 1;
    for (int i = 0; i < lastIndex; i++) {
      channel.write(buffers.get(i), channel.voidPromise());
    }
    channel
        .writeAndFlush(buffers.get(lastIndex))
        .addListener(done -> home.execute(() -> out.written(bytes)));
  }

  /** Closes the socket once everything encoded so far is written. */
  public void closeAfterFlush() {
    outbound.flush();
    channel
        .eventLoop()
        .execute(
            () ->
                channel
                    .writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(ChannelFutureListener.CLOSE));
  }

  /** Closes the socket at once; what is not written yet never will be. */
  public void close() {
    channel.eventLoop().execute(channel::close);
  }

  /** Closes the socket at once in such a way that the client's side gets a reset. */
  public void reset() {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
              }
              ChannelHandlerContext lowest = channel.pipeline().firstContext();
              if (lowest == null) {
                channel.close();
              } else {
                lowest.close(); // beneath TLS, which would take its leave first
              }
            });
  }

  void closed() {
    closed = true;
  }

  /** The client's address, an arrow, and the broker's: RabbitMQ's name for a connection. */
  @Override
  public String toString() {
    return name;
  }
}
