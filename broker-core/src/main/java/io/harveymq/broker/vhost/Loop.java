package io.harveymq.broker.vhost;

/**
 * A thread that runs events one after another: a Netty event loop in the running broker, a queue
 * stepped by hand in a test. Safe to call from any thread.
 */
public interface Loop {
  /** A task to be run later that can be called off. */
  interface Timer {
    /** Calls the task off; without effect once it ran. */
    void cancel();
  }

  /** Whether the caller runs on this loop. */
  boolean inLoop();

  /**
   * Runs the task on this loop, after what was handed over before; forgets it when the broker has
   * stopped.
   */
  void execute(Runnable task);

  /**
   * The same for tasks that somebody outside of the broker waits for.
   *
   * @throws java.util.concurrent.RejectedExecutionException when the broker has stopped
   */
  void executeOrReject(Runnable task);

  /** Runs the task on this loop after a delay in milliseconds. */
  Timer schedule(Runnable task, long delayMillis);

  /** The time this loop lives by. */
  BrokerClock clock();
}
