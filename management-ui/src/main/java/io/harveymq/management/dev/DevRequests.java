package io.harveymq.management.dev;

import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import java.util.concurrent.CompletionException;

/** What the requests for numbered things have in common. Any thread. */
final class DevRequests {
  private DevRequests() {}

  /** The number in a path. */
  static long id(ApiRequest request) {
    try {
      return Long.parseLong(request.path("id"));
    } catch (NumberFormatException none) {
      throw ApiException.notFound();
    }
  }

  /** What can't be, as an answer that says so. */
  static <T> T orRefused(T done, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof IllegalArgumentException) {
      throw ApiException.badRequest(cause.getMessage());
    } else if (cause != null) {
      throw new CompletionException(cause);
    }
    return done;
  }
}
