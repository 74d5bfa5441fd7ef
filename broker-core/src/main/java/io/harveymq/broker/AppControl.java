package io.harveymq.broker;

import io.harveymq.broker.net.AmqpListener;
import io.harveymq.broker.node.AccessRegistry;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.TransientRemoval;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops what AMQP clients use of a broker while its process goes on, starts it again, and makes it
 * as new in between: what RabbitMQ's {@code stop_app}, {@code start_app} and {@code reset} do. Any
 * thread but a loop of the broker; each call waits until it is done, and the next one for it.
 */
public final class AppControl {
  private static final Logger LOG = LoggerFactory.getLogger(AppControl.class);
  private static final int TIMEOUT_SECONDS = 60;

  private final Broker broker;
  private final AmqpListener listener;
  private final Broker.Preparation preparation;
  private volatile boolean running = true;

  AppControl(Broker broker, AmqpListener listener, Broker.Preparation preparation) {
    this.broker = broker;
    this.listener = listener;
    this.preparation = preparation;
  }

  /** Whether clients can connect. */
  public boolean isRunning() {
    return running;
  }

  /**
   * Closes all connections with 320 CONNECTION_FORCED and lets nobody connect; what a restart does
   * not leave is gone then: what is not durable, and messages that are not persistent. Nothing
   * happens when it is stopped already.
   */
  public synchronized void stop() {
    if (running) {
      running = false;
      listener.suspend();
      removeTransient().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
      LOG.info("stopped: AMQP clients are not let in until it is started again");
    }
  }

  private CompletableFuture<Void> removeTransient() {
    AccessRegistry access = broker.node().access();
    HomeLoop nodeLoop = access.nodeLoop();
    CompletableFuture<Void> done = new CompletableFuture<>();
    nodeLoop.execute(
        () ->
            CompletableFuture.allOf(
                    access.vhosts().values().stream()
                        .map(vhost -> removeTransient(access, vhost))
                        .toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> done.complete(null)));
    return done;
  }

  private static CompletableFuture<Void> removeTransient(AccessRegistry access, VirtualHost vhost) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    access.whenLeft(
        vhost, "shutdown", () -> new TransientRemoval(vhost, () -> done.complete(null)));
    return done;
  }

  /**
   * Lets clients connect where they could; nothing happens when they can.
   *
   * @throws BrokerStartException when an address is taken meanwhile; it stays stopped
   */
  public synchronized void start() throws BrokerStartException {
    if (!running) {
      try {
        listener.resume();
      } catch (Exception taken) {
        throw new BrokerStartException(
            "can't listen again: " + taken.getMessage() + "; stop what took the port", taken);
      }
      running = true;
      LOG.info("started: AMQP clients are let in again");
    }
  }

  /**
   * Makes it as it was when it started for the first time: without users, virtual hosts, objects
   * and messages but those that it begins with, and what its configuration loads.
   *
   * @throws IllegalStateException while it is not stopped
   * @throws BrokerStartException when what is to be loaded can't be
   */
  public synchronized void reset() throws BrokerStartException {
    if (running) {
      throw new IllegalStateException("the broker has to be stopped before it is reset");
    }
    preparation.forget();
    broker.access().change(editor -> editor.clear());
    if (!preparation.bringsUsers()) {
      FirstStart first = broker.config().firstStart();
      broker.access().change(editor -> AccessRecovery.makeFirst(editor, first));
    }
    preparation.prepare(broker);
    LOG.info("reset: only what the broker begins with is left");
  }
}
