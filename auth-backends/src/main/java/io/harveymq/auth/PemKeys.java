package io.harveymq.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys and certificates in PEM, RSA and elliptic curves. Stateless; any thread. */
final class PemKeys {
  private static final Pattern PUBLIC_KEY =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

  private PemKeys() {}

  /**
   * The public key in a file, or of the certificate in it.
   *
   * @throws IllegalArgumentException when there is none
   */
  static JWK read(String name, String pem) {
    try {
      PublicKey key = publicKey(pem);
      if (key instanceof RSAPublicKey rsa) {
        return new RSAKey.Builder(rsa).keyID(name).build();
      }
      if (key instanceof ECPublicKey curve) {
        return new ECKey.Builder(Curve.forECParameterSpec(curve.getParams()), curve)
            .keyID(name)
            .build();
      }
    } catch (GeneralSecurityException | RuntimeException unusable) {
      throw none(name, unusable);
    }
    throw none(name, null);
  }

  private static IllegalArgumentException none(String name, Exception cause) {
    return new IllegalArgumentException(
        "signing key '" + name + "' is no public key or certificate in PEM", cause);
  }

  private static PublicKey publicKey(String pem) throws GeneralSecurityException {
    Matcher matcher = PUBLIC_KEY.matcher(pem);
    if (!matcher.find()) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(
              new ByteArrayInputStream(pem.strip().getBytes(StandardCharsets.US_ASCII)))
          .getPublicKey();
    }
    X509EncodedKeySpec encoded =
        new X509EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    try {
      return KeyFactory.getInstance("RSA").generatePublic(encoded);
    } catch (GeneralSecurityException another) {
      return KeyFactory.getInstance("EC").generatePublic(encoded);
    }
  }
}
