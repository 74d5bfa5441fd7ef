package io.harveymq.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.CapturedLog;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in by TLS, who is not, what the log says, and certificates that change. */
@Timeout(60)
class TlsHandshakeTest {
  private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int TIMEOUT_MILLIS = 20_000;

  @TempDir Path directory;
  private TestCertificates certificates;
  private Broker broker;
  private CapturedLog log;

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = new TestCertificates(directory);
    log = new CapturedLog();
  }

  @AfterEach
  void close() {
    if (broker != null) {
      broker.close();
    }
    log.close();
  }

  private void start(TlsOptions options) throws Exception {
    broker = Broker.start(BrokerConfig.builder().tls(options, 0).build());
  }

  private TlsOptions demanding() throws Exception {
    return certificates
        .server()
        .withClients(ClientCertificates.REQUIRED, certificates.file("ca.pem"));
  }

  private Socket tcp() throws IOException {
    int port = broker.tlsAddresses().get(0).getPort();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private SSLSocket connect(SSLContext context, String... versions) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(tcp(), "localhost", 1, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (versions.length > 0) {
      parameters.setProtocols(versions);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  /** Whether the broker answers a protocol header behind TLS; the certificate that it shows. */
  private X509Certificate greeted(SSLContext context, String... versions) throws IOException {
    try (SSLSocket socket = connect(context, versions)) {
      socket.getOutputStream().write(HEADER);
      assertThat(socket.getInputStream().read()).as("a method frame").isEqualTo(1);
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private void assertRefused(SSLContext context, String... versions) {
    try (SSLSocket socket = connect(context, versions)) {
      socket.getOutputStream().write(HEADER);
      assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
    } catch (SSLException | SocketException refused) {
      assertThat(refused).hasMessageMatching("(?s).*(alert|reset|pipe|abort|valid|name).*");
    } catch (IOException other) {
      throw new AssertionError(other);
    }
  }

  private void awaitLog(String text) {
    await().untilAsserted(() -> assertThat(log.text()).contains(text));
  }

  private static X509Bundle selfSigned() throws Exception {
    return TestCertificates.certificate("CN=own").setIsCertificateAuthority(true).buildSelfSigned();
  }

  @Test
  void clientsWithACertificateOfTheAuthorityAreLetIn() throws Exception {
    start(demanding());
    SSLContext client = certificates.client(certificates.client("CN=somebody"));
    greeted(client, "TLSv1.2");
    greeted(client, "TLSv1.3");
    assertThat(log.text()).doesNotContain("TLS handshake failed");
  }

  @Test
  void clientsWithoutAGoodCertificateAreRefusedAndTheLogSaysWhyAndWho() throws Exception {
    start(demanding());
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      assertRefused(certificates.client((X509Bundle) null), version);
    }
    awaitLog("the client shows no certificate, and it has to (fail_if_no_peer_cert)");
    assertThat(log.text())
        .containsPattern("127.0.0.1:\\d+ -> 127.0.0.1:\\d+: TLS handshake failed");

    X509Bundle strange =
        TestCertificates.certificate("CN=mallory").buildIssuedBy(certificates.stranger());
    assertRefused(TestCertificates.client(strange, certificates.ca()), "TLSv1.3");
    awaitLog("(CN=mallory, issued by CN=Another CA) and its issuers are not in the cacertfile");

    X509Bundle own = selfSigned();
    assertRefused(TestCertificates.client(own, certificates.ca()), "TLSv1.3");
    awaitLog("(CN=own, issued by CN=own) is self-signed and not in the cacertfile");

    X509Bundle old =
        TestCertificates.expired(TestCertificates.certificate("CN=old"))
            .buildIssuedBy(certificates.ca());
    assertRefused(certificates.client(old), "TLSv1.3");
    awaitLog("(CN=old, issued by CN=Test CA) or one above it has expired");

    X509Bundle forServers = TestCertificates.server("CN=web").buildIssuedBy(certificates.ca());
    assertRefused(certificates.client(forServers), "TLSv1.3");
    awaitLog("(CN=web, issued by CN=Test CA) is not one of a client: Extended key usage");
  }

  @Test
  void whereACertificateIsOptionalABadOneIsStillRefused() throws Exception {
    start(
        certificates
            .server()
            .withClients(ClientCertificates.OPTIONAL, certificates.file("ca.pem")));
    greeted(certificates.client((X509Bundle) null));
    X509Bundle own = selfSigned();
    assertRefused(TestCertificates.client(own, certificates.ca()), "TLSv1.3");
    awaitLog("(CN=own, issued by CN=own) is self-signed");
  }

  @Test
  void aChainThatIsTooLongIsRefused() throws Exception {
    X509Bundle middle =
        TestCertificates.certificate("CN=Middle")
            .setIsCertificateAuthority(true)
            .buildIssuedBy(certificates.ca());
    SSLContext client =
        certificates.client(TestCertificates.certificate("CN=deep").buildIssuedBy(middle));
    start(demanding());
    greeted(client);
    broker.close();
    start(demanding().withDepth(0));
    assertRefused(client);
    awaitLog("CN=deep, issued by CN=Middle");
  }

  @Test
  void theOrderOfAChainDoesNotHideItsLength() throws Exception {
    X509Bundle middle =
        TestCertificates.certificate("CN=Middle")
            .setIsCertificateAuthority(true)
            .buildIssuedBy(certificates.ca());
    X509Bundle deep = TestCertificates.certificate("CN=deep").buildIssuedBy(middle);
    X509Certificate root = certificates.ca().getCertificate();
    X509Certificate[] rootFirst = {deep.getCertificate(), root, middle.getCertificate()};
    SSLContext client =
        certificates.client(X509Bundle.fromCertificatePath(rootFirst, root, deep.getKeyPair()));
    start(demanding().withDepth(1));
    greeted(client);
    broker.close();
    start(demanding().withDepth(0));
    assertRefused(client);
    awaitLog("CN=deep, issued by CN=Middle");
  }

  @Test
  void theLogSaysWhyOpenSslBreaksOff() throws Exception {
    start(certificates.server());
    SSLEngine engine = certificates.client((X509Bundle) null).createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    // OpenSSL has no key for what it sends yet when it refuses a certificate of TLS 1.3.
    // A close_notify may follow.
    byte[] unknownAuthority = HexFormat.of().parseHex("1503030002023015030300020100");
    try (Socket socket = tcp()) {
      socket.getOutputStream().write(hello.array(), 0, hello.position());
      assertThat(socket.getInputStream().read()).as("a handshake record").isEqualTo(22);
      socket.getOutputStream().write(unknownAuthority);
      readToEnd(socket.getInputStream());
    }
    awaitLog(
        "it does not trust the certificate of this broker, or not for this host (alert unknown_ca)");
  }

  @Test
  void clientsCheckTheServer() throws Exception {
    start(certificates.server());
    assertRefused(TestCertificates.client(null, certificates.stranger()));
    awaitLog("it does not trust the certificate of this broker");
    broker.close();
    start(
        certificates.options(
            "elsewhere",
            TestCertificates.certificate("CN=elsewhere")
                .addSanDnsName("elsewhere.example")
                .buildIssuedBy(certificates.ca())));
    assertRefused(certificates.client((X509Bundle) null));
  }

  @Test
  void versionsThatAreNotOfferedAreRefused() throws Exception {
    start(certificates.server().withVersions(List.of(TlsVersion.TLS_1_3)));
    greeted(certificates.client((X509Bundle) null), "TLSv1.3");
    assertRefused(certificates.client((X509Bundle) null), "TLSv1.2");
    broker.close();
    start(certificates.server());
    // A ClientHello of TLS 1.1 with TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, which Java would not
    // send.
    String hello = "0302" + "5a".repeat(32) + "00" + "0002c009" + "0100";
    byte[] record = HexFormat.of().parseHex("160301002d01000029" + hello);
    try (Socket socket = tcp()) {
      socket.getOutputStream().write(record);
      byte[] alert = socket.getInputStream().readNBytes(7);
      assertThat(alert[0]).as("an alert").isEqualTo((byte) 21);
      assertThat(alert[6]).as("protocol_version").isEqualTo((byte) 70);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    awaitLog("TLSv1.1");
  }

  @Test
  void whoSpeaksSomethingElseIsToldNothingAndTheLogSaysIt() throws Exception {
    start(certificates.server());
    for (byte[] bytes :
        List.of(HEADER, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
      try (Socket socket = tcp()) {
        socket.getOutputStream().write(bytes);
        readToEnd(socket.getInputStream());
      }
    }
    awaitLog("the client does not speak TLS, and this port does");
    // And the other way round.
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
      plain.setSoTimeout(TIMEOUT_MILLIS);
      SSLContext context = certificates.client((X509Bundle) null);
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      ((SSLSocket)
                              context.getSocketFactory().createSocket(plain, "localhost", 1, true))
                          .startHandshake()))
          .isInstanceOf(IOException.class);
    }
    awaitLog("its first bytes were a TLS handshake (this port speaks AMQP without TLS)");
  }

  private static void readToEnd(InputStream in) throws IOException {
    try {
      in.readAllBytes();
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  @Test
  void aHandshakeThatStallsIsCutOff() throws Exception {
    start(certificates.server().withHandshakeMillis(300));
    try (Socket silent = tcp();
        Socket slow = tcp()) {
      slow.getOutputStream().write(HexFormat.of().parseHex("1603010200"));
      readToEnd(silent.getInputStream());
      readToEnd(slow.getInputStream());
    }
    awaitLog("the client did not finish the TLS handshake within 300 ms");
  }

  @Test
  void aBrokerWithTlsOnlyHasNoOtherPort() throws Exception {
    broker =
        Broker.start(
            BrokerConfig.builder()
                .amqpPort(BrokerConfig.NO_PORT)
                .tls(certificates.server(), 0)
                .build());
    assertThat(broker.addresses()).isEmpty();
    assertThat(broker.amqpUri()).startsWith("amqps://guest:guest@127.0.0.1:" + broker.port());
    greeted(certificates.client((X509Bundle) null));
  }

  // ---- files that change

  @Test
  void newConnectionsGetNewCertificatesAndABrokenFileChangesNothing() throws Exception {
    start(certificates.server());
    SSLContext client = certificates.client((X509Bundle) null);
    X509Certificate first = greeted(client);

    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(broker.tlsAddresses().get(0).getPort());
    factory.useSslProtocol(client);
    try (Connection open = factory.newConnection()) {
      X509Bundle next = TestCertificates.server("CN=next").buildIssuedBy(certificates.ca());
      certificates.options("server", next);
      awaitLog("TLS files were read again");
      assertThat(greeted(client)).isEqualTo(next.getCertificate()).isNotEqualTo(first);
      assertThat(open.createChannel().isOpen()).as("who was connected stays").isTrue();

      certificates.write("server.pem", "nothing of use");
      awaitLog("so what was read before goes on");
      assertThat(greeted(client)).isEqualTo(next.getCertificate());
      X509Bundle last = TestCertificates.server("CN=last").buildIssuedBy(certificates.ca());
      certificates.options("server", last);
      await().untilAsserted(() -> assertThat(greeted(client)).isEqualTo(last.getCertificate()));
      assertThat(log.text().split("so what was read before goes on", -1)).hasSize(2);
    }
  }
}
