package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.CapturedLog;
import io.harveymq.broker.Compatibility;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Users, virtual hosts, permissions and limits, as clients feel them. */
class AccessTest {
  private TestBroker broker = TestBroker.start();

  private TestClient connect(String user, String vhost) {
    return broker.accept().open(user, "p", vhost);
  }

  private void addUser(String name, String... tags) {
    broker.change(editor -> editor.addUser(User.of(name, "p", tags)));
  }

  private void addUserWithAllRights(String name) {
    addUser(name);
    broker.change(editor -> editor.setPermission(Permission.all(name, "/")));
  }

  private void addVhost(String name) {
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of(name)));
    broker.change(editor -> editor.setPermission(Permission.all("guest", name)));
  }

  private TestClient guest(String vhost) {
    return broker.accept().open("guest", "guest", vhost);
  }

  // ---- logging in

  @Test
  void aNewUserLogsInAndMayUseNoVirtualHost() {
    addUser("u");

    assertThat(broker.accept().refusedBy("u", "p", "/"))
        .isEqualTo("NOT_ALLOWED - access to vhost '/' refused for user 'u'");
    assertThat(broker.accept().refusedBy("u", "p", "missing"))
        .isEqualTo("NOT_ALLOWED - vhost missing not found");
  }

  @Test
  void aNewPasswordHoldsAtOnceAndLeavesConnectionsAlone() {
    addUserWithAllRights("u");
    TestChannel open = connect("u", "/").channel(1);

    broker.change(e -> e.putUser(e.user("u").withPassword(PasswordHash.of("new"))));

    open.declare("q");
    assertThat(loginIsRefused("u", "p")).isTrue();
    broker.accept().open("u", "new", "/");
  }

  private boolean loginIsRefused(String user, String password) {
    TestClient client = broker.accept();
    client.raw(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    client.expect(0, ConnectionMethod.Start.class);
    client.send(
        0,
        new ConnectionMethod.StartOk(
            TestClient.capabilities("authentication_failure_close"),
            "PLAIN",
            ("\0" + user + "\0" + password).getBytes(),
            "en_US"));
    return client.next(0).method() instanceof ConnectionMethod.Close close
        && close.replyCode() == 403;
  }

  @Test
  void anonymousClientsAreGuestSince40() {
    assertThat(anonymousMechanisms()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
    broker.like(Compatibility.V3_10);
    assertThat(anonymousMechanisms()).isEqualTo("PLAIN AMQPLAIN");
  }

  private String anonymousMechanisms() {
    TestClient client = broker.accept();
    client.raw(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
    String mechanisms = client.expect(0, ConnectionMethod.Start.class).mechanisms();
    if (mechanisms.contains("ANONYMOUS")) {
      client.send(
          0, new ConnectionMethod.StartOk(FieldTable.EMPTY, "ANONYMOUS", new byte[0], "en_US"));
      client.tuneAndOpen(0, 131_072);
      client.channel(1).declare("q");
    }
    return mechanisms;
  }

  // ---- changes while connections are open

  @Test
  void takingAPermissionStopsAPublisherThatUsedTheExchangeBefore() {
    addUserWithAllRights("u");
    TestChannel channel = connect("u", "/").channel(1).declare("q");
    channel.publish("q", "1").publish("q", "2").expectNothing();

    broker.change(editor -> editor.setPermission(new Permission("u", "/", "", "", "")));

    channel.publish("q", "3");
    assertThat(channel.expectClose(403).replyText())
        .isEqualTo(
            "ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user 'u'");
    assertThat(broker.queue("q").readyCount()).isEqualTo(2);
  }

  @Test
  void withoutAnyPermissionAnOpenConnectionCanDoNothing() {
    addUserWithAllRights("u");
    TestClient client = connect("u", "/");
    client.channel(1).declare("q");

    broker.change(editor -> editor.clearPermission("u", "/"));

    client.channel(2).send(new BasicMethod.Get("q", true)).expectClose(403);
    broker.change(editor -> editor.setPermission(Permission.all("u", "/")));
    assertThat(client.channel(3).get("q")).isNull();
  }

  @Test
  void aDeletedUsersConnectionsAreClosedAndThePermissionsGone() {
    addUserWithAllRights("u");
    TestClient client = connect("u", "/");
    TestClient other = guest("/");

    broker.change(editor -> editor.deleteUser("u"));

    assertThat(client.expectClose(320)).isEqualTo("CONNECTION_FORCED - user 'u' is deleted");
    other.channel(1).declare("q");
    assertThat(broker.access().rules().permission("u", "/")).isNull();
    addUser("u");
    assertThat(broker.accept().refusedBy("u", "p", "/"))
        .isEqualTo("NOT_ALLOWED - access to vhost '/' refused for user 'u'");
    assertThat(broker.access().connections().countOfUser("u")).isZero();
  }

  @Test
  void aConnectionOnAnotherLoopIsAdmittedAndClosedToo() {
    broker = TestBroker.withTwoLoops();
    addUserWithAllRights("u");
    TestClient client = connect("u", "/");
    client.channel(1).declare("q");

    broker.change(editor -> editor.deleteUser("u"));

    assertThat(client.expectClose(320)).isEqualTo("CONNECTION_FORCED - user 'u' is deleted");
    assertThat(broker.accept().refusedBy("guest", "guest", "no"))
        .isEqualTo("NOT_ALLOWED - vhost no not found");
  }

  @Test
  void anImpersonatorMayUseAnyUserId() {
    addUserWithAllRights("u");
    TestClient client = connect("u", "/");
    BasicProperties properties = BasicProperties.builder().userId("other").build();
    TestChannel first = client.channel(1).declare("q");
    first.publish("", "q", properties, new byte[0]);
    assertThat(first.expectClose(406).replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - user_id property set to 'other' but authenticated user was 'u'");

    broker.change(e -> e.putUser(e.user("u").withTags(List.of(User.IMPERSONATOR))));

    client.channel(2).publish("", "q", properties, new byte[0]).expectNothing();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  // ---- topics

  @Test
  void topicPermissionsLimitRoutingAndBindingKeys() {
    addUserWithAllRights("u");
    broker.change(
        editor ->
            editor.setTopicPermission(
                new TopicPermission("u", "/", "amq.topic", "^{username}\\.", "^{vhost}$")));
    TestClient client = connect("u", "/");
    client.channel(1).declare("q").publish("amq.topic", "u.1", "m").expectNothing();
    client.channel(1 + 1).bind("q", "amq.topic", "/");
    client.channel(3).publish("amq.topic", "x.1", "m").expectClose(403);
    assertThat(
            client
                .channel(4)
                .send(new QueueMethod.Bind("q", "amq.topic", "a", false, FieldTable.EMPTY))
                .expectClose(403)
                .replyText())
        .isEqualTo(
            "ACCESS_REFUSED - read access to topic 'a' in exchange 'amq.topic' in vhost '/' refused for user 'u'");
    client.channel(5).bind("q", "amq.direct", "a").publish("amq.direct", "x", "m").expectNothing();

    broker.change(editor -> editor.clearTopicPermissions("u", "/", "amq.topic"));

    client.channel(6).publish("amq.topic", "x.1", "m").expectNothing();
  }

  // ---- virtual hosts

  @Test
  void aNewVirtualHostHasThePredeclaredExchangesAndItsOwnQueues() {
    addVhost("v");
    TestChannel channel = guest("v").channel(1).declare("q");
    for (String exchange :
        List.of("amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match")) {
      channel.bind("q", exchange, "k");
    }
    guest("/").channel(1).send(TestChannel.passive("q")).expectClose(404);
  }

  @Test
  void deletingAVirtualHostClosesItsConnectionsAndDropsAllOfIt() {
    addVhost("v");
    TestClient client = guest("v");
    client.channel(1).declare("q").publish("q", "m").consume("q", "c");
    TestClient other = guest("/");
    long before = broker.memory().used();

    broker.change(editor -> editor.deleteVhost("v"));

    assertThat(client.expectClose(320)).isEqualTo("CONNECTION_FORCED - vhost 'v' is deleted");
    other.channel(1).declare("q");
    assertThat(broker.accept().refusedBy("guest", "guest", "v"))
        .isEqualTo("NOT_ALLOWED - vhost v not found");
    assertThat(broker.memory().used()).isLessThan(before);
    addVhost("v");
    guest("v").channel(1).send(TestChannel.passive("q")).expectClose(404);
  }

  @Test
  void aVirtualHostThatIsMadeAgainAtOnceWaitsUntilTheOldOneIsGone() {
    addVhost("v");
    TestClient client = guest("v");
    for (int i = 0; i < 1_000; i++) {
      client.channel(i + 1).declare("q" + i);
    }
    broker.home().execute(() -> broker.access().change(editor -> editor.deleteVhost("v")));
    addVhost("v");

    guest("v").channel(1).send(TestChannel.passive("q999")).expectClose(404);
  }

  @Test
  void theDefaultQueueTypeIsGivenToQueuesWithoutOne() {
    broker.change(e -> e.putVhost(e.vhost("/").withDefaultQueueType("classic")));
    TestChannel channel = guest("/").channel(1).declare("q");

    assertThat(broker.queue("q").definition().arguments().table().get("x-queue-type"))
        .isEqualTo(FieldValue.of("classic"));
    channel.declare("q");
    assertThatThrownBy(
            () -> broker.change(e -> e.putVhost(e.vhost("/").withDefaultQueueType("no"))))
        .isInstanceOf(AccessException.class);
  }

  @Test
  void aDefaultTypeThatCanNotBeAsDeclaredIsNotGiven() {
    broker.change(e -> e.putVhost(e.vhost("/").withDefaultQueueType("quorum")));

    guest("/").channel(1).declare("q");

    assertThat(broker.queue("q").definition().arguments().table()).isEqualTo(FieldTable.EMPTY);
  }

  // ---- limits

  @Test
  void aVirtualHostTakesNoMoreConnectionsAndQueuesThanItsLimits() {
    broker.change(e -> e.putVhost(e.vhost("/").withLimits(new VhostLimits(2, 1))));
    TestClient first = guest("/");
    guest("/");
    assertThat(broker.accept().refusedBy("guest", "guest", "/"))
        .isEqualTo(
            "NOT_ALLOWED - access to vhost '/' refused for user 'guest': connection limit (2) is reached");
    first.channel(1).declare("q").declare("q");
    assertThat(
            first
                .channel(2)
                .send(
                    new QueueMethod.Declare(
                        "r", false, false, false, false, false, FieldTable.EMPTY))
                .expectClose(406)
                .replyText())
        .isEqualTo(
            "PRECONDITION_FAILED - cannot declare queue 'r': queue limit in vhost '/' (1) is reached");

    first.close();
    guest("/");
  }

  @Test
  void aUserHasNoMoreConnectionsAndChannelsThanTheLimits() {
    addUserWithAllRights("u");
    broker.change(e -> e.putUser(e.user("u").withLimits(new UserLimits(2, 2))));
    TestClient first = connect("u", "/");
    TestClient second = connect("u", "/");
    assertThat(broker.accept().refusedBy("u", "p", "/"))
        .isEqualTo(
            "NOT_ALLOWED - connection refused for user 'u': user connection limit (2) is reached");
    first.channel(1);
    second.channel(1).close();
    second.channel(1);
    second.send(2, new ChannelMethod.Open());
    assertThat(second.expectClose(530))
        .isEqualTo(
            "NOT_ALLOWED - number of channels opened for user 'u' has reached the maximum allowed user limit of (2)");
    first.channel(2);
  }

  @Test
  void channelsAreCountedHoweverTheyEndAndWhateverChangesMeanwhile() {
    addUserWithAllRights("u");
    broker.change(e -> e.putUser(e.user("u").withLimits(new UserLimits(-1, 2))));
    TestClient aborted = connect("u", "/");
    aborted.channel(1);
    aborted.channel(2);
    aborted.drop();
    broker.run();
    TestClient closed = connect("u", "/");
    closed.channel(1).close();
    closed.channel(1);
    closed.channel(2);
    closed.close();
    TestClient old = connect("u", "/");
    addUser("somebody else");
    TestClient young = connect("u", "/");

    old.channel(1);
    young.channel(1);
    young.send(2, new ChannelMethod.Open());
    young.expectClose(530);
    old.channel(2);
  }

  @Test
  void withoutTheVirtualHostOfTheEventExchangeEverythingGoesOn() {
    broker = TestBroker.withEvents();
    TestChannel watching = guest("/").channel(1).declare("events");
    watching.bind("events", "amq.rabbitmq.event", "#").consume("events", "c");
    TestChannel declaring = watching.client().channel(2);
    for (int i = 0; i < 50; i++) {
      declaring.declareExchange("x" + i, "fanout");
    }
    addVhost("v");
    TestClient elsewhere = guest("v");

    try (CapturedLog log = new CapturedLog()) {
      broker.change(editor -> editor.deleteVhost("/"));
      assertThat(log.text()).doesNotContain("fault");
    }

    assertThat(watching.client().expectClose(320))
        .isEqualTo("CONNECTION_FORCED - vhost '/' is deleted");
    TestChannel channel = elsewhere.channel(1).declare("q").publish("q", "m").consume("q", "c");
    assertThat(channel.nextDelivery().text()).isEqualTo("m");
    addUser("u");
    addVhost("/");
    TestChannel again = guest("/").channel(1).declare("events");
    again.bind("events", "amq.rabbitmq.event", "queue.created");
    again.declare("new").consume("events", "c", true, FieldTable.EMPTY);
    assertThat(again.deliveries()).hasSize(1);
  }

  // ---- refusals

  @Test
  void aChangeThatCanNotBeMadeChangesNothing() {
    assertThatThrownBy(
            () ->
                broker.change(
                    editor -> {
                      editor.addUser(User.of("u", "p"));
                      editor.setPermission(Permission.all("u", "missing"));
                    }))
        .isInstanceOf(AccessException.class)
        .hasMessage("virtual host 'missing' does not exist")
        .extracting("reason")
        .isEqualTo(AccessException.Reason.NO_SUCH_VHOST);
    assertThat(broker.access().rules().user("u")).isNull();
    assertThatThrownBy(() -> addUser("guest")).hasMessage("user 'guest' already exists");
    assertThatThrownBy(() -> broker.change(editor -> editor.deleteUser("u")))
        .hasMessage("user 'u' does not exist");
    assertThatThrownBy(
            () ->
                broker.change(
                    editor -> editor.setPermission(new Permission("guest", "/", "(", "", ""))))
        .hasMessageStartingWith("regular expression '(' is invalid");
  }
}
