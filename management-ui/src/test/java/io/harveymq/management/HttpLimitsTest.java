package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What HTTP clients may not do: keep connections, send slowly, send much, watch in crowds. */
class HttpLimitsTest {
  private static final String LOGIN =
      "Authorization: Basic "
          + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8))
          + "\r\n";
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final HttpLimits LIMITS = new HttpLimits(4, 2_000, 60_000, 400, 1);

  private static Broker broker;
  private static Management management;

  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();
    management = Management.start(broker, ManagementOptions.loopback().withLimits(LIMITS));
  }

  @AfterAll
  static void stop() {
    management.close();
    broker.close();
  }

  @AfterEach
  void closeAll() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), management.port());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The status of the next answer; 0 when the connection is closed instead. */
  private static int status(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    int octet = in.read();
    while (octet >= 0 && octet != '\r') {
      line.append((char) octet);
      octet = in.read();
    }
    return line.isEmpty() ? 0 : Integer.parseInt(line.substring(9, 12));
  }

  /** Tries with connections of their own until one is answered like this. */
  private void awaitStatus(String request, int expected) throws IOException {
    int status = -1;
    for (long end = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
        status != expected && System.nanoTime() < end; ) {
      try (Socket socket = connect()) {
        send(socket, request);
        status = status(socket);
      } catch (IOException refused) {
        status = 0;
      }
    }
    assertThat(status).isEqualTo(expected);
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n" + LOGIN + "\r\n";
  }

  @Test
  void oneConnectionMoreThanAllowedIsClosedAndOthersWorkAgainWhenOneIsGone() throws IOException {
    awaitStatus(get("/api/whoami"), 200);
    List<Socket> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Socket socket = connect();
      send(socket, get("/api/whoami"));
      assertThat(status(socket)).isEqualTo(200);
      readers.add(socket);
    }
    Socket further = connect();
    assertThat(further.getInputStream().read()).isEqualTo(-1);
    readers.get(0).close();
    awaitStatus(get("/api/whoami"), 200);
  }

  @Test
  void whoSaysNothingOrNeverEndsTheHeaderIsCutOff() throws IOException {
    Socket silent = connect();
    assertThat(silent.getInputStream().read()).isEqualTo(-1);
    Socket slow = connect();
    send(slow, "GET /api/overview HTTP/1.1\r\nHost: h\r\nX-Slow: ");
    assertThat(slow.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aBodyThatDoesNotComeEndsTheConnection() throws IOException {
    Socket slow = connect();
    send(
        slow,
        "POST /api/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 100\r\n\r\nusername=");
    assertThat(slow.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void largeHeadersAndLongPathsAreRefused() throws IOException {
    awaitStatus(
        "GET /api/overview HTTP/1.1\r\nHost: h\r\nX-Large: " + "x".repeat(9_000) + "\r\n\r\n", 431);
    awaitStatus("GET /api/" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414);
  }

  @Test
  void aBodyMayBeAsLargeAsConfigured() throws IOException {
    String head = "PUT /api/queues/%2F/q HTTP/1.1\r\nHost: h\r\n" + LOGIN;
    awaitStatus(head + "Content-Length: 2001\r\n\r\n", 413);
    awaitStatus(head + "Content-Length: 2\r\n\r\n{}", 201);
  }

  @Test
  void oneReaderOfLiveValuesMoreThanAllowedIsRefusedUntilAnotherGoes() throws IOException {
    Socket first = connect();
    send(first, get("/api/dev/live?view=overview"));
    assertThat(status(first)).isEqualTo(200);
    awaitStatus(get("/api/dev/live?view=overview"), 503);
    first.close();
    awaitStatus(get("/api/dev/live?view=overview"), 200);
  }
}
