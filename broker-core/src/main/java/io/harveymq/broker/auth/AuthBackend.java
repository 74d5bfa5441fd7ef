package io.harveymq.broker.auth;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Knows users, or what they may do: RabbitMQ's authentication and authorisation backends. Called on
 * any thread, event loops included, so it must never wait; stages may be completed by any thread.
 */
public interface AuthBackend {
  /** RabbitMQ's name for it, such as {@code rabbit_auth_backend_internal}. */
  String name();

  /**
   * Finds out whether the credentials are good.
   *
   * @return never completed exceptionally
   */
  CompletionStage<Answer> authenticate(Credentials credentials);

  /**
   * Prepares to decide what somebody may do whom another backend let in.
   *
   * @param credentials what was shown, with the name as that other backend knows it
   * @return never completed exceptionally
   */
  CompletionStage<Answer> authorise(Credentials credentials);

  /**
   * Whether it has to be asked for rights in its own words when it let somebody in; RabbitMQ's
   * cache is like that.
   */
  default boolean separatesRights() {
    return false;
  }

  /**
   * What came of it.
   *
   * @param user the name from now on
   * @param refusal why not, for the log; null for a success
   */
  record Answer(String user, List<String> tags, Authoriser authoriser, String refusal) {
    public static Answer known(String user, List<String> tags, Authoriser authoriser) {
      return new Answer(user, List.copyOf(tags), authoriser, null);
    }

    public static Answer refused(String reason) {
      return new Answer(null, List.of(), null, reason);
    }
  }
}
