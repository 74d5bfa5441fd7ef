package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.CapturedLog;
import io.harveymq.broker.LoginRules;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.tls.CertificateLogin;
import io.harveymq.broker.tls.TestCertificates;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may log in by a certificate from where: the same rule as for a password. */
class ExternalLoginTest {
  private static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final FieldTable CAPABILITIES =
      TestClient.capabilities("authentication_failure_close");
  private static final LoginRules RULES =
      LoginRules.DEFAULT
          .withMechanisms(Set.of("PLAIN", "EXTERNAL"))
          .withCertificates(
              new CertificateLogin(
                  CertificateLogin.From.COMMON_NAME, CertificateLogin.AlternativeName.DNS, 0));

  private final TestBroker broker = TestBroker.start().login(RULES);

  private static InetSocketAddress at(int... octets) throws Exception {
    byte[] address = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      address[i] = (byte) octets[i];
    }
    return new InetSocketAddress(InetAddress.getByAddress(address), 50_000);
  }

  private static TlsSession certified(String user) throws Exception {
    return new TlsSession(
        "tlsv1.3",
        "any",
        "aes_256_gcm",
        "aead",
        TestCertificates.certificate("CN=" + user)
            .setIsCertificateAuthority(true)
            .buildSelfSigned()
            .getCertificate());
  }

  private TestClient login(InetSocketAddress from, String user, String mechanism) throws Exception {
    TestClient client = broker.accept(from, certified(user));
    client.raw(PROTOCOL_HEADER);
    client.expect(0, ConnectionMethod.Start.class);
    byte[] response =
        mechanism.equals("EXTERNAL") ? new byte[0] : ("\0" + user + "\0" + user).getBytes();
    client.send(0, new ConnectionMethod.StartOk(CAPABILITIES, mechanism, response, "en_US"));
    return client;
  }

  @Test
  void guestMayNotComeFromElsewhereByACertificateEither() throws Exception {
    for (String mechanism : new String[] {"PLAIN", "EXTERNAL"}) {
      try (CapturedLog log = new CapturedLog()) {
        assertThat(login(at(192, 0, 2, 7), "guest", mechanism).expectClose(403))
            .isEqualTo(
                "ACCESS_REFUSED - Login was refused using authentication mechanism "
                    + mechanism
                    + ". For details see the broker logfile.");
        assertThat(log.text()).contains("user 'guest' can only connect via localhost");
      }
    }
  }

  @Test
  void guestMayComeFromThisMachineAndOthersFromEverywhere() throws Exception {
    login(at(127, 0, 0, 1), "guest", "EXTERNAL").tuneAndOpen(0, 131_072);
    broker.change(rules -> rules.addUser(User.of("alice", "alice")));
    login(at(192, 0, 2, 7), "alice", "EXTERNAL").expect(0, ConnectionMethod.Tune.class);
  }
}
