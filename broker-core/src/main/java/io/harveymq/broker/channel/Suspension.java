package io.harveymq.broker.channel;

import io.harveymq.codec.Method;
import java.util.ArrayDeque;

/**
 * The commands of a channel that queue up, content included, while an earlier one waits for
 * something. Past a limit the connection is not read. Owned by the home loop.
 */
final class Suspension {
  /** Bytes of waiting commands from which on the connection is not read. */
  private static final int MAX_BYTES = 1 << 20;

  private static final int COMMAND_OVERHEAD = 64;

  private record Command(Method method, byte[] properties, byte[] body, long bodySize) {
    int size() {
      return COMMAND_OVERHEAD + (body == null ? 0 : body.length);
    }
  }

  private final AmqpChannel channel;
  private ArrayDeque<Command> waiting;
  private int bytes;

  Suspension(AmqpChannel channel) {
    this.channel = channel;
  }

  /** Whether commands have to wait. */
  boolean isOn() {
    return waiting != null;
  }

  /** From now on commands have to wait. */
  void begin() {
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
  }

  /** Takes a command that has to wait. */
  void add(Method method, byte[] properties, byte[] body, long bodySize) {
    Command command = new Command(method, properties, body, bodySize);
    waiting.add(command);
    bytes += command.size();
    channel.home().memory().add(command.size());
    holdInput();
  }

  /** What was waited for has come: runs the end of that command, then those that waited. */
  void end(Runnable first) {
    if (waiting == null) {
      return;
    }
    ArrayDeque<Command> later = waiting;
    waiting = null;
    first.run();
    while (waiting == null && !later.isEmpty()) {
      Command next = later.poll();
      countBack(next);
      channel.executeLater(next.method, next.properties, next.body, next.bodySize);
    }
    if (waiting != null) {
      waiting.addAll(later);
    } else {
      channel.connection().suspensionEnded();
    }
    holdInput();
  }

  private void countBack(Command command) {
    bytes -= command.size();
    channel.home().memory().add(-command.size());
  }

  private void holdInput() {
    channel.connection().holdInput(channel, bytes > MAX_BYTES);
  }

  /** The channel ends: nothing is waited for any more. */
  void drop() {
    if (waiting != null) {
      waiting.forEach(this::countBack);
      waiting = null;
      channel.connection().holdInput(channel, false);
    }
  }
}
