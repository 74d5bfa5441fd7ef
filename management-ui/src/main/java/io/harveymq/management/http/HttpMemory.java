package io.harveymq.management.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory that requests take: bodies that come, answers that are not read yet, and how many
 * answers are made at a time. Owned by the HTTP server's event loop.
 */
public final class HttpMemory {
  private static final String KEY = "harvey.memory";

  /** Answers to GET that are made at a time; each may list everything there is. */
  private static final int MOST_ANSWERS = 8;

  /** An answer that is not ready by then gives up its place for another one. */
  private static final long PLACE_MILLIS = 30_000;

  private final long limit;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private long used;
  private int answers;

  /**
   * @param limit bytes that may be taken
   */
  public HttpMemory(long limit) {
    this.limit = limit;
  }

  /** That of the handler which has the request. */
  static HttpMemory of(RoutingContext context) {
    return context.get(KEY);
  }

  void serve(RoutingContext context) {
    context.put(KEY, this);
  }

  /**
   * Takes memory, all of it for one who is alone.
   *
   * @throws ApiException 503 when there is none
   */
  void take(long bytes) {
    if (!takeIfThere(bytes)) {
      throw ApiException.of(
          503, "service_unavailable", "other requests take all the memory that there is for them");
    }
  }

  /**
   * Takes memory, all of it for one who is alone.
   *
   * @return false when there is none
   */
  public boolean takeIfThere(long bytes) {
    if (used > 0 && used + bytes > limit) {
      return false;
    }
    used += bytes;
    return true;
  }

  /** What was taken is not needed any more. */
  public void giveBack(long bytes) {
    used -= bytes;
  }

  /** Runs something as soon as not too many answers are being made. */
  void whenPlace(Runnable making) {
    if (answers < MOST_ANSWERS) {
      answers++;
      making.run();
    } else {
      waiting.add(making);
    }
  }

  /** What gives the place of one answer back, once. */
  Runnable place(Vertx vertx) {
    AtomicBoolean held = new AtomicBoolean(true);
    long timer =
        vertx.setTimer(
            PLACE_MILLIS,
            late -> {
              if (held.getAndSet(false)) {
                leave();
              }
            });
    return () -> {
      if (held.getAndSet(false)) {
        vertx.cancelTimer(timer);
        leave();
      }
    };
  }

  private void leave() {
    Runnable next = waiting.poll();
    if (next == null) {
      answers--;
    } else {
      next.run();
    }
  }
}
