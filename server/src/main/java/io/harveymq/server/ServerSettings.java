package io.harveymq.server;

import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.FirstStart;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.Transport;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one run of the launcher was asked to do, with every rule checked. Immutable; any thread.
 *
 * @param broker what the broker is started with
 * @param dataDir where data is kept, need not exist; null to keep none
 * @param acceptLoss whether a damaged journal is no reason not to start
 * @param logLevel the least severe level that is written
 */
record ServerSettings(BrokerConfig broker, Path dataDir, boolean acceptLoss, LogLevel logLevel) {
  private static final String NOBODY = "none";
  private static final int MAX_PORT = 65_535;
  private static final int MAX_EVENT_LOOPS = 256;
  private static final double MIN_MEMORY_SHARE = 0.05;
  private static final double MAX_MEMORY_SHARE = 0.8;

  /**
   * Reads the arguments of {@code harvey server}.
   *
   * @throws UsageException with the first rule that is broken, and what was given
   */
  static ServerSettings of(String... arguments) throws UsageException {
    Map<ServerOption, String> given = ServerOption.parse(List.of(arguments));
    Path dataDir = isOn(given, ServerOption.MEMORY) ? null : dataDir(given);
    BrokerConfig.Builder broker =
        BrokerConfig.builder()
            .amqpPort(integer(given, ServerOption.AMQP_PORT, 0, MAX_PORT))
            .bindAddress(notBlank(given, ServerOption.BIND))
            .eventLoops(integer(given, ServerOption.EVENT_LOOPS, 1, MAX_EVENT_LOOPS))
            .transport(choice(given, ServerOption.TRANSPORT, Transport.class))
            .memoryShare(memoryShare(given))
            .diskFreeLimit(limit(given, ServerOption.DISK_FREE_LIMIT))
            .consumerTimeout(integer(given, ServerOption.CONSUMER_TIMEOUT, 0, Integer.MAX_VALUE))
            .eventExchange(isOn(given, ServerOption.EVENT_EXCHANGE))
            .compatibility(compatibility(given))
            .firstStart(firstStart(given))
            .loopbackUsers(loopbackUsers(given));
    if (dataDir != null) {
      broker.freeDiskSpace(new FreeDiskSpace(dataDir));
    }
    ServerOption watermark = ServerOption.MEMORY_HIGH_WATERMARK;
    if (!given.get(watermark).equals(watermark.defaultValue())) {
      broker.memoryHighWatermark(limit(given, watermark));
    }
    return new ServerSettings(
        broker.build(),
        dataDir,
        isOn(given, ServerOption.ACCEPT_LOSS),
        choice(given, ServerOption.LOG_LEVEL, LogLevel.class));
  }

  private static Compatibility compatibility(Map<ServerOption, String> given)
      throws UsageException {
    try {
      return Compatibility.profile(given.get(ServerOption.COMPATIBILITY));
    } catch (IllegalArgumentException unknown) {
      throw broken(
          given,
          ServerOption.COMPATIBILITY,
          "must be one of " + String.join(", ", Compatibility.PROFILES));
    }
  }

  private static FirstStart firstStart(Map<ServerOption, String> given) throws UsageException {
    return new FirstStart(
        notBlank(given, ServerOption.DEFAULT_USER),
        notBlank(given, ServerOption.DEFAULT_PASS),
        notBlank(given, ServerOption.DEFAULT_VHOST));
  }

  /** The names between commas; none at all if that is what is said. */
  private static Set<String> loopbackUsers(Map<ServerOption, String> given) throws UsageException {
    String names = notBlank(given, ServerOption.LOOPBACK_USERS);
    return names.equals(NOBODY)
        ? Set.of()
        : Arrays.stream(names.split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
  }

  private static boolean isOn(Map<ServerOption, String> given, ServerOption option) {
    return given.get(option).equals(ServerOption.ON);
  }

  private static ResourceLimit limit(Map<ServerOption, String> given, ServerOption option)
      throws UsageException {
    try {
      return ResourceLimit.parse(given.get(option));
    } catch (IllegalArgumentException broken) {
      throw broken(given, option, "must be a part such as 0.4 or a size such as 512MiB");
    }
  }

  private static int integer(
      Map<ServerOption, String> given, ServerOption option, int least, int most)
      throws UsageException {
    try {
      int value = Integer.parseInt(given.get(option));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below, as a number out of range is
    }
    throw broken(given, option, "must be between " + least + " and " + most);
  }

  private static double memoryShare(Map<ServerOption, String> given) throws UsageException {
    try {
      double value = Double.parseDouble(given.get(ServerOption.MEMORY_SHARE));
      if (value >= MIN_MEMORY_SHARE && value <= MAX_MEMORY_SHARE) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below, as a number out of range is
    }
    throw broken(
        given,
        ServerOption.MEMORY_SHARE,
        "must be between " + MIN_MEMORY_SHARE + " and " + MAX_MEMORY_SHARE);
  }

  private static <E extends Enum<E>> E choice(
      Map<ServerOption, String> given, ServerOption option, Class<E> type) throws UsageException {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      if (word.equals(given.get(option))) {
        return constant;
      }
      words.add(word);
    }
    throw broken(given, option, "must be one of " + String.join(", ", words));
  }

  private static String notBlank(Map<ServerOption, String> given, ServerOption option)
      throws UsageException {
    if (given.get(option).isBlank()) {
      throw broken(given, option, "must not be empty");
    }
    return given.get(option);
  }

  private static Path dataDir(Map<ServerOption, String> given) throws UsageException {
    try {
      return Path.of(notBlank(given, ServerOption.DATA_DIR));
    } catch (InvalidPathException e) {
      throw broken(given, ServerOption.DATA_DIR, "must be the path of a directory");
    }
  }

  private static UsageException broken(
      Map<ServerOption, String> given, ServerOption option, String rule) {
    return new UsageException("%s %s, got '%s'".formatted(option.flag(), rule, given.get(option)));
  }
}
