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

  private static HttpResponse<String> get(Management management, String path, String credentials)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(management.uri() + path))
                .header("authorization", credentials)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
