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
import java.util.concurrent.TimeUnit;

/** Listens for AMQP clients and gives each accepted socket its handler. Safe from any thread. */
public final class AmqpListener implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final long CLOSE_MILLIS = 3_000;

  private final Channel serverSocket;
  private final ChannelGroup connections =
      new DefaultChannelGroup("amqp", GlobalEventExecutor.INSTANCE);

  private AmqpListener(EventLoops loops, Node node, Settings settings, InetSocketAddress address)
      throws Exception {
    ServerBootstrap bootstrap =
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
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw asException(bound.cause());
    }
    serverSocket = bound.channel();
  }

  private static Exception asException(Throwable cause) {
    return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
  }

  /**
   * Starts to listen.
   *
   * @throws Exception whatever keeps it from binding the address, usually a BindException
   */
  public static AmqpListener bind(
      EventLoops loops, Node node, Settings settings, InetSocketAddress address) throws Exception {
    return new AmqpListener(loops, node, settings, address);
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) serverSocket.localAddress()).getPort();
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
    serverSocket.close().awaitUninterruptibly();
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
