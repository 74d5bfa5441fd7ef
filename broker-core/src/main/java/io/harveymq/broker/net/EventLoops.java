package io.harveymq.broker.net;

import io.harveymq.broker.Transport;
import io.harveymq.broker.vhost.BrokerClock;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The threads of a broker: its event loops, each a home loop, too. Safe from any thread. */
public final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;
  private final boolean epoll;
  private final Map<EventLoop, HomeLoop> homes = new IdentityHashMap<>();
  private final List<HomeLoop> inOrder;

  /**
   * Starts the threads.
   *
   * @param clock for everything but sockets
   * @param memory makes the account of one loop
   * @throws IllegalStateException when epoll is wanted and not to be had
   */
  public EventLoops(
      int threads, Transport transport, BrokerClock clock, Supplier<MemoryAccount> memory) {
    epoll = usesEpoll(transport);
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("harvey-loop", true), handlers);
    for (EventExecutor executor : group) {
      EventLoop eventLoop = (EventLoop) executor;
      homes.put(eventLoop, new HomeLoop(new NettyLoop(eventLoop, clock), memory.get()));
    }
    inOrder = inOrder();
  }

  private List<HomeLoop> inOrder() {
    List<HomeLoop> list = new ArrayList<>();
    for (EventExecutor executor : group) {
      list.add(homes.get(executor));
    }
    return List.copyOf(list);
  }

  private static boolean usesEpoll(Transport transport) {
    if (transport == Transport.EPOLL && !Epoll.isAvailable()) {
      throw new IllegalStateException(
          "epoll is not available here: " + Epoll.unavailabilityCause().getMessage());
    }
    return transport != Transport.NIO && Epoll.isAvailable();
  }

  /** The loop that virtual hosts live on unless they are spread. */
  public HomeLoop first() {
    return inOrder.get(0);
  }

  /** All loops; the first is {@link #first}. */
  public List<HomeLoop> all() {
    return inOrder;
  }

  EventLoopGroup group() {
    return group;
  }

  HomeLoop homeOf(EventLoop eventLoop) {
    return homes.get(eventLoop);
  }

  Class<? extends ServerSocketChannel> serverSocketType() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /**
   * Ends the threads, after what they have to do, and waits for that. The first one, to which the
   * others hand what they read, ends last.
   */
  @Override
  public void close() {
    inOrder.forEach(home -> home.loop().clock().detach(home.deadlines()));
    for (EventExecutor executor : group) {
      if (homes.get((EventLoop) executor) != first()) {
        executor.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
      }
    }
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
