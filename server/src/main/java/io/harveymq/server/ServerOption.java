package io.harveymq.server;

import io.harveymq.server.config.ConfigEntry;
import io.harveymq.server.config.ConfigKey;
import io.harveymq.server.config.EditDistance;
import io.harveymq.server.config.Source;
import io.harveymq.server.config.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The options of {@code harvey server}, in the order of the help. An option is given as {@code
 * --name VALUE} or {@code --name=VALUE}; of one given twice the last counts. Immutable; any thread.
 */
enum ServerOption {
  CONFIG("--config", "FILE", null, "a rabbitmq.conf, with conf.d beside it"),
  DEFINITIONS("--definitions", "FILE", ConfigKey.LOAD_DEFINITIONS, "definitions to import"),
  AMQP_PORT(
      "--amqp-port", "PORT", ConfigKey.LISTENERS_TCP, "port for AMQP clients, 0 for a free one"),
  BIND("--bind", "ADDRESS", ConfigKey.BIND, "address to listen on; 0.0.0.0 is each of them"),
  AMQPS_PORT(
      "--amqps-port",
      "PORT",
      ConfigKey.LISTENERS_SSL,
      "the same with TLS, 5671 as a rule, 0, or off"),
  HTTP_PORT("--http-port", "PORT", ConfigKey.MANAGEMENT_PORT, "port for management, 0, or off"),
  HTTPS_PORT(
      "--https-port",
      "PORT",
      ConfigKey.MANAGEMENT_SSL,
      "port",
      "the same with TLS, 15671 as a rule, 0, or off"),
  METRICS_PORT("--metrics-port", "PORT", ConfigKey.PROMETHEUS_PORT, "for Prometheus, 0, or off"),
  TLS_CERT(
      "--tls-cert",
      "FILE",
      ConfigKey.SSL_OPTIONS,
      "certfile",
      "the certificate for TLS, PEM or PKCS#12"),
  TLS_KEY("--tls-key", "FILE", ConfigKey.SSL_OPTIONS, "keyfile", "its key, PEM"),
  TLS_CA(
      "--tls-ca",
      "FILE",
      ConfigKey.SSL_OPTIONS,
      "cacertfile",
      "CAs, PEM; see 'harvey tls dev' for all three"),
  DATA_DIR("--data-dir", "DIR", ConfigKey.DATA_DIR, "where what is durable is stored"),
  MEMORY("--memory", "", ConfigKey.MEMORY, "store nothing: all is gone after a restart"),
  ACCEPT_LOSS(
      "--accept-loss",
      "",
      ConfigKey.ACCEPT_LOSS,
      "start once without what is damaged in the journal"),
  EVENT_LOOPS(
      "--event-loops", "N", ConfigKey.EVENT_LOOPS, "threads that serve connections, 1 to 256"),
  TRANSPORT("--transport", "T", ConfigKey.TRANSPORT, "auto, epoll or nio; auto is epoll on Linux"),
  MEMORY_SHARE(
      "--memory-share",
      "F",
      ConfigKey.MEMORY_SHARE,
      "part of the Java heap for messages, 0.05 to 0.8"),
  MEMORY_HIGH_WATERMARK(
      "--memory-high-watermark",
      "LIMIT",
      ConfigKey.MEMORY_HIGH_WATERMARK,
      "RabbitMQ's alarm: 0.4 of the heap, or 512MiB"),
  DISK_FREE_LIMIT(
      "--disk-free-limit", "L", ConfigKey.DISK_FREE_LIMIT, "alarm when less disk space is free"),
  CONSUMER_TIMEOUT(
      "--consumer-timeout",
      "MS",
      ConfigKey.CONSUMER_TIMEOUT,
      "time for acknowledgements in ms, 0: no limit"),
  EVENT_EXCHANGE(
      "--event-exchange",
      "",
      ConfigKey.EVENT_EXCHANGE,
      "have amq.rabbitmq.event tell what happens"),
  COMPATIBILITY(
      "--compatibility",
      "V",
      ConfigKey.COMPATIBILITY,
      "RabbitMQ to behave like: 3.10, 3.13, 4.2, 4.3"),
  DEFAULT_USER(
      "--default-user", "U", ConfigKey.DEFAULT_USER, "administrator made at the first start"),
  DEFAULT_PASS("--default-pass", "P", ConfigKey.DEFAULT_PASS, "the password of that user"),
  DEFAULT_VHOST(
      "--default-vhost", "V", ConfigKey.DEFAULT_VHOST, "virtual host made at the first start"),
  LOOPBACK_USERS(
      "--loopback-users",
      "N",
      ConfigKey.LOOPBACK_USERS,
      "who may log in from here only: names, or none"),
  LOG_LEVEL("--log-level", "L", ConfigKey.LOG_LEVEL, "debug, info, warn, error or none"),
  LOG_FORMAT("--log-format", "F", ConfigKey.LOG_CONSOLE_FORMATTER, "plaintext or json");

  /** Characters for an option and its placeholder; what is longer has a line of its own. */
  private static final int FLAG_WIDTH = 21;

  /** So many letters may be wrong in an option that is still understood as another. */
  private static final int FURTHEST = 3;

  /** The value of a switch that was given. */
  static final String ON = "on";

  private final String flag;
  private final String placeholder;
  private final ConfigKey key;
  private final String member;
  private final String description;

  ServerOption(String flag, String placeholder, ConfigKey key, String description) {
    this(flag, placeholder, key, null, description);
  }

  ServerOption(String flag, String placeholder, ConfigKey key, String member, String description) {
    this.flag = flag;
    this.placeholder = placeholder;
    this.key = key;
    this.member = member;
    this.description = description;
  }

  /**
   * What was given, in the order of the options. The values are not looked at.
   *
   * @throws UsageException for an option that does not exist, or one without its value
   */
  static Map<ServerOption, String> parse(List<String> arguments) throws UsageException {
    Map<ServerOption, String> values = new EnumMap<>(ServerOption.class);
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      ServerOption option = named(equals < 0 ? argument : argument.substring(0, equals));
      values.put(option, equals < 0 ? option.valueFrom(rest) : option.checked(argument, equals));
    }
    return values;
  }

  /** The settings that the options stand for. */
  static List<ConfigEntry> entries(Map<ServerOption, String> given) {
    List<ConfigEntry> entries = new ArrayList<>();
    given.forEach(
        (option, value) -> {
          if (option.key != null) {
            entries.add(
                new ConfigEntry(option.wholeKey(), value, Source.COMMAND_LINE, option.flag));
          }
        });
    return entries;
  }

  private String wholeKey() {
    if (member != null) {
      return key.key() + "." + member;
    }
    boolean isPort = this == AMQP_PORT || this == AMQPS_PORT;
    return isPort ? key.defaultEntry().key() : key.key();
  }

  /** All options as they are typed, with spaces between. */
  static String flags() {
    return Arrays.stream(values()).map(ServerOption::flag).collect(Collectors.joining(" "));
  }

  /** The option as it is typed, such as {@code --amqp-port}. */
  String flag() {
    return flag;
  }

  /** The value of this option when it is not given. */
  String defaultValue() {
    return key == null ? "/etc/rabbitmq/rabbitmq.conf" : shownDefault();
  }

  private String shownDefault() {
    return switch (this) {
      case LOOPBACK_USERS -> "guest";
      case DEFINITIONS -> "none";
      case AMQPS_PORT, HTTPS_PORT -> "off";
      default -> key.defaultEntry().value();
    };
  }

  /** The lines of the help, one for each option, without a line end after the last. */
  static String help() {
    StringBuilder help = new StringBuilder();
    for (ServerOption option : values()) {
      String typed = option.flag + " " + option.placeholder;
      if (typed.length() > FLAG_WIDTH) {
        typed = typed + System.lineSeparator() + " ".repeat(FLAG_WIDTH + 2);
      }
      String shown = option == CONFIG ? "" : " [" + option.defaultValue() + "]";
      help.append("  %-21s  %s%s%n".formatted(typed, option.description, shown));
    }
    return help.toString().stripTrailing();
  }

  private static ServerOption named(String flag) throws UsageException {
    for (ServerOption option : values()) {
      if (option.flag.equals(flag)) {
        return option;
      }
    }
    if (!flag.startsWith("-")) {
      throw new UsageException("unexpected argument '" + flag + "'");
    }
    ServerOption meant = like(flag);
    throw new UsageException(
        "unknown option '"
            + flag
            + "'"
            + (meant == null ? "" : " (did you mean " + meant.flag + "?)"));
  }

  /** The option that ends like this one, or else differs from it by a few letters; or null. */
  private static ServerOption like(String flag) {
    String end = "-" + flag.replaceFirst("^-+", "");
    ServerOption nearest = null;
    int least = Math.min(FURTHEST, flag.length() / 2) + 1;
    for (ServerOption option : values()) {
      if (option.flag.endsWith(end)) {
        return option;
      }
      int distance = EditDistance.of(flag, option.flag);
      if (distance < least) {
        least = distance;
        nearest = option;
      }
    }
    return nearest;
  }

  /** Whether it stands for itself, without a value. */
  private boolean isSwitch() {
    return placeholder.isEmpty();
  }

  private String checked(String argument, int equals) throws UsageException {
    if (isSwitch()) {
      throw new UsageException(flag + " takes no value");
    }
    return argument.substring(equals + 1);
  }

  private String valueFrom(Iterator<String> rest) throws UsageException {
    if (isSwitch()) {
      return ON;
    }
    String value = rest.hasNext() ? rest.next() : "--";
    if (value.startsWith("--")) {
      throw new UsageException(flag + " needs a value: " + flag + " " + placeholder);
    }
    return value;
  }
}
