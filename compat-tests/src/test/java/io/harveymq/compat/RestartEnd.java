package io.harveymq.compat;

/** How a broker's process is ended before it is started again. */
enum RestartEnd {
  /** In order, by SIGTERM. */
  STOPPED {
    @Override
    void end(BrokerProcess broker) throws Exception {
      broker.stop();
    }
  },
  /** At once, by SIGKILL. */
  KILLED {
    @Override
    void end(BrokerProcess broker) throws Exception {
      broker.kill();
    }
  };

  abstract void end(BrokerProcess broker) throws Exception;
}
