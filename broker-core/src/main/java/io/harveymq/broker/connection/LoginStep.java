package io.harveymq.broker.connection;

import io.harveymq.broker.LogText;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.LoginAnswer;
import io.harveymq.broker.node.AuthAttempts;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ReplyCode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login in a handshake: has the credentials of start-ok checked, and answers. Where that takes
 * a while, the connection is not read meanwhile; it may also end meanwhile. Owned by the loop of
 * the socket.
 */
final class LoginStep {
  private static final Logger LOG = LoggerFactory.getLogger(LoginStep.class);

  /** Characters of the log line, of which the user's name may take 255. */
  private static final int LONGEST_REASON = 1_000;

  private static final String NO_CERTIFICATE =
      "the client shows no certificate that names a user (ssl_cert_login_from)";

  private final Connection connection;
  private final Input input;
  private final MechanismOffer mechanisms;
  private boolean cancelled;

  LoginStep(Connection connection, Input input, MechanismOffer mechanisms) {
    this.connection = connection;
    this.input = input;
    this.mechanisms = mechanisms;
  }

  /** Who wants to log in, by what, and who hears of it. */
  private record Attempt(
      ConnectionMethod.StartOk startOk,
      SaslMechanism mechanism,
      Credentials credentials,
      Consumer<Identity> accepted) {}

  /**
   * Checks a login.
   *
   * @param accepted called on the connection's loop if it is good; otherwise the handshake fails
   * @throws ConnectionException when the client's response can't be understood
   */
  void begin(ConnectionMethod.StartOk startOk, Consumer<Identity> accepted) {
    SaslMechanism mechanism = mechanisms.choose(startOk.mechanism());
    Credentials credentials = credentials(mechanism.read(startOk.response()));
    Attempt attempt = new Attempt(startOk, mechanism, credentials, accepted);
    if (credentials.user().isEmpty() && credentials.password() == null) {
      finish(attempt, LoginAnswer.refused(NO_CERTIFICATE));
      return;
    }
    CompletableFuture<LoginAnswer> answer =
        connection.node().access().logins().login(credentials).toCompletableFuture();
    if (answer.isDone()) {
      finish(attempt, answer.join());
      return;
    }
    input.pause(Input.Reason.LOGIN);
    answer.thenAccept(given -> connection.home().execute(() -> answered(attempt, given)));
  }

  /**
   * @param login null for whom the certificate says
   */
  private Credentials credentials(SaslMechanism.Login login) {
    return new Credentials(
        login == null ? mechanisms.certificateUser() : login.user(),
        login == null ? null : login.password(),
        connection.link().address(),
        connection.link().isFromLoopback());
  }

  private void answered(Attempt attempt, LoginAnswer answer) {
    if (cancelled) {
      return;
    }
    finish(attempt, answer);
    input.resume(Input.Reason.LOGIN);
  }

  private void finish(Attempt attempt, LoginAnswer answer) {
    connection.node().access().attempts().count(AuthAttempts.AMQP, answer.isAccepted());
    String name = answer.isAccepted() ? answer.identity().name() : attempt.credentials.user();
    AuthenticationEvents.login(connection, attempt.mechanism, name, answer.refusal());
    if (answer.isAccepted()) {
      attempt.accepted.accept(answer.identity());
    } else {
      refuse(attempt, answer.refusal());
    }
  }

  private void refuse(Attempt attempt, String reason) {
    String shown = LogText.of(reason, LONGEST_REASON);
    LOG.warn("{}: login refused: {}", connection.link(), shown);
    connection
        .view()
        .refused(attempt.credentials.user(), ReplyCode.ACCESS_REFUSED.code(), "login: " + shown);
    connection.fail(
        new ConnectionException(
            ReplyCode.ACCESS_REFUSED,
            "Login was refused using authentication mechanism "
                + attempt.mechanism
                + ". For details see the broker logfile.",
            0,
            0),
        0,
        attempt.startOk);
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** The connection ends: what comes of a login does not matter any more. */
  void cancel() {
    cancelled = true;
  }
}
