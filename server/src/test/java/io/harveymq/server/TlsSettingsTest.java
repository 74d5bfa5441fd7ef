package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.tls.CertificateLogin;
import io.harveymq.broker.tls.ClientCertificates;
import io.harveymq.broker.tls.ServerTls;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.broker.tls.TlsVersion;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about TLS in a file and on the command line, and certificates for development. */
class TlsSettingsTest {
  private static final String FILES =
      "ssl_options.certfile = /c\nssl_options.keyfile = /k\nssl_options.cacertfile = /a\n";

  @TempDir Path directory;

  private ServerSettings settings(String content, String... options) throws Exception {
    Path file = Files.writeString(directory.resolve("rabbitmq.conf"), content);
    List<String> all = new ArrayList<>(List.of("--config", file.toString()));
    all.addAll(List.of(options));
    return ServerSettings.of(ConfigSources.none(), all.toArray(String[]::new));
  }

  private void assertRefused(String content, String... texts) {
    assertThatThrownBy(() -> settings(content))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(texts);
  }

  @Test
  void rabbitMqsKeysAreHonoured() throws Exception {
    ServerSettings settings =
        settings(
            FILES
                + """
                listeners.tcp = none
                listeners.ssl.1 = 127.0.0.1:5671
                ssl_options.password = p
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = true
                ssl_options.depth = 2
                ssl_options.versions.1 = tlsv1.2
                ssl_options.versions.2 = tlsv1.1
                ssl_options.ciphers.1 = ECDHE-ECDSA-AES256-GCM-SHA384
                ssl_options.honor_cipher_order = false
                ssl_options.honor_ecc_order = true
                ssl_handshake_timeout = 700
                ssl_cert_login_from = subject_alternative_name
                ssl_cert_login_san_type = email
                ssl_cert_login_san_index = 1
                harvey.passwords_need_tls = on
                """);
    BrokerConfig broker = settings.broker();
    TlsOptions tls = broker.tls().options();
    assertThat(broker.amqpPort()).isEqualTo(BrokerConfig.NO_PORT);
    assertThat(broker.tls().addresses().get(0).getHostString()).isEqualTo("127.0.0.1");
    assertThat(tls.certFile()).isEqualTo(Path.of("/c"));
    assertThat(tls.keyFile()).isEqualTo(Path.of("/k"));
    assertThat(tls.caFile()).isEqualTo(Path.of("/a"));
    assertThat(tls.password()).isEqualTo("p");
    assertThat(tls.clients()).isEqualTo(ClientCertificates.REQUIRED);
    assertThat(tls.depth()).isEqualTo(2);
    assertThat(tls.versions()).containsExactly(TlsVersion.TLS_1_2);
    assertThat(tls.ciphers()).containsExactly("ECDHE-ECDSA-AES256-GCM-SHA384");
    assertThat(tls.serverPrefers()).isFalse();
    assertThat(tls.handshakeMillis()).isEqualTo(700);
    assertThat(broker.login().secretsNeedTls()).isTrue();
    assertThat(broker.login().certificates())
        .isEqualTo(
            new CertificateLogin(
                CertificateLogin.From.SUBJECT_ALTERNATIVE_NAME,
                CertificateLogin.AlternativeName.EMAIL,
                1));
    assertThat(settings.config().notices().warnings())
        .anyMatch(warning -> warning.contains("tlsv1.1 is not offered"));
    assertThat(settings.management().http().enabled()).isTrue();
  }

  @Test
  void httpsTakesThePlaceOfHttpInAFileAndComesBesideItOnTheCommandLine() throws Exception {
    ServerSettings file = settings(FILES + "management.ssl.port = 15671\nprometheus.ssl.port = 1");
    assertThat(file.management().http().enabled()).isFalse();
    assertThat(file.management().metrics().enabled()).isFalse();
    assertThat(file.tls().https().endpoint().port()).isEqualTo(15_671);
    assertThat(file.tls().https().options().certFile()).isEqualTo(Path.of("/c"));
    ServerSettings line =
        settings("", "--https-port", "0", "--tls-cert", "/x", "--tls-key", "/y", "--tls-ca", "/z");
    assertThat(line.management().http().enabled()).isTrue();
    assertThat(line.tls().https().options().certFile()).isEqualTo(Path.of("/x"));
    ServerSettings both = settings(FILES, "--tls-cert", "/x", "--amqps-port", "0");
    assertThat(both.broker().tls().options().certFile()).isEqualTo(Path.of("/x"));
    assertThat(both.broker().tls().options().keyFile()).isEqualTo(Path.of("/k"));
  }

  @Test
  void wrongValuesAreNamedWithTheirPlaceAndWhatIsAllowed() {
    assertRefused(
        "listeners.ssl.default = 5671", "rabbitmq.conf:1: listeners.ssl.default", "certificate");
    assertRefused("management.ssl.port = 1", "management.ssl.port", "needs a certificate");
    assertRefused(FILES + "ssl_options.versions.1 = tlsv1.4", ":4:", "must be tlsv1.3 or tlsv1.2");
    assertRefused(FILES + "ssl_options.versions.1 = tlsv1", "what is older is insecure");
    assertRefused(FILES + "ssl_options.verify = peer", "must be one of verify_peer, verify_none");
    assertRefused(
        FILES + "ssl_options.verify = verify_none\nssl_options.fail_if_no_peer_cert = true",
        "fail_if_no_peer_cert needs verify = verify_peer");
    assertRefused(FILES + "ssl_options.crl_check = true", "must be false");
    assertRefused("listeners.tcp = none", "must not be none without a listeners.ssl.default");
  }

  @Test
  void certificatesForDevelopmentAreMadeAndNeverOverwritten() throws Exception {
    Path made = directory.resolve("made");
    assertThat(run("dev", "--dir", made.toString(), "--host", "b.example", "--user", "app"))
        .contains("Made in " + made, "b.example", "CN=app", "harvey --config");
    for (String secret : List.of("server_key.pem", "client_key.pem", "client.p12")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve(secret))))
          .isEqualTo("rw-------");
    }
    byte[] key = Files.readAllBytes(made.resolve("server_key.pem"));
    assertThat(run("dev", "--dir", made.toString())).contains("is there already", "--force");
    assertThat(Files.readAllBytes(made.resolve("server_key.pem"))).isEqualTo(key);
    ServerSettings settings =
        ServerSettings.of(
            ConfigSources.none(), "--config", made.resolve("rabbitmq.conf").toString());
    try (ServerTls tls = ServerTls.open(settings.broker().tls().options())) {
      assertThat(tls.certificates().get(0).getSubjectAlternativeNames().toString())
          .contains("localhost", "127.0.0.1", "b.example");
      tls.certificates().get(0).verify(tls.authorities().get(0).getPublicKey());
      assertThat(tls.authorities().get(0).getBasicConstraints()).isZero();
    }
    assertThat(run("dev", "--host", "a b")).contains("--host must be a name or an address");
    assertThat(run("prod")).contains("tls needs an action");
  }

  private static String run(String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true);
    new TlsCommand(out, out).run(List.of(arguments));
    return bytes.toString();
  }
}
