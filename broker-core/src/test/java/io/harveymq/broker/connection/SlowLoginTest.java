package io.harveymq.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.auth.ScriptedBackend;
import io.harveymq.codec.ConnectionMethod;
import org.junit.jupiter.api.Test;

/** Logins that a backend answers later. */
class SlowLoginTest {
  private final TestBroker broker = TestBroker.start();
  private final ScriptedBackend backend = new ScriptedBackend().serve(broker);

  private TestClient start() {
    TestClient client = broker.accept();
    client.start(TestClient.capabilities("authentication_failure_close"), "secret");
    return client;
  }

  @Test
  void whatTheClientSendsMeanwhileIsTakenAfterTheLogin() {
    TestClient client = start();
    client.send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
    client.send(0, new ConnectionMethod.Open("/"));
    assertThat(client.next(0)).isNull();
    assertThat(backend.secrets()).containsExactly("secret");

    backend.accept("guest");
    client.expect(0, ConnectionMethod.Tune.class);
  }

  @Test
  void aRefusalThatComesLaterReadsLikeAnyOther() {
    TestClient client = start();
    assertThat(client.next(0)).isNull();
    backend.refuse("no");
    assertThat(client.expectClose(403))
        .isEqualTo(
            "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details"
                + " see the broker logfile.");
  }

  @Test
  void aBackendThatFailsIsARefusal() {
    TestClient client = start();
    backend.fail(new IllegalStateException("broken"));
    assertThat(client.expectClose(403)).startsWith("ACCESS_REFUSED - Login was refused");
  }

  @Test
  void theTimeForTheHandshakeGoesOn() {
    TestClient client = start();
    broker.advance(10_000);
    assertThat(client.isClosed()).isTrue();
    backend.accept("guest");
    broker.run();
    assertThat(client.takeRaw()).isEmpty();
    assertThat(broker.access().attempts().all()).isEmpty();
  }

  @Test
  void theAnswerForAClientThatIsGoneIsOfNoUse() {
    TestClient client = start();
    client.drop();
    broker.run();
    backend.accept("guest");
    broker.run();
    assertThat(broker.access().attempts().all()).isEmpty();
    assertThat(broker.loop().timers()).isZero();
  }
}
