package io.harveymq.broker.auth;

import io.harveymq.broker.LogText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks logins by the configured backends, one after the other until one lets the user in
 * (rabbit_access_control:check_user_login). Any thread.
 */
public final class AuthChain {
  private static final Logger LOG = LoggerFactory.getLogger(AuthChain.class);

  /**
   * A link of the chain.
   *
   * @param authentication checks the credentials
   * @param authorisation decides what the user may do; null for the same backend
   */
  public record Step(AuthBackend authentication, AuthBackend authorisation) {
    public static Step of(AuthBackend both) {
      return new Step(both, null);
    }
  }

  private final List<Step> steps;
  private final Supplier<AccessRules> rules;
  private final FailedLogins failures;

  /**
   * @param rules says who may log in from this machine only
   */
  public AuthChain(List<Step> steps, Supplier<AccessRules> rules) {
    this(List.copyOf(steps), rules, null);
  }

  private AuthChain(List<Step> steps, Supplier<AccessRules> rules, FailedLogins failures) {
    this.steps = steps;
    this.rules = rules;
    this.failures = failures;
  }

  /** The same, but slower for who failed too often. */
  public AuthChain slowedBy(FailedLogins counted) {
    return new AuthChain(steps, rules, counted);
  }

  /**
   * Checks a login.
   *
   * @return completed already when no backend has to ask elsewhere and nobody is slowed down; never
   *     exceptionally
   */
  public CompletionStage<LoginAnswer> login(Credentials credentials) {
    return failures == null
        ? check(credentials)
        : failures.login(credentials, () -> check(credentials));
  }

  private CompletionStage<LoginAnswer> check(Credentials credentials) {
    CompletionStage<LoginAnswer> answer =
        CompletableFuture.completedFuture(
            LoginAnswer.refused("No modules checked '" + credentials.user() + "'"));
    for (Step step : steps) {
      answer =
          answer.thenCompose(
              before ->
                  before.isAccepted()
                      ? CompletableFuture.completedFuture(before)
                      : attempt(step, credentials));
    }
    return answer
        .thenApply(given -> fromWhereAllowed(given, credentials))
        .exceptionally(failure -> failed(credentials, failure));
  }

  private static CompletionStage<LoginAnswer> attempt(Step step, Credentials credentials) {
    AuthBackend first = step.authentication;
    return first
        .authenticate(credentials)
        .thenCompose(
            known -> {
              if (known.refusal() != null) {
                return CompletableFuture.completedFuture(LoginAnswer.refused(known.refusal()));
              }
              boolean same = step.authorisation == null || step.authorisation == first;
              if (same && !first.separatesRights()) {
                return CompletableFuture.completedFuture(
                    accepted(known, known.tags(), known.authoriser()));
              }
              return authorised(same ? first : step.authorisation, known, credentials);
            });
  }

  private static CompletionStage<LoginAnswer> authorised(
      AuthBackend backend, AuthBackend.Answer known, Credentials credentials) {
    return backend
        .authorise(credentials.named(known.user()))
        .thenApply(
            rights -> {
              if (rights.refusal() != null) {
                return LoginAnswer.refused(rights.refusal());
              }
              List<String> tags = new ArrayList<>(known.tags());
              rights.tags().stream().filter(tag -> !tags.contains(tag)).forEach(tags::add);
              return accepted(known, tags, rights.authoriser());
            });
  }

  private static LoginAnswer accepted(
      AuthBackend.Answer known, List<String> tags, Authoriser authoriser) {
    return LoginAnswer.accepted(new Identity(known.user(), tags, List.of(authoriser)));
  }

  private LoginAnswer fromWhereAllowed(LoginAnswer answer, Credentials credentials) {
    if (!answer.isAccepted()
        || credentials.isFromLoopback()
        || !rules.get().isLoopbackOnly(answer.identity().name())) {
      return answer;
    }
    return LoginAnswer.refused(
        "user '" + answer.identity().name() + "' " + LoginOutcome.LOOPBACK_ONLY.text());
  }

  /** The same words as RabbitMQ's; what went wrong is for the log only. */
  private static LoginAnswer failed(Credentials credentials, Throwable failure) {
    LOG.error(
        "a backend failed to check a login of user '{}'", LogText.of(credentials.user()), failure);
    return LoginAnswer.refused(
        "User '" + credentials.user() + "' authentication failed with internal error");
  }
}
