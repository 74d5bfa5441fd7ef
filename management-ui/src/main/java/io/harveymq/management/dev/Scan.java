package io.harveymq.management.dev;

import io.harveymq.codec.Content;
import io.harveymq.management.http.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Goes through messages that may be many, a part at a time, until enough are found, none is left,
 * the client has gone, or it has taken long enough; what is left is gone on with from where it
 * stopped. Contents are compared on a thread that may take its time. One for each question.
 */
final class Scan<T> {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** Bytes of messages from which on no more are found. */
  private static final long MOST_BYTES = 4 << 20;

  /** What is gone through. */
  interface Source<T> {
    /**
     * Some messages.
     *
     * @param from as {@link #cursor} or a part tells it; null for the beginning
     */
    CompletionStage<Part<T>> part(String from);

    /** Where one goes on behind a message. */
    String cursor(T behind);

    /** Bytes of a message. */
    int size(T message);
  }

  /**
   * Some messages in their order.
   *
   * @param next where one goes on; null at the end
   */
  record Part<T>(List<T> some, String next) {}

  /**
   * What was found.
   *
   * @param looked at, how many
   * @param next where one goes on; null at the end
   */
  record Found<T>(List<T> some, long looked, String next) {}

  private final ApiRequest request;
  private final Source<T> source;
  private final Predicate<T> filter;
  private final int limit;
  private final long end;
  private final List<T> found = new ArrayList<>();
  private final CompletableFuture<Found<T>> answer = new CompletableFuture<>();
  private long looked;
  private long bytes;

  /**
   * @param limit from 1 on: how many are enough
   */
  Scan(ApiRequest request, Source<T> source, Predicate<T> filter, int limit) {
    this(request, source, filter, limit, System.nanoTime() + LONGEST_NANOS);
  }

  /**
   * @param end when the time is over, by the machine's nanoseconds
   */
  Scan(ApiRequest request, Source<T> source, Predicate<T> filter, int limit, long end) {
    this.request = request;
    this.source = source;
    this.filter = filter;
    this.limit = limit;
    this.end = end;
  }

  /** Searched for in key, headers and body; an empty text is in all of them. */
  static <T> Predicate<T> containing(String text, Function<T, Content> content) {
    String wanted = MessageFilter.lower(text);
    if (wanted == null) {
      return one -> true;
    }
    return one -> {
      Content message = content.apply(one);
      return message != null && MessageFilter.text(message).contains(wanted);
    };
  }

  /** Begins; once for each object. */
  CompletionStage<Found<T>> from(String begin) {
    step(begin);
    return answer;
  }

  private void step(String from) {
    source
        .part(from)
        .thenCompose(part -> request.waiting(() -> look(part)))
        .whenComplete(
            (next, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              } else if (next == null || isEnough() || isOver(request, end)) {
                answer.complete(new Found<>(found, looked, next));
              } else {
                step(next);
              }
            });
  }

  /**
   * Whether there is no time left for a question, or nobody who waits for the answer.
   *
   * @param end when the time is over, by the machine's nanoseconds
   */
  static boolean isOver(ApiRequest request, long end) {
    return System.nanoTime() > end || request.context().response().closed();
  }

  private boolean isEnough() {
    return found.size() >= limit || bytes >= MOST_BYTES;
  }

  /** Where to go on; null at the end. */
  private String look(Part<T> part) {
    List<T> some = part.some();
    for (int i = 0; i < some.size(); i++) {
      looked++;
      if (filter.test(some.get(i))) {
        found.add(some.get(i));
        bytes += source.size(some.get(i));
        if (isEnough() && i + 1 < some.size()) {
          return source.cursor(some.get(i));
        }
      }
    }
    return part.next();
  }
}
