package io.harveymq.broker.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How a server speaks TLS. The files are read when it starts, and again when they change.
 * Immutable; any thread.
 *
 * <pre>{@code
 * TlsOptions.of(Path.of("server.pem"), Path.of("server.key"))
 *     .withClients(ClientCertificates.REQUIRED, Path.of("ca.pem"))
 * }</pre>
 *
 * @param certFile the server's certificate and those between it and its CA, in PEM; or a PKCS#12
 *     file with these and the key
 * @param keyFile the key of the first certificate, in PEM (PKCS#8, PKCS#1 or SEC 1, encrypted or
 *     not); null when {@code certFile} is PKCS#12
 * @param password of the key or of the PKCS#12 file; null for none
 * @param caFile certificates of CAs in PEM: what clients' certificates are checked with; null for
 *     none
 * @param clients whether clients have to show a certificate
 * @param depth most certificates between a client's and its CA
 * @param versions what is offered, at least one
 * @param ciphers names of cipher suites, as OpenSSL or the RFCs write them, best first; none for
 *     Java's own choice
 * @param serverPrefers whether the order of the server's cipher suites counts, not the client's
 * @param handshakeMillis after which a client that has not finished the handshake is cut off
 */
public record TlsOptions(
    Path certFile,
    Path keyFile,
    String password,
    Path caFile,
    ClientCertificates clients,
    int depth,
    List<TlsVersion> versions,
    List<String> ciphers,
    boolean serverPrefers,
    int handshakeMillis) {

  /** Erlang's: ten certificates between. */
  public static final int DEFAULT_DEPTH = 10;

  /** RabbitMQ's {@code ssl_handshake_timeout}: five seconds. */
  public static final int DEFAULT_HANDSHAKE_MILLIS = 5_000;

  /** Checks what can be checked without the files. */
  public TlsOptions {
    Objects.requireNonNull(certFile, "certFile");
    Objects.requireNonNull(clients, "clients");
    versions = List.copyOf(versions);
    ciphers = List.copyOf(ciphers);
    if (versions.isEmpty() || depth < 0 || handshakeMillis <= 0) {
      throw new IllegalArgumentException(
          "versions must not be empty, depth be 0 or more and handshakeMillis be 1 or more");
    }
  }

  /**
   * TLS 1.3 and 1.2, without asking clients for certificates.
   *
   * @param keyFile null when {@code certFile} is PKCS#12
   */
  public static TlsOptions of(Path certFile, Path keyFile) {
    return new TlsOptions(
        certFile,
        keyFile,
        null,
        null,
        ClientCertificates.NONE,
        DEFAULT_DEPTH,
        TlsVersion.ALL,
        List.of(),
        true,
        DEFAULT_HANDSHAKE_MILLIS);
  }

  /** The same with a password for the key or the PKCS#12 file; null for none. */
  public TlsOptions withPassword(String word) {
    return new TlsOptions(
        certFile,
        keyFile,
        word,
        caFile,
        clients,
        depth,
        versions,
        ciphers,
        serverPrefers,
        handshakeMillis);
  }

  /**
   * The same with certificates of clients that are asked for and checked.
   *
   * @param authorities certificates of their CAs
   */
  public TlsOptions withClients(ClientCertificates demand, Path authorities) {
    return new TlsOptions(
        certFile,
        keyFile,
        password,
        authorities,
        demand,
        depth,
        versions,
        ciphers,
        serverPrefers,
        handshakeMillis);
  }

  /** The same with at most so many certificates between a client's and its CA. */
  public TlsOptions withDepth(int most) {
    return new TlsOptions(
        certFile,
        keyFile,
        password,
        caFile,
        clients,
        most,
        versions,
        ciphers,
        serverPrefers,
        handshakeMillis);
  }

  /** The same with these versions only. */
  public TlsOptions withVersions(List<TlsVersion> offered) {
    return new TlsOptions(
        certFile,
        keyFile,
        password,
        caFile,
        clients,
        depth,
        offered,
        ciphers,
        serverPrefers,
        handshakeMillis);
  }

  /**
   * The same with these cipher suites only.
   *
   * @param names best first; none for Java's own choice
   * @param ownOrder whether this order counts, not the client's
   */
  public TlsOptions withCiphers(List<String> names, boolean ownOrder) {
    return new TlsOptions(
        certFile,
        keyFile,
        password,
        caFile,
        clients,
        depth,
        versions,
        names,
        ownOrder,
        handshakeMillis);
  }

  /** The same with another time for the handshake. */
  public TlsOptions withHandshakeMillis(int millis) {
    return new TlsOptions(
        certFile,
        keyFile,
        password,
        caFile,
        clients,
        depth,
        versions,
        ciphers,
        serverPrefers,
        millis);
  }

  /** Tells of files and rules; the password is nobody's business. */
  @Override
  public String toString() {
    return "TlsOptions["
        + certFile
        + ", "
        + keyFile
        + ", "
        + caFile
        + ", "
        + clients
        + ", "
        + versions
        + ", "
        + ciphers
        + "]";
  }
}
