package io.harveymq.server.config;

import io.harveymq.broker.ResourceLimit;
import io.harveymq.server.log.LogLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads settings as what they mean. Each method throws a {@link UsageException} for a value that is
 * not allowed, which says where it comes from, and what is allowed. Stateless; any thread.
 */
public final class Values {
  private static final String INFINITY = "infinity";
  private static final List<String> YES = List.of("true", "on", "yes");
  private static final List<String> NO = List.of("false", "off", "no");

  private static final Pattern DURATION =
      Pattern.compile("[0-9]{1,12}|([0-9]{1,12}(\\.[0-9]{1,6})?(ms|[fwdhms]))+");
  private static final Pattern DURATION_PART =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)(ms|[fwdhms]|)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "ms", 1L,
          "s", 1_000L,
          "m", 60_000L,
          "h", 3_600_000L,
          "d", 86_400_000L,
          "w", 604_800_000L,
          "f", 1_209_600_000L);

  private Values() {}

  /** A whole number within bounds, which are allowed themselves. */
  public static long integer(ConfigEntry entry, long least, long most) throws UsageException {
    try {
      long value = Long.parseLong(entry.value());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below, as a number out of range is
    }
    throw entry.broken("must be between " + least + " and " + most);
  }

  /** A whole number, or -1 for {@code infinity}. */
  public static int limit(ConfigEntry entry) throws UsageException {
    if (entry.value().equals(INFINITY)) {
      return -1;
    }
    try {
      int value = Integer.parseInt(entry.value());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below, as a negative one is
    }
    throw entry.broken("must be a number, 0 or more, or " + INFINITY);
  }

  /** A number within bounds. */
  public static double decimal(ConfigEntry entry, double least, double most) throws UsageException {
    try {
      double value = Double.parseDouble(entry.value());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below, as a number out of range is
    }
    throw entry.broken("must be between " + least + " and " + most);
  }

  /** A number of bytes, for which units may be used: KB, MB and GB are powers of 1,024 here. */
  public static long bytes(ConfigEntry entry, long least, long most) throws UsageException {
    Matcher matcher =
        Pattern.compile("([0-9]{1,12})([kmg]i?b?)?")
            .matcher(entry.value().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      int power = matcher.group(2) == null ? 0 : "kmg".indexOf(matcher.group(2).charAt(0)) + 1;
      long units = Long.parseLong(matcher.group(1));
      if (units <= most >> 10 * power && units << 10 * power >= least) {
        return units << 10 * power;
      }
    }
    throw entry.broken("must be a number of bytes between " + least + " and " + most);
  }

  /**
   * A time in milliseconds: a number of them, or numbers with units, such as 1h30m; the units are
   * ms, s, m, h, d, w and f, a fortnight.
   */
  public static long duration(ConfigEntry entry, long least, long most) throws UsageException {
    double millis = -1;
    if (DURATION.matcher(entry.value()).matches()) {
      millis = 0;
      Matcher part = DURATION_PART.matcher(entry.value());
      while (part.find()) {
        String unit = part.group(2).isEmpty() ? "ms" : part.group(2);
        millis += Double.parseDouble(part.group(1)) * UNITS.get(unit);
      }
    }
    if (millis >= least && millis <= most) {
      return (long) Math.ceil(millis);
    }
    throw entry.broken(
        "must be a number of milliseconds between "
            + least
            + " and "
            + most
            + ", or a time such as 30s or 1h");
  }

  /** Whether something is switched on. */
  public static boolean flag(ConfigEntry entry) throws UsageException {
    if (YES.contains(entry.value())) {
      return true;
    }
    if (NO.contains(entry.value())) {
      return false;
    }
    throw entry.broken("must be true or false");
  }

  /** A limit in bytes, or as a part of the largest heap. */
  public static ResourceLimit resourceLimit(ConfigEntry entry) throws UsageException {
    try {
      return ResourceLimit.parse(entry.value());
    } catch (IllegalArgumentException broken) {
      throw entry.broken("must be a part such as 0.4 or a size such as 512MiB");
    }
  }

  /** RabbitMQ's limits with a key for each kind: relative, which wins, and absolute. */
  public static ResourceLimit resourceLimit(List<ConfigEntry> family, ConfigKey key)
      throws UsageException {
    ResourceLimit limit = null;
    for (ConfigEntry entry : family) {
      switch (entry.member(key)) {
        case "relative" -> {
          return ResourceLimit.relative(decimal(entry, 0, 1_000));
        }
        case "absolute" -> limit = absolute(entry);
        case "" -> limit = resourceLimit(entry);
        default ->
            throw entry.broken("is no known limit; use " + key.key() + ".relative or .absolute");
      }
    }
    return limit;
  }

  private static ResourceLimit absolute(ConfigEntry entry) throws UsageException {
    try {
      if (entry.value().indexOf('.') < 0) {
        return ResourceLimit.parse(entry.value());
      }
    } catch (IllegalArgumentException broken) {
      // told below, as a relative one is
    }
    throw entry.broken("must be a size such as 512MiB or 2GB");
  }

  /** One of a few words. */
  public static String word(ConfigEntry entry, String... words) throws UsageException {
    if (!Arrays.asList(words).contains(entry.value())) {
      throw entry.broken("must be one of " + String.join(", ", words));
    }
    return entry.value();
  }

  /** A constant by its name in small letters. */
  public static <E extends Enum<E>> E constant(ConfigEntry entry, Class<E> type)
      throws UsageException {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(entry.value())) {
        return constant;
      }
    }
    String[] words =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
    throw entry.broken("must be one of " + String.join(", ", words));
  }

  /** A level of the log in Harvey's or RabbitMQ's words. */
  public static LogLevel logLevel(ConfigEntry entry) throws UsageException {
    return switch (entry.value()) {
      case "debug" -> LogLevel.DEBUG;
      case "info" -> LogLevel.INFO;
      case "notice", "warn", "warning" -> LogLevel.WARN;
      case "error", "critical", "alert", "emergency" -> LogLevel.ERROR;
      case "none" -> LogLevel.NONE;
      default ->
          throw entry.broken("must be one of debug, info, notice, warning, error, critical, none");
    };
  }

  /** Some text. */
  public static String text(ConfigEntry entry) throws UsageException {
    if (entry.value().isBlank()) {
      throw entry.broken("must not be empty");
    }
    return entry.value();
  }

  /** The names of a family that are switched on; none when its bare key says {@code none}. */
  public static List<String> names(List<ConfigEntry> family, ConfigKey key) throws UsageException {
    List<String> names = new ArrayList<>();
    for (ConfigEntry entry : family) {
      String member = entry.member(key);
      if (!member.isEmpty()) {
        names.addAll(flag(entry) ? List.of(member) : List.of());
      } else if (text(entry).equals("none")) {
        return Collections.emptyList();
      } else {
        for (String name : entry.value().split(",")) {
          names.addAll(name.isBlank() ? List.of() : List.of(name.strip()));
        }
      }
    }
    return names;
  }
}
