package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.LoginRules;
import io.harveymq.broker.tls.CertificateLogin;
import io.harveymq.broker.tls.ClientCertificates;
import io.harveymq.broker.tls.TlsOptions;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs in Python and JavaScript that connect with TLS, by OpenSSL; with certificates, too. */
@Timeout(180)
class TlsClientsTest {
  @TempDir static Path directory;
  private static Broker open;
  private static Broker demanding;

  @BeforeAll
  static void start() throws Exception {
    PikaProgram.requirePika();
    AmqplibTest.requireLibrary();
    X509Bundle authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Test CA")
            .setIsCertificateAuthority(true)
            .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign)
            .buildSelfSigned();
    Path ca = write("ca.pem", authority.getCertificatePEM());
    write(
        "stranger.pem",
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Another CA")
            .setIsCertificateAuthority(true)
            .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign)
            .buildSelfSigned()
            .getCertificatePEM());
    X509Bundle server =
        new CertificateBuilder()
            .rsa2048()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addExtendedKeyUsageServerAuth()
            .buildIssuedBy(authority);
    X509Bundle client =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=guest,O=Example")
            .addExtendedKeyUsageClientAuth()
            .buildIssuedBy(authority);
    write("client.pem", client.getCertificatePEM());
    write("client.key", client.getPrivateKeyPEM());
    TlsOptions options =
        TlsOptions.of(
                write("server.pem", server.getCertificatePEM()),
                write("server.key", server.getPrivateKeyPEM()))
            .withHandshakeMillis(60_000);
    LoginRules login =
        LoginRules.DEFAULT
            .withMechanisms(Set.of("PLAIN", "EXTERNAL"))
            .withCertificates(
                new CertificateLogin(
                    CertificateLogin.From.COMMON_NAME, CertificateLogin.AlternativeName.DNS, 0));
    open = Broker.start(BrokerConfig.builder().tls(options, 0).build());
    demanding =
        Broker.start(
            BrokerConfig.builder()
                .tls(options.withClients(ClientCertificates.REQUIRED, ca), 0)
                .login(login)
                .build());
  }

  @AfterAll
  static void close() {
    if (open != null) {
      open.close();
    }
    if (demanding != null) {
      demanding.close();
    }
  }

  private static Path write(String name, String content) throws Exception {
    return Files.writeString(directory.resolve(name), content);
  }

  private static String file(String name) {
    return directory.resolve(name).toString();
  }

  private static String port(Broker broker) {
    return String.valueOf(broker.tlsAddresses().get(0).getPort());
  }

  private static String pika(Broker broker, String host, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(port(broker), host));
    all.addAll(List.of(arguments));
    try (Program program = new Program(Python.command("pika/tls.py", all.toArray(String[]::new)))) {
      return String.join("\n", program.rest());
    }
  }

  private static String node(Broker broker, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", Program.source("amqplib/tls.js").toString(), port(broker)));
    command.addAll(List.of(arguments));
    try (Program program = new Program(command)) {
      return String.join("\n", program.rest());
    }
  }

  @Test
  void pikaConnectsAndChecksTheServer() throws Exception {
    assertThat(pika(open, "localhost", file("ca.pem"))).isEqualTo("same");
    assertThat(pika(open, "localhost", file("stranger.pem")))
        .startsWith("refused:")
        .contains("CERTIFICATE_VERIFY_FAILED");
    assertThat(pika(open, "elsewhere.example", file("ca.pem")))
        .startsWith("refused:")
        .contains("Hostname mismatch");
  }

  @Test
  void pikaLogsInByItsCertificateAndIsRefusedWithoutOne() throws Exception {
    String certificate = file("client.pem");
    String key = file("client.key");
    assertThat(pika(demanding, "localhost", file("ca.pem"), certificate, key)).isEqualTo("same");
    assertThat(pika(demanding, "localhost", file("ca.pem"), certificate, key, "external"))
        .isEqualTo("same");
    assertThat(pika(demanding, "localhost", file("ca.pem"))).startsWith("refused:");
    assertThat(pika(open, "localhost", file("ca.pem"), certificate, key, "external"))
        .as("EXTERNAL is not enabled")
        .startsWith("refused:");
  }

  @Test
  void amqplibConnectsWithAndWithoutACertificate() throws Exception {
    assertThat(node(open, file("ca.pem"))).isEqualTo("same");
    assertThat(node(open, file("stranger.pem"))).startsWith("refused:");
    assertThat(node(demanding, file("ca.pem"), file("client.pem"), file("client.key")))
        .isEqualTo("same");
    assertThat(node(demanding, file("ca.pem"))).startsWith("refused:");
  }
}
