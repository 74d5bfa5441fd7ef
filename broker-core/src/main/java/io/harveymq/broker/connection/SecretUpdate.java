package io.harveymq.broker.connection;

import io.harveymq.broker.LogText;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.LoginAnswer;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ReplyCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * connection.update-secret: the client shows a new token before the old one expires. Where a secret
 * is of no use after the login, as with the broker's own users, any is taken. The connection is not
 * read meanwhile. Owned by the home loop.
 */
final class SecretUpdate {
  private static final Logger LOG = LoggerFactory.getLogger(SecretUpdate.class);

  private final Connection connection;
  private final Input input;

  SecretUpdate(Connection connection, Input input) {
    this.connection = connection;
    this.input = input;
  }

  void begin(ConnectionMethod.UpdateSecret update) {
    Identity identity = connection.access().renewable();
    if (identity == null) {
      connection.send(new ConnectionMethod.UpdateSecretOk());
      return;
    }
    input.pause(Input.Reason.LOGIN);
    CompletableFuture<LoginAnswer> answer =
        identity
            .renew(new String(update.newSecret(), StandardCharsets.UTF_8))
            .toCompletableFuture();
    if (answer.isDone()) {
      answered(update, answer.join());
    } else {
      answer.thenAccept(renewed -> connection.home().execute(() -> answered(update, renewed)));
    }
  }

  private void answered(ConnectionMethod.UpdateSecret update, LoginAnswer answer) {
    if (!connection.isRunning()) {
      return;
    }
    if (answer.isAccepted()) {
      connection.access().renewed(answer.identity());
      LOG.info("{}: user updated secret, reason: {}", connection, LogText.of(update.reason()));
      connection.send(new ConnectionMethod.UpdateSecretOk());
    } else {
      LOG.error("{}: secret update was refused: {}", connection, LogText.of(answer.refusal()));
      connection.fail(
          new ConnectionException(
              ReplyCode.NOT_ALLOWED, "New secret was refused by one of the backends"),
          0,
          update);
    }
    input.resume(Input.Reason.LOGIN);
  }
}
