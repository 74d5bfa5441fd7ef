package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.ScriptedBackend;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a user may do where a backend is asked, which answers later. */
class AskedAccessTest {
  private static final long LONGEST_WAIT = 60_000;

  private final TestBroker broker = TestBroker.of(Compatibility.V3_10);
  private final ScriptedBackend backend = new ScriptedBackend().serve(broker);

  private TestClient login(String... tags) {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities("authentication_failure_close"), "token");
    backend.accept("alice", tags);
    client.expect(0, ConnectionMethod.Tune.class);
    client.send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
    client.send(0, new ConnectionMethod.Open("/"));
    assertThat(client.next(0)).isNull();
    return client;
  }

  private TestClient open(String... tags) {
    TestClient client = login(tags);
    backend.answer(Decision.ALLOWED);
    client.expect(0, ConnectionMethod.OpenOk.class);
    backend.takeAsked();
    return client;
  }

  private static QueueMethod.Declare declare(String queue) {
    return new QueueMethod.Declare(queue, false, false, false, false, false, FieldTable.EMPTY);
  }

  private static AccessQuestion queue(String name, AccessRight right) {
    return new AccessQuestion.Resource("/", "queue", name, right);
  }

  private static AccessQuestion exchange(String name, AccessRight right) {
    return new AccessQuestion.Resource("/", "exchange", name, right);
  }

  // ---- virtual hosts

  @Test
  void aRefusedVhostIsThatOfRabbit() {
    TestClient client = login();
    assertThat(backend.takeAsked()).containsExactly(new AccessQuestion.Vhost("/", ""));
    backend.answer(Decision.DENIED);
    assertThat(client.expectClose(530))
        .isEqualTo("NOT_ALLOWED - access to vhost '/' refused for user 'alice'");
  }

  @Test
  void theErrorOfABackendIsPartOfTheText() {
    TestClient client = login();
    backend.answer(Decision.error("rabbit_auth_backend_http", "timeout"));
    assertThat(client.expectClose(530))
        .isEqualTo(
            "NOT_ALLOWED - access to vhost '/' refused for user 'alice', backend"
                + " rabbit_auth_backend_http returned an error: timeout");
  }

  @Test
  void nobodyIsAskedAboutAVhostThatIsNotThere() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities(), "token");
    backend.accept("alice");
    client.expect(0, ConnectionMethod.Tune.class);
    client.send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
    client.send(0, new ConnectionMethod.Open("nowhere"));
    assertThat(client.expectClose(530)).isEqualTo("NOT_ALLOWED - vhost nowhere not found");
    assertThat(backend.takeAsked()).isEmpty();
  }

  // ---- commands

  @Test
  void commandsBehindOneThatWaitsKeepTheirOrder() {
    TestChannel channel = open().channel(1);
    channel.send(declare("q"));
    channel.publish("", "q", "one");
    channel.expectNothing();
    assertThat(backend.takeAsked()).containsExactly(queue("q", AccessRight.CONFIGURE));

    backend.answer(Decision.ALLOWED);
    channel.expect(QueueMethod.DeclareOk.class);
    broker.run();
    assertThat(backend.takeAsked()).containsExactly(exchange("amq.default", AccessRight.WRITE));
    assertThat(broker.queue("q").readyCount()).isZero();

    backend.answer(Decision.ALLOWED);
    broker.run();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void otherChannelsGoOnMeanwhile() {
    TestClient client = open();
    TestChannel waiting = client.channel(1);
    TestChannel other = client.channel(2);
    waiting.send(declare("q"));
    waiting.expectNothing();
    other.call(new BasicMethod.Qos(0, 1, false), BasicMethod.QosOk.class);
    backend.answer(Decision.ALLOWED);
    waiting.expect(QueueMethod.DeclareOk.class);
  }

  @Test
  void twoChannelsThatWantTheSameAreOneQuestion() {
    TestClient client = open();
    TestChannel one = client.channel(1);
    TestChannel two = client.channel(2);
    one.send(declare("q"));
    two.send(declare("q"));
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
    backend.answer(Decision.ALLOWED);
    one.expect(QueueMethod.DeclareOk.class);
    two.expect(QueueMethod.DeclareOk.class);
  }

  @Test
  void aNameThatTheBrokerMakesUpIsAskedForOnce() {
    TestChannel channel = open().channel(1);
    channel.send(declare(""));
    broker.run();
    AccessQuestion.Resource asked = (AccessQuestion.Resource) backend.takeAsked().get(0);
    backend.answer(Decision.ALLOWED);
    assertThat(channel.expect(QueueMethod.DeclareOk.class).queue()).isEqualTo(asked.name());
    channel.send(declare(""));
    broker.run();
    assertThat(((AccessQuestion.Resource) backend.takeAsked().get(0)).name())
        .startsWith("amq.gen")
        .isNotEqualTo(asked.name());
  }

  @Test
  void aRefusalClosesTheChannelAndIsAskedAgainNextTime() {
    TestClient client = open();
    TestChannel channel = client.channel(1);
    channel.send(declare("q"));
    broker.run();
    backend.answer(Decision.DENIED);
    assertThat(channel.expect(ChannelMethod.Close.class).replyText())
        .isEqualTo("ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'alice'");
    backend.takeAsked();
    client.channel(2).send(declare("q"));
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
  }

  @Test
  void publishingTheSameWayIsNotAskedAgain() {
    TestChannel channel = open().channel(1);
    channel.publish("", "q", "one");
    broker.run();
    backend.answer(Decision.ALLOWED);
    channel.publish("", "q", "two");
    channel.publish("", "other", "three");
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
  }

  @Test
  void aTopicIsAskedByItsRoutingKey() {
    TestChannel channel = open().channel(1);
    channel.publish("amq.topic", "a.b", "one");
    broker.run();
    backend.answer(Decision.ALLOWED);
    broker.run();
    assertThat(backend.takeAsked())
        .containsExactly(
            exchange("amq.topic", AccessRight.WRITE),
            new AccessQuestion.Topic("/", "amq.topic", AccessRight.WRITE, "a.b"));
    backend.answer(Decision.DENIED);
    assertThat(channel.expect(ChannelMethod.Close.class).replyText())
        .isEqualTo(
            "ACCESS_REFUSED - access to topic 'a.b' in exchange 'amq.topic' in vhost '/' refused"
                + " for user 'alice'");
  }

  @Test
  void aMessageWithMoreKeysThanAreRememberedIsNotAskedAboutForEver() {
    broker.like(Compatibility.V4_2);
    TestChannel channel = open().channel(1);
    List<FieldValue> keys = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      keys.add(FieldValue.of("key." + i));
    }
    FieldTable headers = FieldTable.builder().put("CC", FieldValue.of(keys)).build();
    channel.publish(
        "amq.topic", "key", BasicProperties.builder().headers(headers).build(), new byte[0]);
    broker.run();
    int asked = 0;
    for (int now = backend.takeAsked().size(); now > 0; now = backend.takeAsked().size()) {
      asked += now;
      backend.answer(Decision.ALLOWED);
      broker.run();
    }
    assertThat(asked).isBetween(100, 201);
    assertThat(channel.expect(ChannelMethod.Close.class).replyCode()).isEqualTo(403);
  }

  @Test
  void aPublisherIsAskedAboutAgainAndAgainAsLongAsItPublishes() {
    TestChannel channel = open().channel(1);
    for (int minute = 0; minute < 260; minute++) {
      channel.publish("", "q", "m");
      broker.run();
      assertThat(backend.takeAsked()).as("minute %d", minute).hasSize(1);
      backend.answer(Decision.ALLOWED);
      broker.advance(60_000);
    }
    channel.call(new BasicMethod.Qos(0, 1, false), BasicMethod.QosOk.class);
  }

  @Test
  void moreThanIsKeptWaitingStaysInOrder() {
    TestChannel channel = open().channel(1);
    channel.send(declare("q"));
    broker.run();
    backend.takeAsked();
    backend.answer(Decision.ALLOWED);
    channel.expect(QueueMethod.DeclareOk.class);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      bodies.add("%05d".formatted(i) + "x".repeat(2_000));
    }
    channel.publishAll("q", bodies);
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
    backend.answer(Decision.ALLOWED);
    broker.run();
    List<String> got = new ArrayList<>();
    broker
        .queue("q")
        .lanes()
        .waiting()
        .forEach(one -> got.add(new String(one.message().body(), StandardCharsets.UTF_8)));
    assertThat(got).isEqualTo(bodies);
  }

  @Test
  void aChannelThatFailsWhileMuchWaitsOnItIsClosed() {
    TestClient client = open();
    TestChannel channel = client.channel(1);
    channel.send(declare("q"));
    channel.publish("", "q", "m");
    channel.send(new BasicMethod.Get("q", false));
    for (int i = 0; i < 3; i++) {
      broker.run();
      backend.answer(Decision.ALLOWED);
    }
    channel.expect(QueueMethod.DeclareOk.class);
    channel.expect(BasicMethod.GetOk.class);
    broker.advance(60_000);
    long before = broker.memory().used();

    channel.publishAll("q", Collections.nCopies(1_500, "x".repeat(2_000)));
    broker.advance(TimeUnit.HOURS.toMillis(1));

    assertThat(channel.expect(ChannelMethod.Close.class).replyCode()).isEqualTo(406);
    channel.send(new ChannelMethod.CloseOk());
    client.channel(2).call(new BasicMethod.Qos(0, 1, false), BasicMethod.QosOk.class);
    assertThat(broker.memory().used()).isLessThanOrEqualTo(before);
  }

  @Test
  void passiveDeclarationsOfLaterVersionsNeedAnyRight() {
    broker.like(Compatibility.V4_3);
    TestChannel channel = open().channel(1);
    channel.send(new QueueMethod.Declare("q", true, false, false, false, false, FieldTable.EMPTY));
    broker.run();
    assertThat(backend.takeAsked()).hasSize(3);
    backend.answer(Decision.DENIED);
    backend.answer(Decision.ALLOWED);
    backend.answer(Decision.DENIED);
    assertThat(channel.expect(ChannelMethod.Close.class).replyCode()).isEqualTo(404);
  }

  @Test
  void theTagsOfTheLoginCount() {
    TestChannel channel = open("impersonator").channel(1);
    BasicProperties ofBob = BasicProperties.builder().userId("bob").build();
    channel.publish("", "q", ofBob, new byte[0]);
    broker.run();
    backend.answer(Decision.ALLOWED);
    channel.call(new BasicMethod.Qos(0, 1, false), BasicMethod.QosOk.class);
  }

  // ---- the end

  @Test
  void whatAClosedConnectionAskedIsOfNoUse() {
    TestClient client = open();
    client.channel(1).send(declare("q"));
    client.drop();
    broker.run();
    backend.answer(Decision.ALLOWED);
    broker.run();
    broker.advance(LONGEST_WAIT);
    assertThat(broker.loop().timers()).isZero();
  }

  @Test
  void whatWaitsWhenTheClientIsGoneTakesEffectIfItIsAllowed() {
    TestClient client = open();
    client.channel(1).send(declare("q"));
    client.drop();
    broker.run();
    backend.answer(Decision.ALLOWED);
    broker.run();
    assertThat(broker.vhost().queueOrNull("q")).isNotNull();
  }

  // ---- forgetting

  @Test
  void whatIsAllowedIsForgottenAfterAMinute() {
    TestChannel channel = open().channel(1);
    channel.publish("", "q", "one");
    broker.run();
    backend.answer(Decision.ALLOWED);
    broker.run();
    broker.advance(59_999);
    channel.publish("", "q", "two");
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
    broker.advance(1);
    channel.publish("", "q", "three");
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
  }

  @Test
  void whatIsAllowedIsForgottenWhenTheTokenEnds() {
    backend.expiringAt(broker.loop().clock().millis() + 5_000);
    TestChannel channel = open().channel(1);
    channel.publish("", "q", "one");
    broker.run();
    backend.answer(Decision.ALLOWED);
    broker.advance(5_000);
    backend.takeAsked();
    channel.publish("", "q", "two");
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
  }

  // ---- update-secret

  private static ConnectionMethod.UpdateSecret secret(String text) {
    return new ConnectionMethod.UpdateSecret(text.getBytes(StandardCharsets.UTF_8), "why not");
  }

  @Test
  void aNewSecretIsShownToTheBackendAndEverythingIsAskedAnew() {
    TestClient client = open();
    TestChannel channel = client.channel(1);
    channel.publish("", "q", "one");
    broker.run();
    backend.answer(Decision.ALLOWED);
    broker.run();
    backend.takeAsked();

    client.send(0, secret("token 2"));
    channel.publish("", "q", "two");
    broker.run();
    assertThat(backend.secrets()).containsExactly("token", "token 2");
    assertThat(backend.takeAsked()).isEmpty();
    backend.renew();
    client.expect(0, ConnectionMethod.UpdateSecretOk.class);
    broker.run();
    assertThat(backend.takeAsked()).hasSize(1);
  }

  @Test
  void anAnswerToAQuestionOfBeforeTheNewSecretDoesNotCount() {
    TestClient client = open();
    TestChannel channel = client.channel(1);
    channel.send(declare("q"));
    client.send(0, secret("token 2"));
    broker.run();
    backend.renew();
    client.expect(0, ConnectionMethod.UpdateSecretOk.class);
    backend.answer(Decision.ALLOWED);
    broker.run();
    channel.expectNothing();
    backend.answer(Decision.DENIED);
    assertThat(channel.expect(ChannelMethod.Close.class).replyCode()).isEqualTo(403);
  }

  @Test
  void aRefusedSecretClosesTheConnection() {
    TestClient client = open();
    client.send(0, secret("no good"));
    broker.run();
    backend.refuseRenewal("expired");
    assertThat(client.expectClose(530))
        .isEqualTo("NOT_ALLOWED - New secret was refused by one of the backends");
  }

  @Test
  void ownUsersMayShowAnySecret() {
    TestBroker plain = TestBroker.start();
    TestClient client = plain.connect();
    client.send(0, secret("whatever"));
    client.expect(0, ConnectionMethod.UpdateSecretOk.class);
  }
}
