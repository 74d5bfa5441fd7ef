package io.harveymq.compat;

import java.util.Map;

/**
 * What an administrator does with the broker under test: by Harvey's embedding API, or with the
 * rabbitmqctl that the system property {@code harvey.test.rabbitmqctl} names (a program that takes
 * rabbitmqctl's arguments for the target).
 */
interface Administration {
  /** Whether there is a way to administrate the target. */
  static boolean isAvailable() {
    return BrokerUnderTest.isEmbedded() || Rabbitmqctl.isGiven();
  }

  /** The administration of the target. */
  static Administration ofTarget() {
    return BrokerUnderTest.isEmbedded()
        ? new EmbeddedAdministration(BrokerUnderTest.access(), BrokerUnderTest.policies())
        : new Rabbitmqctl();
  }

  void addUser(String name, String password, String... tags);

  void deleteUser(String name);

  void setUserTags(String name, String... tags);

  void changePassword(String name, String password);

  void addVhost(String name);

  void deleteVhost(String name);

  void setPermissions(String user, String vhost, String configure, String write, String read);

  void setTopicPermissions(String user, String vhost, String exchange, String write, String read);

  void clearPermissions(String user, String vhost);

  void clearTopicPermissions(String user, String vhost);

  void clearVhostLimits(String vhost);

  void clearUserLimits(String user);

  /** As a part of the memory that there is. */
  void setMemoryHighWatermark(double part);

  /** Sets a policy for what {@code applyTo} says: queues, exchanges or all. */
  void setPolicy(
      String vhost, String name, String pattern, String applyTo, Map<String, Object> definition);

  void clearPolicy(String vhost, String name);

  /** Sets an operator policy for queues. */
  void setOperatorPolicy(String vhost, String name, String pattern, Map<String, Object> definition);

  void clearOperatorPolicy(String vhost, String name);

  /** Negative for no limit. */
  void setVhostLimits(String vhost, int maxConnections, int maxQueues);

  /** Negative for no limit. */
  void setUserLimits(String user, int maxConnections, int maxChannels);
}
