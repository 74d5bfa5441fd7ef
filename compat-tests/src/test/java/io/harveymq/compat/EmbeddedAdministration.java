package io.harveymq.compat;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.PolicyControl;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.Map;

/** By the embedding API. Any thread. */
final class EmbeddedAdministration implements Administration {
  private final AccessControl access;
  private final PolicyControl policies;

  EmbeddedAdministration(AccessControl access, PolicyControl policies) {
    this.access = access;
    this.policies = policies;
  }

  @Override
  public void addUser(String name, String password, String... tags) {
    access.addUser(name, password, tags);
  }

  @Override
  public void deleteUser(String name) {
    access.deleteUser(name);
  }

  @Override
  public void setUserTags(String name, String... tags) {
    access.setUserTags(name, tags);
  }

  @Override
  public void changePassword(String name, String password) {
    access.changePassword(name, password);
  }

  @Override
  public void clearPermissions(String user, String vhost) {
    access.clearPermissions(user, vhost);
  }

  @Override
  public void clearTopicPermissions(String user, String vhost) {
    access.clearTopicPermissions(user, vhost);
  }

  @Override
  public void clearVhostLimits(String vhost) {
    access.setVhostLimits(vhost, VhostLimits.NONE);
  }

  @Override
  public void clearUserLimits(String user) {
    access.setUserLimits(user, UserLimits.NONE);
  }

  @Override
  public void setMemoryHighWatermark(double part) {
    BrokerUnderTest.alarms().memoryHighWatermark(ResourceLimit.relative(part));
  }

  @Override
  public void addVhost(String name) {
    access.addVhost(name);
  }

  @Override
  public void deleteVhost(String name) {
    access.deleteVhost(name);
  }

  @Override
  public void setPermissions(
      String user, String vhost, String configure, String write, String read) {
    access.setPermissions(user, vhost, configure, write, read);
  }

  @Override
  public void setTopicPermissions(
      String user, String vhost, String exchange, String write, String read) {
    access.setTopicPermissions(user, vhost, exchange, write, read);
  }

  @Override
  public void setPolicy(
      String vhost, String name, String pattern, String applyTo, Map<String, Object> definition) {
    policies.set(vhost, Policy.of(name, pattern, ApplyTo.of(applyTo), 0, table(definition)));
  }

  @Override
  public void clearPolicy(String vhost, String name) {
    policies.clear(vhost, name);
  }

  @Override
  public void setOperatorPolicy(
      String vhost, String name, String pattern, Map<String, Object> definition) {
    Policy policy = Policy.operator(name, pattern, ApplyTo.QUEUES, 0, table(definition));
    policies.setOperator(vhost, policy);
  }

  @Override
  public void clearOperatorPolicy(String vhost, String name) {
    policies.clearOperator(vhost, name);
  }

  private static FieldTable table(Map<String, Object> definition) {
    FieldTable.Builder table = FieldTable.builder();
    definition.forEach(
        (key, value) ->
            table.put(
                key,
                value instanceof Number number
                    ? FieldValue.of(number.longValue())
                    : FieldValue.of(value.toString())));
    return table.build();
  }

  @Override
  public void setVhostLimits(String vhost, int maxConnections, int maxQueues) {
    access.setVhostLimits(vhost, new VhostLimits(maxConnections, maxQueues));
  }

  @Override
  public void setUserLimits(String user, int maxConnections, int maxChannels) {
    access.setUserLimits(user, new UserLimits(maxConnections, maxChannels));
  }
}
