package io.harveymq.broker.net;

import io.harveymq.broker.vhost.BrokerClock;
import io.harveymq.broker.vhost.Loop;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A Netty event loop as the broker's core sees it. Safe from any thread. */
final class NettyLoop implements Loop {
  private final EventLoop eventLoop;
  private final BrokerClock clock;

  NettyLoop(EventLoop eventLoop, BrokerClock clock) {
    this.clock = clock;
    this.eventLoop = eventLoop;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  @Override
  public void execute(Runnable task) {
    try {
      eventLoop.execute(task);
    } catch (RejectedExecutionException stopped) {
      if (!eventLoop.isShuttingDown()) {
        throw stopped;
      }
    }
  }

  @Override
  public void executeOrReject(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public Timer schedule(Runnable task, long delayMillis) {
    Future<?> scheduled = eventLoop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public BrokerClock clock() {
    return clock;
  }
}
