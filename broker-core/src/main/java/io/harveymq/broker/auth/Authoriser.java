package io.harveymq.broker.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides what one user may do who has logged in: a backend with what it knows of that login.
 * Called on any thread, event loops included, so it must never wait; stages may be completed by any
 * thread.
 */
public interface Authoriser {
  /**
   * Decides.
   *
   * @param who the user with all tags
   * @return never completed exceptionally; what goes wrong is a {@link Decision} with an error
   */
  CompletionStage<Decision> decide(Identity who, AccessQuestion question);

  /** Whether it goes by the broker's own users and permissions. */
  default boolean isInternal() {
    return false;
  }

  /** Whether decisions change with time, or by a new secret. */
  default boolean canExpire() {
    return false;
  }

  /** When all its decisions become refusals, in milliseconds of Unix time. */
  default long expiresAt() {
    return Long.MAX_VALUE;
  }

  /**
   * Takes a new secret in place of that of the login (connection.update-secret).
   *
   * @return what to ask from now on; never completed exceptionally
   */
  default CompletionStage<Renewal> renew(String secret) {
    return CompletableFuture.completedFuture(Renewal.with(this));
  }

  /**
   * What came of a new secret.
   *
   * @param authoriser null when it was refused
   * @param refusal why, for the log; null when it was taken
   */
  record Renewal(Authoriser authoriser, String refusal) {
    public static Renewal with(Authoriser authoriser) {
      return new Renewal(authoriser, null);
    }

    public static Renewal refused(String reason) {
      return new Renewal(null, reason);
    }
  }
}
