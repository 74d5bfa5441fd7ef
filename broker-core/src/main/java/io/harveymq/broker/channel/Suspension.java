package io.harveymq.broker.channel;

import io.harveymq.codec.Method;
import java.util.ArrayDeque;

/**
 * The commands of a channel that queue up, content included, while an earlier one waits for
 * something. Owned by the home loop.
 */
final class Suspension {
  private static final int COMMAND_OVERHEAD = 64;

  /** For one command; fewer than a connection remembers answers. */
  private static final int MOST_QUESTIONS = 200;

  /** Arguments take more memory than they took on the wire, so many times at most, nearly. */
  private static final int METHOD_FACTOR = 8;

  /**
   * @param methodSize bytes of the method as it came
   * @param questions asked about it so far
   */
  private record Command(
      Method method, int methodSize, byte[] properties, byte[] body, long bodySize, int questions) {
    int size() {
      return COMMAND_OVERHEAD
          + METHOD_FACTOR * methodSize
          + (properties == null ? 0 : properties.length)
          + (body == null ? 0 : body.length);
    }
  }

  private final AmqpChannel channel;
  private ArrayDeque<Command> waiting;
  private boolean commandWaits;

  /** The one of those that waited that is carried out now. */
  private Command running;

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

  /**
   * Takes a command that has to wait.
   *
   * @param methodSize bytes of the method as it came
   */
  void add(Method method, int methodSize, byte[] properties, byte[] body, long bodySize) {
    add(new Command(method, methodSize, properties, body, bodySize, 0));
  }

  private void add(Command command) {
    waiting.add(command);
    count(command.size());
  }

  /**
   * From now on commands have to wait, first of all one that did not take effect because somebody
   * is asked about it. One for which too much is asked closes the channel.
   */
  void repeat(Method method, int methodSize, byte[] properties, byte[] body, long bodySize) {
    int questions = running == null ? 1 : running.questions + 1;
    if (questions > MOST_QUESTIONS) {
      channel.fail(PublishChecks.tooManyQuestions());
      return;
    }
    begin(true);
    int size = running == null ? methodSize : running.methodSize;
    add(new Command(method, size, properties, body, bodySize, questions));
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
      running = later.poll();
      count(-running.size());
      channel.executeLater(running.method, running.properties, running.body, running.bodySize);
      running = null;
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
