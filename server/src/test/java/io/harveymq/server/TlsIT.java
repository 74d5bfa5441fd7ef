package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The distribution with the certificates that it makes for development. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class TlsIT {
  private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int PATIENCE_MILLIS = 60_000;

  @TempDir Path temporary;
  private Path data;
  private Path trusted;

  @BeforeEach
  void makeCertificates() throws Exception {
    data = temporary.resolve("data");
    Path made = temporary.resolve("tls");
    try (HarveyProcess tool = HarveyProcess.start("tls", "dev", "--dir", made.toString())) {
      assertThat(tool.awaitExit()).as("%s", tool.lines()).isZero();
    }
    trusted = made.resolve("truststore.p12");
  }

  private HarveyProcess broker() throws Exception {
    Path made = trusted.getParent();
    return HarveyProcess.start(
            "--bind=127.0.0.1",
            "--amqp-port=off",
            "--amqps-port=0",
            "--http-port=off",
            "--https-port=0",
            "--metrics-port=off",
            "--tls-cert=" + made.resolve("server_certificate.pem"),
            "--tls-key=" + made.resolve("server_key.pem"),
            "--tls-ca=" + made.resolve("ca_certificate.pem"),
            "--data-dir=" + data)
        .awaitStarted();
  }

  private static int port(HarveyProcess harvey, String line) {
    Pattern pattern = Pattern.compile(line);
    for (String seen : harvey.lines()) {
      Matcher matcher = pattern.matcher(seen);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new AssertionError("no line like " + line + " among " + harvey.lines());
  }

  private SSLSocket connect(int port, String version) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(trusted)) {
      store.load(file, TlsDevelopment.STORE_PASSWORD.toCharArray());
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }

  @Test
  void clientsMayNotNegotiateAgain() throws Exception {
    try (HarveyProcess harvey = broker();
        SSLSocket socket = connect(port(harvey, "started TLS .*:(\\d+)$"), "TLSv1.2")) {
      socket.getOutputStream().write(HEADER);
      InputStream in = socket.getInputStream();
      assertThat(in.read()).as("a method frame").isEqualTo(1);
      socket.startHandshake();
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("handshake_failure");
    }
  }

  private List<String> ctl(int status, Map<String, String> environment, String... arguments)
      throws Exception {
    Path script = HarveyProcess.script().resolveSibling("rabbitmqctl");
    try (HarveyProcess tool = HarveyProcess.start(script, environment, arguments)) {
      assertThat(tool.awaitExit()).as("%s", tool.lines()).isEqualTo(status);
      return tool.lines();
    }
  }

  private List<String> admin(int status, int port, String... options) throws Exception {
    Path script = HarveyProcess.script().resolveSibling("rabbitmqadmin");
    List<String> words = new ArrayList<>(List.of("-P", "" + port));
    words.addAll(List.of(options));
    words.addAll(List.of("-f", "tsv", "-q", "list", "vhosts", "name"));
    Map<String, String> nowhere = Map.of("HOME", temporary.toString());
    try (HarveyProcess tool = HarveyProcess.start(script, nowhere, words.toArray(String[]::new))) {
      assertThat(tool.awaitExit()).as("%s %s", words, tool.lines()).isEqualTo(status);
      return tool.lines();
    }
  }

  @Test
  void rabbitmqadminTrustsWhomItIsTold() throws Exception {
    Path made = trusted.getParent();
    String authority = "--ssl-ca-cert-file=" + made.resolve("ca_certificate.pem");
    try (HarveyProcess harvey = broker()) {
      int port = port(harvey, "HTTP API on https://127.0.0.1:(\\d+)/");
      assertThat(admin(1, port, "-s"))
          .first()
          .asString()
          .startsWith("*** Could not connect: ")
          .contains("PKIX path building failed");
      assertThat(admin(0, port, "-s", authority)).containsExactly("/");
      assertThat(admin(0, port, "-s", "-k")).containsExactly("/");
      assertThat(admin(0, port, "-U", "https://localhost", authority)).containsExactly("/");
      assertThat(
              admin(
                  0,
                  port,
                  "-sk",
                  "--ssl-cert-file=" + made.resolve("client_certificate.pem"),
                  "--ssl-key-file=" + made.resolve("client_key.pem")))
          .containsExactly("/");
      assertThat(admin(1, port, "-sk", "--ssl-key-file=" + made.resolve("client_key.pem")))
          .anyMatch(line -> line.contains("--ssl-key-file needs --ssl-cert-file"));
      assertThat(admin(1, port, "-s", "--ssl-ca-cert-file=/nosuch"))
          .anyMatch(line -> line.startsWith("ERROR: "));
    }
  }

  @Test
  void toolsReachABrokerThatHasHttpsAlone() throws Exception {
    try (HarveyProcess harvey = broker()) {
      Map<String, String> here = Map.of("RABBITMQ_MNESIA_DIR", data.toString());
      assertThat(ctl(0, here, "-s", "list_users")).containsExactly("guest\t[administrator]");

      int port = port(harvey, "HTTP API on https://127.0.0.1:(\\d+)/");
      String uri = "https://guest:guest@localhost:" + port;
      String trust =
          "-Djavax.net.ssl.trustStore="
              + trusted
              + " -Djavax.net.ssl.trustStorePassword="
              + TlsDevelopment.STORE_PASSWORD;
      Map<String, String> elsewhere = Map.of("JAVA_TOOL_OPTIONS", trust);
      assertThat(ctl(0, elsewhere, "--uri", uri, "-s", "list_vhosts")).endsWith("/");
      assertThat(ctl(69, Map.of(), "--uri", uri, "-s", "list_vhosts"))
          .as("without the CA")
          .anyMatch(line -> line.contains("PKIX path building failed"));
    }
  }
}
