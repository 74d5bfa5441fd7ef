package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.AuthChain;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens while somebody is asked what a user may do. */
class SlowRightsTest {
  private static final int PLACES = 8;
  private static final int LOOKED_AT_A_TIME = 1_024;

  private final ConcurrentLinkedQueue<CompletableFuture<Decision>> asked =
      new ConcurrentLinkedQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile Function<AccessQuestion, CompletionStage<Decision>> decide = this::later;
  private Broker broker;
  private Management management;

  /** Lets {@code slow} in, whose rights somebody else knows. */
  private final class Backend implements AuthBackend {
    @Override
    public String name() {
      return "slow";
    }

    @Override
    public CompletionStage<Answer> authenticate(Credentials credentials) {
      return CompletableFuture.completedFuture(
          credentials.user().equals("slow")
              ? Answer.known(
                  "slow",
                  List.of("management"),
                  (who, question) ->
                      question instanceof AccessQuestion.Resource
                          ? decide.apply(question)
                          : CompletableFuture.completedFuture(Decision.ALLOWED))
              : Answer.refused("somebody else"));
    }

    @Override
    public CompletionStage<Answer> authorise(Credentials credentials) {
      return authenticate(credentials);
    }
  }

  private CompletionStage<Decision> later(AccessQuestion question) {
    CompletableFuture<Decision> decision = new CompletableFuture<>();
    asked.add(decision);
    return decision;
  }

  @BeforeEach
  void start() throws Exception {
    broker =
        Broker.start(
            BrokerConfig.builder()
                .authBackends(
                    internal ->
                        List.of(AuthChain.Step.of(new Backend()), AuthChain.Step.of(internal)))
                .build());
    management = Management.start(broker, ManagementOptions.loopback());
    broker
        .commands()
        .carryOut(
            "/", new QueueMethod.Declare("q", false, false, false, false, false, FieldTable.EMPTY))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    publish();
  }

  private void publish() throws Exception {
    broker
        .commands()
        .publish(null, "/", new DirectMessages.Publish("", "q", new byte[] {0, 0}, new byte[1]))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    management.close();
    broker.close();
  }

  private CompletableFuture<HttpResponse<String>> send(String method, String user, String path) {
    byte[] credentials = (user + ":p").getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(management.uri() + "api/" + path))
            .header("authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  /** All places for answers are taken by who is asked about. */
  private List<CompletableFuture<HttpResponse<String>>> takeAllPlaces() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      slow.add(send("GET", "slow", "dev/queues/%2F/q/messages"));
    }
    while (asked.size() < PLACES) {
      settle();
    }
    return slow;
  }

  /** An answer to a request that needs no place shows that those before it were seen. */
  private void settle() throws Exception {
    assertThat(send("OPTIONS", "plain", "whoami").get(10, TimeUnit.SECONDS).statusCode())
        .isEqualTo(200);
  }

  private void decideAll() {
    decide = question -> CompletableFuture.completedFuture(Decision.ALLOWED);
    for (CompletableFuture<Decision> one = asked.poll(); one != null; one = asked.poll()) {
      one.complete(Decision.ALLOWED);
    }
  }

  @Test
  void rightsThatAreTakenWhileARequestWaitsForItsTurnAreGone() throws Exception {
    broker.access().addUser("plain", "p", "management");
    broker.access().setPermissions("plain", "/", "", "", ".*");
    List<CompletableFuture<HttpResponse<String>>> slow = takeAllPlaces();
    var queues = send("GET", "plain", "queues/%2F");
    var messages = send("GET", "plain", "whoami");
    settle();
    assertThat(queues).isNotDone();
    broker.access().clearPermissions("plain", "/");
    decideAll();
    assertThat(queues.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
    assertThat(messages.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    for (CompletableFuture<HttpResponse<String>> one : slow) {
      assertThat(one.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void onlySoManyAnswersAreMadeAtATime(String method) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> slow = takeAllPlaces();
    var further = send(method, "slow", "whoami");
    for (int i = 0; i < 20; i++) {
      settle();
    }
    assertThat(further).isNotDone();
    decideAll();
    assertThat(further.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    for (CompletableFuture<HttpResponse<String>> one : slow) {
      assertThat(one.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void searchWhoseTimeEndsInTheLastQueueIsNotComplete() throws Exception {
    for (int i = 0; i < LOOKED_AT_A_TIME; i++) {
      publish();
    }
    decide =
        question -> {
          decide = later -> CompletableFuture.completedFuture(Decision.ALLOWED);
          return CompletableFuture.supplyAsync(
              () -> Decision.ALLOWED,
              CompletableFuture.delayedExecutor(3_100, TimeUnit.MILLISECONDS));
        };
    String body =
        send("GET", "slow", "dev/messages/%2F?text=none").get(20, TimeUnit.SECONDS).body();
    assertThat(body)
        .contains("\"searched\":1")
        .contains("\"looked\":" + LOOKED_AT_A_TIME)
        .contains("\"complete\":false");
  }

  @Test
  void searchShowsNothingWhenTheRightIsTakenMeanwhile() throws Exception {
    ConcurrentLinkedQueue<Decision> decisions =
        new ConcurrentLinkedQueue<>(List.of(Decision.ALLOWED, Decision.DENIED));
    decide = question -> CompletableFuture.completedFuture(decisions.poll());
    String body = send("GET", "slow", "dev/messages/%2F").get(20, TimeUnit.SECONDS).body();
    assertThat(body).contains("\"searched\":0").contains("\"items\":[]");
  }
}
