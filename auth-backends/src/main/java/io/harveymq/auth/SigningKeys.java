package io.harveymq.auth;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens are checked by: those of the configuration, and those of a provider, which
 * is asked when a token names a key that is not known, but not more often than every ten seconds.
 * Any thread.
 */
final class SigningKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(8);
  private static final int LARGEST_ANSWER = 1 << 20;
  private static final long LEAST_BETWEEN_MILLIS = 10_000;

  private final OAuthOptions.Keys options;
  private final LongSupplier clock;
  private final Map<String, JWK> configured = new HashMap<>();
  private final WebClient client;
  private volatile Map<String, JWK> ofProvider = Map.of();
  private CompletableFuture<Void> fetching;
  private long fetched = Long.MIN_VALUE;

  /**
   * @throws IllegalArgumentException when a key can't be read
   */
  SigningKeys(OAuthOptions.Keys options, LongSupplier clock) {
    this.options = options;
    this.clock = clock;
    options.pem().forEach((name, pem) -> configured.put(name, PemKeys.read(name, pem)));
    this.client =
        options.keySet() == null && options.issuer() == null
            ? null
            : new WebClient(
                "harvey-auth-oauth2", TIMEOUT, TIMEOUT, LARGEST_ANSWER, options.authorities());
  }

  /**
   * The key with this name.
   *
   * @return completed with null when there is none; never exceptionally
   */
  CompletableFuture<JWK> find(String name) {
    JWK known = known(name);
    if (known != null || client == null) {
      return CompletableFuture.completedFuture(known);
    }
    return fetch().thenApply(done -> known(name));
  }

  private JWK known(String name) {
    JWK key = configured.get(name);
    return key == null ? ofProvider.get(name) : key;
  }

  private synchronized CompletableFuture<Void> fetch() {
    if (fetching != null && !fetching.isDone()) {
      return fetching;
    }
    long now = clock.getAsLong();
    if (fetched != Long.MIN_VALUE && now - fetched < LEAST_BETWEEN_MILLIS) {
      return CompletableFuture.completedFuture(null);
    }
    fetched = now;
    CompletableFuture<URI> where =
        options.keySet() == null
            ? get(discovery(options.issuer())).thenApply(SigningKeys::keySetOf)
            : CompletableFuture.completedFuture(options.keySet());
    fetching =
        where
            .thenCompose(this::get)
            .thenAccept(this::take)
            .exceptionally(
                failure -> {
                  LOG.error("the keys of the OAuth 2 provider can't be read: {}", cause(failure));
                  return null;
                });
    return fetching;
  }

  private static URI discovery(URI issuer) {
    String base = issuer.toString();
    return URI.create(
        (base.endsWith("/") ? base : base + "/") + ".well-known/openid-configuration");
  }

  private CompletableFuture<String> get(URI uri) {
    if (!isSafe(uri)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException(uri + " is not an https address"));
    }
    return client
        .get(uri)
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                throw new IllegalStateException(uri + ": " + WebClient.reason(failure, uri));
              }
              if (answer.status() != 200) {
                throw new IllegalStateException(uri + " answered " + answer.status());
              }
              return answer.body();
            });
  }

  /** Keys that somebody on the way could exchange are worth nothing. */
  static boolean isSafe(URI uri) {
    String host = String.valueOf(uri.getHost());
    return "https".equals(uri.getScheme())
        || "http".equals(uri.getScheme())
            && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
  }

  private static URI keySetOf(String discovered) {
    try {
      String uri = JSONObjectUtils.getString(JSONObjectUtils.parse(discovered), "jwks_uri");
      if (uri != null) {
        return URI.create(uri);
      }
    } catch (ParseException | IllegalArgumentException broken) {
      // told below, as a missing one is
    }
    throw new IllegalStateException("the discovery document has no jwks_uri");
  }

  private void take(String keySet) {
    try {
      Map<String, JWK> keys = new HashMap<>();
      for (JWK key : JWKSet.parse(keySet).getKeys()) {
        if (key.getKeyID() != null) {
          keys.put(key.getKeyID(), key);
        }
      }
      ofProvider = Map.copyOf(keys);
    } catch (ParseException broken) {
      throw new IllegalStateException("the key set is malformed", broken);
    }
  }

  private static String cause(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getMessage();
  }
}
