package io.harveymq.broker.auth;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The broker's own users and permissions, as a backend; it always answers at once. Any thread.
 *
 * <p>Where nobody else has a say, connections read the permissions from their loop's snapshot and
 * don't ask here.
 */
public final class InternalBackend implements AuthBackend {
  public static final String NAME = "rabbit_auth_backend_internal";

  private final Supplier<AccessRules> rules;
  private final Authoriser authoriser = new Permissions();

  /**
   * @param rules what holds now; any thread
   */
  public InternalBackend(Supplier<AccessRules> rules) {
    this.rules = rules;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletionStage<Answer> authenticate(Credentials credentials) {
    return CompletableFuture.completedFuture(check(credentials, rules.get()));
  }

  @Override
  public CompletionStage<Answer> authorise(Credentials credentials) {
    return authenticate(credentials.proven());
  }

  private Answer check(Credentials credentials, AccessRules now) {
    String name = credentials.user();
    User user = now.user(name);
    boolean proven =
        credentials.password() == null
            ? user != null
            : now.login(name, credentials.password(), true) == LoginOutcome.ACCEPTED;
    if (!proven) {
      return Answer.refused("user '" + name + "' " + LoginOutcome.WRONG_CREDENTIALS.text());
    }
    return Answer.known(name, user.tags(), authoriser);
  }

  /** Somebody whose rights are the broker's own permissions. */
  public Identity identity(String name, List<String> tags) {
    return new Identity(name, tags, List.of(authoriser));
  }

  /** Decides by permissions. */
  private final class Permissions implements Authoriser {
    @Override
    public CompletionStage<Decision> decide(Identity who, AccessQuestion question) {
      return CompletableFuture.completedFuture(
          Decision.of(isAllowed(who.name(), question, rules.get())));
    }

    private boolean isAllowed(String user, AccessQuestion question, AccessRules now) {
      if (question instanceof AccessQuestion.Resource resource) {
        ErlangPattern pattern = now.pattern(user, resource.vhost(), resource.right());
        return pattern != null && pattern.matches(resource.name());
      }
      if (question instanceof AccessQuestion.Topic topic) {
        return now.allowsTopic(
            user, topic.vhost(), topic.exchange(), topic.right(), topic.routingKey());
      }
      return now.mayUse(user, question.vhost());
    }

    @Override
    public boolean isInternal() {
      return true;
    }
  }
}
