package io.harveymq.broker.net;

import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.tls.ServerTls;
import io.harveymq.broker.tls.TlsSession;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Listens for AMQP clients and gives each accepted socket its handler. Safe from any thread. */
public final class AmqpListener implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final long CLOSE_MILLIS = 3_000;

  /** How long a socket that is closed waits for a client to take the end of TLS. */
  private static final long CLOSE_NOTIFY_MILLIS = 1_000;

  private final EventLoops loops;
  private final Node node;
  private final Settings settings;
  private final List<Listening> plain = new CopyOnWriteArrayList<>();
  private final List<Listening> withTls = new CopyOnWriteArrayList<>();
  private final ChannelGroup connections =
      new DefaultChannelGroup("amqp", GlobalEventExecutor.INSTANCE);

  /** An address that is listened on, unless it is suspended. */
  private static final class Listening {
    private final ServerBootstrap bootstrap;
    private final InetSocketAddress address;
    private volatile Channel socket;

    Listening(ServerBootstrap bootstrap, InetSocketAddress wanted) throws Exception {
      this.bootstrap = bootstrap;
      this.socket = bound(bootstrap, wanted);
      this.address = (InetSocketAddress) socket.localAddress();
    }

    InetSocketAddress address() {
      return address;
    }

    void accept(boolean more) {
      if (socket.isActive()) {
        socket.config().setAutoRead(more);
      }
    }

    void suspend() {
      socket.close().awaitUninterruptibly();
    }

    void resume() throws Exception {
      if (!socket.isOpen()) {
        socket = bound(bootstrap, address);
      }
    }
  }

  /** Listens nowhere yet. */
  public AmqpListener(EventLoops loops, Node node, Settings settings) {
    this.loops = loops;
    this.node = node;
    this.settings = settings;
  }

  private ServerBootstrap bootstrap(Consumer<Channel> whenAccepted) {
    return new ServerBootstrap()
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
                acceptNoMoreThan(settings.limits().node().maxSockets(), channel);
                whenAccepted.accept(channel);
              }
            });
  }

  private void acceptPlain(Channel channel) {
    channel.pipeline().addLast(newHandler(channel, null));
  }

  private void acceptTls(Channel channel, ServerTls tls) {
    SslHandler handler = new SslHandler(tls.newEngine(), tls.tasks());
    handler.setHandshakeTimeoutMillis(tls.options().handshakeMillis());
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
    PlainAlert alert = new PlainAlert();
    TlsGate gate = new TlsGate(handler, alert, session -> newHandler(channel, session));
    channel.pipeline().addLast(alert, handler, gate);
  }

  private ConnectionHandler newHandler(Channel channel, TlsSession session) {
    return new ConnectionHandler(loops.homeOf(channel.eventLoop()), node, settings, session);
  }

  /**
   * Further clients wait until others are gone; a few more may have been accepted by then, as in
   * RabbitMQ.
   */
  private void acceptNoMoreThan(int most, Channel accepted) {
    if (most < 0) {
      return;
    }
    if (connections.size() >= most) {
      accept(false);
    }
    accepted
        .closeFuture()
        .addListener(
            closed -> {
              if (connections.size() < most) {
                accept(true);
              }
            });
  }

  private void accept(boolean more) {
    plain.forEach(listening -> listening.accept(more));
    withTls.forEach(listening -> listening.accept(more));
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
    plain.add(new Listening(bootstrap(this::acceptPlain), address));
  }

  /**
   * Starts to listen for clients that speak TLS on one more address.
   *
   * @param tls closed by who opened it, after this
   * @throws Exception whatever keeps it from binding the address, usually a BindException
   */
  public void bind(InetSocketAddress address, ServerTls tls) throws Exception {
    withTls.add(new Listening(bootstrap(channel -> acceptTls(channel, tls)), address));
  }

  private static Channel bound(ServerBootstrap bootstrap, InetSocketAddress address)
      throws Exception {
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw asException(bound.cause());
    }
    return bound.channel();
  }

  /** What it listens on without TLS unless suspended, in the order of binding. */
  public List<InetSocketAddress> addresses() {
    return plain.stream().map(Listening::address).toList();
  }

  /** What it listens on with TLS unless suspended, in the order of binding. */
  public List<InetSocketAddress> tlsAddresses() {
    return withTls.stream().map(Listening::address).toList();
  }

  /** Sockets that are open. */
  public int connectionCount() {
    return connections.size();
  }

  /**
   * Listens again where it did.
   *
   * @throws Exception whatever keeps it from it; then it listens nowhere
   */
  public void resume() throws Exception {
    try {
      for (Listening one : plain) {
        one.resume();
      }
      for (Listening one : withTls) {
        one.resume();
      }
    } catch (Exception taken) {
      suspend();
      throw taken;
    }
  }

  /** As {@link #suspend}, for good. */
  @Override
  public void close() {
    suspend();
  }

  /**
   * Stops listening and closes all connections with 320; waits a few seconds for clients to agree.
   */
  public void suspend() {
    plain.forEach(Listening::suspend);
    withTls.forEach(Listening::suspend);
    for (Channel channel : connections) {
      ConnectionHandler handler = channel.pipeline().get(ConnectionHandler.class);
      if (handler != null) {
        handler.shutDown("shutdown");
      } else {
        channel.close();
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    connections.close().awaitUninterruptibly();
  }
}
