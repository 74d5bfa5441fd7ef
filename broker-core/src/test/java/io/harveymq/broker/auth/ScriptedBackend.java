package io.harveymq.broker.auth;

import io.harveymq.broker.TestBroker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A backend that answers when the test does, in the order of the questions. */
public final class ScriptedBackend implements AuthBackend {
  private final ArrayDeque<CompletableFuture<Answer>> logins = new ArrayDeque<>();
  private final ArrayDeque<CompletableFuture<Decision>> decisions = new ArrayDeque<>();
  private final ArrayDeque<CompletableFuture<Authoriser.Renewal>> renewals = new ArrayDeque<>();
  private final List<AccessQuestion> asked = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>();
  private final Rights rights = new Rights();
  private long expiresAt = Long.MAX_VALUE;

  /** Makes it the only backend of a broker. */
  public ScriptedBackend serve(TestBroker broker) {
    broker
        .access()
        .logins(new AuthChain(List.of(AuthChain.Step.of(this)), () -> broker.access().rules()));
    return this;
  }

  @Override
  public String name() {
    return "rabbit_auth_backend_scripted";
  }

  @Override
  public CompletionStage<Answer> authenticate(Credentials credentials) {
    secrets.add(credentials.password());
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    logins.add(answer);
    return answer;
  }

  @Override
  public CompletionStage<Answer> authorise(Credentials credentials) {
    return authenticate(credentials);
  }

  /** When decisions of logins to come expire, in milliseconds of Unix time. */
  public ScriptedBackend expiringAt(long millis) {
    expiresAt = millis;
    return this;
  }

  /** Lets in who waits longest. */
  public void accept(String user, String... tags) {
    logins.remove().complete(Answer.known(user, List.of(tags), rights));
  }

  /** Refuses who waits longest. */
  public void refuse(String reason) {
    logins.remove().complete(Answer.refused(reason));
  }

  /** Fails to answer who waits longest. */
  public void fail(RuntimeException failure) {
    logins.remove().completeExceptionally(failure);
  }

  /** Answers the question that waits longest. */
  public void answer(Decision decision) {
    decisions.remove().complete(decision);
  }

  /** Takes the new secret that waits longest. */
  public void renew() {
    renewals.remove().complete(Authoriser.Renewal.with(rights));
  }

  /** Refuses the new secret that waits longest. */
  public void refuseRenewal(String reason) {
    renewals.remove().complete(Authoriser.Renewal.refused(reason));
  }

  /** What was asked since the last call. */
  public List<AccessQuestion> takeAsked() {
    List<AccessQuestion> all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  /** The passwords and secrets that were shown. */
  public List<String> secrets() {
    return secrets;
  }

  private final class Rights implements Authoriser {
    @Override
    public CompletionStage<Decision> decide(Identity who, AccessQuestion question) {
      asked.add(question);
      CompletableFuture<Decision> decision = new CompletableFuture<>();
      decisions.add(decision);
      return decision;
    }

    @Override
    public boolean canExpire() {
      return true;
    }

    @Override
    public long expiresAt() {
      return expiresAt;
    }

    @Override
    public CompletionStage<Renewal> renew(String secret) {
      secrets.add(secret);
      CompletableFuture<Renewal> renewal = new CompletableFuture<>();
      renewals.add(renewal);
      return renewal;
    }
  }
}
