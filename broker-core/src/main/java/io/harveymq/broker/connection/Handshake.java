package io.harveymq.broker.connection;

import io.harveymq.broker.auth.LoginOutcome;
import io.harveymq.broker.net.SocketLink;
import io.harveymq.broker.node.AuthAttempts;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);
  private static final long AMQP_0_9_1 = 0x414D5150_00000901L;
  private static final long AMQP_0_9 = 0x414D5150_01010009L;
  private static final byte[] SUPPORTED = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  private final Connection connection;
  private final Input input;
  private final Settings settings;
  private final Admission admission;
  private State state = State.PRE_INIT;
  private FieldTable clientCapabilities = FieldTable.EMPTY;
  private String user;
  private String connectionName;
  private FieldTable clientProperties = FieldTable.EMPTY;
  private String mechanismName = "";
  private ConnectionMethod.TuneOk limits;

  Handshake(Connection connection, Input input) {
    this.connection = connection;
    this.input = input;
    this.settings = connection.settings();
    this.admission = new Admission(connection.node().access(), settings.limits().maxConnections());
  }

  State state() {
    return state;
  }

  /** What the user may do in the virtual host. */
  AccessChecks accessChecks(LoopAccess access, VirtualHost vhost) {
    return new AccessChecks(access, user, vhost.name(), settings.compatibility());
  }

  /** For logs: addresses, user and virtual host, and the client's own name if it gave one. */
  String describe(SocketLink link, String vhost) {
    String name = connectionName == null ? "" : ", name '" + connectionName + "'";
    return link + " (user '" + user + "', vhost '" + vhost + "'" + name + ")";
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
            SaslMechanism.offered(settings.compatibility()),
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
    SaslMechanism mechanism = SaslMechanism.of(startOk.mechanism(), settings.compatibility());
    if (mechanism == null) {
      throw new ConnectionException(
          ReplyCode.COMMAND_INVALID,
          "unknown authentication mechanism '" + startOk.mechanism() + "'");
    }
    SaslMechanism.Login login = mechanism.read(startOk.response());
    LoginOutcome outcome =
        connection
            .node()
            .access()
            .on(connection.home())
            .rules()
            .login(login.user(), login.password(), connection.link().isFromLoopback());
    connection
        .node()
        .access()
        .attempts()
        .count(AuthAttempts.AMQP, outcome == LoginOutcome.ACCEPTED);
    AuthenticationEvents.login(connection, mechanism, login.user(), outcome);
    if (outcome != LoginOutcome.ACCEPTED) {
      logRefusal(login.user(), outcome);
      throw new ConnectionException(
          ReplyCode.ACCESS_REFUSED,
          "Login was refused using authentication mechanism "
              + mechanism
              + ". For details see the broker logfile.",
          0,
          0);
    }
    user = login.user();
    state = State.TUNING;
    connection.send(
        new ConnectionMethod.Tune(
            settings.channelMax(), settings.frameMax(), settings.heartbeatSeconds()));
  }

  private void logRefusal(String name, LoginOutcome outcome) {
    LOG.warn("{}: login refused: user '{}' {}", connection.link(), name, outcome.text());
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
    String vhost = open.virtualHost();
    ConnectionRegistry.Client client =
        new ConnectionRegistry.Client(
            user, vhost, text -> connection.link().tellOwner(() -> connection.forceClose(text)));
    input.pause(Input.Reason.ADMISSION);
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

  /** The connection is done with its virtual host, if it ever had one. */
  void leave() {
    admission.leave();
  }
}
