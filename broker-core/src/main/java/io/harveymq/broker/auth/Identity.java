package io.harveymq.broker.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Somebody who has logged in: a name, tags, and those who decide what it may do, all of whom have
 * to agree. Immutable; any thread.
 */
public final class Identity {
  private final String name;
  private final List<String> tags;
  private final List<Authoriser> authorisers;
  private final boolean internal;

  /**
   * @param authorisers none for somebody who may do everything
   */
  public Identity(String name, List<String> tags, List<Authoriser> authorisers) {
    this.name = Objects.requireNonNull(name, "name");
    this.tags = List.copyOf(tags);
    this.authorisers = List.copyOf(authorisers);
    this.internal = authorisers.stream().allMatch(Authoriser::isInternal);
  }

  public String name() {
    return name;
  }

  /** What it may do beyond messaging; see {@link User#tags}. */
  public List<String> tags() {
    return tags;
  }

  public boolean hasTag(String tag) {
    return tags.contains(tag);
  }

  /** Whether only the broker's own permissions count, which are read from {@link AccessRules}. */
  public boolean isInternal() {
    return internal;
  }

  /** Whether decisions change with time, or by a new secret. */
  public boolean canExpire() {
    return authorisers.stream().anyMatch(Authoriser::canExpire);
  }

  /** When decisions become refusals, in milliseconds of Unix time. */
  public long expiresAt() {
    return authorisers.stream().mapToLong(Authoriser::expiresAt).min().orElse(Long.MAX_VALUE);
  }

  /**
   * Asks everybody who has a say, one after the other, up to the first who refuses.
   *
   * @return never completed exceptionally: a fault is a refusal
   */
  public CompletionStage<Decision> may(AccessQuestion question) {
    CompletionStage<Decision> decision = CompletableFuture.completedFuture(Decision.ALLOWED);
    for (Authoriser authoriser : authorisers) {
      decision =
          decision.thenCompose(
              before ->
                  before.isAllowed()
                      ? authoriser.decide(this, question)
                      : CompletableFuture.completedFuture(before));
    }
    return decision.exceptionally(failure -> Decision.error("of its own", "internal_error"));
  }

  /** What came of a new secret: the identity from now on, or a refusal. */
  public CompletionStage<LoginAnswer> renew(String secret) {
    CompletionStage<Renewed> renewed =
        CompletableFuture.completedFuture(new Renewed(new ArrayList<>(), null));
    for (Authoriser authoriser : authorisers) {
      renewed =
          renewed.thenCompose(
              before ->
                  before.refusal != null
                      ? CompletableFuture.completedFuture(before)
                      : authoriser.renew(secret).thenApply(before::with));
    }
    return renewed
        .thenApply(
            all ->
                all.refusal == null
                    ? LoginAnswer.accepted(new Identity(name, tags, all.authorisers))
                    : LoginAnswer.refused(all.refusal))
        .exceptionally(failure -> LoginAnswer.refused("internal error: " + failure));
  }

  private record Renewed(List<Authoriser> authorisers, String refusal) {
    Renewed with(Authoriser.Renewal renewal) {
      if (renewal.refusal() != null) {
        return new Renewed(authorisers, renewal.refusal());
      }
      authorisers.add(renewal.authoriser());
      return this;
    }
  }

  @Override
  public String toString() {
    return "user '" + name + "'";
  }
}
