package io.harveymq.broker.vhost;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A loop that a test steps by hand: tasks run when the test says so, one at a time and in order,
 * and time passes when the test moves it. Only the test's thread uses it.
 */
public final class ManualLoop implements Loop {
  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final int TOO_MANY = 10_000_000;

  private record Scheduled(long due, long number, Runnable task) {}

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Scheduled> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Scheduled::due).thenComparingLong(Scheduled::number));
  private final long startMillis;
  private long elapsedMillis;
  private long scheduledSoFar;
  private long turns;

  private final BrokerClock clock =
      new BrokerClock() {
        @Override
        public long millis() {
          return startMillis + elapsedMillis;
        }

        @Override
        public long nanos() {
          return elapsedMillis * 1_000_000;
        }
      };

  public ManualLoop() {
    this(START_MILLIS);
  }

  /**
   * A loop at a given time.
   *
   * @param millis since the epoch
   */
  public ManualLoop(long millis) {
    startMillis = millis;
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  @Override
  public void executeOrReject(Runnable task) {
    execute(task);
  }

  @Override
  public Timer schedule(Runnable task, long delayMillis) {
    Scheduled scheduled = new Scheduled(elapsedMillis + delayMillis, scheduledSoFar++, task);
    timers.add(scheduled);
    return () -> timers.remove(scheduled);
  }

  @Override
  public BrokerClock clock() {
    return clock;
  }

  /** Runs the next task; false when none waits. */
  public boolean step() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    turns++;
    task.run();
    return true;
  }

  /** Whether a task waits. Timers don't count. */
  public boolean hasTasks() {
    return !tasks.isEmpty();
  }

  /** Tasks run so far, timers included. */
  public long turns() {
    return turns;
  }

  /** Timers that are set. */
  public int timers() {
    return timers.size();
  }

  /**
   * Moves the time and runs what falls due on the way, in order.
   *
   * @param afterEach runs whatever a task left behind
   */
  public void advance(long millis, Runnable afterEach) {
    long until = elapsedMillis + millis;
    int guard = 0;
    while (!timers.isEmpty() && timers.peek().due <= until) {
      Scheduled next = timers.poll();
      elapsedMillis = Math.max(elapsedMillis, next.due);
      turns++;
      next.task.run();
      afterEach.run();
      if (++guard > TOO_MANY) {
        throw new AssertionError("timers without end");
      }
    }
    elapsedMillis = until;
  }
}
