package io.harveymq.broker.connection;

import io.harveymq.broker.LogText;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.net.SocketLink;
import io.harveymq.broker.node.ConnectionRegistry;
import io.harveymq.broker.node.LoopAccess;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.Method;
import io.harveymq.codec.ReplyCode;
import java.util.Locale;

/**
 * The beginning of a connection: protocol header, login, limits, virtual host. Owned by the loop of
 * the socket.
 */
final class Handshake {
  /** Where the handshake is; the names show in an error text. */
  enum State {
    PRE_INIT,
    STARTING,
    TUNING,
    OPENING,
    DONE
  }

  private static final long AMQP_0_9_1 = 0x414D5150_00000901L;
  private static final long AMQP_0_9 = 0x414D5150_01010009L;
  private static final int LONGEST_SHOWN = 255;
  private static final byte[] SUPPORTED = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  private final Connection connection;
  private final Input input;
  private final Settings settings;
  private final LoginStep login;
  private final SecretUpdate secretUpdate;
  private final Admission admission;
  private final MechanismOffer mechanisms;
  private State state = State.PRE_INIT;
  private FieldTable clientCapabilities = FieldTable.EMPTY;
  private Identity identity;
  private String connectionName;
  private FieldTable clientProperties = FieldTable.EMPTY;
  private String mechanismName = "";
  private ConnectionMethod.TuneOk limits;

  Handshake(Connection connection, Input input) {
    this.connection = connection;
    this.input = input;
    this.settings = connection.settings();
    this.secretUpdate = new SecretUpdate(connection, input);
    this.admission = new Admission(connection.node().access(), settings.limits().maxConnections());
    this.mechanisms =
        new MechanismOffer(settings, connection.link().tls(), connection.link().isFromLoopback());
    this.login = new LoginStep(connection, input, mechanisms);
  }

  State state() {
    return state;
  }

  /** What the user may do in the virtual host. */
  AccessChecks accessChecks(LoopAccess access, VirtualHost vhost) {
    return AccessChecks.ofConnection(access, identity, vhost.name(), settings.compatibility());
  }

  /** For logs: addresses, user and virtual host, and the client's own name if it gave one. */
  String describe(SocketLink link, String vhost) {
    String name =
        connectionName == null ? "" : ", name '" + LogText.of(connectionName, LONGEST_SHOWN) + "'";
    String where = "', vhost '" + LogText.of(vhost) + "'";
    return link + " (user '" + LogText.of(user()) + where + name + ")";
  }

  /** The name of who logged in; null before. */
  String user() {
    return identity == null ? null : identity.name();
  }

  /** The name that the client gave the connection, or null. */
  String clientName() {
    return connectionName;
  }

  /** What the client said of itself. */
  FieldTable clientProperties() {
    return clientProperties;
  }

  /** How it logged in. */
  String mechanismName() {
    return mechanismName;
  }

  ConnectionMethod.TuneOk limits() {
    return limits;
  }

  /** The negotiated interval; 0 for none, and before there is one. */
  int heartbeatSeconds() {
    return limits == null ? 0 : limits.heartbeat();
  }

  /**
   * Whether RabbitMQ answers such an error in this state; otherwise it ends the handshake without a
   * word.
   */
  boolean answers(ConnectionException refusal) {
    return switch (state) {
      case PRE_INIT -> false;
      case STARTING ->
          refusal.replyCode() == ReplyCode.ACCESS_REFUSED
              && clientCan("authentication_failure_close");
      case TUNING -> refusal.replyCode() == ReplyCode.NOT_ALLOWED;
      case OPENING, DONE -> true;
    };
  }

  /** Whether the client said in its properties that it understands something. */
  boolean clientCan(String capability) {
    return clientCapabilities.get(capability) instanceof FieldValue.Bool bool && bool.value();
  }

  /**
   * Answers the first eight bytes.
   *
   * @return null when they are welcome, else the bytes to answer before the socket is closed
   */
  byte[] onProtocolHeader(long header) {
    if (header != AMQP_0_9_1 && header != AMQP_0_9) {
      return SUPPORTED.clone();
    }
    state = State.STARTING;
    connection.send(
        new ConnectionMethod.Start(
            0,
            9,
            connection.node().serverProperties(settings.compatibility().version()),
            mechanisms.names(),
            "en_US"));
    return null;
  }

  /**
   * Takes a method on channel 0.
   *
   * @throws ConnectionException for whatever is wrong with it
   */
  void onMethod(Method method) {
    if (state == State.STARTING && method instanceof ConnectionMethod.StartOk startOk) {
      login(startOk);
    } else if (state == State.TUNING && method instanceof ConnectionMethod.TuneOk tuneOk) {
      tune(tuneOk);
    } else if (state == State.OPENING && method instanceof ConnectionMethod.Open open) {
      open(open);
    } else {
      throw new ConnectionException(
          ReplyCode.CHANNEL_ERROR,
          "unexpected method in connection state " + state.name().toLowerCase(Locale.ROOT));
    }
  }

  private void login(ConnectionMethod.StartOk startOk) {
    FieldTable properties = startOk.clientProperties();
    clientProperties = properties;
    mechanismName = startOk.mechanism();
    if (properties.get("capabilities") instanceof FieldValue.Table table) {
      clientCapabilities = table.value();
    }
    if (properties.get("connection_name") instanceof FieldValue.LongString name) {
      connectionName = name.asString();
    }
    login.begin(startOk, this::loggedIn);
  }

  private void loggedIn(Identity known) {
    identity = known;
    state = State.TUNING;
    connection.send(
        new ConnectionMethod.Tune(
            settings.channelMax(), settings.frameMax(), settings.heartbeatSeconds()));
  }

  private void tune(ConnectionMethod.TuneOk tuneOk) {
    checkLimit(
        "frame_max",
        tuneOk.frameMax(),
        settings.compatibility().smallestFrameMax(),
        settings.frameMax());
    checkLimit("channel_max", tuneOk.channelMax(), 1, settings.channelMax());
    limits = tuneOk;
    state = State.OPENING;
  }

  /** RabbitMQ takes no limit (0) for more than its own. */
  private static void checkLimit(String field, long asked, long smallest, long largest) {
    if (asked != 0 && asked < smallest) {
      throw outOfRange(field, asked, "lower than the minimum", smallest);
    }
    if (asked == 0 || asked > largest) {
      throw outOfRange(field, asked, "higher than the maximum", largest);
    }
  }

  private static ConnectionException outOfRange(
      String field, long asked, String relation, long bound) {
    return new ConnectionException(
        ReplyCode.NOT_ALLOWED,
        "negotiated "
            + field
            + " = "
            + asked
            + (asked == 0 && field.equals("channel_max") ? " (no limit)" : "")
            + " is "
            + relation
            + " allowed value ("
            + bound
            + ")",
        ConnectionMethod.CLASS_ID,
        ConnectionMethod.Tune.ID);
  }

  private void open(ConnectionMethod.Open open) {
    input.pause(Input.Reason.ADMISSION);
    String vhost = open.virtualHost();
    if (identity.isInternal()) {
      askForAdmission(open, null);
    } else if (connection.node().access().rules().vhost(vhost) == null) {
      askForAdmission(open, Decision.DENIED);
    } else {
      identity
          .may(new AccessQuestion.Vhost(vhost, connection.link().address()))
          .thenAccept(decision -> connection.home().execute(() -> askForAdmission(open, decision)));
    }
  }

  /** Without a decision, the broker's own permissions count. */
  private void askForAdmission(ConnectionMethod.Open open, Decision decision) {
    if (login.isCancelled()) {
      return;
    }
    String vhost = open.virtualHost();
    ConnectionRegistry.Client client =
        new ConnectionRegistry.Client(
            user(),
            vhost,
            decision,
            connection,
            text ->
                connection
                    .link()
                    .tellOwner(() -> connection.forceClose(ReplyCode.CONNECTION_FORCED, text)));
    admission.ask(
        new Admission.Request(
            client, vhost, this::admitted, refusal -> connection.fail(refusal, 0, open)),
        connection.home());
  }

  private void admitted(VirtualHost vhost) {
    state = State.DONE;
    connection.opened(vhost);
    input.resume(Input.Reason.ADMISSION);
  }

  /** The client shows a new secret on a connection that is open. */
  void updateSecret(ConnectionMethod.UpdateSecret update) {
    secretUpdate.begin(update);
  }

  /** The connection is done with its virtual host, if it ever had one. */
  void leave() {
    login.cancel();
    admission.leave();
  }
}
