package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that come late, or never end: nobody else waits for them. */
class WaitingRequestsTest {
  private static final int SOME = 10;
  private static final int MOST_WAITING = 200;

  private final ManualClock clock = new ManualClock(1_800_000_000_000L);
  private final HttpClient client = HttpClient.newHttpClient();
  private Broker broker;
  private Management management;

  @BeforeEach
  void start() throws Exception {
    broker = Broker.start(BrokerConfig.builder().clock(clock).build());
    management = Management.start(broker, ManagementOptions.loopback());
    broker
        .commands()
        .carryOut(
            "/", new QueueMethod.Declare("q", false, false, false, false, false, FieldTable.EMPTY))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    management.close();
    broker.close();
  }

  private HttpRequest get(String user, String path) {
    byte[] credentials = (user + ":" + user).getBytes(StandardCharsets.UTF_8);
    return HttpRequest.newBuilder(URI.create(management.uri() + "api/" + path))
        .header("authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
        .timeout(Duration.ofSeconds(50))
        .build();
  }

  private HttpRequest get(String path) {
    return get("guest", path);
  }

  private HttpResponse<InputStream> tail(String user) throws Exception {
    return client.send(
        get(user, "dev/tail/%2F?queue=q"), HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void manyWhoWaitForAQueueKeepNobodyElseWaiting() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waits = new ArrayList<>();
    for (int i = 0; i < SOME; i++) {
      waits.add(
          client.sendAsync(
              get("dev/wait/%2F/q?until=ready&timeout=15000"),
              HttpResponse.BodyHandlers.ofString()));
    }
    // each of them on a connection of its own, which is there before that of this one
    for (int i = 0; i < SOME; i++) {
      assertThat(client.send(get("whoami"), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
    assertThat(waits).noneMatch(CompletableFuture::isDone);
    publish();
    for (CompletableFuture<HttpResponse<String>> wait : waits) {
      assertThat(wait.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void oneWhoWaitsMoreThanAllowedIsRefused() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waits = new ArrayList<>();
    for (int i = 0; i < MOST_WAITING + 1; i++) {
      waits.add(
          client.sendAsync(
              get("dev/wait/%2F/q?until=ready&timeout=40000"),
              HttpResponse.BodyHandlers.ofString()));
    }
    CompletableFuture.anyOf(waits.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    List<CompletableFuture<HttpResponse<String>>> refused =
        waits.stream().filter(CompletableFuture::isDone).toList();
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0).get().statusCode()).isEqualTo(503);
    publish();
    waits.removeAll(refused);
    for (CompletableFuture<HttpResponse<String>> wait : waits) {
      assertThat(wait.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void manyWhoWatchMessagesKeepNobodyElseWaiting() throws Exception {
    List<HttpResponse<InputStream>> tails = new ArrayList<>();
    CompletableFuture<Void> late =
        client
            .sendAsync(
                get("dev/wait/%2F/none?until=exists&timeout=15000"),
                HttpResponse.BodyHandlers.ofString())
            .thenAccept(answer -> {});
    for (int i = 0; i < SOME; i++) {
      tails.add(tail("guest"));
    }
    assertThat(client.send(get("whoami"), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(late).isNotDone();
    assertThat(tails).allMatch(answer -> answer.statusCode() == 200);
    for (HttpResponse<InputStream> one : tails) {
      one.body().close();
    }
  }

  @Test
  void oneUserDoesNotTakeAllPlacesForWatching() throws Exception {
    broker.access().addUser("other", "other", "management");
    broker.access().setPermissions("other", "/", "", "", ".*");
    List<HttpResponse<InputStream>> tails = new ArrayList<>();
    for (int i = 0; i < SOME; i++) {
      tails.add(tail("guest"));
    }
    assertThat(tails).allMatch(answer -> answer.statusCode() == 200);
    assertThat(tail("guest").statusCode()).isEqualTo(503);
    try (InputStream others = tail("other").body()) {
      publish();
      assertThat(event(new BufferedReader(new InputStreamReader(others)))).isEqualTo("message");
    }
    for (HttpResponse<InputStream> one : tails) {
      one.body().close();
    }
    int status = 503;
    for (long end = System.nanoTime() + 30_000_000_000L;
        status == 503 && System.nanoTime() < end; ) {
      // what passes shows the broker that nobody reads any more
      publish();
      HttpResponse<InputStream> again = tail("guest");
      status = again.statusCode();
      again.body().close();
    }
    assertThat(status).isEqualTo(200);
  }

  @Test
  void clockThatIsMovedEndsNoTail() throws Exception {
    try (InputStream body = tail("guest").body()) {
      BufferedReader lines = new BufferedReader(new InputStreamReader(body));
      for (int i = 0; i < 5; i++) {
        clock.advance(Duration.ofMinutes(5));
        publish();
        assertThat(event(lines)).isEqualTo("message");
      }
    }
  }

  private static String event(BufferedReader lines) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        return line.substring("event: ".length());
      }
    }
    throw new AssertionError("the stream has ended");
  }

  private void publish() throws Exception {
    broker
        .commands()
        .publish(null, "/", new DirectMessages.Publish("", "q", new byte[] {0, 0}, new byte[1]))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }
}
