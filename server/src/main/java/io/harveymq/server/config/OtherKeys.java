package io.harveymq.server.config;

import java.util.List;

/**
 * RabbitMQ's keys that Harvey has no use for, and what a misspelt key was meant to be. Stateless;
 * any thread.
 */
final class OtherKeys {
  private static final int FURTHEST = 3;

  /** Each stands for itself and for all that begin with it and a dot. */
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "amqp1_0",
          "anonymous_login_pass",
          "auth_ldap",
          "aws",
          "background_gc_enabled",
          "background_gc_target_interval",
          "channel_operation_timeout",
          "channel_tick_interval",
          "classic_queue",
          "cluster_formation",
          "cluster_keepalive_interval",
          "cluster_partition_handling",
          "cluster_tags",
          "collect_statistics",
          "credential_validator",
          "default_worker_pool_size",
          "definitions.hashing",
          "definitions.https",
          "definitions.tls",
          "delegate_count",
          "deprecated_features",
          "distributed_cookie",
          "distribution",
          "erlang",
          "event_exchange",
          "federation",
          "feature_flags",
          "hipe_compile",
          "initial_frame_max",
          "khepri",
          "log",
          "lazy_queue_explicit_gc_run_operation_threshold",
          "management",
          "management_agent",
          "max_channels_per_connection",
          "memory_monitor_interval",
          "message_interceptors",
          "message_store_shutdown_timeout",
          "mirroring_sync_batch_size",
          "mirroring_sync_max_throughput",
          "mnesia_table_loading_retry_limit",
          "mnesia_table_loading_retry_timeout",
          "motd_file",
          "mqtt",
          "msg_store_credit_disc_bound",
          "net_ticktime",
          "node_tags",
          "num_acceptors",
          "password_hashing_module",
          "product",
          "prometheus",
          "proxy_protocol",
          "queue_index_embed_msgs_below",
          "queue_leader_locator",
          "queue_master_locator",
          "quorum_cluster_size",
          "quorum_queue",
          "raft",
          "reverse_dns_lookups",
          "shovel",
          "socket_writer",
          "ssl_allow_poodle_attack",
          "stomp",
          "stream",
          "sysmon_handler",
          "tcp_listen_options",
          "total_memory_available_override_value",
          "track_auth_attempt_source",
          "trust_store",
          "vhost_restart_strategy",
          "vm_memory_calculation_strategy",
          "vm_memory_high_watermark_paging_ratio",
          "web_mqtt",
          "web_stomp");

  private OtherKeys() {}

  /** Whether it is a key of RabbitMQ, as far as its first parts tell. */
  static boolean isWithoutEffect(String key) {
    return WITHOUT_EFFECT.stream().anyMatch(name -> key.equals(name) || key.startsWith(name + "."));
  }

  /** The known key that is most like this one, or null when none is. */
  static String nearest(String key) {
    String nearest = null;
    int least = Math.min(FURTHEST, key.length() / 2) + 1;
    for (ConfigKey known : ConfigKey.values()) {
      String candidate = known.key() + tail(known, key);
      int distance = EditDistance.of(key, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    for (String candidate : WITHOUT_EFFECT) {
      int distance = EditDistance.of(key, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** What a key of a family has behind its last dot, for a likely candidate. */
  private static String tail(ConfigKey known, String key) {
    int dot = key.lastIndexOf('.');
    boolean asDeep =
        key.chars().filter(c -> c == '.').count()
            > known.key().chars().filter(c -> c == '.').count();
    return known.isFamily() && dot >= 0 && asDeep ? key.substring(dot) : "";
  }
}
