package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.TxMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts to get past permissions: by races with their change, by names, and by making the broker
 * do what the user may not.
 */
class AccessAttackTest {
  private static final byte[] BODY = "m".getBytes(StandardCharsets.UTF_8);

  private final TestBroker broker = TestBroker.start();
  private final TestChannel guest = broker.channel();

  private void grant(String configure, String write, String read) {
    broker.change(
        editor -> {
          if (!editor.hasUser("u")) {
            editor.addUser(User.of("u", "p"));
          }
          editor.setPermission(new Permission("u", "/", configure, write, read));
        });
  }

  private TestChannel user() {
    return broker.accept().open("u", "p", "/").channel(1);
  }

  private String refusalOf(Method method) {
    return user().send(method).expectClose(403).replyText();
  }

  private static QueueMethod.Declare declare(String queue) {
    return new QueueMethod.Declare(queue, false, false, false, false, false, FieldTable.EMPTY);
  }

  // ---- races with a change

  @Test
  void aTransactionCommitsWhatWasPublishedWhileItWasAllowedAndNoMore() {
    guest.declare("q");
    grant("", ".*", "");
    TestChannel channel = user();
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("q", "allowed");
    broker.run();
    grant("", "", "");
    channel.call(new TxMethod.Commit(), TxMethod.CommitOk.class);
    assertThat(guest.drain("q")).containsExactly("allowed");
    channel.publish("q", "refused").expectClose(403);
    assertThat(guest.drain("q")).isEmpty();
  }

  @Test
  void aTransactionWithARefusedPublishIsGone() {
    guest.declare("q");
    grant("", ".*", "");
    TestChannel channel = user();
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("q", "first");
    broker.run();
    grant("", "", "");
    channel.publish("q", "second");
    channel.send(new TxMethod.Commit());
    channel.expectClose(403);
    assertThat(guest.drain("q")).isEmpty();
  }

  @Test
  void aConsumerGoesOnWithoutTheRightToReadButANewOneDoesNot() {
    guest.declare("q");
    grant("", "", ".*");
    TestChannel channel = user().consume("q", "c");
    grant("", "", "");
    guest.publish("q", "m");
    long tag = ((BasicMethod.Deliver) channel.nextDelivery().method()).deliveryTag();
    channel.ack(tag).cancel("c");
    broker.run();
    assertThat(
            refusalOf(
                new BasicMethod.Consume("q", "d", false, true, false, false, FieldTable.EMPTY)))
        .contains("refused for user 'u'");
  }

  @Test
  void whoIsDeletedWithAnOpenTransactionLeavesNothing() {
    guest.declare("q");
    grant("", ".*", ".*");
    TestChannel channel = user();
    channel.call(new TxMethod.Select(), TxMethod.SelectOk.class);
    channel.publish("q", "m");
    broker.run();
    broker.change(editor -> editor.deleteUser("u"));
    channel.send(new TxMethod.Commit());
    assertThat(channel.client().expectClose(320)).contains("user 'u' is deleted");
    assertThat(guest.drain("q")).isEmpty();
  }

  @Test
  void aDeletedUsersConnectionIsClosedWhateverLoopItIsOn() {
    TestBroker two = TestBroker.withTwoLoops();
    two.change(editor -> editor.addUser(User.of("u", "p")));
    two.change(editor -> editor.setPermission(Permission.all("u", "/")));
    TestChannel channel = two.accept().open("u", "p", "/").channel(1).declare("q");
    two.change(editor -> editor.setPermission(new Permission("u", "/", "", "", "")));
    channel.publish("q", "m").expectClose(403);
    two.change(editor -> editor.deleteUser("u"));
    assertThat(channel.client().expectClose(320)).contains("user 'u' is deleted");
  }

  /** Between the login and the request for a virtual host. */
  private TestClient loggedIn() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities("authentication_failure_close"), "guest");
    client.expect(0, ConnectionMethod.Tune.class);
    client.send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
    return client;
  }

  @Test
  void whoIsDeletedBetweenLoginAndOpenDoesNotGetIn() {
    TestClient client = loggedIn();
    broker.change(editor -> editor.deleteUser("guest"));
    client.send(0, new ConnectionMethod.Open("/"));
    assertThat(client.expectClose(530))
        .isEqualTo("NOT_ALLOWED - access to vhost '/' refused for user 'guest'");
  }

  @Test
  void whosePermissionIsTakenBetweenLoginAndOpenDoesNotGetIn() {
    TestClient client = loggedIn();
    broker.change(editor -> editor.clearPermission("guest", "/"));
    client.send(0, new ConnectionMethod.Open("/"));
    assertThat(client.expectClose(530)).contains("access to vhost '/' refused");
  }

  @Test
  void aVirtualHostThatIsDeletedBetweenLoginAndOpenIsNotFound() {
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("v")));
    broker.change(editor -> editor.setPermission(Permission.all("guest", "v")));
    TestClient client = loggedIn();
    broker.change(editor -> editor.deleteVhost("v"));
    client.send(0, new ConnectionMethod.Open("v"));
    assertThat(client.expectClose(530)).isEqualTo("NOT_ALLOWED - vhost v not found");
  }

  @Test
  void aTagThatIsTakenDoesNotImpersonateAnyMore() {
    guest.declare("q");
    broker.change(editor -> editor.addUser(User.of("u", "p", User.IMPERSONATOR)));
    grant("", ".*", "");
    BasicProperties asGuest = BasicProperties.builder().userId("guest").build();
    TestChannel channel = user().publish("", "q", asGuest, BODY);
    broker.run();
    broker.change(editor -> editor.putUser(editor.user("u").withTags(List.of())));
    channel.publish("", "q", asGuest, BODY).expectClose(406);
    assertThat(guest.drain("q")).hasSize(1);
  }

  // ---- names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mine",
        "mine ",
        " mine",
        "mine\0",
        "\0mine",
        "mine.other",
        "amine",
        "mi\u200bne",
        "\uff4dine",
        "m\u0131ne",
        "other\nmine",
        "mine\nother",
        "mine\r\nother"
      })
  void namesThatLookAlikeAreOthers(String name) {
    grant("^mine$", "^mine$", "^mine$");
    assertThat(refusalOf(declare(name))).startsWith("ACCESS_REFUSED");
  }

  @Test
  void lineEndsAreGoneBeforePermissionsAreLookedAt() {
    grant("^mine$", "^mine$", "^mine$");
    assertThat(user().declare("mi\nne\r\n", false, false).queue()).isEqualTo("mine");
    guest.declare("secret");
    assertThat(refusalOf(new QueueMethod.Delete("sec\nret", false, false, false)))
        .contains("queue 'secret'");
  }

  @Test
  void composedAndDecomposedLettersAreDifferent() {
    grant("^caf\u00e9$", "", "");
    user().declare("caf\u00e9");
    assertThat(refusalOf(declare("cafe\u0301"))).startsWith("ACCESS_REFUSED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mine", "secret"})
  void aLineEndDoesNotReachAnotherObject(String real) {
    guest.declare(real).declareExchange(real + "-x", "fanout").bind(real, real + "-x", "");
    guest.publish(real, "m");
    grant("", "^(mine-x|secret-x)$", "^mine$");
    user()
        .send(new BasicMethod.Get(real + "\n", true))
        .expectClose(real.equals("mine") ? 404 : 403);
    user().publish(real + "-x\n", "", "m").expectClose(404);
    assertThat(guest.drain(real)).containsExactly("m");
  }

  @Test
  void aNameThatTheBrokerMakesUpNeedsTheRight() {
    grant("^mine", "", "");
    assertThat(refusalOf(declare(""))).contains("queue 'amq.gen-");
    grant("^amq\\.gen-", "", "");
    assertThat(user().declare("", false, false).queue()).startsWith("amq.gen-");
  }

  @Test
  void namesInTopicPermissionsAreWhatTheyAre() {
    grant(".*", ".*", ".*");
    broker.change(
        editor ->
            editor.setTopicPermission(
                new TopicPermission("u", "/", "amq.topic", "^{username}\\.{vhost}$", "^$")));
    user().publish("amq.topic", "u./", "m").expectNothing();
    for (String key : List.of("U./", "u.", "xu./", "u./x", "{username}.{vhost}")) {
      user().publish("amq.topic", key, "m").expectClose(403);
    }
  }

  // ---- the broker as deputy

  private static BasicProperties copies(String header, String... keys) {
    List<FieldValue.LongString> values = List.of(keys).stream().map(FieldValue::of).toList();
    return BasicProperties.builder()
        .headers(FieldTable.builder().put(header, FieldValue.of(values)).build())
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CC", "BCC"})
  void copiesNeedTheTopicPermissionToo(String header) {
    guest.declare("q").bind("q", "amq.topic", "secret").bind("q", "amq.topic", "own.#");
    grant("", ".*", "");
    broker.change(
        editor ->
            editor.setTopicPermission(new TopicPermission("u", "/", "amq.topic", "^own\\.", "")));
    user().publish("amq.topic", "own.a", copies(header, "own.b"), BODY).expectNothing();
    assertThat(guest.drain("q")).hasSize(1);
    String refusal =
        user()
            .publish("amq.topic", "own.a", copies(header, "own.b", "secret"), BODY)
            .expectClose(403)
            .replyText();
    assertThat(refusal).contains("topic 'secret' in exchange 'amq.topic'");
    assertThat(guest.drain("q")).isEmpty();
  }

  @Test
  void copiesStayWithinTheExchange() {
    guest.declare("secret").declareExchange("mine", "direct");
    grant("", "^mine$", "");
    user().publish("mine", "k", copies("CC", "secret"), BODY).expectNothing();
    assertThat(guest.drain("secret")).isEmpty();
  }

  @Test
  void deadLettersAndAlternatesCannotGoWhereTheUserMayNotWrite() {
    guest.declareExchange("secret", "fanout");
    grant("^mine", "^mine", "^mine");
    for (String exchange : List.of("secret", "", "amq.topic", "not there")) {
      FieldTable dlx = FieldTable.builder().put("x-dead-letter-exchange", exchange).build();
      assertThat(refusalOf(new QueueMethod.Declare("mine", false, false, false, false, false, dlx)))
          .contains("exchange '" + (exchange.isEmpty() ? "amq.default" : exchange) + "'");
      FieldTable ae = FieldTable.builder().put("alternate-exchange", exchange).build();
      assertThat(
              refusalOf(
                  new ExchangeMethod.Declare(
                      "mine", "fanout", false, false, false, false, false, ae)))
          .contains("exchange '" + (exchange.isEmpty() ? "amq.default" : exchange) + "'");
    }
  }

  @Test
  void theTraceIsReadOnlyByWhoMayReadIt() {
    grant("^mine", "^mine", "^mine");
    user().declare("mine");
    assertThat(
            refusalOf(
                new QueueMethod.Bind("mine", "amq.rabbitmq.trace", "#", false, FieldTable.EMPTY)))
        .contains("exchange 'amq.rabbitmq.trace'");
    assertThat(
            refusalOf(
                new ExchangeMethod.Bind(
                    "mine", "amq.rabbitmq.trace", "#", false, FieldTable.EMPTY)))
        .contains("exchange 'amq.rabbitmq.trace'");
    grant(".*", ".*", ".*");
    user().publish("amq.rabbitmq.trace", "publish.x", "forged").expectClose(403);
    assertThat(refusalOf(new ExchangeMethod.Delete("amq.rabbitmq.trace", false, false)))
        .contains("deletion of system exchange");
  }

  @Test
  void repliesOfOthersCannotBeReadByTheirName() {
    guest.declare("requests");
    TestClient requester = broker.connect();
    TestChannel asking =
        requester.channel(1).consume("amq.rabbitmq.reply-to", "c", true, FieldTable.EMPTY);
    asking.publish(
        "", "requests", BasicProperties.builder().replyTo("amq.rabbitmq.reply-to").build(), BODY);
    String name = BasicProperties.trusted(guest.get("requests").properties()).replyTo();
    grant(".*", ".*", ".*");
    assertThat(name).startsWith("amq.rabbitmq.reply-to.").hasSizeGreaterThan(60);
    user().send(new BasicMethod.Get(name, true)).expectClose(404);
    user()
        .send(new BasicMethod.Consume(name, "c", false, true, false, false, FieldTable.EMPTY))
        .client()
        .all(1)
        .forEach(
            received -> assertThat(received.method()).isNotInstanceOf(BasicMethod.ConsumeOk.class));
    String guess = name.substring(0, name.length() - 1) + (name.endsWith("A") ? "B" : "A");
    user().publish("", guess, "forged");
    broker.run();
    assertThat(asking.deliveries()).isEmpty();
  }
}
