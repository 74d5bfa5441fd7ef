package io.harveymq.management.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.Node;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DemoShopTest {
  private static final int CLIENTS = 4;
  private static final int PATIENCE_MILLIS = 20_000;

  /** Once before all, then by each client, and again by each when the broker is gone. */
  private static final int ASKED_UNTIL_ALL_FAILED = 1 + 2 * CLIENTS;

  @Test
  void clientsThatFindNobodyTryAgain() throws Exception {
    Vertx vertx = Vertx.vertx();
    List<Socket> back = new ArrayList<>();
    Broker broker = Broker.start();
    try (ServerSocket another = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      InetSocketAddress first = broker.addresses().get(0);
      InetSocketAddress second = (InetSocketAddress) another.getLocalSocketAddress();
      AtomicInteger asked = new AtomicInteger();
      Node node = new Node(broker, ManagementOptions.loopback(), Runnable::run);
      DemoShop shop =
          new DemoShop(
              vertx,
              node,
              () -> asked.incrementAndGet() <= ASKED_UNTIL_ALL_FAILED ? first : second);
      CompletableFuture<Void> open = new CompletableFuture<>();
      vertx.runOnContext(
          begun ->
              shop.open(null).onSuccess(open::complete).onFailure(open::completeExceptionally));
      open.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      broker.close();
      another.setSoTimeout(PATIENCE_MILLIS);
      while (back.size() < CLIENTS) {
        Socket client = another.accept();
        back.add(client);
        client.setSoTimeout(PATIENCE_MILLIS);
        assertThat(client.getInputStream().readNBytes(4))
            .isEqualTo("AMQP".getBytes(StandardCharsets.US_ASCII));
      }
    } finally {
      for (Socket client : back) {
        client.close();
      }
      broker.close();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
