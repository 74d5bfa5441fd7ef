package io.harveymq.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Checks the signature of tokens. Which algorithms may be meant follows from the key, never from
 * the token: a token without a signature, or one that takes a public key for a shared secret, is
 * refused. Any thread.
 */
final class TokenVerifier {
  private static final int LARGEST_TOKEN = 65_536;
  private static final String INVALID = "provided token is invalid";

  private final SigningKeys keys;
  private final String defaultKey;
  private final List<JWSAlgorithm> algorithms;

  TokenVerifier(OAuthOptions.Keys options, SigningKeys keys) {
    this.keys = keys;
    this.defaultKey = options.defaultKey();
    this.algorithms = options.algorithms().stream().map(JWSAlgorithm::parse).toList();
  }

  /**
   * Checks a token.
   *
   * @return its claims; completed exceptionally with a {@link TokenException}
   */
  CompletableFuture<Map<String, Object>> verify(String token) {
    JWSObject parsed;
    try {
      if (token == null || token.length() > LARGEST_TOKEN) {
        throw new TokenException(INVALID);
      }
      parsed = JWSObject.parse(token);
    } catch (ParseException | TokenException | RuntimeException malformed) {
      return CompletableFuture.failedFuture(new TokenException(INVALID));
    }
    String name =
        parsed.getHeader().getKeyID() == null ? defaultKey : parsed.getHeader().getKeyID();
    if (name.isEmpty()) {
      return CompletableFuture.failedFuture(new TokenException("{error,no_key}"));
    }
    return keys.find(name).thenCompose(key -> verified(parsed, key));
  }

  private CompletableFuture<Map<String, Object>> verified(JWSObject token, JWK key) {
    try {
      if (key == null) {
        throw new TokenException("{error,key_not_found}");
      }
      if (!isAllowed(token.getHeader(), key) || !isSigned(token, key)) {
        throw new TokenException("signature_invalid");
      }
      return CompletableFuture.completedFuture(
          JSONObjectUtils.parse(token.getPayload().toString()));
    } catch (TokenException refused) {
      return CompletableFuture.failedFuture(refused);
    } catch (ParseException | RuntimeException malformed) {
      return CompletableFuture.failedFuture(new TokenException(INVALID));
    }
  }

  private boolean isAllowed(JWSHeader header, JWK key) {
    boolean ofKey = key.getAlgorithm() == null || key.getAlgorithm().equals(header.getAlgorithm());
    boolean forSignatures = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
    boolean configured = algorithms.isEmpty() || algorithms.contains(header.getAlgorithm());
    return ofKey && forSignatures && configured;
  }

  private static boolean isSigned(JWSObject token, JWK key) {
    try {
      JWSVerifier verifier = verifier(key);
      return verifier != null
          && verifier.supportedJWSAlgorithms().contains(token.getHeader().getAlgorithm())
          && token.verify(verifier);
    } catch (JOSEException unfit) {
      return false;
    }
  }

  /** What can check signatures by this kind of key; null for none. */
  private static JWSVerifier verifier(JWK key) throws JOSEException {
    if (key instanceof RSAKey rsa) {
      return new RSASSAVerifier(rsa.toRSAPublicKey());
    }
    if (key instanceof ECKey curve) {
      return new ECDSAVerifier(curve.toECPublicKey());
    }
    return key instanceof OctetSequenceKey secret ? new MACVerifier(secret) : null;
  }
}
