package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.management.ManagementOptions.Endpoint;
import io.harveymq.management.ManagementOptions.Metrics;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API, the page and metrics with TLS, and what the API tells of it. */
@Timeout(120)
class HttpsTest {
  private static final String GUEST =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes());

  @TempDir Path directory;
  private X509Bundle certificate;
  private TlsOptions files;

  @BeforeEach
  void makeCertificate() throws Exception {
    certificate = certificate(10);
    files = write(certificate);
  }

  private static X509Bundle certificate(int days) throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=localhost")
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .notAfter(Instant.now().plus(Duration.ofDays(days)))
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private TlsOptions write(X509Bundle bundle) throws IOException {
    return TlsOptions.of(
            Files.writeString(directory.resolve("c.pem"), bundle.getCertificatePEM()),
            Files.writeString(directory.resolve("k.pem"), bundle.getPrivateKeyPEM()))
        .withHandshakeMillis(60_000);
  }

  private Endpoint endpoint() {
    return new Endpoint("127.0.0.1", 0, files);
  }

  private HttpClient client() throws Exception {
    return HttpClient.newBuilder().sslContext(trusting(certificate.toTrustManager())).build();
  }

  private static SSLContext trusting(TrustManager... trusted) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trusted, null);
    return context;
  }

  /** The certificate that a new connection is shown. */
  private static Certificate shown(int port) throws Exception {
    SSLContext context = trusting(InsecureTrustManagerFactory.INSTANCE.getTrustManagers());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static void awaitShown(int port, X509Bundle expected) throws Exception {
    Certificate shown = null;
    for (long end = System.nanoTime() + 30_000_000_000L;
        !expected.getCertificate().equals(shown) && System.nanoTime() < end; ) {
      shown = shown(port);
    }
    assertThat(shown).isEqualTo(expected.getCertificate());
  }

  private static HttpResponse<String> get(HttpClient client, String uri) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri)).header("Authorization", GUEST).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void allOfItIsServedWithTlsAlone() throws Exception {
    ManagementOptions options =
        ManagementOptions.metricsOnly(new Metrics(null, endpoint(), Metrics.DEFAULT_PATH, false))
            .withHttps(endpoint());
    try (Broker broker = Broker.start(BrokerConfig.builder().tls(files, 0).build());
        Management management = Management.start(broker, options)) {
      HttpClient client = client();
      assertThat(management.uri()).startsWith("https://127.0.0.1:" + management.httpsPort());
      HttpResponse<String> overview = get(client, management.uri() + "api/overview");
      assertThat(overview.statusCode()).isEqualTo(200);
      assertThat(json(overview).path("listeners").findValuesAsText("protocol"))
          .containsExactly("amqp", "amqp/ssl", "https", "https/prometheus");
      assertThat(overview.body()).contains("c.pem", "verify_none").doesNotContain("password");
      assertThat(get(client, management.uri()).body()).contains("<html");
      String metrics = "https://localhost:" + management.metricsHttpsPort() + "/metrics";
      assertThat(get(client, metrics).body()).contains("rabbitmq_");

      String check = management.uri() + "api/health/checks/";
      assertThat(get(client, check + "certificate-expiration/1/weeks").statusCode()).isEqualTo(200);
      HttpResponse<String> soon = get(client, check + "certificate-expiration/2/weeks");
      assertThat(soon.statusCode()).isEqualTo(503);
      assertThat(json(soon).path("reason").asText()).isEqualTo("Certificates expiring");
      assertThat(json(soon).path("expired").findValuesAsText("protocol"))
          .containsExactly("amqp/ssl", "https", "https/prometheus");
      assertThat(json(soon).at("/expired/0/certfile_expires_on/0").asText())
          .matches("\\d{4}-\\d\\d-\\d\\d \\d+:\\d\\d:\\d\\d");
      assertThat(get(client, check + "certificate-expiration/x/weeks").statusCode()).isEqualTo(400);
      assertThat(get(client, check + "protocol-listener/amqps").statusCode()).isEqualTo(200);

      HttpClient stranger = HttpClient.newHttpClient();
      assertThatThrownBy(() -> get(stranger, management.uri())).isInstanceOf(IOException.class);
      String plain = management.uri().replace("https:", "http:");
      assertThatThrownBy(() -> get(client, plain)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void newConnectionsGetNewCertificatesAndThoseThatAreOpenStay() throws Exception {
    ManagementOptions options =
        ManagementOptions.metricsOnly(new Metrics(null, endpoint(), Metrics.DEFAULT_PATH, false))
            .withHttps(endpoint());
    try (Broker broker = Broker.start();
        Management management = Management.start(broker, options)) {
      HttpClient open = client();
      String expiry = management.uri() + "api/health/checks/certificate-expiration/2/weeks";
      assertThat(get(open, expiry).statusCode()).isEqualTo(503);

      X509Bundle next = certificate(100);
      write(next);
      awaitShown(management.httpsPort(), next);
      awaitShown(management.metricsHttpsPort(), next);
      assertThat(get(open, expiry).statusCode()).as("the same connection").isEqualTo(200);
      assertThatThrownBy(() -> get(client(), expiry)).isInstanceOf(IOException.class);

      Files.writeString(directory.resolve("c.pem"), "nothing of use");
      X509Bundle last = certificate(200);
      Files.writeString(directory.resolve("k.pem"), last.getPrivateKeyPEM());
      assertThat(shown(management.httpsPort())).isEqualTo(next.getCertificate());
      write(last);
      awaitShown(management.httpsPort(), last);
    }
  }

  @Test
  void filesThatCannotBeUsedStopTheStart() throws Exception {
    TlsOptions missing = TlsOptions.of(directory.resolve("missing"), null);
    ManagementOptions options =
        ManagementOptions.loopback().withHttps(new Endpoint("127.0.0.1", 0, missing));
    try (Broker broker = Broker.start()) {
      assertThatThrownBy(() -> Management.start(broker, options))
          .isInstanceOf(ManagementStartException.class)
          .hasMessageContainingAll("TLS can't be offered: there is no file", "(certfile)");
    }
  }
}
