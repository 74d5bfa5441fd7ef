package io.harveymq.broker.net;

import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.broker.vhost.HomeLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.SocketAddress;

/**
 * The broker's end of a connection without a socket: gives it bytes when it reads, takes what it
 * writes as far as the test lets it, and carries the real connection handler.
 */
public final class TestSocket extends EmbeddedChannel {
  /** The most that one read gives, as in the running broker. */
  public static final int BURST = 256 << 10;

  private final ByteBuf toRead = Unpooled.buffer();
  private final ByteBuf written = Unpooled.buffer();
  private boolean readRequested;
  private long room = Long.MAX_VALUE;
  private long writtenBytes;
  private boolean discarding;
  private boolean betweenTurns;
  private SocketAddress peer;

  private TestSocket() {
    super(false, true);
  }

  /** A socket that was just accepted. */
  public static TestSocket accept(HomeLoop socketLoop, Node node, Settings settings) {
    return accept(socketLoop, node, settings, null, null);
  }

  /**
   * One that was accepted from elsewhere.
   *
   * @param peer where the client is; null for nowhere, which counts as this machine
   * @param tls how it is encrypted; null when it is not
   */
  public static TestSocket accept(
      HomeLoop socketLoop, Node node, Settings settings, SocketAddress peer, TlsSession tls) {
    TestSocket socket = new TestSocket();
    socket.peer = peer;
    socket.config().setAutoRead(false);
    socket.pipeline().addLast(new ConnectionHandler(socketLoop, node, settings, tls));
    try {
      socket.register();
      socket.runHandedOver();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    return socket;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return peer == null ? super.remoteAddress0() : peer;
  }

  /** What the listener does with a connection when the broker stops. */
  public void shutDown(String reason) {
    pipeline().get(ConnectionHandler.class).shutDown(reason);
  }

  /** Netty would do this within a write; a real event loop does it after the task at hand. */
  @Override
  public void runPendingTasks() {
    if (betweenTurns) {
      super.runPendingTasks();
    }
  }

  /** Runs what was handed over to the event loop of this socket. */
  public void runHandedOver() {
    betweenTurns = true;
    runPendingTasks();
    betweenTurns = false;
  }

  /** The network is gone. */
  public void drop() {
    unsafe().close(voidPromise());
    runHandedOver();
  }

  @Override
  protected void doBeginRead() {
    readRequested = true;
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) {
    for (Object message = out.current(); message != null; message = out.current()) {
      ByteBuf bytes = (ByteBuf) message;
      int length = (int) Math.min(room, bytes.readableBytes());
      if (length < bytes.readableBytes() && room == 0) {
        return;
      }
      if (!discarding) {
        written.writeBytes(bytes, bytes.readerIndex(), length);
      }
      writtenBytes += length;
      if (room != Long.MAX_VALUE) {
        room -= length;
      }
      out.removeBytes(length);
      if (length == 0) {
        out.remove();
      }
    }
  }

  /** Lets the broker write so many more bytes; Long.MAX_VALUE for no limit. */
  public void takeOnly(long bytes) {
    room = bytes;
    unsafe().flush();
    runHandedOver();
  }

  /** Takes output from now on without keeping it. */
  public void discardOutput() {
    discarding = true;
    written.clear();
  }

  /** All bytes that the broker has written so far. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** What the broker wrote and nobody has looked at yet; the reader consumes it. */
  public ByteBuf written() {
    return written;
  }

  /** Whether the broker has asked for bytes and got none yet. */
  public boolean isReadRequested() {
    return readRequested;
  }

  /** Bytes sent by the client that the broker has not read. */
  public int unread() {
    return toRead.readableBytes();
  }

  /** The client sends bytes; the broker gets them when it reads. */
  public void send(ByteBuf bytes) {
    toRead.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
  }

  /** Gives one burst if the broker reads and there is something; false otherwise. */
  public boolean deliverBurst() {
    runHandedOver();
    if (!readRequested || !isActive() || !toRead.isReadable()) {
      return false;
    }
    readRequested = false;
    int length = Math.min(BURST, toRead.readableBytes());
    ByteBuf burst = alloc().directBuffer(length);
    burst.writeBytes(toRead, length);
    toRead.discardReadBytes();
    pipeline().fireChannelRead(burst);
    pipeline().fireChannelReadComplete();
    runHandedOver();
    return true;
  }
}
