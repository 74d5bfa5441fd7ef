package io.harveymq.compat;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.vhost.VhostLimits;

/** By the embedding API. Any thread. */
final class EmbeddedAdministration implements Administration {
  private final AccessControl access;

  EmbeddedAdministration(AccessControl access) {
    this.access = access;
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
  public void setVhostLimits(String vhost, int maxConnections, int maxQueues) {
    access.setVhostLimits(vhost, new VhostLimits(maxConnections, maxQueues));
  }

  @Override
  public void setUserLimits(String user, int maxConnections, int maxChannels) {
    access.setUserLimits(user, new UserLimits(maxConnections, maxChannels));
  }
}
