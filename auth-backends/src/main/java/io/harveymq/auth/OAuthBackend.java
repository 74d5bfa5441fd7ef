package io.harveymq.auth;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.Authoriser;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Takes signed tokens for passwords and decides by their scopes: RabbitMQ's
 * rabbit_auth_backend_oauth2. Any thread.
 */
public final class OAuthBackend implements AuthBackend {
  public static final String NAME = "rabbit_auth_backend_oauth2";

  private static final long MILLIS = 1_000;
  private static final String FAILED = "Authentication using an OAuth 2/JWT token failed: ";

  private final OAuthOptions options;
  private final TokenVerifier verifier;

  /**
   * Nothing is asked before somebody logs in.
   *
   * @throws IllegalArgumentException when a key can't be read
   */
  public OAuthBackend(OAuthOptions options) {
    this.options = options;
    this.verifier =
        new TokenVerifier(options.keys(), new SigningKeys(options.keys(), options.clock()));
  }

  /** Whether keys may be fetched there: by https, or on this machine. */
  public static boolean isSafeProvider(URI uri) {
    return SigningKeys.isSafe(uri);
  }

  @Override
  public String name() {
    return NAME;
  }

  private long now() {
    return options.clock().getAsLong() / MILLIS;
  }

  @Override
  public CompletionStage<Answer> authenticate(Credentials credentials) {
    return read(credentials.password())
        .handle(
            (token, failure) -> {
              if (failure != null) {
                return Answer.refused(FAILED + reason(failure));
              }
              String user = token.user() == null ? "unknown" : token.user();
              return Answer.known(user, token.scopes().tags(), new Rights(token));
            });
  }

  @Override
  public CompletionStage<Answer> authorise(Credentials credentials) {
    return authenticate(credentials);
  }

  private CompletableFuture<Token> read(String text) {
    return verifier
        .verify(text)
        .thenApply(
            claims -> {
              try {
                return Token.read(claims, options, now());
              } catch (TokenException refused) {
                throw new CompletionException(refused);
              }
            });
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof TokenException ? cause.getMessage() : "internal error";
  }

  /** Decides by a token. */
  private final class Rights implements Authoriser {
    private final Token token;

    Rights(Token token) {
      this.token = token;
    }

    @Override
    public CompletionStage<Decision> decide(Identity who, AccessQuestion question) {
      return CompletableFuture.completedFuture(decision(question));
    }

    private Decision decision(AccessQuestion question) {
      try {
        token.checkExpiry(now());
      } catch (TokenException expired) {
        return Decision.error(NAME, expired.getMessage());
      }
      return Decision.of(token.scopes().allow(question));
    }

    @Override
    public boolean canExpire() {
      return true;
    }

    @Override
    public long expiresAt() {
      return token.expiresAt() > Long.MAX_VALUE / MILLIS
          ? Long.MAX_VALUE
          : token.expiresAt() * MILLIS;
    }

    /** As later versions of RabbitMQ, it takes a token of the same user only. */
    @Override
    public CompletionStage<Renewal> renew(String secret) {
      return read(secret)
          .handle(
              (renewed, failure) -> {
                if (failure != null) {
                  return Renewal.refused(FAILED + reason(failure));
                }
                boolean same =
                    token.user() == null
                        ? renewed.user() == null
                        : token.user().equals(renewed.user());
                return same
                    ? Renewal.with(new Rights(renewed))
                    : Renewal.refused("Not allowed to change username on refreshed token");
              });
    }
  }
}
