package io.harveymq.server.config;

import io.harveymq.broker.FirstStart;
import io.harveymq.broker.VhostDefaults;
import io.harveymq.broker.auth.ErlangPattern;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.policy.PolicyException;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.codec.FieldTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

/**
 * Reads what new virtual hosts get: {@code default_limits.vhosts}, {@code
 * default_policies.operator} and {@code default_users}, with the settings and bounds of RabbitMQ's
 * rabbit.schema. Groups are taken in the order of their names, as RabbitMQ does. Used once, by one
 * thread.
 */
public final class VhostDefaultKeys {
  private static final String EVERYTHING = ".*";
  private static final int LONGEST_NAME = 255;
  private static final long MOST = 999_999_999_999L;
  private static final List<String> LIMITS = List.of("pattern", "max_connections", "max_queues");
  private static final List<String> USERS =
      List.of("vhost_pattern", "tags", "password", "configure", "read", "write");
  private static final List<String> DURATIONS = List.of("expires", "message_ttl");
  private static final List<String> BYTES = List.of("max_length_bytes", "max_in_memory_bytes");
  private static final List<String> NUMBERS =
      List.of("max_length", "max_in_memory_length", "delivery_limit");
  private static final String QUEUE_VERSION = "classic_queues.queue_version";
  private static final List<String> POLICIES =
      List.of(
          "vhost_pattern",
          "queue_pattern",
          "apply_to",
          "expires",
          "message_ttl",
          "max_length",
          "max_length_bytes",
          "max_in_memory_length",
          "max_in_memory_bytes",
          "delivery_limit",
          QUEUE_VERSION);

  /** Of mirrored queues, which there are none of. */
  private static final List<String> OF_MIRRORS =
      List.of("classic_queues.ha_mode", "classic_queues.ha_params", "classic_queues.ha_sync_mode");

  private final EffectiveConfig config;

  public VhostDefaultKeys(EffectiveConfig config) {
    this.config = config;
  }

  /**
   * Reads all.
   *
   * @throws UsageException for a value that is not allowed
   */
  public VhostDefaults read() throws UsageException {
    VhostDefaults defaults = VhostDefaults.NONE;
    for (Map<String, ConfigEntry> group : groups(ConfigKey.DEFAULT_LIMITS, LIMITS).values()) {
      VhostLimits limits =
          new VhostLimits(limit(group.get("max_connections")), limit(group.get("max_queues")));
      defaults = defaults.withLimits(pattern(group.get("pattern")), limits);
    }
    for (var group : groups(ConfigKey.DEFAULT_OPERATOR_POLICIES, POLICIES).entrySet()) {
      Policy policy = policy(group.getKey(), group.getValue());
      if (policy != null) {
        String vhosts = pattern(group.getValue().get("vhost_pattern"));
        defaults = defaults.withOperatorPolicy(vhosts, policy);
      }
    }
    for (var group : groups(ConfigKey.DEFAULT_USERS, USERS).entrySet()) {
      Map<String, ConfigEntry> given = group.getValue();
      defaults =
          defaults.withUser(
              pattern(given.get("vhost_pattern")),
              user(group.getKey(), given),
              new FirstStart.Patterns(
                  pattern(given.get("configure")),
                  pattern(given.get("write")),
                  pattern(given.get("read"))));
    }
    return defaults;
  }

  /** What is given, by the name of its group and then by the setting. */
  private Map<String, Map<String, ConfigEntry>> groups(ConfigKey family, List<String> settings) {
    Map<String, Map<String, ConfigEntry>> groups = new TreeMap<>();
    for (ConfigEntry entry : config.family(family)) {
      if (entry.source() == Source.DEFAULT) {
        continue;
      }
      String setting = setting(entry, family, settings);
      if (setting != null) {
        String member = entry.member(family);
        String name = member.substring(0, member.length() - setting.length() - 1);
        groups.computeIfAbsent(name, made -> new LinkedHashMap<>()).put(setting, entry);
      }
    }
    return groups;
  }

  /** The setting that a key ends with; null, and told, when it is passed over. */
  private String setting(ConfigEntry entry, ConfigKey family, List<String> settings) {
    String known = ending(entry.member(family), settings);
    boolean ofMirrors =
        family == ConfigKey.DEFAULT_OPERATOR_POLICIES
            && ending(entry.member(family), OF_MIRRORS) != null;
    if (ofMirrors) {
      config.notices().remark(entry.label() + " is without effect in Harvey");
    } else if (known == null) {
      config
          .notices()
          .warn(
              entry.label()
                  + " is not a key that Harvey knows; it is passed over (behind "
                  + family.key()
                  + " and a name there may be "
                  + String.join(", ", settings)
                  + ")");
    }
    return known;
  }

  private static String ending(String member, List<String> settings) {
    return settings.stream()
        .filter(one -> member.endsWith("." + one) && member.length() > one.length() + 1)
        .findFirst()
        .orElse(null);
  }

  /** A regular expression; everything, if nothing is given. */
  private static String pattern(ConfigEntry entry) throws UsageException {
    if (entry == null) {
      return EVERYTHING;
    }
    try {
      if (!entry.value().isEmpty()) {
        ErlangPattern.compile(entry.value());
        return entry.value();
      }
    } catch (PatternSyntaxException malformed) {
      throw entry.broken(
          "must be a regular expression, and this one is not: " + malformed.getDescription());
    }
    throw entry.broken("must be a regular expression, such as .* for everything");
  }

  private static int limit(ConfigEntry entry) throws UsageException {
    return entry == null ? VhostLimits.UNSET : (int) Values.integer(entry, 1, Integer.MAX_VALUE);
  }

  // ---- operator policies

  /** The policy, or null when all that is said in it is without effect. */
  private Policy policy(String name, Map<String, ConfigEntry> given) throws UsageException {
    FieldTable.Builder definition = FieldTable.builder();
    ConfigEntry first = given.values().iterator().next();
    boolean isEmpty = true;
    for (String setting : POLICIES) {
      ConfigEntry entry = given.get(setting);
      Long value = entry == null ? null : value(setting, entry);
      if (value != null) {
        String key = setting.substring(setting.indexOf('.') + 1).replace('_', '-');
        definition.put(key, value.longValue());
        isEmpty = false;
      }
    }
    String queues = pattern(given.get("queue_pattern"));
    ApplyTo applyTo = applyTo(given.get("apply_to"));
    if (isEmpty) {
      if (hasMirrorKeys(name)) {
        return null;
      }
      throw first.broken(
          "is for a policy that sets nothing; give it something to set, such as "
              + ConfigKey.DEFAULT_OPERATOR_POLICIES.key()
              + "."
              + name
              + ".max_length");
    }
    try {
      return Policy.operator(name, queues, applyTo, 0, definition.build());
    } catch (PolicyException refused) {
      throw first.broken("is for a policy that cannot be: " + refused.getMessage());
    }
  }

  private boolean hasMirrorKeys(String name) {
    ConfigKey family = ConfigKey.DEFAULT_OPERATOR_POLICIES;
    return config.family(family).stream()
        .map(entry -> entry.member(family))
        .anyMatch(member -> OF_MIRRORS.stream().anyMatch(one -> member.equals(name + "." + one)));
  }

  /** What is set, or null for a setting that is no part of the definition. */
  private static Long value(String setting, ConfigEntry entry) throws UsageException {
    if (DURATIONS.contains(setting)) {
      return Values.duration(entry, setting.equals("expires") ? 1 : 0, MOST);
    }
    if (BYTES.contains(setting)) {
      return Values.bytes(entry, 1, MOST);
    }
    if (NUMBERS.contains(setting)) {
      return Values.integer(entry, 1, MOST);
    }
    return setting.equals(QUEUE_VERSION) ? Values.integer(entry, 1, 2) : null;
  }

  private static ApplyTo applyTo(ConfigEntry entry) throws UsageException {
    if (entry == null) {
      return ApplyTo.ALL;
    }
    String[] names =
        Arrays.stream(ApplyTo.values()).map(ApplyTo::protocolName).toArray(String[]::new);
    return ApplyTo.of(Values.word(entry, names));
  }

  // ---- users

  private static User user(String name, Map<String, ConfigEntry> given) throws UsageException {
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw given
          .values()
          .iterator()
          .next()
          .broken("is for a user whose name is too long; it may have " + LONGEST_NAME + " bytes");
    }
    ConfigEntry password = given.get("password");
    boolean none = password == null || password.value().isEmpty();
    return new User(
        name,
        none ? PasswordHash.NONE : PasswordHash.of(password.value()),
        tags(given.get("tags")),
        UserLimits.NONE);
  }

  private static List<String> tags(ConfigEntry entry) throws UsageException {
    if (entry == null) {
      return List.of();
    }
    List<String> tags =
        Arrays.stream(entry.value().split(","))
            .map(String::strip)
            .filter(tag -> !tag.isEmpty())
            .toList();
    if (tags.stream().anyMatch(tag -> tag.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME)) {
      throw entry.broken("must be tags of " + LONGEST_NAME + " bytes at most, with commas between");
    }
    return tags;
  }
}
