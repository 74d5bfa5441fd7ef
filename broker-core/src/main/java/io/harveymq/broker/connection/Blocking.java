package io.harveymq.broker.connection;

import io.harveymq.broker.node.LoopAlarms;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.Method;
import java.util.function.Consumer;

/**
 * Blocks a connection that publishes while there is an alarm: from the first header or body of a
 * message on it is not read until all alarms are cleared, its acknowledgements included, and the
 * client is told both if it understands. As in RabbitMQ a message whose header is what blocks is
 * taken when its body is read, later; and neither an alarm more nor one less is told. Owned by the
 * connection's loop.
 */
final class Blocking {
  private final Input input;
  private final Runnable block = this::block;
  private final Runnable unblock = this::unblock;
  private LoopAlarms alarms;
  private Consumer<Method> tell;

  Blocking(Input input) {
    this.input = input;
  }

  /**
   * The connection is open, on its home loop.
   *
   * @param tell sends the client what it understands, and nothing else
   */
  void start(LoopAlarms homeAlarms, Consumer<Method> tell) {
    this.alarms = homeAlarms;
    this.tell = tell;
  }

  /** The header of a message came, or part of its body. */
  void contentReceived() {
    if (alarms != null && alarms.isRaised()) {
      block();
    }
  }

  /** The connection published and is paused: it is blocked by the next alarm already. */
  void blockWithNextAlarm() {
    if (alarms != null) {
      alarms.whenRaised(block);
    }
  }

  /** That pause is over. */
  void forgetNextAlarm() {
    if (alarms != null) {
      alarms.forget(block);
    }
  }

  private void block() {
    if (alarms != null && alarms.isRaised() && input.pause(Input.Reason.ALARM)) {
      alarms.whenCleared(unblock);
      tell.accept(new ConnectionMethod.Blocked(alarms.reason()));
    }
  }

  private void unblock() {
    if (alarms != null) {
      tell.accept(new ConnectionMethod.Unblocked());
      input.resume(Input.Reason.ALARM);
    }
  }

  /** The connection ends; it may have been told to be called back already. */
  void stop() {
    if (alarms != null) {
      alarms.forget(block);
      alarms.forget(unblock);
      alarms = null;
    }
  }
}
