package io.harveymq.broker.net;

import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.node.Node;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Listens for AMQP clients and gives each accepted socket its handler. Safe from any thread. */
public final class AmqpListener implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final long CLOSE_MILLIS = 3_000;

  private final ServerBootstrap bootstrap;
  private final List<Channel> serverSockets = new CopyOnWriteArrayList<>();
  private final ChannelGroup connections =
      new DefaultChannelGroup("amqp", GlobalEventExecutor.INSTANCE);

  /** Listens nowhere yet. */
  public AmqpListener(EventLoops loops, Node node, Settings settings) {
    bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverSocketType())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes(connections::size))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new ConnectionHandler(
                                loops.homeOf(channel.eventLoop()), node, settings));
                  }
                });
  }

  private static Exception asException(Throwable cause) {
    return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
  }

  /**
   * Starts to listen on one more address.
   *
   * @throws Exception whatever keeps it from binding the address, usually a BindException
   */
  public void bind(InetSocketAddress address) throws Exception {
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw asException(bound.cause());
    }
    serverSockets.add(bound.channel());
  }

  /** The port of the address that was bound first. */
  public int port() {
    return addresses().get(0).getPort();
  }

  /** What it listens on, in the order of binding. */
  public List<InetSocketAddress> addresses() {
    return serverSockets.stream().map(socket -> (InetSocketAddress) socket.localAddress()).toList();
  }

  /** Sockets that are open. */
  public int connectionCount() {
    return connections.size();
  }

  /**
   * Stops listening and closes all connections with 320; waits a few seconds for clients to agree.
   */
  @Override
  public void close() {
    for (Channel socket : serverSockets) {
      socket.close().awaitUninterruptibly();
    }
    for (Channel channel : connections) {
      ConnectionHandler handler = channel.pipeline().get(ConnectionHandler.class);
      if (handler != null) {
        handler.shutDown("shutdown");
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    connections.close().awaitUninterruptibly();
  }
}
