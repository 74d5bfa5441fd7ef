package io.harveymq.compat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.harveymq.broker.vhost.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A suite of Harvey's own part of the API: each test has a broker on a clock that it moves, its API
 * as {@code guest}, and a client. One thread, the test's.
 */
@Tag("management")
@Timeout(60)
@ExtendWith(BrokerUnderTest.class)
abstract class ClockedHttpTest {
  protected final ManualClock clock = new ManualClock();
  protected PageBroker broker;
  protected ManagementClient http;
  protected Connection connection;
  protected Channel channel;

  @BeforeEach
  void startBroker() throws Exception {
    broker = PageBroker.start(clock);
    http = as("guest", "guest");
    connection = broker.connect("orders-api");
    channel = connection.createChannel();
  }

  @AfterEach
  void stopBroker() {
    connection.abort(5_000);
    broker.close();
  }

  /** The API as another user. */
  final ManagementClient as(String user, String password) {
    return ManagementClient.at(broker.uri(), user, password);
  }

  final void advance(long millis) {
    clock.advance(Duration.ofMillis(millis));
  }
}
