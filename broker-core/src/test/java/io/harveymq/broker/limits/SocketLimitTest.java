package io.harveymq.broker.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.NodeLimits;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.broker.wire.Frame;
import io.harveymq.broker.wire.WireClient;
import io.harveymq.codec.ConnectionMethod;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

/** Sockets that are accepted, and virtual hosts. */
class SocketLimitTest {
  private static final int A_WHILE_MILLIS = 300;

  @Test
  void oneSocketMoreThanAllowedWaitsUntilAnotherIsClosed() throws Exception {
    NodeLimits two = new NodeLimits(2, -1, -1, -1, -1);
    BrokerConfig config =
        BrokerConfig.builder().limits(ConnectionLimits.DEFAULT.withNode(two)).build();
    try (Broker broker = Broker.start(config);
        WireClient first = WireClient.open(broker.port());
        WireClient second = WireClient.open(broker.port());
        WireClient third = new WireClient(broker.port())) {
      assertThat(first.socket().isConnected()).isTrue();
      third.send(Frame.PROTOCOL_HEADER);
      int patience = third.socket().getSoTimeout();
      third.socket().setSoTimeout(A_WHILE_MILLIS);
      assertThatThrownBy(third::next).isInstanceOf(SocketTimeoutException.class);
      third.socket().setSoTimeout(patience);
      second.socket().close();
      third.expect(ConnectionMethod.Start.class);
    }
  }

  @Test
  void oneVirtualHostMoreThanAllowedIsRefused() {
    TestBroker broker = TestBroker.start();
    broker.access().mostVhosts(2);
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("second")));
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("second")));
    assertThatThrownBy(
            () -> broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("third"))))
        .isInstanceOf(AccessException.class)
        .hasMessage("cannot create vhost 'third': vhost limit of 2 is reached");
    broker.change(editor -> editor.deleteVhost("second"));
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("third")));
  }
}
