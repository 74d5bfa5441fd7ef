package io.harveymq.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.AuthChain;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.InternalBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that asks a web service, and clients over real sockets. */
class HttpBackendTest {
  private FakeAuthService service;
  private HttpBackend backend;

  @BeforeEach
  void start() throws IOException {
    service = new FakeAuthService();
    backend = backend(false);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private HttpBackend backend(boolean post) {
    return backend(post, Duration.ofSeconds(30));
  }

  private HttpBackend backend(boolean post, Duration timeout) {
    return new HttpBackend(new HttpBackendOptions(post, service.paths(), timeout, timeout, null));
  }

  private static Broker broker(Function<InternalBackend, List<AuthChain.Step>> chain)
      throws Exception {
    return Broker.start(
        BrokerConfig.builder()
            .compatibility(Compatibility.V3_10)
            .loopbackUsers(Set.of())
            .authBackends(chain)
            .build());
  }

  private static Connection connect(Broker broker, String user) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.amqpUri());
    factory.setUsername(user);
    factory.setPassword("secret of " + user);
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }

  private AuthBackend.Answer login(String password) {
    return backend
        .authenticate(new Credentials("alice", password, "", true))
        .toCompletableFuture()
        .join();
  }

  private Decision decide(AccessQuestion question) {
    AuthBackend.Answer answer = login("x");
    service.takeAsked();
    return new Identity("alice", List.of("a", "b"), List.of(answer.authoriser()))
        .may(question)
        .toCompletableFuture()
        .join();
  }

  // ---- questions

  @Test
  void questionsAreThoseOfRabbitMq() {
    assertThat(login("p&q=r").refusal()).isNull();
    assertThat(service.takeAsked()).containsExactly("GET user?username=alice&password=p&q=r");
    decide(new AccessQuestion.Vhost("/", "10.0.0.1"));
    assertThat(service.takeAsked())
        .containsExactly("GET vhost?username=alice&vhost=/&ip=10.0.0.1&tags=a b");
    decide(new AccessQuestion.Resource("/", "queue", "q 1", AccessRight.CONFIGURE));
    assertThat(service.takeAsked())
        .containsExactly(
            "GET resource?username=alice&vhost=/&resource=queue&name=q 1&permission=configure"
                + "&tags=a b");
    decide(new AccessQuestion.Topic("/", "amq.topic", AccessRight.WRITE, "a.b"));
    assertThat(service.takeAsked())
        .containsExactly(
            "GET topic?username=alice&vhost=/&resource=topic&name=amq.topic&permission=write"
                + "&tags=a b&routing_key=a.b&variable_map.username=alice&variable_map.vhost=/");
  }

  @Test
  void aFormKeepsPasswordsOutOfAddresses() {
    backend = backend(true);
    login("secret");
    assertThat(service.takeAsked()).containsExactly("POST user?username=alice&password=secret");
  }

  @Test
  void whoShowsACertificateHasNoPassword() {
    login(null);
    assertThat(service.takeAsked()).containsExactly("GET user?username=alice");
  }

  // ---- answers

  @Test
  void tagsStandBehindAllow() {
    service.answers(question -> " Allow administrator  monitoring\n");
    assertThat(login("x").tags()).containsExactly("administrator", "monitoring");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deny",
        "deny because",
        "DENY",
        "",
        "allowed",
        "<html>allow</html>",
        "{\"allow\":true}",
        FakeAuthService.HANG_UP
      })
  void whateverIsNotAllowIsARefusal(String answer) {
    service.answers(question -> answer);
    assertThat(login("hidden").refusal()).isNotNull().doesNotContain("hidden");
  }

  @Test
  void anAnswerThatDoesNotComeIsARefusal() {
    backend = backend(false, Duration.ofMillis(300));
    service.answers(question -> FakeAuthService.NOTHING);
    assertThat(login("x").refusal()).endsWith(": timeout");
  }

  @Test
  void anErrorOfTheServiceIsARefusalEvenIfItSaysAllow() {
    service.status(500);
    assertThat(login("x").refusal()).endsWith("{500,\"allow\"}");
  }

  @Test
  void anAnswerWithoutEndIsARefusal() {
    service.answers(question -> "allow " + "x".repeat(70_000));
    assertThat(login("x").refusal()).endsWith("answer_too_large");
  }

  @Test
  void aServiceThatIsNotThereIsARefusal() {
    service.close();
    assertThat(login("x").refusal()).contains("{failed_connect,").contains("econnrefused");
  }

  // ---- clients

  @Test
  void theJavaClientLogsInAndPublishesWithOneQuestionForMany() throws Exception {
    try (Broker broker = broker(internal -> List.of(AuthChain.Step.of(backend)));
        Connection connection = connect(broker, "alice")) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      channel.queueDeclare("q", false, false, false, null);
      service.takeAsked();
      for (int i = 0; i < 500; i++) {
        channel.basicPublish("", "q", null, new byte[10]);
      }
      channel.waitForConfirmsOrDie(10_000);
      assertThat(service.takeAsked())
          .containsExactly(
              "GET resource?username=alice&vhost=/&resource=exchange&name=amq.default"
                  + "&permission=write&tags=");
      assertThat(channel.messageCount("q")).isEqualTo(500);
    }
  }

  @Test
  void refusalsAreThoseOfRabbitMq() throws Exception {
    service.answers(
        question ->
            question.startsWith("user") && question.contains("=alice")
                    || question.startsWith("vhost")
                    || question.contains("mine")
                ? "allow"
                : "deny");
    try (Broker broker = broker(internal -> List.of(AuthChain.Step.of(backend)))) {
      assertThatThrownBy(() -> connect(broker, "bob"))
          .isInstanceOf(AuthenticationFailureException.class);
      try (Connection connection = connect(broker, "alice")) {
        connection.createChannel().queueDeclare("mine", false, false, false, null);
        Channel channel = connection.createChannel();
        assertThatThrownBy(() -> channel.queueDeclare("yours", false, false, false, null))
            .hasRootCauseInstanceOf(ShutdownSignalException.class)
            .rootCause()
            .hasMessageContaining(
                "reply-code=403, reply-text=ACCESS_REFUSED - access to queue 'yours' in vhost '/'"
                    + " refused for user 'alice'");
        Channel other = connection.createChannel();
        assertThatThrownBy(() -> other.exchangeDeclare("theirs", BuiltinExchangeType.TOPIC))
            .rootCause()
            .hasMessageContaining("access to exchange 'theirs' in vhost '/' refused");
      }
    }
  }

  @Test
  void ownUsersComeFirstWhereTheyAreConfiguredFirst() throws Exception {
    try (Broker broker =
        broker(internal -> List.of(AuthChain.Step.of(internal), AuthChain.Step.of(backend)))) {
      broker.access().addUser("own", "secret of own");
      broker.access().setPermissions("own", "/", ".*", ".*", ".*");
      connect(broker, "own").close();
      assertThat(service.takeAsked()).isEmpty();
      connect(broker, "alice").close();
      assertThat(service.takeAsked()).hasSize(2);
    }
  }

  @Test
  void loginsAndRightsMayBeAskedElsewhere() throws Exception {
    try (Broker broker = broker(internal -> List.of(new AuthChain.Step(backend, internal)))) {
      assertThatThrownBy(() -> connect(broker, "alice"))
          .as("whom the broker does not know, it gives no rights")
          .isInstanceOf(AuthenticationFailureException.class);
      broker.access().addUser("alice", "another");
      broker.access().setPermissions("alice", "/", "mine", "", "");
      try (Connection connection = connect(broker, "alice")) {
        service.takeAsked();
        connection.createChannel().queueDeclare("mine", false, false, false, null);
        assertThat(service.takeAsked()).isEmpty();
      }
    }
  }
}
