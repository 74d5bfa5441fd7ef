package io.harveymq.auth;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How tokens are checked and read: RabbitMQ's {@code auth_oauth2.*}. Immutable; any thread.
 *
 * @param resourceServerId what the audience of a token has to name; empty for anything
 * @param verifyAudience whether that is checked
 * @param scopes where scopes are and what they mean
 * @param preferredUsernameClaims claims that may hold the name, before sub and client_id
 * @param keys what signatures are checked by
 * @param clock the time in milliseconds since the epoch
 */
public record OAuthOptions(
    String resourceServerId,
    boolean verifyAudience,
    ScopeRules scopes,
    List<String> preferredUsernameClaims,
    Keys keys,
    LongSupplier clock) {
  /** Takes copies of the lists. */
  public OAuthOptions {
    preferredUsernameClaims = List.copyOf(preferredUsernameClaims);
  }

  /**
   * Where scopes are and what they mean.
   *
   * @param prefix what a scope has to begin with, and is cut off; empty for all scopes
   * @param additionalKeys claims with scopes besides {@code scope}, as paths with dots
   * @param aliases scopes by other names for them
   */
  public record ScopeRules(
      String prefix, List<String> additionalKeys, Map<String, List<String>> aliases) {
    public ScopeRules {
      additionalKeys = List.copyOf(additionalKeys);
      aliases = Map.copyOf(aliases);
    }
  }

  /**
   * What signatures are checked by.
   *
   * @param pem keys or certificates in PEM by their name
   * @param defaultKey the name for tokens that name none; empty for no such tokens
   * @param keySet where a provider has its keys; null for nowhere
   * @param issuer whose discovery document says where the keys are; null for none
   * @param algorithms the only ones allowed; empty for all that fit a key
   * @param authorities a file with certificates in PEM to trust; null for those of the JVM
   */
  public record Keys(
      Map<String, String> pem,
      String defaultKey,
      URI keySet,
      URI issuer,
      List<String> algorithms,
      Path authorities) {
    public Keys {
      pem = Map.copyOf(pem);
      algorithms = List.copyOf(algorithms);
    }
  }
}
