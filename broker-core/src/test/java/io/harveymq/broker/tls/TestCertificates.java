package io.harveymq.broker.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** Makes CAs, certificates and what is wrong with them, in a directory. One thread. */
public final class TestCertificates {
  private static final Duration DAY = Duration.ofDays(1);

  /** For a handshake on a busy machine. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final Path directory;
  private final X509Bundle authority;
  private final X509Bundle stranger;

  public TestCertificates(Path directory) throws Exception {
    this.directory = directory;
    this.authority = authority("CN=Test CA");
    this.stranger = authority("CN=Another CA");
    write("ca.pem", authority.getCertificatePEM());
    write("stranger.pem", stranger.getCertificatePEM());
  }

  private static X509Bundle authority(String name) throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject(name)
        .setIsCertificateAuthority(true)
        .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign)
        .buildSelfSigned();
  }

  /** The CA that server and clients trust. */
  public X509Bundle ca() {
    return authority;
  }

  /** A CA that nobody trusts. */
  public X509Bundle stranger() {
    return stranger;
  }

  /** The file of that name. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  /** Writes a file. */
  public Path write(String name, String content) throws IOException {
    return Files.writeString(file(name), content);
  }

  /** What to begin a certificate with: valid now, elliptic curve. */
  public static CertificateBuilder certificate(String subject) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .ecp256()
        .subject(subject)
        .notBefore(now.minus(DAY))
        .notAfter(now.plus(DAY.multipliedBy(100)));
  }

  /** What to begin a server's certificate with: for localhost. */
  public static CertificateBuilder server(String subject) {
    return certificate(subject)
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .addExtendedKeyUsageServerAuth();
  }

  /** The same, expired yesterday. */
  public static CertificateBuilder expired(CertificateBuilder certificate) {
    Instant now = Instant.now();
    return certificate.notBefore(now.minus(DAY.multipliedBy(2))).notAfter(now.minus(DAY));
  }

  /** Writes NAME.pem and NAME.key. */
  public TlsOptions options(String name, X509Bundle bundle) throws IOException {
    Path certificate = write(name + ".pem", bundle.getCertificatePathPEM());
    return TlsOptions.of(certificate, write(name + ".key", bundle.getPrivateKeyPEM()))
        .withHandshakeMillis(PATIENCE_MILLIS);
  }

  /** A server's that the CA issued. */
  public TlsOptions server() throws Exception {
    return options("server", server("CN=localhost").buildIssuedBy(authority));
  }

  /** A client's of this name that the CA issued. */
  public X509Bundle client(String subject) throws Exception {
    return certificate(subject).addExtendedKeyUsageClientAuth().buildIssuedBy(authority);
  }

  /** A PKCS#12 file. */
  public Path pkcs12(String name, X509Bundle bundle, String password) throws Exception {
    try (OutputStream out = Files.newOutputStream(file(name))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server",
          bundle.getKeyPair().getPrivate(),
          password.toCharArray(),
          bundle.getCertificatePath());
      store.store(out, password.toCharArray());
    }
    return file(name);
  }

  /**
   * What a client connects with that trusts the CA.
   *
   * @param own its certificate, or null
   */
  public SSLContext client(X509Bundle own) throws GeneralSecurityException {
    return client(own, authority);
  }

  /** The same with another CA to trust. */
  public static SSLContext client(X509Bundle own, X509Bundle trusted)
      throws GeneralSecurityException {
    KeyManager[] keys = null;
    if (own != null) {
      keys = new KeyManager[] {new Stubborn(own)};
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {trusted.toTrustManager()}, null);
    return context;
  }

  /** Shows its certificate whether or not the server knows the CA, which Java alone would not. */
  private static final class Stubborn extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";
    private final X509Bundle own;

    private Stubborn(X509Bundle own) {
      this.own = own;
    }

    @Override
    public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
      return null;
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return own.getCertificatePath();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.getKeyPair().getPrivate();
    }
  }
}
