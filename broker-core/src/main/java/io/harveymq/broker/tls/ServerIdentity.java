package io.harveymq.broker.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/**
 * The certificate of a server, those up to its CA, and its key. Immutable; any thread.
 *
 * @param chain the server's certificate first
 */
record ServerIdentity(List<X509Certificate> chain, PrivateKey key) {
  private static final String CERTFILE = "certfile";
  private static final String KEYFILE = "keyfile";
  private static final char[] NO_PASSWORD = {};
  private static final int LONGEST_CHAIN = 16;

  /**
   * Reads it and checks that it can be used.
   *
   * @param authorities of whom certificates may be missing in the file, as with RabbitMQ
   * @throws TlsException when it can't
   */
  static ServerIdentity read(TlsOptions options, List<X509Certificate> authorities)
      throws TlsException {
    PemFile certificates = PemFile.read(CERTFILE, options.certFile());
    ServerIdentity identity =
        certificates.isBinary() ? ofPkcs12(certificates, options) : ofPem(certificates, options);
    identity.check(options);
    return new ServerIdentity(completed(identity.chain, authorities), identity.key);
  }

  private static ServerIdentity ofPem(PemFile certificates, TlsOptions options)
      throws TlsException {
    List<X509Certificate> chain = certificates.certificates();
    if (options.keyFile() == null) {
      throw new TlsException(
          KEYFILE, "there is no key file for " + options.certFile() + "; name the file of its key");
    }
    PemFile keyFile = PemFile.read(KEYFILE, options.keyFile());
    return new ServerIdentity(chain, PrivateKeys.read(keyFile, options.password()));
  }

  private static ServerIdentity ofPkcs12(PemFile file, TlsOptions options) throws TlsException {
    char[] password = options.password() == null ? NO_PASSWORD : options.password().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file.bytes()), password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          List<X509Certificate> chain = new ArrayList<>();
          for (Certificate certificate : store.getCertificateChain(alias)) {
            chain.add((X509Certificate) certificate);
          }
          return new ServerIdentity(chain, (PrivateKey) store.getKey(alias, password));
        }
      }
      throw new TlsException(CERTFILE, file.path() + " holds no private key; export it with one");
    } catch (GeneralSecurityException | IOException broken) {
      if (broken.getCause() instanceof UnrecoverableKeyException
          || broken instanceof UnrecoverableKeyException) {
        throw new TlsException(
            "password",
            options.password() == null
                ? file.path() + " needs a password; set it"
                : "the password does not open " + file.path(),
            broken);
      }
      throw new TlsException(
          CERTFILE,
          file.path()
              + " is neither PEM nor PKCS#12 ("
              + broken.getMessage()
              + "); convert it with 'openssl pkcs12 -export'",
          broken);
    }
  }

  private void check(TlsOptions options) throws TlsException {
    X509Certificate own = chain.get(0);
    if (!belongTogether(own.getPublicKey(), key)) {
      String keyFile = options.keyFile() == null ? "" : " in " + options.keyFile();
      throw new TlsException(
          KEYFILE,
          "the key"
              + keyFile
              + " does not belong to the first certificate in "
              + options.certFile()
              + " ("
              + DistinguishedName.of(own.getSubjectX500Principal())
              + "); name the key that it was made with");
    }
    try {
      own.checkValidity();
    } catch (CertificateExpiredException expired) {
      throw new TlsException(
          CERTFILE,
          "the certificate in "
              + options.certFile()
              + " expired on "
              + own.getNotAfter().toInstant()
              + "; renew it, 'harvey tls dev --force' does so for one of its own",
          expired);
    } catch (CertificateNotYetValidException early) {
      throw new TlsException(
          CERTFILE,
          "the certificate in "
              + options.certFile()
              + " is not valid before "
              + own.getNotBefore().toInstant()
              + "; look at the clock of this machine",
          early);
    }
  }

  private static boolean belongTogether(PublicKey open, PrivateKey secret) {
    if (open instanceof RSAKey one && secret instanceof RSAKey other) {
      return one.getModulus().equals(other.getModulus());
    }
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "DSA" -> "SHA256withDSA";
          default -> secret.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(open.getEncoded());
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(open.getEncoded());
      return signature.verify(signed);
    } catch (GeneralSecurityException different) {
      return false;
    }
  }

  /** Adds intermediate certificates that only the file of CAs has, as Erlang does. */
  private static List<X509Certificate> completed(
      List<X509Certificate> chain, List<X509Certificate> authorities) {
    List<X509Certificate> whole = new ArrayList<>(chain);
    boolean grows = true;
    while (grows && whole.size() < LONGEST_CHAIN) {
      X509Certificate last = whole.get(whole.size() - 1);
      grows = false;
      for (X509Certificate authority : authorities) {
        if (!isSelfSigned(authority)
            && !whole.contains(authority)
            && authority.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
          whole.add(authority);
          grows = true;
          break;
        }
      }
    }
    return List.copyOf(whole);
  }

  /** Whether its issuer is itself, as far as its names tell. */
  static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** What Java's TLS takes it as. */
  KeyManagerFactory keyManagers() {
    try {
      char[] password = NO_PASSWORD;
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, password, chain.toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return factory;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("a key store in memory can't be made", impossible);
    }
  }

  /** The certificates; the key is nobody's business. */
  @Override
  public String toString() {
    return Arrays.toString(
        chain.stream().map(one -> DistinguishedName.of(one.getSubjectX500Principal())).toArray());
  }
}
