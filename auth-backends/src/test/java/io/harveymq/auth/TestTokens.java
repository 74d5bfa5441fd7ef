package io.harveymq.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes keys and tokens. */
final class TestTokens {
  static final long NOW = 1_700_000_000;

  private TestTokens() {}

  static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String pem(KeyPair keys) {
    byte[] newline = {'\n'};
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, newline).encodeToString(keys.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** Claims of a good token; more may be put. */
  static Map<String, Object> claims(String scope) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", "alice");
    claims.put("aud", "rabbitmq");
    claims.put("exp", NOW + 60);
    claims.put("scope", scope);
    return claims;
  }

  static String signed(KeyPair keys, String name, Map<String, Object> claims) {
    return signed(keys, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(name).build(), claims);
  }

  static String signed(KeyPair keys, JWSHeader header, Map<String, Object> claims) {
    try {
      JWSObject token = new JWSObject(header, new Payload(claims));
      token.sign(new RSASSASigner(keys.getPrivate()));
      return token.serialize();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A token that takes some text, such as a public key, for a shared secret. */
  static String signedBySecret(String secret, String name, Map<String, Object> claims) {
    try {
      JWSObject token =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(name).build(), new Payload(claims));
      token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
      return token.serialize();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String unsigned(Map<String, Object> claims) {
    return encoded("{\"alg\":\"none\",\"kid\":\"k1\"}")
        + "."
        + encoded(JSONObjectUtils.toJSONString(claims))
        + ".";
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
