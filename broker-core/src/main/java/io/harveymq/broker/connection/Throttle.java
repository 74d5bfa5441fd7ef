package io.harveymq.broker.connection;

import io.harveymq.broker.fault.Faults;
import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.node.LoopAlarms;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides from what the channels of a connection report when it is not read, and which of its
 * consumers wait for its output. Owned by the connection's loop.
 */
public final class Throttle {
  private final Input input;
  private final Outbound outbound;
  private final Supplier<HomeLoop> home;
  private final Pacing pacing;
  private final Blocking blocking;
  private final MemoryPressure memoryPressure;
  private Set<Consumer> waitingForOutput;

  /** Bytes of commands that wait behind suspended ones from which on nothing is read. */
  private static final int MAX_SUSPENDED_BYTES = 1 << 20;

  private int unacked;
  private int suspended;
  private boolean resuming;

  Throttle(Input input, Outbound outbound, Supplier<HomeLoop> home) {
    this.input = input;
    this.outbound = outbound;
    this.home = home;
    this.pacing = new Pacing(input, home);
    this.blocking = new Blocking(input);
    this.memoryPressure = new MemoryPressure(input, home, blocking);
    outbound.whenDrained(this::outputDrained);
  }

  /** See {@link Blocking#start}. */
  void start(LoopAlarms alarms, Faults faults, java.util.function.Consumer<Method> tell) {
    blocking.start(alarms, faults, tell);
  }

  /** See {@link Blocking#contentReceived}. */
  void contentReceived() {
    blocking.contentReceived();
  }

  /** Deliveries or publishes wait for the client to settle or commit, or no more if negative. */
  public void countUnacked(int more) {
    unacked += more;
    if (more > 0 && unacked == more) {
      memoryPressure.deliveryOutstanding();
    }
  }

  /** A consumer is asked again as soon as the output has room. */
  public void waitForOutput(Consumer consumer) {
    if (waitingForOutput == null) {
      waitingForOutput = new LinkedHashSet<>(2);
    }
    waitingForOutput.add(consumer);
  }

  private void outputDrained() {
    input.resume(Input.Reason.STUFFED);
    if (waitingForOutput != null) {
      Set<Consumer> waiting = waitingForOutput;
      waitingForOutput = null;
      waiting.forEach(Consumer::unpark);
    }
  }

  /** So many more bytes of commands wait behind suspended ones, or less if negative. */
  public void countSuspended(int bytes) {
    suspended += bytes;
    if (suspended > MAX_SUSPENDED_BYTES) {
      input.pause(Input.Reason.SUSPENDED_CHANNEL);
    } else if (!resuming && input.isPausedFor(Input.Reason.SUSPENDED_CHANNEL)) {
      // Not now: what waited is still being carried out, and what is read comes after it.
      resuming = true;
      home.get().execute(this::resumeSuspended);
    }
  }

  private void resumeSuspended() {
    resuming = false;
    if (suspended <= MAX_SUSPENDED_BYTES) {
      input.resume(Input.Reason.SUSPENDED_CHANNEL);
    }
  }

  /**
   * A message was published; sees to it that a turn does not get long and that memory stays
   * bounded.
   *
   * @param copies places it was put to, for the length of the turn
   */
  public void published(int copies) {
    if (home.get().routed(copies)) {
      input.yieldTurn();
    }
    memoryPressure.published(unacked);
    replied();
  }

  /** Part of a body came. */
  public void bodyPartReceived() {
    memoryPressure.bodyPartReceived(unacked);
  }

  /** A message was published to a queue that does not keep up. */
  public void publishedAhead(AmqpQueue queue) {
    pacing.behind(queue);
  }

  /**
   * A command was carried out: a client that takes no replies is not read, nor one that declares
   * faster than it can be stored.
   */
  public void executed(Method command) {
    if (command instanceof QueueMethod || command instanceof ExchangeMethod) {
      memoryPressure.declared();
    }
    replied();
  }

  private void replied() {
    if (outbound.isStuffed()) {
      input.pause(Input.Reason.STUFFED);
    }
  }

  /** The connection ends. */
  void stop() {
    waitingForOutput = null;
    memoryPressure.stop();
    blocking.stop();
  }
}
