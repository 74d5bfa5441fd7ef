package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AMQP has no room for is refused, because its clients could never be told of it. */
class LongNamesTest {
  private static final String GUEST =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
  private static final String LONG = "n".repeat(256);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Broker broker;
  private static Management management;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();
    management = Management.start(broker, ManagementOptions.loopback());
    send("PUT", "queues/%2F/q", "{}");
  }

  @AfterAll
  static void stop() {
    management.close();
    broker.close();
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(management.uri() + "api/" + path))
            .method(method, BodyPublishers.ofString(body))
            .header("authorization", GUEST)
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "PUT | queues/%2F/LONG | {}",
        "PUT | exchanges/%2F/LONG | {`type`:`direct`}",
        "POST | bindings/%2F/e/amq.direct/q/q | {`routing_key`:`LONG`}",
        "POST | exchanges/%2F/amq.default/publish | {`routing_key`:`LONG`,`properties`:{},`payload`:``,`payload_encoding`:`string`}",
        "POST | exchanges/%2F/amq.default/publish | {`routing_key`:`q`,`properties`:{`type`:`LONG`},`payload`:``,`payload_encoding`:`string`}",
      })
  void isRefusedAsABadRequest(String method, String path, String body) throws Exception {
    String json = body.replace('`', '"').replace("LONG", LONG);
    HttpResponse<String> answer = send(method, path.replace("LONG", LONG), json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @Test
  void requestWithoutAHostIsRefused() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", management.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(13), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 400 ");
    }
  }
}
