package io.harveymq.server.config;

import io.harveymq.auth.CachingBackend;
import io.harveymq.auth.HttpBackend;
import io.harveymq.auth.HttpBackendOptions;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.AuthChain;
import io.harveymq.broker.auth.InternalBackend;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads who checks logins and decides what users may do: {@code auth_backends}, {@code auth_http},
 * {@code auth_oauth2}, {@code auth_cache} and {@code auth_mechanisms}. Everything is checked when
 * it is read; nothing is asked over the network. Immutable; any thread.
 */
public final class AuthKeys {
  private static final long MAX_MILLIS = 600_000;
  private static final String INTERNAL = "internal";
  private static final List<String> MECHANISMS =
      List.of("PLAIN", "AMQPLAIN", "ANONYMOUS", "EXTERNAL");

  private final EffectiveConfig config;

  public AuthKeys(EffectiveConfig config) {
    this.config = config;
  }

  /** Makes a backend; the broker's own is given. */
  private interface Maker extends Function<InternalBackend, AuthBackend> {}

  /** One link, as it is configured. */
  private static final class Link {
    private ConfigEntry authn;
    private ConfigEntry authz;
  }

  /**
   * What makes the chain when the broker starts.
   *
   * @return null when only the broker's own users count
   */
  public Function<InternalBackend, List<AuthChain.Step>> chain() throws UsageException {
    Map<Long, Link> links = links();
    boolean onlyInternal =
        links.values().stream().allMatch(link -> isInternal(link.authn) && isInternal(link.authz));
    if (onlyInternal) {
      return null;
    }
    Map<String, AuthBackend> made = new LinkedHashMap<>();
    List<Maker[]> makers = new ArrayList<>();
    for (Link link : links.values()) {
      makers.add(new Maker[] {maker(link.authn, made), maker(link.authz, made)});
    }
    return internal ->
        makers.stream()
            .map(both -> new AuthChain.Step(both[0].apply(internal), both[1].apply(internal)))
            .toList();
  }

  private static boolean isInternal(ConfigEntry entry) {
    return plain(entry.value()).equals(INTERNAL);
  }

  /** RabbitMQ takes short names and those of its modules. */
  private static String plain(String name) {
    return name.startsWith("rabbit_auth_backend_")
        ? name.substring("rabbit_auth_backend_".length())
        : name;
  }

  private Map<Long, Link> links() throws UsageException {
    Map<Long, Link> links = new TreeMap<>();
    for (ConfigEntry entry : config.family(ConfigKey.AUTH_BACKENDS)) {
      String[] parts = entry.member(ConfigKey.AUTH_BACKENDS).split("\\.", -1);
      String part = parts.length == 2 ? parts[1] : "";
      boolean known = part.isEmpty() || part.equals("authn") || part.equals("authz");
      if (!parts[0].matches("[0-9]{1,9}") || parts.length > 2 || !known) {
        throw entry.broken("is no known key; use auth_backends.1, auth_backends.1.authn or .authz");
      }
      Link link = links.computeIfAbsent(Long.parseLong(parts[0]), number -> new Link());
      if (!part.equals("authz")) {
        link.authn = only(link.authn, entry);
      }
      if (!part.equals("authn")) {
        link.authz = only(link.authz, entry);
      }
    }
    for (Link link : links.values()) {
      link.authn = link.authn == null ? link.authz : link.authn;
      link.authz = link.authz == null ? link.authn : link.authz;
    }
    return links;
  }

  private static ConfigEntry only(ConfigEntry before, ConfigEntry entry) throws UsageException {
    if (before != null) {
      throw entry.broken("gives a backend that is given already");
    }
    return entry;
  }

  private Maker maker(ConfigEntry entry, Map<String, AuthBackend> made) throws UsageException {
    String name = plain(entry.value());
    switch (name) {
      case INTERNAL -> {
        return internal -> internal;
      }
      case "http" -> {
        AuthBackend http = made.containsKey(name) ? made.get(name) : new HttpBackend(http());
        made.put(name, http);
        return internal -> http;
      }
      case "oauth2" -> {
        AuthBackend oauth =
            made.containsKey(name) ? made.get(name) : new OAuthKeys(config).backend();
        made.put(name, oauth);
        return internal -> oauth;
      }
      case "cache" -> {
        return cache(entry, made);
      }
      default ->
          throw entry.broken(
              "must be one of internal, http, oauth2, cache"
                  + (name.equals("ldap") ? "; LDAP is not supported" : ""));
    }
  }

  // ---- the web service

  private HttpBackendOptions http() throws UsageException {
    Map<String, ConfigEntry> members = members(ConfigKey.AUTH_HTTP);
    ConfigEntry method = members.remove("http_method");
    ConfigEntry authorities = members.remove("ssl_options.cacertfile");
    long timeout =
        millis(members.remove("request_timeout"), HttpBackendOptions.DEFAULT_TIMEOUT.toMillis());
    long connect = millis(members.remove("connection_timeout"), timeout);
    HttpBackendOptions.Paths paths =
        new HttpBackendOptions.Paths(
            uri(members, "user"),
            uri(members, "vhost"),
            uri(members, "resource"),
            uri(members, "topic"));
    rejectOthers(members);
    boolean post = method != null && Values.word(method, "get", "post").equals("post");
    try {
      return new HttpBackendOptions(
          post,
          paths,
          Duration.ofMillis(connect),
          Duration.ofMillis(timeout),
          authorities == null ? null : file(authorities));
    } catch (IllegalArgumentException unusable) {
      throw authorities.broken(unusable.getMessage());
    }
  }

  private static long millis(ConfigEntry entry, long otherwise) throws UsageException {
    return entry == null ? otherwise : Values.integer(entry, 1, MAX_MILLIS);
  }

  private static URI uri(Map<String, ConfigEntry> members, String what) throws UsageException {
    ConfigEntry entry = members.remove(what + "_path");
    return entry == null ? URI.create("http://localhost:8000/auth/" + what) : uri(entry);
  }

  static URI uri(ConfigEntry entry) throws UsageException {
    try {
      URI uri = URI.create(entry.value());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // told below, as an address of another kind is
    }
    throw entry.broken("must be an address such as https://auth.example.com/user");
  }

  static Path file(ConfigEntry entry) throws UsageException {
    Path path = Path.of(Values.text(entry));
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw entry.broken("must be a file that can be read");
    }
    return path;
  }

  // ---- the cache

  private Maker cache(ConfigEntry link, Map<String, AuthBackend> made) throws UsageException {
    Map<String, ConfigEntry> members = members(ConfigKey.AUTH_CACHE);
    ConfigEntry both = members.remove("cached_backend");
    ConfigEntry authn = members.remove("cached_backend.authn");
    ConfigEntry authz = members.remove("cached_backend.authz");
    ConfigEntry ttl = members.remove("cache_ttl");
    ConfigEntry refusals = members.remove("cache_refusals");
    members.remove("cache_module");
    rejectOthers(members);
    if (both != null && (authn != null || authz != null)) {
      throw both.broken("gives a backend that is given already");
    }
    ConfigEntry first = authn == null ? both == null ? authz : both : authn;
    ConfigEntry second = authz == null ? both == null ? authn : both : authz;
    if (first == null) {
      throw link.broken("needs auth_cache.cached_backend");
    }
    if (plain(first.value()).equals("cache") || plain(second.value()).equals("cache")) {
      throw first.broken("must be one of internal, http, oauth2");
    }
    Maker logins = maker(first, made);
    Maker rights = maker(second, made);
    CachingBackend.Options options =
        new CachingBackend.Options(
            ttl == null ? CachingBackend.DEFAULT_TTL : Values.integer(ttl, 0, Integer.MAX_VALUE),
            refusals != null && Values.flag(refusals),
            System::currentTimeMillis);
    return internal -> {
      AuthBackend known = made.get("cache");
      if (known == null) {
        known = new CachingBackend(logins.apply(internal), rights.apply(internal), options);
        made.put("cache", known);
      }
      return known;
    };
  }

  // ---- mechanisms

  /**
   * The SASL mechanisms that are offered.
   *
   * @return null when nobody says
   */
  public Set<String> mechanisms() throws UsageException {
    Set<String> names = new LinkedHashSet<>();
    for (ConfigEntry entry : config.family(ConfigKey.AUTH_MECHANISMS)) {
      if (entry.source() != Source.DEFAULT) {
        names.add(Values.word(entry, MECHANISMS.toArray(new String[0])));
      }
    }
    boolean said = !names.isEmpty();
    if (refusesAnonymous()) {
      names.addAll(said ? List.of() : List.of("PLAIN", "AMQPLAIN"));
      names.remove("ANONYMOUS");
      said = true;
    }
    return said ? names : null;
  }

  private boolean refusesAnonymous() {
    ConfigEntry user = config.entry(ConfigKey.ANONYMOUS_LOGIN_USER);
    if (!user.value().equals("guest") && !user.value().equals("none")) {
      config
          .notices()
          .warn(user.label() + ": anonymous clients are guest, or are refused with none");
    }
    return user.value().equals("none");
  }

  // ---- families

  private Map<String, ConfigEntry> members(ConfigKey family) {
    return members(config, family);
  }

  /** What is given of a family, by the names behind its key. */
  static Map<String, ConfigEntry> members(EffectiveConfig config, ConfigKey family) {
    Map<String, ConfigEntry> members = new LinkedHashMap<>();
    for (ConfigEntry entry : config.family(family)) {
      if (!entry.member(family).isEmpty()) {
        members.put(entry.member(family), entry);
      }
    }
    return members;
  }

  static void rejectOthers(Map<String, ConfigEntry> left) throws UsageException {
    for (ConfigEntry entry : left.values()) {
      throw entry.broken("is not supported");
    }
  }
}
