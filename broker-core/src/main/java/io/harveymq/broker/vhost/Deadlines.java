package io.harveymq.broker.vhost;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * All deadlines of a home loop on the broker's clock, earliest first, behind one timer of the loop:
 * time to live, queue expiry, delays. Setting and clearing one costs a step through a heap and no
 * allocation, so that ten thousand queues can have several each. Owned by the home loop.
 */
public final class Deadlines {
  /** Deadlines that may fall due in one turn. */
  static final int PER_TURN = 256;

  /**
   * The timer looks at the clock that often at least: a deadline may be further than it can wait.
   */
  private static final long LONGEST_WAIT = 60_000;

  private static final int FIRST_CAPACITY = 16;

  private final HomeLoop home;
  private final BrokerClock clock;
  private Deadline[] heap = new Deadline[FIRST_CAPACITY];
  private int size;
  private long numbers;
  private Loop.Timer timer;
  private long timerDue = Long.MAX_VALUE;
  private boolean running;

  Deadlines(HomeLoop home) {
    this.home = home;
    this.clock = home.loop().clock();
    clock.attach(this);
  }

  /**
   * Sets a deadline, or moves it.
   *
   * @param due milliseconds since the epoch; a time that is past means as soon as possible
   */
  public void set(Deadline deadline, long due) {
    assert home.loop().inLoop();
    if (deadline.index == Deadline.IDLE) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      deadline.index = size;
      heap[size++] = deadline;
    }
    deadline.due = due;
    deadline.number = numbers++;
    siftUp(deadline.index);
    siftDown(deadline.index);
    wakeAtFirst();
  }

  /** Calls a deadline off; nothing happens when it is not set. */
  public void clear(Deadline deadline) {
    int index = deadline.index;
    if (index == Deadline.IDLE) {
      return;
    }
    deadline.index = Deadline.IDLE;
    Deadline last = heap[--size];
    heap[size] = null;
    if (last != deadline) {
      heap[index] = last;
      last.index = index;
      siftUp(index);
      siftDown(last.index);
    }
    if (size == 0 && timer != null) {
      timer.cancel();
      timer = null;
      timerDue = Long.MAX_VALUE;
    }
  }

  /** When the first one is due, in milliseconds since the epoch; {@link Long#MAX_VALUE} if none. */
  public long first() {
    return size == 0 ? Long.MAX_VALUE : heap[0].due;
  }

  /** {@link #first}, asked once the home loop has nothing to do. Any other thread. */
  CompletionStage<Long> askFirst() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    home.execute(() -> answerAtRest(answer));
    return answer;
  }

  private void answerAtRest(CompletableFuture<Long> answer) {
    if (home.isAtRest()) {
      answer.complete(first());
    } else {
      home.execute(() -> answerAtRest(answer));
    }
  }

  /** Runs what is due now, some of it at least, on the home loop; any other thread. */
  void runNow() {
    home.execute(this::onTimer);
  }

  /** Deadlines that are set. */
  public int count() {
    return size;
  }

  private void wakeAtFirst() {
    if (running || size == 0 || heap[0].due >= timerDue) {
      return;
    }
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    timerDue = heap[0].due;
    long wait = Math.max(0, timerDue - clock.millis());
    if (wait == 0) {
      home.execute(this::onTimer);
    } else if (clock.runs()) {
      timer = home.schedule(this::onTimer, Math.min(LONGEST_WAIT, wait));
    }
  }

  private void onTimer() {
    timer = null;
    timerDue = Long.MAX_VALUE;
    runDue();
  }

  private void runDue() {
    running = true;
    try {
      long now = clock.millis();
      for (int i = 0; i < PER_TURN && size > 0 && heap[0].due <= now; i++) {
        Deadline next = heap[0];
        clear(next);
        next.run();
      }
    } finally {
      running = false;
      wakeAtFirst();
    }
  }

  private void siftUp(int start) {
    int index = start;
    Deadline moving = heap[index];
    while (index > 0) {
      int parent = (index - 1) >>> 1;
      if (!moving.isBefore(heap[parent])) {
        break;
      }
      place(heap[parent], index);
      index = parent;
    }
    place(moving, index);
  }

  private void siftDown(int start) {
    int index = start;
    Deadline moving = heap[index];
    while (2 * index + 1 < size) {
      int child = 2 * index + 1;
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(moving)) {
        break;
      }
      place(heap[child], index);
      index = child;
    }
    place(moving, index);
  }

  private void place(Deadline deadline, int index) {
    heap[index] = deadline;
    deadline.index = index;
  }
}
