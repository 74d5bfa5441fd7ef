package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ManagementTest {
  private static final String GUEST =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));

  @Test
  void answersAsLongAsItIsOpen() throws Exception {
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, ManagementOptions.loopback())) {
      HttpResponse<String> answer = get(management, "api/whoami", GUEST);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"name\":\"guest\",\"tags\":[\"administrator\"]}");
      assertThat(get(management, "api/queues/%2F/none", GUEST).statusCode()).isEqualTo(404);
      assertThat(get(management, "api/overview", GUEST).body()).contains("\"exchanges\":7");
    }
  }

  @Test
  void letsWhoeverHasTheTokenDoAllWithoutBeingAUser() throws Exception {
    ManagementOptions options = ManagementOptions.loopback().withControlToken("open sesame");
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, options)) {
      String token = "Bearer open sesame";
      assertThat(get(management, "api/whoami", token).body())
          .isEqualTo("{\"name\":\"rmq-cli\",\"tags\":[\"administrator\"]}");
      assertThat(send(management, "PUT", "api/queues/%2F/made", token, "{}").statusCode())
          .isEqualTo(201);
      String message =
          "{\"properties\":{},\"routing_key\":\"made\",\"payload\":\"x\","
              + "\"payload_encoding\":\"string\"}";
      assertThat(send(management, "POST", "api/exchanges/%2F//publish", token, message).body())
          .isEqualTo("{\"routed\":true}");
      assertThat(send(management, "PUT", "api/vhosts/mine", token, "{}").statusCode())
          .isEqualTo(201);
      assertThat(get(management, "api/vhosts/mine/permissions", token).body()).isEqualTo("[]");
      assertThat(send(management, "DELETE", "api/queues/%2F/made", token, "").statusCode())
          .isEqualTo(204);
    }
  }

  @Test
  void letsNobodyInWithAWrongToken() throws Exception {
    ManagementOptions options = ManagementOptions.loopback().withControlToken("open sesame");
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, options)) {
      assertThat(get(management, "api/whoami", "Bearer open").statusCode()).isEqualTo(401);
      assertThat(get(management, "api/whoami", "Bearer ").statusCode()).isEqualTo(401);
    }
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, ManagementOptions.loopback())) {
      assertThat(get(management, "api/whoami", "Bearer null").statusCode()).isEqualTo(401);
      assertThat(get(management, "api/whoami", "Bearer ").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void setsTheLimitsOfTheAlarms() throws Exception {
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, ManagementOptions.loopback())) {
      String low = "{\"memory_high_watermark\":\"1kb\"}";
      assertThat(send(management, "PUT", "api/dev/limits", GUEST, low).statusCode()).isEqualTo(204);
      assertThat(get(management, "api/dev/limits", GUEST).body())
          .contains("\"memory_high_watermark\":1000,");
      String wrong = "{\"memory_high_watermark\":\"much\"}";
      assertThat(send(management, "PUT", "api/dev/limits", GUEST, wrong).statusCode())
          .isEqualTo(400);
    }
  }

  private static HttpResponse<String> get(Management management, String path, String credentials)
      throws Exception {
    return send(management, "GET", path, credentials, "");
  }

  private static HttpResponse<String> send(
      Management management, String method, String path, String credentials, String body)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(management.uri() + path))
                .header("authorization", credentials)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
