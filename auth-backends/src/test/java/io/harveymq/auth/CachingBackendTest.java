package io.harveymq.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.Authoriser;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered, and how long. */
class CachingBackendTest {
  private final AtomicLong now = new AtomicLong();
  private final Counting asked = new Counting();

  /** Lets in whose password is {@code right}; counts. */
  private static final class Counting implements AuthBackend, Authoriser {
    private int logins;
    private int decisions;
    private Decision decision = Decision.ALLOWED;
    private boolean expires;
    private boolean internal;

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public CompletionStage<Answer> authenticate(Credentials credentials) {
      logins++;
      return CompletableFuture.completedFuture(
          credentials.password().equals("right")
              ? Answer.known(credentials.user(), List.of("management"), this)
              : Answer.refused("wrong"));
    }

    @Override
    public CompletionStage<Answer> authorise(Credentials credentials) {
      return authenticate(credentials);
    }

    @Override
    public CompletionStage<Decision> decide(Identity who, AccessQuestion question) {
      decisions++;
      return CompletableFuture.completedFuture(decision);
    }

    @Override
    public boolean isInternal() {
      return internal;
    }

    @Override
    public boolean canExpire() {
      return expires;
    }

    @Override
    public CompletionStage<Renewal> renew(String secret) {
      return CompletableFuture.completedFuture(Renewal.refused(secret));
    }
  }

  @Test
  void tokensAreLookedAtEachTimeAndCanBeRenewed() {
    CachingBackend cache = cache(true);
    asked.expires = true;
    login(cache, "right");
    login(cache, "right");
    assertThat(asked.logins).isEqualTo(2);
    assertThat(decide(cache).isAllowed()).isTrue();
    asked.decision = Decision.error("counting", "expired");
    assertThat(decide(cache).isAllowed()).isFalse();
    Authoriser rights = authorise(cache);
    assertThat(rights.canExpire()).isTrue();
    assertThat(rights.renew("worse").toCompletableFuture().join().refusal()).isEqualTo("worse");
  }

  @Test
  void theBrokersOwnPermissionsHoldAtOnce() {
    CachingBackend cache = cache(true);
    asked.internal = true;
    assertThat(authorise(cache).isInternal()).isTrue();
    login(cache, "right");
    login(cache, "right");
    assertThat(asked.logins).isEqualTo(3);
  }

  private CachingBackend cache(boolean refusals) {
    return new CachingBackend(asked, asked, new CachingBackend.Options(15_000, refusals, now::get));
  }

  private static AuthBackend.Answer login(CachingBackend cache, String password) {
    return cache
        .authenticate(new Credentials("alice", password, "", true))
        .toCompletableFuture()
        .join();
  }

  @Test
  void aLoginIsRememberedForItsTimeAndNoLonger() {
    CachingBackend cache = cache(false);
    assertThat(login(cache, "right").refusal()).isNull();
    now.set(14_999);
    assertThat(login(cache, "right").tags()).containsExactly("management");
    assertThat(asked.logins).isEqualTo(1);
    now.set(15_000);
    login(cache, "right");
    assertThat(asked.logins).isEqualTo(2);
  }

  @Test
  void anotherPasswordIsAnotherLogin() {
    CachingBackend cache = cache(true);
    login(cache, "right");
    assertThat(login(cache, "guessed").refusal()).isEqualTo("wrong");
    assertThat(asked.logins).isEqualTo(2);
  }

  @Test
  void refusalsAreRememberedOnRequestOnly() {
    CachingBackend cache = cache(false);
    login(cache, "wrong");
    login(cache, "wrong");
    assertThat(asked.logins).isEqualTo(2);
    CachingBackend remembering = cache(true);
    login(remembering, "wrong");
    login(remembering, "wrong");
    assertThat(asked.logins).isEqualTo(3);
  }

  private static Authoriser authorise(CachingBackend cache) {
    return cache
        .authorise(new Credentials("alice", "right", "", true))
        .toCompletableFuture()
        .join()
        .authoriser();
  }

  private Decision decide(CachingBackend cache) {
    Authoriser rights = authorise(cache);
    Identity who = new Identity("alice", List.of(), List.of(rights));
    return who.may(new AccessQuestion.Vhost("/", "")).toCompletableFuture().join();
  }

  @Test
  void decisionsAreRememberedButErrorsAreNot() {
    CachingBackend cache = cache(true);
    asked.decision = Decision.error("counting", "timeout");
    decide(cache);
    assertThat(decide(cache).isAllowed()).isFalse();
    assertThat(asked.decisions).isEqualTo(2);
    asked.decision = Decision.ALLOWED;
    decide(cache);
    asked.decision = Decision.DENIED;
    assertThat(decide(cache).isAllowed()).isTrue();
    now.set(15_000);
    assertThat(decide(cache).isAllowed()).isFalse();
  }

  @Test
  void whatIsOverGoesAndThereIsALimit() {
    CachingBackend cache = cache(true);
    for (int i = 0; i < 10_010; i++) {
      login(cache, "guess " + i);
    }
    assertThat(cache.size()).isEqualTo(10_000);
    now.set(15_000);
    login(cache, "right");
    assertThat(cache.size()).isEqualTo(1);
  }
}
