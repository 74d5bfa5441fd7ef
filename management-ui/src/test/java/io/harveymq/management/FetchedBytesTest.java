package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.harveymq.broker.Broker;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that are fetched for one answer: however many are asked for, no more than so large. */
@Timeout(60)
class FetchedBytesTest {
  private static final int BODY = 1 << 20;
  private static final long BOUND = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);
  private static final int REST = 3;

  private final HttpClient client = HttpClient.newHttpClient();

  private int fetch(Management management, String mode) throws Exception {
    String login =
        Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
    String wish =
        "{\"count\":100000,\"ackmode\":\"" + mode + "\",\"encoding\":\"base64\",\"truncate\":1}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(management.uri() + "api/queues/%2F/q/get"))
            .header("authorization", "Basic " + login)
            .POST(HttpRequest.BodyPublishers.ofString(wish))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body()).size();
  }

  @Test
  void whoAsksForAllGetsFewerAndTheRestStaysInTheQueue() throws Exception {
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, ManagementOptions.loopback())) {
      FieldTable none = FieldTable.EMPTY;
      broker
          .commands()
          .carryOut("/", new QueueMethod.Declare("q", false, false, false, false, false, none))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      int enough = (int) ((BOUND + BODY - 1) / BODY);
      DirectMessages.Publish message =
          new DirectMessages.Publish("", "q", new byte[] {0, 0}, new byte[BODY]);
      for (int i = 0; i < enough + REST; i++) {
        broker
            .commands()
            .publish(null, "/", message)
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
      }
      assertThat(fetch(management, "ack_requeue_true")).isEqualTo(enough);
      assertThat(fetch(management, "ack_requeue_false")).isEqualTo(enough);
      assertThat(fetch(management, "ack_requeue_false")).isEqualTo(REST);
    }
  }
}
