package io.harveymq.server.config;

import java.util.Arrays;
import java.util.List;

/**
 * The settings that Harvey honours, by RabbitMQ's names; what RabbitMQ does not have begins with
 * {@code harvey.}. Immutable; any thread.
 */
public enum ConfigKey {
  LISTENERS_TCP("listeners.tcp", "5672", Shape.FAMILY, "default"),
  BIND("harvey.bind", "0.0.0.0"),
  NODENAME("nodename", ""),
  CLUSTER_NAME("cluster_name", ""),
  DATA_DIR("harvey.data_dir", "harvey-data"),
  MEMORY("harvey.memory", "off"),
  ACCEPT_LOSS("harvey.accept_loss", "off"),
  EVENT_LOOPS("harvey.event_loops", "1"),
  TRANSPORT("harvey.transport", "auto"),
  COMPATIBILITY("harvey.compatibility", "4.2"),
  PERMIT_TRANSIENT_QUEUES("deprecated_features.permit.transient_nonexcl_queues", ""),
  PERMIT_GLOBAL_QOS("deprecated_features.permit.global_qos", ""),
  EVENT_EXCHANGE("harvey.event_exchange", "off"),
  DEFAULT_USER("default_user", "guest"),
  DEFAULT_PASS("default_pass", "guest"),
  DEFAULT_VHOST("default_vhost", "/"),
  DEFAULT_USER_TAGS("default_user_tags", "true", Shape.FAMILY, "administrator"),
  DEFAULT_PERMISSIONS_CONFIGURE("default_permissions.configure", ".*"),
  DEFAULT_PERMISSIONS_READ("default_permissions.read", ".*"),
  DEFAULT_PERMISSIONS_WRITE("default_permissions.write", ".*"),
  DEFAULT_USERS("default_users", "none", Shape.GROUP),
  DEFAULT_LIMITS("default_limits.vhosts", "none", Shape.GROUP),
  DEFAULT_OPERATOR_POLICIES("default_policies.operator", "none", Shape.GROUP),
  DEFAULT_QUEUE_TYPE("default_queue_type", "classic"),
  LOOPBACK_USERS("loopback_users", "true", Shape.FAMILY, "guest"),
  AUTH_BACKENDS("auth_backends", "internal", Shape.FAMILY, "1"),
  AUTH_HTTP("auth_http", "none", Shape.FAMILY),
  AUTH_OAUTH2("auth_oauth2", "none", Shape.FAMILY),
  AUTH_CACHE("auth_cache", "none", Shape.FAMILY),
  AUTH_MECHANISMS("auth_mechanisms", "default", Shape.FAMILY),
  ANONYMOUS_LOGIN_USER("anonymous_login_user", "guest"),
  HEARTBEAT("heartbeat", "60"),
  FRAME_MAX("frame_max", "131072"),
  CHANNEL_MAX("channel_max", "2047"),
  CONNECTION_MAX("connection_max", "infinity"),
  CONSUMER_MAX("consumer_max_per_channel", "infinity"),
  RANCH_CONNECTION_MAX("ranch_connection_max", "infinity"),
  CHANNEL_MAX_PER_NODE("channel_max_per_node", "infinity"),
  CLUSTER_QUEUE_LIMIT("cluster_queue_limit", "infinity"),
  CLUSTER_EXCHANGE_LIMIT("cluster_exchange_limit", "infinity"),
  VHOST_MAX("vhost_max", "infinity"),
  HANDSHAKE_TIMEOUT("handshake_timeout", "10000"),
  SEND_TIMEOUT("tcp_listen_options.send_timeout", "infinity"),
  MAX_MESSAGE_SIZE("max_message_size", ""),
  CONSUMER_TIMEOUT("consumer_timeout", "1800000"),
  MEMORY_SHARE("harvey.memory_share", "0.4"),
  MEMORY_HIGH_WATERMARK("vm_memory_high_watermark", "none", Shape.FAMILY),
  DISK_FREE_LIMIT("disk_free_limit", "50MB", Shape.FAMILY, "absolute"),
  LOG_LEVEL("log.default.level", "info"),
  LOG_CONSOLE("log.console", "true"),
  LOG_CONSOLE_LEVEL("log.console.level", ""),
  LOG_CONSOLE_FORMATTER("log.console.formatter", "plaintext"),
  LOG_CONSOLE_STDIO("log.console.stdio", "stdout"),
  LOG_FILE("log.file", "false"),
  LOG_FILE_LEVEL("log.file.level", ""),
  LOG_FILE_FORMATTER("log.file.formatter", "plaintext"),
  LOG_DIR("log.dir", ""),
  LOG_EXCHANGE("log.exchange", "false"),
  LOG_EXCHANGE_LEVEL("log.exchange.level", ""),
  LOG_EXCHANGE_FORMATTER("log.exchange.formatter", "plaintext"),
  LOG_CONNECTION_LEVEL("log.connection.level", ""),
  LOG_CHANNEL_LEVEL("log.channel.level", ""),
  LOG_QUEUE_LEVEL("log.queue.level", ""),
  MANAGEMENT_PORT("management.tcp.port", "15672"),
  MANAGEMENT_IP("management.tcp.ip", ""),
  MANAGEMENT_PATH_PREFIX("management.path_prefix", ""),
  MANAGEMENT_CORS_ORIGINS("management.cors.allow_origins", "none", Shape.FAMILY),
  MANAGEMENT_MAX_BODY("management.http.max_body_size", "10000000"),
  MANAGEMENT_MAX_CONNECTIONS("harvey.http.max_connections", "256"),
  MANAGEMENT_IDLE_TIMEOUT("management.tcp.idle_timeout", "60000"),
  MANAGEMENT_REQUEST_TIMEOUT("management.tcp.request_timeout", "30000"),
  MANAGEMENT_CORS_MAX_AGE("management.cors.max_age", "1800"),
  MANAGEMENT_RATES_MODE("management.rates_mode", "basic"),
  MANAGEMENT_DISABLE_STATS("management.disable_stats", "false"),
  COLLECT_STATISTICS_INTERVAL("collect_statistics_interval", "5000"),
  PROMETHEUS_PORT("prometheus.tcp.port", "15692"),
  PROMETHEUS_IP("prometheus.tcp.ip", ""),
  PROMETHEUS_PATH("prometheus.path", "/metrics"),
  PROMETHEUS_PER_OBJECT("prometheus.return_per_object_metrics", "false"),
  LOAD_DEFINITIONS("load_definitions", ""),
  MANAGEMENT_LOAD_DEFINITIONS("management.load_definitions", ""),
  DEFINITIONS_BACKEND("definitions.import_backend", "local_filesystem"),
  DEFINITIONS_PATH("definitions.local.path", ""),
  DEFINITIONS_SKIP("definitions.skip_if_unchanged", "false"),
  LISTENERS_SSL("listeners.ssl", "none", Shape.FAMILY, "default"),
  SSL_OPTIONS("ssl_options", "none", Shape.GROUP),
  SSL_HANDSHAKE_TIMEOUT("ssl_handshake_timeout", "5000"),
  SSL_CERT_LOGIN_FROM("ssl_cert_login_from", "distinguished_name"),
  SSL_CERT_LOGIN_SAN_TYPE("ssl_cert_login_san_type", "dns"),
  SSL_CERT_LOGIN_SAN_INDEX("ssl_cert_login_san_index", "0"),
  PASSWORDS_NEED_TLS("harvey.passwords_need_tls", "off"),
  MANAGEMENT_SSL("management.ssl", "none", Shape.GROUP),
  PROMETHEUS_SSL("prometheus.ssl", "none", Shape.GROUP);

  private enum Shape {
    /** It has one value. */
    SINGLE,
    /** It has a value for each name behind its key, and all of them come from one source. */
    FAMILY,
    /** Each name behind its key is a setting of its own. */
    GROUP
  }

  private static final List<String> SECRETS = List.of("pass", "password", "secret", "cookie");

  private final String key;
  private final String defaultValue;
  private final Shape shape;
  private final ConfigEntry defaultEntry;

  ConfigKey(String key, String defaultValue) {
    this(key, defaultValue, Shape.SINGLE);
  }

  ConfigKey(String key, String defaultValue, Shape shape) {
    this(key, defaultValue, shape, null);
  }

  ConfigKey(String key, String defaultValue, Shape shape, String member) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.shape = shape;
    String whole = member == null ? key : key + "." + member;
    this.defaultEntry = new ConfigEntry(whole, defaultValue, Source.DEFAULT, "default");
  }

  /** The key in a configuration file; of a family, what is before the last dot. */
  public String key() {
    return key;
  }

  /** The value when nobody gives one; empty for none. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What is in force when nobody gives anything. */
  public ConfigEntry defaultEntry() {
    return defaultEntry;
  }

  /** Whether there may be several keys, such as {@code listeners.tcp.1}. */
  public boolean isFamily() {
    return shape != Shape.SINGLE;
  }

  /** Whether each of these keys comes from the strongest source that gives it. */
  boolean isGroup() {
    return shape == Shape.GROUP;
  }

  /** Whether a value of this key must not be shown. */
  public static boolean isSecret(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    return Arrays.stream(last.split("_")).anyMatch(SECRETS::contains);
  }

  /** The setting that a key belongs to, or null. */
  public static ConfigKey find(String key) {
    for (ConfigKey candidate : values()) {
      if (key.equals(candidate.key)
          || candidate.isFamily() && key.startsWith(candidate.key + ".")) {
        return candidate;
      }
    }
    return null;
  }
}
