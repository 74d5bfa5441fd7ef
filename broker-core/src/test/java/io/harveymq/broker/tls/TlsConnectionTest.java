package io.harveymq.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.CapturedLog;
import io.harveymq.broker.ConnectionLimits;
import io.harveymq.broker.LoginRules;
import io.harveymq.broker.NodeLimits;
import io.harveymq.broker.fault.FaultKind;
import io.harveymq.broker.fault.FaultRule;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.netty.pkitesting.X509Bundle;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that speak TLS, over real sockets. */
@Timeout(60)
class TlsConnectionTest {
  private static final int A_WHILE_MILLIS = 300;
  private static final int PATIENCE_MILLIS = 20_000;

  @TempDir Path directory;
  private TestCertificates certificates;
  private Broker broker;

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = new TestCertificates(directory);
  }

  @AfterEach
  void close() {
    if (broker != null) {
      broker.close();
    }
  }

  private void start(TlsOptions options) throws Exception {
    start(options, LoginRules.DEFAULT, 1);
  }

  private void start(TlsOptions options, LoginRules login, int loops) throws Exception {
    broker =
        Broker.start(BrokerConfig.builder().tls(options, 0).login(login).eventLoops(loops).build());
  }

  private ConnectionFactory factory(SSLContext context) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("localhost");
    factory.setPort(broker.tlsAddresses().get(0).getPort());
    factory.setAutomaticRecoveryEnabled(false);
    factory.useSslProtocol(context);
    factory.enableHostnameVerification();
    return factory;
  }

  private ConnectionInfo info() throws Exception {
    return broker.inspection().connections().toCompletableFuture().get(5, TimeUnit.SECONDS).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, 1, any, aes_256_gcm, aead",
    "TLSv1.2, 1, ecdhe_ecdsa, aes_256_gcm, aead",
    "TLSv1.3, 2, any, aes_256_gcm, aead"
  })
  void messagesOfAnySizeGoThereAndBack(
      String version, int loops, String exchange, String cipher, String hash) throws Exception {
    TlsVersion only = version.equals("TLSv1.3") ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2;
    start(certificates.server().withVersions(List.of(only)), LoginRules.DEFAULT, loops);
    try (Connection connection = factory(certificates.client((X509Bundle) null)).newConnection()) {
      Channel channel = connection.createChannel();
      channel.confirmSelect();
      channel.queueDeclare("q", false, false, false, null);
      Random random = new Random(1);
      for (int size : new int[] {0, 1, 16_383, 16_384, 16_385, 65_537, 1 << 20, 3_000_001}) {
        byte[] body = new byte[size];
        random.nextBytes(body);
        channel.basicPublish("", "q", null, body);
        channel.waitForConfirmsOrDie(10_000);
        GetResponse got = channel.basicGet("q", true);
        assertThat(got.getBody()).isEqualTo(body);
      }
      TlsSession tls = info().tls();
      assertThat(tls.protocol()).isEqualToIgnoringCase(version);
      assertThat(tls.keyExchange()).isEqualTo(exchange);
      assertThat(tls.cipher()).isEqualTo(cipher);
      assertThat(tls.hash()).isEqualTo(hash);
      assertThat(tls.peerSubject()).isEmpty();
    }
  }

  @Test
  void aCutIsAResetAndNotTheEndOfTheStream() throws Exception {
    start(certificates.server());
    BlockingQueue<ShutdownSignalException> lost = new LinkedBlockingQueue<>();
    factory(certificates.client((X509Bundle) null)).newConnection().addShutdownListener(lost::add);
    broker.faults().begin("/", FaultRule.of(FaultKind.CUT).build());
    ShutdownSignalException signal = lost.poll(10, TimeUnit.SECONDS);
    assertThat(signal).isNotNull();
    assertThat(signal.getCause())
        .as("with TLS's own goodbye it would be an EOFException")
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private SSLSocket socket(int millis) throws Exception {
    SSLContext context = certificates.client((X509Bundle) null);
    int port = broker.tlsAddresses().get(0).getPort();
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(millis);
    return socket;
  }

  @Test
  void oneSocketMoreThanAllowedWaitsUntilAnotherIsClosed() throws Exception {
    NodeLimits one = new NodeLimits(1, -1, -1, -1, -1);
    broker =
        Broker.start(
            BrokerConfig.builder()
                .tls(certificates.server(), 0)
                .limits(ConnectionLimits.DEFAULT.withNode(one))
                .build());
    try (SSLSocket first = socket(PATIENCE_MILLIS)) {
      first.startHandshake();
      try (SSLSocket second = socket(A_WHILE_MILLIS)) {
        assertThatThrownBy(second::startHandshake).isInstanceOf(SocketTimeoutException.class);
      }
    }
    try (SSLSocket third = socket(PATIENCE_MILLIS)) {
      third.startHandshake();
    }
  }

  @Test
  void plainConnectionsAreServedBesideAndListedWithoutTls() throws Exception {
    start(certificates.server());
    ConnectionFactory plain = new ConnectionFactory();
    plain.setPort(broker.port());
    try (Connection connection = plain.newConnection()) {
      connection.createChannel();
      assertThat(info().tls()).isNull();
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void aReaderThatStopsKeepsNobodyElseAndGetsAllInTheEnd() throws Exception {
    start(certificates.server());
    int messages = 40;
    byte[] body = new byte[500_000];
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(messages);
    try (Connection slow = factory(certificates.client((X509Bundle) null)).newConnection();
        Connection fast = factory(certificates.client((X509Bundle) null)).newConnection()) {
      Channel reading = slow.createChannel();
      reading.queueDeclare("slow", false, false, false, null);
      Channel channel = fast.createChannel();
      channel.confirmSelect();
      for (int i = 0; i < messages; i++) {
        channel.basicPublish("", "slow", null, body);
      }
      channel.waitForConfirmsOrDie(30_000);
      reading.basicConsume(
          "slow",
          true,
          (tag, delivery) -> {
            awaitUnchecked(goOn);
            assertThat(delivery.getBody()).isEqualTo(body);
            all.countDown();
          },
          tag -> {});
      channel.queueDeclare("fast", false, false, false, null);
      for (int i = 0; i < 20; i++) {
        channel.basicPublish("", "fast", null, new byte[20_000]);
        channel.waitForConfirmsOrDie(10_000);
        assertThat(channel.basicGet("fast", true).getBody()).hasSize(20_000);
      }
      goOn.countDown();
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  // ---- EXTERNAL

  @Test
  void externalLogsInWhoTheCertificateNames() throws Exception {
    start(
        certificates.server().withClients(ClientCertificates.REQUIRED, certificates.file("ca.pem")),
        LoginRules.DEFAULT
            .withMechanisms(Set.of("PLAIN", "EXTERNAL"))
            .withCertificates(
                new CertificateLogin(
                    CertificateLogin.From.COMMON_NAME, CertificateLogin.AlternativeName.DNS, 0)),
        1);
    ConnectionFactory factory = factory(certificates.client(certificates.client("CN=guest,O=X")));
    factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
    try (Connection connection = factory.newConnection()) {
      connection.createChannel();
      ConnectionInfo info = info();
      assertThat(info.user()).isEqualTo("guest");
      assertThat(info.mechanism()).isEqualTo("EXTERNAL");
      assertThat(info.tls().peerSubject()).isEqualTo("CN=guest,O=X");
      assertThat(info.tls().peerIssuer()).isEqualTo("CN=Test CA");
      assertThat(info.tls().peerValidity()).matches("\\S+Z - \\S+Z");
    }
    ConnectionFactory unknown = factory(certificates.client(certificates.client("CN=nobody")));
    unknown.setSaslConfig(DefaultSaslConfig.EXTERNAL);
    try (CapturedLog log = new CapturedLog()) {
      assertThatThrownBy(unknown::newConnection)
          .hasStackTraceContaining("ACCESS_REFUSED")
          .hasStackTraceContaining("EXTERNAL");
      await().until(() -> log.text().contains("user 'nobody' - invalid credentials"));
    }
  }

  @Test
  void externalIsOfferedOnlyWhereItIsEnabledAndThereIsTls() throws Exception {
    start(
        certificates.server().withClients(ClientCertificates.OPTIONAL, certificates.file("ca.pem")),
        LoginRules.DEFAULT.withMechanisms(Set.of("PLAIN", "EXTERNAL")),
        1);
    ConnectionFactory plain = new ConnectionFactory();
    plain.setPort(broker.port());
    assertThat(mechanisms(plain)).isEqualTo("PLAIN");
    ConnectionFactory nameless = factory(certificates.client((X509Bundle) null));
    assertThat(mechanisms(nameless)).isEqualTo("PLAIN EXTERNAL");
    nameless.setSaslConfig(DefaultSaslConfig.EXTERNAL);
    try (CapturedLog log = new CapturedLog()) {
      assertThatThrownBy(nameless::newConnection).hasStackTraceContaining("ACCESS_REFUSED");
      await().until(() -> log.text().contains("shows no certificate that names a user"));
    }
  }

  private static String mechanisms(ConnectionFactory factory) throws Exception {
    AtomicReference<String> offered = new AtomicReference<>();
    factory.setSaslConfig(
        names -> {
          offered.set(String.join(" ", names));
          return DefaultSaslConfig.PLAIN.getSaslMechanism(names);
        });
    factory.newConnection().close();
    return offered.get();
  }
}
