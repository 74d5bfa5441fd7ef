package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import org.junit.jupiter.api.Test;

/** Routes that are remembered take no more memory than the router may have. */
class RouterMemoryTest {
  @Test
  void manyKeysToManyQueuesAreNotAllRemembered() {
    TestBroker broker = TestBroker.start();
    TestChannel channel = broker.channel();
    for (int i = 0; i < 2_000; i++) {
      channel.declare("q" + i).bind("q" + i, "amq.fanout", "");
    }
    VirtualHost vhost = broker.vhost();
    broker
        .home()
        .run(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                Route route =
                    vhost.router().route(vhost.exchange("amq.fanout"), "k" + i, new byte[2]);
                assertThat(route.queues()).hasSize(2_000);
                assertThat(vhost.router().remembered()).isLessThan(1 << 20);
              }
            });
  }
}
