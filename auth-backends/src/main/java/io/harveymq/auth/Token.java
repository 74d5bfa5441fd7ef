package io.harveymq.auth;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a token says whose signature is good: RabbitMQ's rabbit_auth_backend_oauth2 reads the same
 * claims in the same order. Immutable; any thread.
 *
 * @param user the name; null when no claim has one
 * @param expiresAt seconds since the epoch; {@link Long#MAX_VALUE} for never
 */
record Token(String user, Scopes scopes, long expiresAt) {
  private static final int MOST_SCOPES = 2_048;
  private static final long NOT_BEFORE_SKEW_SECONDS = 60;
  private static final String SCOPE = "scope";

  /**
   * Reads the claims.
   *
   * @param now seconds since the epoch
   * @throws TokenException when the token is not for this broker, or not for this time
   */
  static Token read(Map<String, Object> claims, OAuthOptions options, long now)
      throws TokenException {
    checkAudience(claims, options);
    if (claims.get("nbf") instanceof Number notBefore
        && notBefore.longValue() > now + NOT_BEFORE_SKEW_SECONDS) {
      throw new TokenException(
          "\"Provided JWT token is not valid before timestamp " + notBefore.longValue() + "\"");
    }
    Token token =
        new Token(user(claims, options), new Scopes(scopes(claims, options)), expiry(claims));
    token.checkExpiry(now);
    return token;
  }

  private static long expiry(Map<String, Object> claims) throws TokenException {
    Object expiry = claims.get("exp");
    if (expiry == null) {
      return Long.MAX_VALUE;
    }
    if (expiry instanceof Number number) {
      return number.longValue();
    }
    throw new TokenException(
        "\"Provided JWT token has an invalid exp claim: value is not a number\"");
  }

  /**
   * Checks that the token has not expired.
   *
   * @param now seconds since the epoch
   * @throws TokenException with RabbitMQ's text, as Erlang prints it
   */
  void checkExpiry(long now) throws TokenException {
    if (expiresAt <= now) {
      throw new TokenException(
          "\"Provided JWT token has expired at timestamp "
              + expiresAt
              + " (validated at "
              + now
              + ")\"");
    }
  }

  private static void checkAudience(Map<String, Object> claims, OAuthOptions options)
      throws TokenException {
    String wanted = options.resourceServerId();
    if (!options.verifyAudience() || wanted.isEmpty()) {
      return;
    }
    List<String> audience = texts(claims.get("aud"));
    if (!audience.contains(wanted)) {
      throw new TokenException(
          "{invalid_aud,{resource_id_not_found_in_aud,<<\"" + wanted + "\">>," + audience + "}}");
    }
  }

  private static String user(Map<String, Object> claims, OAuthOptions options) {
    List<String> candidates = new ArrayList<>(options.preferredUsernameClaims());
    candidates.add("sub");
    candidates.add("client_id");
    for (String candidate : candidates) {
      if (claims.get(candidate) instanceof String name && !name.isEmpty()) {
        return name;
      }
    }
    return null;
  }

  // ---- scopes

  private static List<String> scopes(Map<String, Object> claims, OAuthOptions options)
      throws TokenException {
    OAuthOptions.ScopeRules rules = options.scopes();
    Set<String> all = new LinkedHashSet<>(texts(claims.get(SCOPE)));
    collect(claims, List.of("authorization", "permissions", "scopes"), options, all);
    for (String key : rules.additionalKeys()) {
      if (claims.containsKey(key)) {
        addScopes(claims.get(key), options, all);
      } else {
        collect(claims, List.of(key.split("\\.")), options, all);
      }
    }
    List.copyOf(all).forEach(scope -> all.addAll(rules.aliases().getOrDefault(scope, List.of())));
    List<String> meant =
        all.stream()
            .filter(scope -> scope.startsWith(rules.prefix()))
            .map(scope -> scope.substring(rules.prefix().length()))
            .toList();
    if (meant.size() > MOST_SCOPES) {
      throw new TokenException("{error,too_many_scopes}");
    }
    return meant;
  }

  /** Follows a path through objects and lists of objects. */
  private static void collect(
      Object value, List<String> path, OAuthOptions options, Set<String> into) {
    if (value instanceof Collection<?> list) {
      list.forEach(element -> collect(element, path, options, into));
    } else if (value instanceof Map<?, ?> object) {
      Object next = object.get(path.get(0));
      if (path.size() == 1) {
        addScopes(next, options, into);
      } else {
        collect(next, path.subList(1, path.size()), options, into);
      }
    }
  }

  private static void addScopes(Object value, OAuthOptions options, Set<String> into) {
    if (value instanceof Map<?, ?> byServer) {
      String server = options.resourceServerId();
      texts(byServer.get(server)).forEach(scope -> into.add(server + "." + scope));
    } else {
      into.addAll(texts(value));
    }
  }

  /** The words of a text, or the texts of a list. */
  private static List<String> texts(Object value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof String text) {
      for (String word : text.split(" ")) {
        if (!word.isEmpty()) {
          texts.add(word);
        }
      }
    } else if (value instanceof Collection<?> list) {
      list.stream().filter(String.class::isInstance).forEach(text -> texts.add((String) text));
    }
    return texts;
  }
}
