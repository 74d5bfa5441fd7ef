package io.harveymq.compat.differential;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.broker.Compatibility;
import java.io.IOException;

/** A Harvey inside this JVM, a fresh one for each conversation. Confined to one thread. */
final class HarveyPeer implements Peer {
  private Broker broker = start();

  private static Broker start() {
    BrokerConfig config =
        BrokerConfig.builder()
            .amqpPort(0)
            .eventLoops(Integer.getInteger("harvey.test.eventLoops", 1))
            .compatibility(Compatibility.V3_10)
            .build();
    try {
      Broker started = Broker.start(config);
      started.access().addVhost(Client.OTHER_VHOST);
      started.access().setPermissions("guest", Client.OTHER_VHOST, ".*", ".*", ".*");
      LimitedUser.ALL.forEach(user -> add(user, started.access()));
      return started;
    } catch (BrokerStartException failure) {
      throw new IllegalStateException("Harvey did not start", failure);
    }
  }

  private static void add(LimitedUser user, AccessControl access) {
    access.addUser(user.name(), user.name());
    PermissionStep.initial(user).forEach(step -> PermissionStep.play(access, step));
  }

  @Override
  public int port() {
    return broker.port();
  }

  /** There is nothing to wait for: what an event causes is done before later events are. */
  @Override
  public void settle(int connections) {}

  @Override
  public String administer(Step step) {
    return PermissionStep.is(step)
        ? PermissionStep.play(broker.access(), step)
        : PolicyStep.play(broker.policies(), step);
  }

  @Override
  public void clean() {
    broker.close();
    broker = start();
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }

  @Override
  public String toString() {
    return "Harvey";
  }
}
