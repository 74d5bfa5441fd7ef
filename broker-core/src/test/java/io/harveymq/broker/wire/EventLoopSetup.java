package io.harveymq.broker.wire;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import io.harveymq.broker.Transport;

/** The ways to drive sockets that tests of the whole broker run with. */
public enum EventLoopSetup {
  ONE_LOOP(1, Transport.AUTO),
  FOUR_LOOPS(4, Transport.AUTO),
  FOUR_LOOPS_ON_NIO(4, Transport.NIO);

  private final int loops;
  private final Transport transport;

  EventLoopSetup(int loops, Transport transport) {
    this.loops = loops;
    this.transport = transport;
  }

  /** A configuration to add to. */
  public BrokerConfig.Builder config() {
    return BrokerConfig.builder().eventLoops(loops).transport(transport);
  }

  /** Starts a broker on a free port. */
  public Broker start() throws BrokerStartException {
    return Broker.start(config().build());
  }
}
