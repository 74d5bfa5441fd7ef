package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.ManagementOptions.Endpoint;
import io.harveymq.management.ManagementOptions.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that nobody reads take memory, and that is counted. */
class UnreadAnswersTest {
  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));

  /** Answers about so many queues with long names fit into no buffer of a socket. */
  private static final int QUEUES = 2_500;

  private static final long MEMORY = 1_000_000;

  private static Broker broker;
  private static Management management;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();
    HttpLimits limits = new HttpLimits(20, 10_000, 60_000, 30_000, 4, MEMORY);
    management =
        Management.start(
            broker,
            ManagementOptions.loopback()
                .withMetrics(new Metrics(Endpoint.loopback()))
                .withLimits(limits));
    List<CompletionStage<Method>> declared = new ArrayList<>();
    for (int i = 0; i < QUEUES; i++) {
      String name = "q".repeat(240) + i;
      declared.add(
          broker
              .commands()
              .carryOut(
                  "/",
                  new QueueMethod.Declare(
                      name, false, false, false, false, false, FieldTable.EMPTY)));
    }
    for (CompletionStage<Method> one : declared) {
      one.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  static void stop() {
    management.close();
    broker.close();
  }

  /** Asks and reads the beginning only. */
  private static Socket ask(int port, String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String head = "GET " + path + " HTTP/1.1\r\nHost: h\r\nAuthorization: " + LOGIN + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.UTF_8))
        .isEqualTo("HTTP/1.1 200 OK");
    return socket;
  }

  private static int status(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("authorization", LOGIN)
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void awaitStatus(int port, String path, int expected) throws Exception {
    int status = 0;
    for (long end = System.nanoTime() + 30_000_000_000L;
        status != expected && System.nanoTime() < end; ) {
      status = status(port, path);
    }
    assertThat(status).isEqualTo(expected);
  }

  @Test
  void metricsThatNobodyReadsAreCountedUntilTheirReaderGoes() throws Exception {
    int port = management.metricsPort();
    try (Socket unread = ask(port, "/metrics/per-object")) {
      assertThat(status(port, "/metrics/per-object")).isEqualTo(503);
      assertThat(status(port, "/metrics")).as("a small one").isEqualTo(503);
      assertThat(status(management.port(), "/api/queues")).as("others").isEqualTo(200);
      assertThat(unread.isClosed()).isFalse();
    }
    awaitStatus(port, "/metrics/per-object", 200);
  }

  @Test
  void liveValuesThatNobodyReadsAreCountedUntilTheirReaderGoes() throws Exception {
    try (Socket unread = ask(management.port(), "/api/dev/live?view=queues")) {
      assertThat(unread.getInputStream().readNBytes(10_000)).hasSize(10_000);
      assertThat(status(management.port(), "/api/queues")).isEqualTo(503);
    }
    awaitStatus(management.port(), "/api/queues", 200);
  }

  @Test
  void liveValuesForWhichThereIsNoMemoryComeLater() throws Exception {
    int port = management.port();
    Socket unread = ask(port, "/api/queues");
    try (Socket live = ask(port, "/api/dev/live?view=queues")) {
      status(port, "/api/whoami");
      unread.close();
      String begun = new String(live.getInputStream().readNBytes(60_000), StandardCharsets.UTF_8);
      assertThat(begun).contains("event: queues");
    } finally {
      unread.close();
    }
  }
}
