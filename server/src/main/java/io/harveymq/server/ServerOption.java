package io.harveymq.server;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The options of {@code harvey server}, in the order of the help. An option is given as {@code
 * --name VALUE} or {@code --name=VALUE}; of one given twice the last counts. Immutable; any thread.
 */
enum ServerOption {
  AMQP_PORT("--amqp-port", "PORT", "5672", "port for AMQP clients, 0 for a free one"),
  BIND("--bind", "ADDRESS", "0.0.0.0", "address to listen on; 0.0.0.0 is each of them"),
  DATA_DIR("--data-dir", "DIR", "harvey-data", "where what is durable is stored"),
  MEMORY("--memory", "", "off", "store nothing: all is gone after a restart"),
  ACCEPT_LOSS("--accept-loss", "", "off", "start once without what is damaged in the journal"),
  EVENT_LOOPS("--event-loops", "N", "1", "threads that serve connections, 1 to 256"),
  TRANSPORT("--transport", "T", "auto", "auto, epoll or nio; auto is epoll on Linux"),
  MEMORY_SHARE("--memory-share", "F", "0.4", "part of the Java heap for messages, 0.05 to 0.8"),
  MEMORY_HIGH_WATERMARK(
      "--memory-high-watermark", "LIMIT", "none", "RabbitMQ's alarm: 0.4 of the heap, or 512MiB"),
  DISK_FREE_LIMIT("--disk-free-limit", "L", "50MB", "alarm when less disk space is free"),
  CONSUMER_TIMEOUT(
      "--consumer-timeout", "MS", "1800000", "time for acknowledgements in ms, 0: no limit"),
  EVENT_EXCHANGE("--event-exchange", "", "off", "have amq.rabbitmq.event tell what happens"),
  COMPATIBILITY("--compatibility", "V", "4.2", "RabbitMQ to behave like: 3.10, 3.13, 4.2, 4.3"),
  DEFAULT_USER("--default-user", "U", "guest", "administrator made at the first start"),
  DEFAULT_PASS("--default-pass", "P", "guest", "the password of that user"),
  DEFAULT_VHOST("--default-vhost", "V", "/", "virtual host made at the first start"),
  LOOPBACK_USERS("--loopback-users", "N", "guest", "who may log in from here only: names, or none"),
  LOG_LEVEL("--log-level", "L", "info", "debug, info, warn or error");

  /** Characters for an option and its placeholder; what is longer has a line of its own. */
  private static final int FLAG_WIDTH = 21;

  /** The value of a switch that was given. */
  static final String ON = "on";

  private final String flag;
  private final String placeholder;
  private final String defaultValue;
  private final String description;

  ServerOption(String flag, String placeholder, String defaultValue, String description) {
    this.flag = flag;
    this.placeholder = placeholder;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /**
   * The value of every option: as given, or else its default. The values are not looked at.
   *
   * @throws UsageException for an option that does not exist, or one without its value
   */
  static Map<ServerOption, String> parse(List<String> arguments) throws UsageException {
    Map<ServerOption, String> values = new EnumMap<>(ServerOption.class);
    for (ServerOption option : values()) {
      values.put(option, option.defaultValue);
    }
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      ServerOption option = named(equals < 0 ? argument : argument.substring(0, equals));
      values.put(option, equals < 0 ? option.valueFrom(rest) : option.checked(argument, equals));
    }
    return values;
  }

  /** The option as it is typed, such as {@code --amqp-port}. */
  String flag() {
    return flag;
  }

  /** The value of this option when it is not given. */
  String defaultValue() {
    return defaultValue;
  }

  /** The lines of the help, one for each option, without a line end after the last. */
  static String help() {
    StringBuilder help = new StringBuilder();
    for (ServerOption option : values()) {
      String typed = option.flag + " " + option.placeholder;
      if (typed.length() > FLAG_WIDTH) {
        typed = typed + System.lineSeparator() + " ".repeat(FLAG_WIDTH + 2);
      }
      help.append("  %-21s  %s [%s]%n".formatted(typed, option.description, option.defaultValue));
    }
    return help.toString().stripTrailing();
  }

  private static ServerOption named(String flag) throws UsageException {
    for (ServerOption option : values()) {
      if (option.flag.equals(flag)) {
        return option;
      }
    }
    throw new UsageException(
        (flag.startsWith("-") ? "unknown option '" : "unexpected argument '") + flag + "'");
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
