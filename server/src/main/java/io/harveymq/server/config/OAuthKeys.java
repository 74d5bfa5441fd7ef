package io.harveymq.server.config;

import io.harveymq.auth.OAuthBackend;
import io.harveymq.auth.OAuthOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code auth_oauth2}. Used once, by one thread. */
final class OAuthKeys {
  private static final String ALIASES = "scope_aliases.";

  private final Map<String, ConfigEntry> members;
  private final Notices notices;

  OAuthKeys(EffectiveConfig config) {
    this.notices = config.notices();
    this.members = AuthKeys.members(config, ConfigKey.AUTH_OAUTH2);
  }

  OAuthBackend backend() throws UsageException {
    String server = text("resource_server_id", "");
    if (server.isEmpty()) {
      notices.warn(
          "auth_oauth2.resource_server_id is not set: every token of the issuer counts, whatever"
              + " it was made for");
    }
    ConfigEntry verify = members.remove("verify_aud");
    boolean verifies = verify == null || Values.flag(verify);
    String prefix = text("scope_prefix", server.isEmpty() ? "" : server + ".");
    List<String> more = words(text("additional_scopes_key", ""));
    OAuthOptions.ScopeRules scopes = new OAuthOptions.ScopeRules(prefix, more, aliases());
    List<String> claims = new ArrayList<>();
    take("preferred_username_claims.").values().forEach(entry -> claims.add(entry.value()));
    OAuthOptions.Keys keys = keys();
    ConfigEntry any = members.isEmpty() ? null : members.values().iterator().next();
    if (any != null) {
      throw any.broken("is not supported");
    }
    try {
      return new OAuthBackend(
          new OAuthOptions(server, verifies, scopes, claims, keys, System::currentTimeMillis));
    } catch (IllegalArgumentException unusable) {
      throw new ConfigException("auth_oauth2: " + unusable.getMessage());
    }
  }

  private String text(String name, String otherwise) {
    ConfigEntry entry = members.remove(name);
    return entry == null ? otherwise : entry.value();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  /** Takes out what begins so, by what is behind it. */
  private Map<String, ConfigEntry> take(String start) {
    Map<String, ConfigEntry> taken = new LinkedHashMap<>();
    members.forEach(
        (name, entry) -> {
          if (name.startsWith(start)) {
            taken.put(name.substring(start.length()), entry);
          }
        });
    taken.keySet().forEach(name -> members.remove(start + name));
    return taken;
  }

  /** Of the form name = scopes, or with a number, an alias and a scope. */
  private Map<String, List<String>> aliases() throws UsageException {
    Map<String, List<String>> aliases = new HashMap<>();
    Map<String, ConfigEntry> given = take(ALIASES);
    for (Map.Entry<String, ConfigEntry> one : given.entrySet()) {
      String name = one.getKey();
      if (name.endsWith(".scope")) {
        continue;
      }
      String number = name.endsWith(".alias") ? name.substring(0, name.indexOf(".alias")) : null;
      ConfigEntry scope = number == null ? one.getValue() : given.get(number + ".scope");
      if (scope == null) {
        throw one.getValue().broken("needs auth_oauth2." + ALIASES + number + ".scope");
      }
      aliases.put(number == null ? name : one.getValue().value(), words(scope.value()));
    }
    return aliases;
  }

  private OAuthOptions.Keys keys() throws UsageException {
    Map<String, String> pem = new HashMap<>();
    for (Map.Entry<String, ConfigEntry> one : take("signing_keys.").entrySet()) {
      try {
        pem.put(one.getKey(), Files.readString(AuthKeys.file(one.getValue())));
      } catch (IOException unreadable) {
        throw one.getValue().broken("must be a file that can be read");
      }
    }
    URI keySet = provider("jwks_url");
    URI jwks = provider("jwks_uri");
    URI issuer = provider("issuer");
    ConfigEntry authorities = members.remove("https.cacertfile");
    checkPeerVerification();
    List<String> algorithms = new ArrayList<>();
    for (ConfigEntry entry : take("algorithms.").values()) {
      algorithms.add(
          Values.word(
              entry, "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384",
              "PS512", "ES256", "ES384", "ES512"));
    }
    if (pem.isEmpty() && keySet == null && jwks == null && issuer == null) {
      throw new ConfigException(
          "the backend oauth2 needs auth_oauth2.signing_keys, auth_oauth2.jwks_url or"
              + " auth_oauth2.issuer");
    }
    return new OAuthOptions.Keys(
        pem,
        text("default_key", ""),
        keySet == null ? jwks : keySet,
        issuer,
        algorithms,
        authorities == null ? null : AuthKeys.file(authorities));
  }

  /** Keys are worth as much as the way on which they come. */
  private URI provider(String name) throws UsageException {
    ConfigEntry entry = members.remove(name);
    if (entry == null) {
      return null;
    }
    URI uri = AuthKeys.uri(entry);
    if (!OAuthBackend.isSafeProvider(uri)) {
      throw entry.broken("must be an https address");
    }
    return uri;
  }

  private void checkPeerVerification() throws UsageException {
    ConfigEntry entry = members.remove("https.peer_verification");
    ConfigEntry shortForm = members.remove("https.verify");
    ConfigEntry given = entry == null ? shortForm : entry;
    if (given != null && !given.value().equals("verify_peer")) {
      throw given.broken(
          "must be verify_peer; to trust a provider of your own, give auth_oauth2.https.cacertfile");
    }
    members.remove("https.hostname_verification");
    members.remove("https.depth");
    members.remove("https.fail_if_no_peer_cert");
    members.remove("https.crl_check");
  }
}
