package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunningTest {
  @Test
  void aBrokerWithoutManagementEndsInOrder() throws Exception {
    Broker broker =
        Broker.start(BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).build());
    int port = broker.port();

    // What it throws would be the process's exit status.
    new Running(broker, null, new AtomicReference<>(), List.of()).close();

    assertThatThrownBy(() -> new Socket(InetAddress.getByName("127.0.0.1"), port).close())
        .isInstanceOf(ConnectException.class);
  }
}
