package io.harveymq.broker.connection;

import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.Faults;
import io.harveymq.broker.node.LoopAlarms;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.Method;
import java.util.function.Consumer;

/**
 * Blocks a connection that publishes while there is an alarm, or a fault that acts like one: from
 * the first header or body of a message on it is not read until all alarms are cleared, its
 * acknowledgements included. As in RabbitMQ a message whose header is what blocks is taken when its
 * body is read, later; and neither an alarm more nor one less is told. A connection that is paused
 * for the memory share is told of the alarm in the same way, but goes on by the rules of that
 * pause. Owned by the connection's loop.
 */
final class Blocking {
  private final Input input;
  private final Runnable tellPaused = this::tellPaused;
  private final Runnable unblock = this::unblock;
  private LoopAlarms alarms;
  private Faults faults;
  private Consumer<Method> tell;
  private boolean told;

  Blocking(Input input) {
    this.input = input;
  }

  /**
   * The connection is open, on its home loop.
   *
   * @param homeFaults of its virtual host
   * @param tell sends the client what it understands, and nothing else
   */
  void start(LoopAlarms homeAlarms, Faults homeFaults, Consumer<Method> tell) {
    this.alarms = homeAlarms;
    this.faults = homeFaults;
    this.tell = tell;
  }

  /** The header of a message came, or part of its body. */
  void contentReceived() {
    if (alarms != null && isBlocked() && input.pause(Input.Reason.ALARM)) {
      tellBlocked(awaitUnblocking());
    }
  }

  private boolean isBlocked() {
    return alarms.blocksPublishers() || faults.areOn(FaultKind.BLOCK);
  }

  /** Of an alarm and a fault the alarm counts first. Returns the reason. */
  private String awaitUnblocking() {
    if (alarms.blocksPublishers()) {
      alarms.whenUnblocked(unblock);
      return alarms.reason();
    }
    return faults.blocks(unblock);
  }

  private void unblock() {
    if (alarms != null && isBlocked()) {
      awaitUnblocking();
    } else if (alarms != null) {
      tellUnblockedUnless(Input.Reason.MEMORY);
      input.resume(Input.Reason.ALARM);
    }
  }

  /** It was paused for the memory share: it is told of the alarm there is, or of the next one. */
  void memoryPaused() {
    if (alarms != null) {
      alarms.whenRaised(tellPaused);
      tellPaused();
    }
  }

  private void tellPaused() {
    if (alarms != null && alarms.isRaised() && input.isPausedFor(Input.Reason.MEMORY)) {
      tellBlocked(alarms.reason());
    }
  }

  /** That pause is over. */
  void memoryFreed() {
    if (alarms != null) {
      alarms.forget(tellPaused);
      tellUnblockedUnless(Input.Reason.ALARM);
    }
  }

  private void tellBlocked(String reason) {
    if (!told) {
      told = true;
      tell.accept(new ConnectionMethod.Blocked(reason));
    }
  }

  private void tellUnblockedUnless(Input.Reason other) {
    if (told && !input.isPausedFor(other)) {
      told = false;
      tell.accept(new ConnectionMethod.Unblocked());
    }
  }

  /** The connection ends; what was to call it back may come yet. */
  void stop() {
    if (alarms != null) {
      alarms.forget(tellPaused);
      alarms.forget(unblock);
      faults.forget(unblock);
      alarms = null;
    }
  }
}
