package io.harveymq.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.BrokerStartException;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that TLS is started with: all forms of them, and what is wrong with one. */
class TlsFilesTest {
  // One key on the curve P-256, made for this test, in the forms that OpenSSL writes; password:
  // secret. It belongs to the certificate that follows.
  private static final String SEC1 =
      """
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIAi7ppDXrxw8r2elO/KUV6XX6rwcOenF4q5cQNf83LqXoAoGCCqGSM49
      AwEHoUQDQgAECx9WEAZo25UpbVeFeYuMLhiy8gV2BQpFzwzox0Ys7fPG6VH+XK+w
      Rhl76Q2091rF8nqAf9sKVLy/jh6ABPwpaw==
      -----END EC PRIVATE KEY-----
      """;
  private static final String SEC1_ENCRYPTED =
      """
      -----BEGIN EC PRIVATE KEY-----
      Proc-Type: 4,ENCRYPTED
      DEK-Info: AES-256-CBC,D75DECD6A0887489362A55399BDA45A3

      /ykdhyGXU6FIJwpD6kRAQ37ogiLTxkTh3zySTD/NmYquAszF6vNjtnTVfIv6oIRh
      XFjstn1SLpI6C2mkYlk3UhrYrL4vRYFUpv8w1U4fyQsDx+0VLhwnzVdTTNm2z3ku
      x159yEr6HV+F5k9XvPIfucskND5eVGVm9In0Fvhgb2E=
      -----END EC PRIVATE KEY-----
      """;
  private static final String PKCS8_ENCRYPTED =
      """
      -----BEGIN ENCRYPTED PRIVATE KEY-----
      MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjHe0Mb89xUeAICCAAw
      DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGFrrJlBmI+eoLQMF3MrblkEgZCD
      JyEDYTO1o7oiRrJkODwquz/NUQjy+J/H64P5mmY2w9KyTPrLn3wMEKJIJFTwB9D/
      U+rbR/zu8OJ5kHZghu9DyBCpdjGSgRLiyFLScRTNDztu5lLykN+761nPgSvqaIXc
      RKXybA1cLEX5wo1OLzehWEC61xgcRo64oGaZAgEsG+tzcYZiLlEUlVdPzDnvz9Q=
      -----END ENCRYPTED PRIVATE KEY-----
      """;
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBcDCCARWgAwIBAgIUArhOUl6UfIePZBckcqx7pVstLnMwCgYIKoZIzj0EAwIw
      DTELMAkGA1UEAwwCZWMwHhcNMjYxMTIxMTgzMTMwWhcNMzYxMTE4MTgzMTMwWjAN
      MQswCQYDVQQDDAJlYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAsfVhAGaNuV
      KW1XhXmLjC4YsvIFdgUKRc8M6MdGLO3zxulR/lyvsEYZe+kNtPdaxfJ6gH/bClS8
      v44egAT8KWujUzBRMB0GA1UdDgQWBBSnHQAUUG8/C/XKYitw0RwhW9CMeTAfBgNV
      HSMEGDAWgBSnHQAUUG8/C/XKYitw0RwhW9CMeTAPBgNVHRMBAf8EBTADAQH/MAoG
      CCqGSM49BAMCA0kAMEYCIQDcdtw7q7dfeAEtXQe8Jqawau6D3+JAH9XcuSplWi88
      9QIhAOl6J1MAiMe+aW7jaEiOjXt/4EFfkeZlzrHLEtkjlgeu
      -----END CERTIFICATE-----
      """;

  /** RSA, encrypted by OpenSSL 1 with triple DES; password: secret. */
  private static final String PKCS1_ENCRYPTED =
      """
      -----BEGIN RSA PRIVATE KEY-----
      Proc-Type: 4,ENCRYPTED
      DEK-Info: DES-EDE3-CBC,201F36198798799C

      moRelmiPqbzT6a11Tvg+42/scqJl2WBt2q9GozKPqI1n52BmyX+UI0T8Yl5DmOkd
      bl5zAPfH+Z4U5bBTZ3zfvLQg9gSokJV8J1ycUGtbGl5QIAMdwJuSrUR0+fpDMy23
      bDn578DnISeZ8afEguiE3IJqTMC/BelDhJEUVPkq+E6glq6zdPzvka2MIhmEGg4F
      82kVDooWLtvM4qhnvqTMkPPJuJ060pHe804CbF/F+y5ZGuHzrBvppoYj6lKB9WXn
      96i5vofcdNLhhlrUdYd+jC+iPaCarLVauUn5efme5bmI8f1IhPp0uV/NSh0xdy29
      rUjvKxLbB8mvfRTqIgcpOHir8tetJ0P012fFgCSk0Greh4qe2gMU/9AYAL0Y9y3b
      mxfiV8JJMnH/3IIrADNW/rdPp4hYVehwK9lci0mEPA52WO38FFtcGzLFx5Wse5RL
      BFRw8uxaTz8eKeoPaw2rZDOgLKDtWTAwvD96Ob0nbi0ReTo5VcSsBRgk5RgxFXih
      rbj2KOCoxMPM5mAqrb3Ci/e0sNbqLCovv5t98OweantM1967dX8OQN6fv2/S0tQZ
      CSZTF4PTlODWA5EDFHLouJWJEFI8Mp0GhZkFcG3mK4p/lt1yDiqHj/JGj7FUtbNW
      BUDkEigs8d1WuqrZOxO+3XrYujCih+ne4m1enD/wpK9BD8Vk4Lwp23tkD+BVcVvm
      8Uq5xWtcPBsQWty7HQfTjjE6U1wvlda2wDCwvp90iPynM14E1qzl4aJcZjDFLNWV
      7Ueait20FhxmHyLVdrPbrcoPNUaCur2sRSd8PYMExmxhWV28eCDM2Q==
      -----END RSA PRIVATE KEY-----
      """;

  @TempDir Path directory;
  private TestCertificates certificates;

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = new TestCertificates(directory);
  }

  private static void assertStarts(TlsOptions options) throws Exception {
    try (ServerTls tls = ServerTls.open(options)) {
      assertThat(tls.certificates()).isNotEmpty();
      assertThat(tls.newEngine().getUseClientMode()).isFalse();
    }
  }

  private static void assertRefused(TlsOptions options, String option, String... texts) {
    assertThatThrownBy(() -> ServerTls.open(options))
        .isInstanceOfSatisfying(
            TlsException.class, refusal -> assertThat(refusal.option()).isEqualTo(option))
        .hasMessageContainingAll(texts);
  }

  @Test
  void keysAreReadInAllTheirForms() throws Exception {
    Path certificate = certificates.write("c.pem", CERTIFICATE);
    assertStarts(TlsOptions.of(certificate, certificates.write("a.key", SEC1)));
    for (String encrypted : List.of(SEC1_ENCRYPTED, PKCS8_ENCRYPTED)) {
      Path key = certificates.write("b.key", encrypted);
      assertStarts(TlsOptions.of(certificate, key).withPassword("secret"));
      assertRefused(TlsOptions.of(certificate, key), "password", "is encrypted", "b.key");
      assertRefused(
          TlsOptions.of(certificate, key).withPassword("wrong"),
          "password",
          "the password does not open the key in",
          "b.key");
    }
    assertThat(
            PrivateKeys.read(
                    PemFile.read("keyfile", certificates.write("r.key", PKCS1_ENCRYPTED)), "secret")
                .getAlgorithm())
        .isEqualTo("RSA");
  }

  @Test
  void certificateAndKeyMayBePkcs12() throws Exception {
    X509Bundle server = TestCertificates.server("CN=localhost").buildIssuedBy(certificates.ca());
    Path file = certificates.pkcs12("server.p12", server, "secret");
    assertStarts(TlsOptions.of(file, null).withPassword("secret"));
    assertRefused(
        TlsOptions.of(file, null).withPassword("wrong"), "password", "does not open", "server.p12");
    assertRefused(TlsOptions.of(file, null), "password", "server.p12");
  }

  @Test
  void intermediateCertificatesMayBeInTheFileOfAuthorities() throws Exception {
    X509Bundle middle =
        TestCertificates.certificate("CN=Middle")
            .setIsCertificateAuthority(true)
            .buildIssuedBy(certificates.ca());
    X509Bundle server = TestCertificates.server("CN=localhost").buildIssuedBy(middle);
    Path own = certificates.write("own.pem", server.getCertificatePEM());
    Path key = certificates.write("own.key", server.getPrivateKeyPEM());
    Path authorities =
        certificates.write(
            "both.pem", certificates.ca().getCertificatePEM() + middle.getCertificatePEM());
    try (ServerTls tls =
        ServerTls.open(TlsOptions.of(own, key).withClients(ClientCertificates.NONE, authorities))) {
      assertThat(tls.certificates())
          .containsExactly(server.getCertificate(), middle.getCertificate());
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamedWithWhatToDo() throws Exception {
    TlsOptions good = certificates.server();
    Path missing = certificates.file("missing.pem");
    assertRefused(
        TlsOptions.of(missing, good.keyFile()),
        "certfile",
        "there is no file " + missing,
        "harvey tls dev");
    assertRefused(TlsOptions.of(good.certFile(), missing), "keyfile", "there is no file");
    assertRefused(TlsOptions.of(good.certFile(), null), "keyfile", "there is no key file for");
    assertRefused(TlsOptions.of(directory, good.keyFile()), "certfile", "is a directory");
    Path text = certificates.write("text.pem", "hello");
    assertRefused(
        TlsOptions.of(text, good.keyFile()), "certfile", "holds no certificate", "has to be PEM");
    assertRefused(TlsOptions.of(good.certFile(), text), "keyfile", "holds no private key");
    Files.write(certificates.file("store.jks"), new byte[] {(byte) 0xFE, (byte) 0xED, 0, 1});
    assertRefused(
        TlsOptions.of(certificates.file("store.jks"), null),
        "certfile",
        "Java key store",
        "keytool");
    Path other =
        certificates.write(
            "other.key",
            TestCertificates.server("CN=x").buildIssuedBy(certificates.ca()).getPrivateKeyPEM());
    assertRefused(
        TlsOptions.of(good.certFile(), other),
        "keyfile",
        "does not belong to the first certificate",
        "CN=localhost");
    String cut = Files.readString(good.certFile());
    Path damaged = certificates.write("cut.pem", cut.replaceFirst("M", "!"));
    assertRefused(TlsOptions.of(damaged, good.keyFile()), "certfile", "is damaged");
  }

  @Test
  void certificatesThatAreNotValidNowAreRefused() throws Exception {
    assertRefused(
        certificates.options(
            "old",
            TestCertificates.expired(TestCertificates.server("CN=old"))
                .buildIssuedBy(certificates.ca())),
        "certfile",
        "expired on 2",
        "renew it");
  }

  @Test
  void rulesThatCannotBeKeptAreRefused() throws Exception {
    TlsOptions good = certificates.server();
    assertRefused(good.withClients(ClientCertificates.REQUIRED, null), "cacertfile", "verify_none");
    assertRefused(
        good.withCiphers(List.of("ECDHE-RSA-AES256-GCM-SHA384", "RC4-MD5"), true),
        "ciphers",
        "'RC4-MD5' is no cipher suite",
        "TLS_AES_256_GCM_SHA384");
    assertRefused(
        good.withVersions(List.of(TlsVersion.TLS_1_3))
            .withCiphers(List.of("ECDHE-RSA-AES256-GCM-SHA384"), true),
        "ciphers",
        "TLSv1.3");
    try (ServerTls tls =
        ServerTls.open(
            good.withCiphers(
                List.of(
                    "ECDHE-ECDSA-AES128-GCM-SHA256",
                    "ECDHE-RSA-AES256-SHA384",
                    "ECDHE-RSA-CHACHA20-POLY1305",
                    "TLS_AES_128_GCM_SHA256"),
                true))) {
      assertThat(tls.ciphers())
          .containsExactly(
              "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
              "TLS_AES_128_GCM_SHA256");
    }
    try (ServerTls tls = ServerTls.open(good)) {
      assertThat(tls.ciphers()).noneMatch(name -> name.startsWith("TLS_RSA_"));
    }
  }

  /** Newer JDKs do not have the suites without forward secrecy any more. */
  @Test
  void whatThisJavaHasNotIsRefused() throws Exception {
    String name = "TLS_RSA_WITH_AES_128_GCM_SHA256";
    TlsOptions old = certificates.server().withCiphers(List.of("AES128-GCM-SHA256"), true);
    List<String> known =
        List.of(SSLContext.getDefault().createSSLEngine().getSupportedCipherSuites());
    if (known.contains(name)) {
      try (ServerTls tls = ServerTls.open(old)) {
        assertThat(tls.ciphers()).containsExactly(name);
      }
    } else {
      assertRefused(old, "ciphers", "'AES128-GCM-SHA256' is no cipher suite");
    }
  }

  @Test
  void aBrokerThatCannotOfferTlsDoesNotStart() {
    assertThatThrownBy(
            () ->
                Broker.start(
                    BrokerConfig.builder()
                        .tls(TlsOptions.of(certificates.file("x"), null).withPassword("p"), 0)
                        .build()))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContainingAll("TLS can't be offered: there is no file", "(certfile)");
    assertThat(TlsOptions.of(Path.of("x"), null).withPassword("hidden").toString())
        .doesNotContain("hidden");
  }

  // ---- names

  @Test
  void namesAreWrittenAsRabbitMqDoes() throws Exception {
    assertThat(name("CN=guest,OU=A+L=B,O=X, C=DE")).isEqualTo("CN=guest,L=B+OU=A,O=X,C=DE");
    assertThat(name("CN=\\#a\\, b\\+c \\\"d\\\" e\\ ,O=caf\u00e9"))
        .isEqualTo("CN=\\#a\\, b\\+c \\\"d\\\" e\\ ,O=caf\\C3\\A9");
    assertThat(name("UID=u,DC=example,1.2.840.113549.1.9.1=#1603614062"))
        .isEqualTo("UID=u,DC=example,EMAILADDRESS=a@b");
  }

  private static String name(String text) {
    return DistinguishedName.of(new javax.security.auth.x500.X500Principal(text));
  }

  @Test
  void theUserIsWhereTheCertificateIsToldToHaveIt() throws Exception {
    var certificate =
        TestCertificates.certificate("CN=one,O=x")
            .addSanDnsName("a.example")
            .addSanDnsName("b.example")
            .addSanRfc822Name("me@example")
            .addSanUriName("urn:me")
            .addSanIpAddress("10.1.2.3")
            .buildIssuedBy(certificates.ca())
            .getCertificate();
    assertThat(CertificateLogin.DEFAULT.userOf(certificate)).isEqualTo("CN=one,O=x");
    var from = CertificateLogin.From.COMMON_NAME;
    assertThat(
            new CertificateLogin(from, CertificateLogin.AlternativeName.DNS, 0).userOf(certificate))
        .isEqualTo("one");
    assertThat(alternative(CertificateLogin.AlternativeName.DNS, 1).userOf(certificate))
        .isEqualTo("b.example");
    assertThat(alternative(CertificateLogin.AlternativeName.DNS, 2).userOf(certificate)).isNull();
    assertThat(alternative(CertificateLogin.AlternativeName.EMAIL, 0).userOf(certificate))
        .isEqualTo("me@example");
    assertThat(alternative(CertificateLogin.AlternativeName.URI, 0).userOf(certificate))
        .isEqualTo("urn:me");
    assertThat(alternative(CertificateLogin.AlternativeName.IP, 0).userOf(certificate))
        .isEqualTo("10.1.2.3");
  }

  private static CertificateLogin alternative(CertificateLogin.AlternativeName type, int index) {
    return new CertificateLogin(CertificateLogin.From.SUBJECT_ALTERNATIVE_NAME, type, index);
  }
}
