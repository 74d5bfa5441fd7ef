package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies on the wire: how large they may be, and when they are read. */
@Timeout(30)
class RequestBodiesTest {
  private static final String LINE = "\r\n";
  private static final String GUEST =
      Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));

  private Broker broker;
  private Management management;

  @BeforeEach
  void start() throws Exception {
    broker = Broker.start();
    management = Management.start(broker, ManagementOptions.loopback());
  }

  @AfterEach
  void stop() {
    management.close();
    broker.close();
  }

  private static String head(String target, String credentials, String... more) {
    return target
        + " HTTP/1.1\r\nhost: h\r\n"
        + (credentials == null ? "" : "authorization: Basic " + credentials + LINE)
        + String.join(LINE, more)
        + LINE
        + LINE;
  }

  private Socket open() throws IOException {
    return new Socket("127.0.0.1", management.port());
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Up to and with the empty line. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    while (!read.toString().endsWith("\r\n\r\n")) {
      int one = in.read();
      assertThat(one).as("an octet after " + read).isNotNegative();
      read.append((char) one);
    }
    return read.toString();
  }

  @Test
  void longBodyIsTakenWhateverItsType() throws Exception {
    String body = "{\"arguments\":{\"x-note\":\"" + "a%=&+".repeat(2_000) + "\"}}";
    try (Socket socket = open()) {
      write(
          socket,
          head(
                  "PUT /api/queues/%2F/long",
                  GUEST,
                  "content-type: application/x-www-form-urlencoded",
                  "content-length: " + body.length())
              + body);
      assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 201 ");
    }
  }

  @Test
  void fieldsOfAFormAreNoParameters() throws Exception {
    String message =
        "{\"routing_key\":\"formed\",\"properties\":{},\"payload\":\"x\",\"payload_encoding\":\"string\"}";
    assertThat(answer("PUT /api/queues/%2F/formed", "application/json", "{}"))
        .startsWith("HTTP/1.1 201 ");
    assertThat(answer("POST /api/exchanges/%2F/amq.default/publish", "application/json", message))
        .startsWith("HTTP/1.1 200 ");
    // As a parameter it would refuse to delete a queue with a message.
    String form = "application/x-www-form-urlencoded";
    assertThat(answer("DELETE /api/queues/%2F/formed", form, "if-empty=true"))
        .startsWith("HTTP/1.1 204 ");
  }

  @Test
  void queriesAndFormsThatAreNotProperlyEncodedAreBadRequests() throws Exception {
    assertThat(answer("GET /api/queues?sort=%", "application/json", ""))
        .startsWith("HTTP/1.1 400 ");
    String form = "application/x-www-form-urlencoded";
    assertThat(answer("POST /api/login", form, "username=guest&password=%zz"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void deeplyNestedBodiesAreBadRequests() throws Exception {
    String deep = "[".repeat(201) + "]".repeat(201);
    assertThat(answer("PUT /api/global-parameters/deep", "application/json", parameter(deep)))
        .startsWith("HTTP/1.1 400 ");
    String nested = "[".repeat(50) + "]".repeat(50);
    assertThat(answer("PUT /api/global-parameters/deep", "application/json", parameter(nested)))
        .startsWith("HTTP/1.1 201 ");
  }

  private static String parameter(String value) {
    return "{\"value\":" + value + "}";
  }

  private String answer(String request, String type, String body) throws Exception {
    try (Socket socket = open()) {
      write(
          socket,
          head(request, GUEST, "content-type: " + type, "content-length: " + body.length()) + body);
      return readHead(socket.getInputStream());
    }
  }

  @Test
  void bodyThatIsTooLargeIsRefusedAndTheConnectionClosed() throws Exception {
    try (Socket socket = open()) {
      write(socket, head("PUT /api/queues/%2F/big", GUEST, "content-length: 10000001"));
      String answer = readHead(socket.getInputStream());
      assertThat(answer).startsWith("HTTP/1.1 413 ").containsIgnoringCase("connection: close");
      write(socket, "x".repeat(10_000_001));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("payload_too_large");
    }
  }

  @Test
  void bodyInChunksIsRefusedOnceItIsTooLarge() throws Exception {
    String form = "x".repeat(0x8000);
    try (Socket socket = open()) {
      write(socket, head("POST /api/login", null, "transfer-encoding: chunked"));
      for (int i = 0; i < 3; i++) {
        write(socket, "8000\r\n" + form + LINE);
      }
      assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
      write(socket, "0\r\n\r\n");
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("65536 bytes");
    }
  }

  private static Socket whoeverIsAnswered(Socket... sockets) throws IOException {
    for (long end = System.nanoTime() + 20_000_000_000L; System.nanoTime() < end; ) {
      for (Socket socket : sockets) {
        if (socket.getInputStream().available() > 0) {
          return socket;
        }
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("nobody is answered");
  }

  @Test
  void bodiesThatComeAtATimeTakeNoMoreMemoryThanThereIs() throws Exception {
    int half = 600_000;
    String partly = "x".repeat(half);
    HttpLimits limits = new HttpLimits(20, 10_000_000, 60_000, 30_000, 4, 1_000_000);
    try (Management small =
        Management.start(broker, ManagementOptions.loopback().withLimits(limits))) {
      String request = head("PUT /api/queues/%2F/q", GUEST, "content-length: " + (half + 2));
      try (Socket first = new Socket("127.0.0.1", small.port());
          Socket second = new Socket("127.0.0.1", small.port())) {
        write(first, request + partly);
        write(second, request + partly);
        Socket refused = whoeverIsAnswered(first, second);
        assertThat(readHead(refused.getInputStream())).startsWith("HTTP/1.1 503 ");
        Socket other = refused == first ? second : first;
        write(other, "{}");
        assertThat(readHead(other.getInputStream())).as("no JSON").startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @Test
  void whoIsNotLetInIsToldBeforeTheBodyComesAndMayAskAgain() throws Exception {
    try (Socket socket = open()) {
      write(socket, head("PUT /api/queues/%2F/q", null, "content-length: 5"));
      assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 401 ");
      write(socket, "abcde" + head("GET /api/whoami", GUEST, "x-any: x"));
      assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
    }
  }
}
