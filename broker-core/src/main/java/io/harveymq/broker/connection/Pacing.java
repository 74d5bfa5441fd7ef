package io.harveymq.broker.connection;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;
import java.util.function.Supplier;

/**
 * Keeps a publisher from running far ahead of consumers that are at work: while a queue it
 * publishes to is behind, it is read one burst at a time with a short pause after each, or until
 * the queue has caught up. This keeps queues short and the work of a turn in the processor's
 * caches; a publisher ahead of slow consumers still gets some 50 MiB a second through. (RabbitMQ's
 * credit flow has the same purpose.) Owned by the connection's loop.
 */
final class Pacing {
  private static final long PAUSE_MILLIS = 5;

  private final Input input;
  private final Supplier<HomeLoop> home;
  private final Runnable resume = this::resume;
  private AmqpQueue queue;
  private Loop.Timer timer;

  Pacing(Input input, Supplier<HomeLoop> home) {
    this.input = input;
    this.home = home;
  }

  /** The connection published to a queue that is behind; it pauses after the burst at hand. */
  void behind(AmqpQueue published) {
    if (queue == null) {
      queue = published;
      input.afterBurst(this::pause);
    }
  }

  private void pause() {
    if (input.pause(Input.Reason.PACED)) {
      queue.waiters().whenCaughtUp(resume);
      timer = home.get().schedule(resume, PAUSE_MILLIS);
    }
  }

  private void resume() {
    if (queue != null) {
      timer.cancel();
      queue.waiters().caughtUpIsOfNoInterest(resume);
      queue = null;
      input.resume(Input.Reason.PACED);
    }
  }
}
