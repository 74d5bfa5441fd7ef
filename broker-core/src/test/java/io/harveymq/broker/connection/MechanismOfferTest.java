package io.harveymq.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.LoginRules;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which ways to log in a connection is offered. */
class MechanismOfferTest {
  private static final TlsSession TLS =
      new TlsSession("tlsv1.3", "any", "aes_256_gcm", "aead", null);

  private static MechanismOffer offer(LoginRules rules, TlsSession tls, boolean near) {
    Settings settings = Settings.defaults(Compatibility.V4_2).login(rules);
    return new MechanismOffer(settings, tls, near);
  }

  @Test
  void withoutASettingItIsWhatTheVersionOffers() {
    assertThat(offer(LoginRules.DEFAULT, null, false).names())
        .isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
    assertThat(offer(LoginRules.DEFAULT, TLS, false).names()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
  }

  @Test
  void onlyWhatIsEnabledIsOfferedAndExternalOnlyWithTls() {
    LoginRules rules = LoginRules.DEFAULT.withMechanisms(Set.of("EXTERNAL", "PLAIN"));
    assertThat(offer(rules, null, true).names()).isEqualTo("PLAIN");
    assertThat(offer(rules, TLS, true).names()).isEqualTo("PLAIN EXTERNAL");
    assertThat(offer(rules, TLS, true).choose("EXTERNAL")).isEqualTo(SaslMechanism.EXTERNAL);
    assertThatThrownBy(() -> offer(rules, TLS, true).choose("AMQPLAIN"))
        .hasMessageContaining("unknown authentication mechanism 'AMQPLAIN'");
    assertThatThrownBy(() -> offer(rules, null, true).choose("EXTERNAL"))
        .isInstanceOfSatisfying(
            ConnectionException.class,
            refusal -> assertThat(refusal.replyCode()).isEqualTo(ReplyCode.COMMAND_INVALID))
        .hasMessageContaining("invalid authentication mechanism 'EXTERNAL'");
  }

  @Test
  void secretsThatNeedTlsAreRefusedWithoutItUnlessTheClientIsOnThisMachine() {
    LoginRules rules = LoginRules.DEFAULT.withSecretsOverTls(true);
    assertThat(offer(rules, null, false).names()).isEmpty();
    assertThat(offer(rules, null, true).names()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
    assertThat(offer(rules, TLS, false).names()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
    for (String name : Set.of("PLAIN", "AMQPLAIN", "ANONYMOUS")) {
      assertThatThrownBy(() -> offer(rules, null, false).choose(name))
          .isInstanceOfSatisfying(
              ConnectionException.class,
              refusal -> assertThat(refusal.replyCode()).isEqualTo(ReplyCode.ACCESS_REFUSED))
          .hasMessageContaining(
              "authentication mechanism " + name + " is refused on a connection without TLS");
    }
  }

  @Test
  void withoutACertificateNobodyIsNamed() {
    assertThat(offer(LoginRules.DEFAULT, TLS, true).certificateUser()).isEmpty();
    assertThat(offer(LoginRules.DEFAULT, null, true).certificateUser()).isEmpty();
  }
}
