package io.harveymq.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * RabbitMQ's environment variables. Which of them win over a configuration file is as in RabbitMQ
 * (rabbit_env, rabbit_prelaunch_conf, and rabbit:get_default_data_param). An empty variable counts
 * as absent. Immutable; any thread.
 */
final class Environment {
  static final String CONFIG_FILE = "RABBITMQ_CONFIG_FILE";
  static final String CONFIG_FILES = "RABBITMQ_CONFIG_FILES";
  static final String ADVANCED_CONFIG_FILE = "RABBITMQ_ADVANCED_CONFIG_FILE";
  static final String ENABLED_PLUGINS_FILE = "RABBITMQ_ENABLED_PLUGINS_FILE";
  private static final String LOGS = "RABBITMQ_LOGS";
  private static final String LOG = "RABBITMQ_LOG";
  private static final String ERL_ARGS = "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS";
  private static final String NODENAME = "RABBITMQ_NODENAME";
  private static final String MNESIA_BASE = "RABBITMQ_MNESIA_BASE";

  /** Variables that stand for one key, and whether they win over the file. */
  private static final Object[][] SIMPLE = {
    {"RABBITMQ_DEFAULT_USER", ConfigKey.DEFAULT_USER, Source.ENVIRONMENT},
    {"RABBITMQ_DEFAULT_PASS", ConfigKey.DEFAULT_PASS, Source.ENVIRONMENT},
    {"RABBITMQ_DEFAULT_VHOST", ConfigKey.DEFAULT_VHOST, Source.ENVIRONMENT},
    {NODENAME, ConfigKey.NODENAME, Source.ENVIRONMENT},
    {"RABBITMQ_MNESIA_DIR", ConfigKey.DATA_DIR, Source.ENVIRONMENT},
    {"RABBITMQ_LOG_BASE", ConfigKey.LOG_DIR, Source.WEAK_ENVIRONMENT},
    {"RABBITMQ_NODE_PORT", ConfigKey.LISTENERS_TCP, Source.WEAK_ENVIRONMENT},
    {"RABBITMQ_NODE_IP_ADDRESS", ConfigKey.BIND, Source.WEAK_ENVIRONMENT},
  };

  /** What RabbitMQ's container image refuses to start with, and the keys to use instead. */
  private static final String[][] REFUSED = {
    {"RABBITMQ_DEFAULT_PASS_FILE", "default_pass"},
    {"RABBITMQ_DEFAULT_USER_FILE", "default_user"},
    {"RABBITMQ_MANAGEMENT_SSL_CACERTFILE", "management.ssl.cacertfile"},
    {"RABBITMQ_MANAGEMENT_SSL_CERTFILE", "management.ssl.certfile"},
    {"RABBITMQ_MANAGEMENT_SSL_DEPTH", "management.ssl.depth"},
    {"RABBITMQ_MANAGEMENT_SSL_FAIL_IF_NO_PEER_CERT", "management.ssl.fail_if_no_peer_cert"},
    {"RABBITMQ_MANAGEMENT_SSL_KEYFILE", "management.ssl.keyfile"},
    {"RABBITMQ_MANAGEMENT_SSL_VERIFY", "management.ssl.verify"},
    {"RABBITMQ_SSL_CACERTFILE", "ssl_options.cacertfile"},
    {"RABBITMQ_SSL_CERTFILE", "ssl_options.certfile"},
    {"RABBITMQ_SSL_DEPTH", "ssl_options.depth"},
    {"RABBITMQ_SSL_FAIL_IF_NO_PEER_CERT", "ssl_options.fail_if_no_peer_cert"},
    {"RABBITMQ_SSL_KEYFILE", "ssl_options.keyfile"},
    {"RABBITMQ_SSL_VERIFY", "ssl_options.verify"},
    {"RABBITMQ_VM_MEMORY_HIGH_WATERMARK", "vm_memory_high_watermark.relative"},
  };

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The value of a variable, or null when it is absent or empty. */
  String get(String name) {
    String value = variables.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /**
   * Puts what the variables say into the configuration.
   *
   * @throws ConfigException for one that RabbitMQ's container image refuses, with what to do
   *     instead
   */
  void addTo(EffectiveConfig config) throws ConfigException {
    if (variables.isEmpty()) {
      return;
    }
    refuse();
    addDataDirectory(config);
    for (Object[] simple : SIMPLE) {
      String name = (String) simple[0];
      if (get(name) != null) {
        String key = ((ConfigKey) simple[1]).defaultEntry().key();
        config.add(new ConfigEntry(key, get(name), (Source) simple[2], name));
      }
    }
    addLogs(config);
    String arguments = get(ERL_ARGS);
    if (arguments != null) {
      new ErlangArguments(ERL_ARGS, arguments).addTo(config);
    }
  }

  private static ConfigEntry entry(ConfigKey key, String value, Source source, String name) {
    return new ConfigEntry(key.key(), value, source, name);
  }

  private void refuse() throws ConfigException {
    Map<String, String> found = new TreeMap<>();
    for (String[] refused : REFUSED) {
      if (get(refused[0]) != null) {
        found.put(refused[0], refused[1]);
      }
    }
    if (!found.isEmpty()) {
      List<String> remedies = new ArrayList<>();
      found.forEach((name, key) -> remedies.add(name + " -> " + key));
      throw new ConfigException(
          "environment variables that RabbitMQ's container image no longer takes are set; unset them"
              + " and put the keys into rabbitmq.conf instead: "
              + String.join(", ", remedies));
    }
  }

  /** As RabbitMQ does: a directory of the node's name below the base. */
  private void addDataDirectory(EffectiveConfig config) {
    String base = get(MNESIA_BASE);
    if (base != null) {
      String node = NodeName.of(get(NODENAME) == null ? "" : get(NODENAME));
      String directory = base + (base.endsWith("/") ? "" : "/") + node;
      config.add(entry(ConfigKey.DATA_DIR, directory, Source.ENVIRONMENT, MNESIA_BASE));
    }
  }

  private void addLogs(EffectiveConfig config) {
    String logs = get(LOGS);
    if (logs != null && logs.startsWith("-")) {
      config.add(entry(ConfigKey.LOG_CONSOLE, "true", Source.ENVIRONMENT, LOGS));
      config.add(entry(ConfigKey.LOG_FILE, "false", Source.ENVIRONMENT, LOGS));
      String stream = logs.equals("-stderr") ? "stderr" : "stdout";
      config.add(entry(ConfigKey.LOG_CONSOLE_STDIO, stream, Source.ENVIRONMENT, LOGS));
    } else if (logs != null && !logs.contains(":")) {
      config.add(entry(ConfigKey.LOG_FILE, logs, Source.ENVIRONMENT, LOGS));
    } else if (logs != null) {
      config.notices().warn(LOGS + ": Harvey logs to '-', '-stderr' or a file; passed over");
    }
    String level = get(LOG);
    if (level == null) {
      return;
    }
    for (String part : level.split(",")) {
      int equals = part.indexOf('=');
      String category = equals < 0 ? "default" : part.substring(0, equals).strip();
      String value = part.substring(equals + 1).strip();
      ConfigKey key = ConfigKey.find("log." + category + ".level");
      if (key == null) {
        config.notices().remark(LOG + ": Harvey has no log category '" + category + "'");
      } else {
        config.add(entry(key, value, Source.ENVIRONMENT, LOG));
      }
    }
  }
}
