package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Users, virtual hosts, permissions and limits as clients feel them, in a virtual host and with a
 * user of their own. RabbitMQ remembers for a channel what was allowed, so that changes are looked
 * at on a new channel.
 *
 * <p>Where each rule of access control is tested, over AMQP and over HTTP:
 *
 * <ul>
 *   <li>tags: {@link #anImpersonatorMayPublishInAnothersName}; all endpoints with all tags in
 *       HttpEndpointRightsTest, what lists show in HttpTagsTest
 *   <li>password hashes: PasswordHashTest; HttpUsersTest, HttpDefinitionsTest
 *   <li>permissions, the empty one and amq.default included: {@link
 *       #operationsAreRefusedForTheFirstRightThatIsMissing}, {@link
 *       #anEmptyPermissionAllowsNothing}, PermissionTableTest (each operation with its rights in
 *       order, of all versions); HttpTagsTest, HttpPublishAndGetTest, HttpPermissionsTest
 *   <li>names made to slip through, revoked rights, the broker as deputy (dead letters, alternates,
 *       CC and BCC, replies, trace): AccessAttackTest; HttpAttackTest
 *   <li>topic permissions and their variables: {@link
 *       #topicPermissionsLimitTheKeysOfTopicExchanges}; HttpPermissionsTest
 *   <li>virtual hosts, missing, forbidden, deleted, protected: {@link
 *       #aUserWithoutPermissionMayNotOpenTheVirtualHost}, {@link
 *       #aDeletedVirtualHostsConnectionsAreClosed}; HttpVhostsTest, HttpEndpointRightsTest
 *   <li>limits: {@link #aVirtualHostHasNoMoreConnectionsAndQueuesThanItsLimits}, {@link
 *       #aUserHasNoMoreConnectionsAndChannelsThanTheLimits}; HttpVhostsTest, HttpParametersTest
 *   <li>mechanisms: {@link #anonymousClientsAreGuestWhereThatIsOffered}, HandshakeTest;
 *       HttpAuthTest
 *   <li>refused logins, slowed down and told without secrets: RefusedLoginTest, FailedLoginsTest;
 *       SlowedLoginTest, SecretsTest
 *   <li>exclusive queues of others: ExclusiveQueueTest; HttpDevTest, HttpQueuesTest
 *   <li>reserved names, the default exchange, internal exchanges: ExchangeTest,
 *       QueueNameAndBindingTest; HttpExchangesTest, HttpQueuesTest
 *   <li>user-id: PublishTest; HttpPublishAndGetTest
 * </ul>
 */
@EnabledIf("io.harveymq.compat.Administration#isAvailable")
@Timeout(180)
class AccessTest extends CompatTest {
  private final Administration administration = Administration.ofTarget();
  private final List<Connection> opened = new ArrayList<>();
  private String user;
  private String vhost;
  private Connection admin;
  private Channel adminChannel;

  @BeforeEach
  void addUserAndVhost() throws Exception {
    user = name("u");
    vhost = name("v");
    administration.addUser(user, "p");
    administration.addVhost(vhost);
    administration.setPermissions(BrokerUnderTest.user(), vhost, ".*", ".*", ".*");
    admin = connect(BrokerUnderTest.user(), BrokerUnderTest.password());
    adminChannel = admin.createChannel();
  }

  @AfterEach
  void removeUserAndVhost() {
    opened.forEach(connection -> connection.abort(5_000));
    quietly(() -> administration.deleteUser(user));
    quietly(() -> administration.deleteVhost(vhost));
  }

  /** A test may have deleted it already. */
  private static void quietly(Runnable removal) {
    try {
      removal.run();
    } catch (RuntimeException | AssertionError gone) {
      assertThat(gone.getMessage()).contains("does not exist");
    }
  }

  private Connection connect(String name, String password) throws Exception {
    ConnectionFactory factory = factory();
    factory.setUsername(name);
    factory.setPassword(password);
    factory.setVirtualHost(vhost);
    Connection connected = factory.newConnection();
    opened.add(connected);
    return connected;
  }

  private Connection connect() throws Exception {
    return connect(user, "p");
  }

  private void allowAll() {
    administration.setPermissions(user, vhost, ".*", ".*", ".*");
  }

  /** What the broker answers to the opening of a connection. */
  private Closing refusalToConnect() {
    return Closing.of(catchThrowableOfType(IOException.class, this::connect));
  }

  private static Closing refused(String text) {
    return Closing.connection(530, "NOT_ALLOWED - " + text, AmqpMethod.CONNECTION_OPEN);
  }

  private String missing(String right, String resource) throws IOException {
    return "ACCESS_REFUSED - "
        + (Target.current().refusalNamesRight() ? right + " " : "")
        + "access to "
        + resource
        + " refused for user '"
        + user
        + "'";
  }

  private String queue(String name) {
    return "queue '" + name + "' in vhost '" + vhost + "'";
  }

  private String exchange(String name) {
    return "exchange '" + name + "' in vhost '" + vhost + "'";
  }

  // ---- connections

  @Test
  void aUserWithoutPermissionMayNotOpenTheVirtualHost() throws Exception {
    assertThat(refusalToConnect())
        .isEqualTo(refused("access to vhost '" + vhost + "' refused for user '" + user + "'"));

    allowAll();
    connect().createChannel();
  }

  @Test
  void aDeletedUsersConnectionsAreClosed() throws Exception {
    allowAll();
    Connection doomed = connect();

    Closing closing = closing(doomed, () -> administration.deleteUser(user));

    assertThat(closing.code()).isEqualTo(320);
    assertThat(closing.text()).isEqualTo("CONNECTION_FORCED - user '" + user + "' is deleted");
    assertThat(admin.isOpen()).isTrue();
  }

  @Test
  void aDeletedVirtualHostsConnectionsAreClosed() throws Exception {
    adminChannel.queueDeclare("q", true, false, false, null);

    Closing closing = closing(admin, () -> administration.deleteVhost(vhost));

    assertThat(closing.code()).isEqualTo(320);
    assertThat(closing.text()).isIn(Target.current().endOfVhost(vhost));
    assertThat(refusalToConnect()).isEqualTo(refused("vhost " + vhost + " not found"));
  }

  private static Closing closing(Connection doomed, Runnable action) throws Exception {
    CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
    doomed.addShutdownListener(closed::complete);
    action.run();
    return Closing.of(closed.get(30, TimeUnit.SECONDS));
  }

  // ---- permissions

  /** An operation, and how it is refused without a right. */
  private record Refusal(String text, AmqpMethod method, Action action) {}

  @Test
  void operationsAreRefusedForTheFirstRightThatIsMissing() throws Exception {
    administration.setPermissions(user, vhost, "^c", "^w", "^r");
    for (String queue : List.of("x", "c", "w", "r")) {
      adminChannel.queueDeclare(queue, false, false, false, null);
      adminChannel.exchangeDeclare(queue, "direct");
    }
    Connection limited = connect();
    SoftAssertions softly = new SoftAssertions();

    for (Refusal refusal : refusals()) {
      Closing closing = closingOf(limited.createChannel(), refusal.action);
      softly.assertThat(closing).isEqualTo(Closing.channel(403, refusal.text, refusal.method));
    }

    softly.assertAll();
  }

  private List<Refusal> refusals() throws IOException {
    List<Refusal> all = new ArrayList<>(queueRefusals());
    all.addAll(
        List.of(
            new Refusal(
                missing("configure", exchange("new")),
                AmqpMethod.EXCHANGE_DECLARE,
                ch -> ch.exchangeDeclare("new", "direct")),
            new Refusal(
                missing("read", exchange("cnew")),
                AmqpMethod.EXCHANGE_DECLARE,
                ch -> ch.exchangeDeclare("cnew", "direct", false, false, alternate("x"))),
            new Refusal(
                missing("configure", exchange("x")),
                AmqpMethod.EXCHANGE_DELETE,
                ch -> ch.exchangeDelete("x")),
            new Refusal(
                missing("write", exchange("x")),
                AmqpMethod.EXCHANGE_BIND,
                ch -> ch.exchangeBind("x", "r", "k")),
            new Refusal(
                missing("read", exchange("x")),
                AmqpMethod.EXCHANGE_BIND,
                ch -> ch.exchangeBind("w", "x", "k")),
            new Refusal(
                missing("write", exchange("x")),
                AmqpMethod.BASIC_PUBLISH,
                ch -> ch.basicPublish("x", "k", null, bytes("m"))),
            new Refusal(
                missing("write", exchange("amq.default")),
                AmqpMethod.BASIC_PUBLISH,
                ch -> ch.basicPublish("", "w", null, bytes("m")))));
    return all;
  }

  private static Map<String, Object> alternate(String exchange) {
    return Map.of("alternate-exchange", exchange);
  }

  private List<Refusal> queueRefusals() throws IOException {
    return List.of(
        new Refusal(
            missing("configure", queue("new")),
            AmqpMethod.QUEUE_DECLARE,
            ch -> ch.queueDeclare("new", false, false, false, null)),
        new Refusal(
            missing("read", queue("cnew")),
            AmqpMethod.QUEUE_DECLARE,
            ch ->
                ch.queueDeclare(
                    "cnew", false, false, false, Map.of("x-dead-letter-exchange", "w"))),
        new Refusal(
            missing("configure", queue("none")),
            AmqpMethod.QUEUE_DELETE,
            ch -> ch.queueDelete("none")),
        new Refusal(
            missing("read", queue("none")), AmqpMethod.BASIC_GET, ch -> ch.basicGet("none", true)),
        new Refusal(
            missing("read", queue("x")),
            AmqpMethod.BASIC_CONSUME,
            ch -> ch.basicConsume("x", new com.rabbitmq.client.DefaultConsumer(ch))),
        new Refusal(missing("read", queue("w")), AmqpMethod.QUEUE_PURGE, ch -> ch.queuePurge("w")),
        new Refusal(
            missing("write", queue("r")), AmqpMethod.QUEUE_BIND, ch -> ch.queueBind("r", "r", "k")),
        new Refusal(
            missing("read", exchange("w")),
            AmqpMethod.QUEUE_BIND,
            ch -> ch.queueBind("w", "w", "k")),
        new Refusal(
            missing("write", queue("none")),
            AmqpMethod.QUEUE_UNBIND,
            ch -> ch.queueUnbind("none", "r", "k")));
  }

  @Test
  void withTheRightsEverythingIsAllowed() throws Exception {
    administration.setPermissions(user, vhost, "^c", "^(c|amq\\.default)", "^c");
    Channel allowed = connect().createChannel();
    allowed.confirmSelect();
    Map<String, Object> deadLetter = Map.of("x-dead-letter-exchange", "c");
    allowed.exchangeDeclare("c", "direct", false, false, alternate("c2"));
    allowed.queueDeclare("cq", false, false, false, deadLetter);
    allowed.queueBind("cq", "c", "k");
    allowed.basicPublish("c", "k", null, bytes("1"));
    allowed.basicPublish("", "cq", null, bytes("2"));
    allowed.waitForConfirmsOrDie(10_000);
    assertThat(allowed.basicGet("cq", true).getBody()).isEqualTo(bytes("1"));
    assertThat(allowed.queuePurge("cq").getMessageCount()).isEqualTo(1);
    allowed.queueUnbind("cq", "c", "k");
    allowed.queueDelete("cq");
    allowed.exchangeDelete("c");
    allowed.exchangeDeclarePassive("amq.topic");
  }

  @Test
  void anEmptyPermissionAllowsNothing() throws Exception {
    administration.setPermissions(user, vhost, "", "", "");
    adminChannel.queueDeclare("q", false, false, false, null);

    assertThat(closingOf(connect().createChannel(), ch -> ch.basicGet("q", true)))
        .isEqualTo(Closing.channel(403, missing("read", queue("q")), AmqpMethod.BASIC_GET));
    assertThat(connect().createChannel().queueDeclarePassive("q").getQueue()).isEqualTo("q");
  }

  @Test
  void anOpenConnectionFeelsAChange() throws Exception {
    allowAll();
    adminChannel.queueDeclare("q", false, false, false, null);
    Connection open = connect();
    open.createChannel().basicGet("q", true);

    administration.setPermissions(user, vhost, ".*", ".*", "^other$");

    assertThat(closingOf(open.createChannel(), ch -> ch.basicGet("q", true)).code()).isEqualTo(403);
    allowAll();
    assertThat(open.createChannel().basicGet("q", true)).isNull();
  }

  @Test
  void topicPermissionsLimitTheKeysOfTopicExchanges() throws Exception {
    allowAll();
    administration.setTopicPermissions(user, vhost, "amq.topic", "^{username}\\.", "^{vhost}$");
    adminChannel.queueDeclare("q", false, false, false, null);
    Connection limited = connect();
    String resource = "in exchange 'amq.topic' in vhost '" + vhost + "'";

    assertThat(
            closingOf(
                limited.createChannel(), ch -> ch.basicPublish("amq.topic", "x", null, bytes(""))))
        .isEqualTo(
            Closing.channel(
                403, missing("write", "topic 'x' " + resource), AmqpMethod.BASIC_PUBLISH));
    assertThat(closingOf(limited.createChannel(), ch -> ch.queueBind("q", "amq.topic", "x")))
        .isEqualTo(
            Closing.channel(403, missing("read", "topic 'x' " + resource), AmqpMethod.QUEUE_BIND));

    Channel allowed = limited.createChannel();
    allowed.confirmSelect();
    allowed.queueBind("q", "amq.topic", vhost);
    allowed.queueBind("q", "amq.direct", "x");
    allowed.basicPublish("amq.topic", user + ".x", null, bytes(""));
    allowed.basicPublish("amq.direct", "x", null, bytes("m"));
    allowed.waitForConfirmsOrDie(10_000);
    assertThat(text(allowed.basicGet("q", true))).isEqualTo("m");
  }

  @Test
  void anImpersonatorMayPublishInAnothersName() throws Exception {
    String impersonator = name("i");
    administration.addUser(impersonator, "p", "impersonator");
    try {
      administration.setPermissions(impersonator, vhost, ".*", ".*", ".*");
      Channel allowed = connect(impersonator, "p").createChannel();
      allowed.confirmSelect();
      AMQP.BasicProperties properties = properties().userId("guest").build();
      allowed.basicPublish("amq.direct", "k", properties, bytes("m"));
      allowed.waitForConfirmsOrDie(10_000);
    } finally {
      administration.deleteUser(impersonator);
    }
  }

  // ---- limits

  @Test
  void aVirtualHostHasNoMoreConnectionsAndQueuesThanItsLimits() throws Exception {
    allowAll();
    administration.setVhostLimits(vhost, 1, 1);

    assertThat(refusalToConnect())
        .isEqualTo(
            refused(
                "access to vhost '"
                    + vhost
                    + "' refused for user '"
                    + user
                    + "': connection limit (1) is reached"));
    adminChannel.queueDeclare("q", false, false, false, null);
    adminChannel.queueDeclare("q", false, false, false, null);
    assertThat(
            closingOf(admin.createChannel(), ch -> ch.queueDeclare("r", false, true, false, null)))
        .isEqualTo(
            Closing.channel(
                406,
                "PRECONDITION_FAILED - cannot declare queue 'r': queue limit in vhost '"
                    + vhost
                    + "' (1) is reached",
                AmqpMethod.QUEUE_DECLARE));
    administration.setVhostLimits(vhost, -1, -1);
    connect().createChannel().queueDeclare("r", false, true, false, null);
  }

  @Test
  void aUserHasNoMoreConnectionsAndChannelsThanTheLimits() throws Exception {
    allowAll();
    administration.setUserLimits(user, 1, 1);
    Connection only = connect();

    assertThat(refusalToConnect())
        .isEqualTo(
            refused(
                "connection refused for user '"
                    + user
                    + "': user connection limit (1) is reached"));
    only.createChannel();
    Closing closing = closingByChannel(only);
    assertThat(closing.code()).isEqualTo(530);
    assertThat(closing.text())
        .isEqualTo(
            "NOT_ALLOWED - number of channels opened for user '"
                + user
                + "' has reached the maximum allowed user limit of (1)");
  }

  private static Closing closingByChannel(Connection only) throws Exception {
    CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
    only.addShutdownListener(closed::complete);
    try {
      only.createChannel();
    } catch (IOException | ShutdownSignalException expected) {
      // what the connection says is looked at
    }
    return Closing.of(closed.get(30, TimeUnit.SECONDS));
  }

  // ---- mechanisms

  @Test
  void anonymousClientsAreGuestWhereThatIsOffered() throws Exception {
    Login login = Login.guest().with(new Login.Mechanism("ANONYMOUS", bytes("who am I")));
    if (Target.current().offersAnonymousLogin()) {
      keep(RawConnection.open(login)).openChannel(1);
    } else {
      RawConnection raw = connectRaw();
      raw.sendProtocolHeader();
      raw.expect(0, AmqpMethod.CONNECTION_START);
      raw.send(0, AmqpMethod.CONNECTION_START_OK, login.startOk());
      raw.expectEnd();
    }
  }
}
