package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.server.log.Log;
import io.harveymq.server.log.LogLevel;
import io.harveymq.server.log.LogSettings;
import io.harveymq.server.log.LogSettings.Sink;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RunningTest {
  @Test
  void aBrokerWithoutManagementEndsInOrder() throws Exception {
    Broker broker =
        Broker.start(BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).build());
    int port = broker.port();

    // What it throws would be the process's exit status.
    new Running(broker, null, new AtomicReference<>(), List.of(), null).close();

    assertThatThrownBy(() -> new Socket(InetAddress.getByName("127.0.0.1"), port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void theLogIsNotPublishedAnyMoreOnceTheBrokerIsClosed() throws Exception {
    LogSettings console = new LogSettings(List.of(Sink.err(LogLevel.INFO, false)), Map.of());
    Log.configure(new LogSettings(List.of(Sink.exchange(LogLevel.INFO, false)), Map.of()));
    List<String> lines = new CopyOnWriteArrayList<>();
    Log.Exchange published = (level, time, text) -> lines.add(text);
    Log.publishTo(published);
    Broker broker =
        Broker.start(BrokerConfig.builder().bindAddress("127.0.0.1").amqpPort(0).build());
    try (Running running =
        new Running(broker, null, new AtomicReference<>(), List.of(), published)) {
      LoggerFactory.getLogger("x").warn("open {}", running.broker().port());
    } finally {
      LoggerFactory.getLogger("x").warn("closed");
      Log.configure(console);
    }
    assertThat(lines)
        .anyMatch(line -> line.contains("open"))
        .noneMatch(one -> one.contains("closed"));
  }
}
