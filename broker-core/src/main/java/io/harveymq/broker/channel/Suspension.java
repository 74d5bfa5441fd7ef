package io.harveymq.broker.channel;

import io.harveymq.codec.Method;
import java.util.ArrayDeque;

/**
 * The commands of a channel that queue up, content included, while an earlier one waits for
 * something. Owned by the home loop.
 */
final class Suspension {
  private static final int COMMAND_OVERHEAD = 64;

  private record Command(Method method, byte[] properties, byte[] body, long bodySize) {
    int size() {
      return COMMAND_OVERHEAD + (body == null ? 0 : body.length);
    }
  }

  private final AmqpChannel channel;
  private ArrayDeque<Command> waiting;
  private boolean commandWaits;

  Suspension(AmqpChannel channel) {
    this.channel = channel;
  }

  /** Whether commands have to wait. */
  boolean isOn() {
    return waiting != null;
  }

  /**
   * From now on commands have to wait.
   *
   * @param withCommand whether the one that they wait for did not take effect yet; else only its
   *     reply is waited for
   */
  void begin(boolean withCommand) {
    commandWaits |= withCommand;
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
  }

  /** Takes a command that has to wait. */
  void add(Method method, byte[] properties, byte[] body, long bodySize) {
    Command command = new Command(method, properties, body, bodySize);
    waiting.add(command);
    count(command.size());
  }

  private void count(int bytes) {
    channel.home().memory().add(bytes);
    channel.connection().throttle().countSuspended(bytes);
  }

  /** What was waited for has come: runs the end of that command, then those that waited. */
  void end(Runnable first) {
    if (waiting == null) {
      return;
    }
    ArrayDeque<Command> later = waiting;
    waiting = null;
    commandWaits = false;
    first.run();
    while (waiting == null && !later.isEmpty()) {
      if (channel.home().hasRoutedEnough()) {
        begin(false);
        channel.home().execute(() -> end(() -> {}));
        break;
      }
      Command next = later.poll();
      count(-next.size());
      channel.executeLater(next.method, next.properties, next.body, next.bodySize);
    }
    if (waiting != null) {
      waiting.addAll(later);
    } else {
      channel.connection().suspensionEnded();
    }
  }

  /** Whether commands wait that did not take effect yet. */
  boolean hasCommands() {
    return waiting != null && (commandWaits || !waiting.isEmpty());
  }

  /** The channel ends: nothing is waited for any more. */
  void drop() {
    if (waiting != null) {
      waiting.forEach(command -> count(-command.size()));
      waiting = null;
    }
  }
}
