package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Logins by HTTP count with all others, and wait as they do. */
class SlowedLoginTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void whoFailedTwentyTimesWaitsWhicheverWayTheNextLoginComes() throws Exception {
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, ManagementOptions.loopback())) {
      for (int i = 0; i < 26; i++) {
        assertThat(login(management, i % 2 == 0, "wrong")).isEqualTo(401);
      }
      for (boolean form : new boolean[] {true, false}) {
        long start = System.nanoTime();
        assertThat(login(management, form, "guest")).isEqualTo(200);
        assertThat(System.nanoTime() - start).isGreaterThan(200_000_000L);
      }
    }
  }

  private static int login(Management management, boolean form, String password) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    if (form) {
      request
          .uri(URI.create(management.uri() + "api/login"))
          .POST(BodyPublishers.ofString("username=guest&password=" + password));
    } else {
      byte[] credentials = ("guest:" + password).getBytes(StandardCharsets.UTF_8);
      request
          .uri(URI.create(management.uri() + "api/whoami"))
          .header("authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
