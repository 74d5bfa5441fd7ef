package io.harveymq.auth;

import static io.harveymq.auth.TestTokens.NOW;
import static io.harveymq.auth.TestTokens.claims;
import static io.harveymq.auth.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.Authoriser;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tokens of all kinds. */
class OAuthBackendTest {
  private static final KeyPair KEYS = TestTokens.rsa();
  private static final KeyPair OTHERS = TestTokens.rsa();
  private static final String FAILED = "Authentication using an OAuth 2/JWT token failed: ";
  private static final AccessQuestion QUEUE =
      new AccessQuestion.Resource("/", AccessQuestion.Resource.QUEUE, "q", AccessRight.READ);

  private final AtomicLong now = new AtomicLong(NOW * 1_000);

  private OAuthOptions.Keys keys() {
    return new OAuthOptions.Keys(
        Map.of("k1", TestTokens.pem(KEYS)), "", null, null, List.of(), null);
  }

  private OAuthBackend backend(OAuthOptions.Keys keys) {
    OAuthOptions.ScopeRules scopes =
        new OAuthOptions.ScopeRules(
            "rabbitmq.",
            List.of("roles", "realm.access"),
            Map.of("boss", List.of("rabbitmq.tag:administrator", "rabbitmq.read:*/*")));
    return new OAuthBackend(
        new OAuthOptions("rabbitmq", true, scopes, List.of("nickname"), keys, now::get));
  }

  private static AuthBackend.Answer login(OAuthBackend backend, String token) {
    return backend
        .authenticate(new Credentials("whoever", token, "", true))
        .toCompletableFuture()
        .join();
  }

  private AuthBackend.Answer login(String token) {
    return login(backend(keys()), token);
  }

  private static Decision decide(Authoriser authoriser) {
    return authoriser
        .decide(new Identity("alice", List.of(), List.of(authoriser)), QUEUE)
        .toCompletableFuture()
        .join();
  }

  @Test
  void aGoodTokenTellsNameTagsAndRights() {
    AuthBackend.Answer answer =
        login(signed(KEYS, "k1", claims("rabbitmq.read:*/* rabbitmq.tag:monitoring other.x")));
    assertThat(answer.refusal()).isNull();
    assertThat(answer.user()).isEqualTo("alice");
    assertThat(answer.tags()).containsExactly("monitoring");
    assertThat(decide(answer.authoriser())).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void scopesOfOtherServersMeanNothing() {
    AuthBackend.Answer answer = login(signed(KEYS, "k1", claims("other.read:*/* read:*/*")));
    assertThat(decide(answer.authoriser())).isEqualTo(Decision.DENIED);
  }

  @Test
  void scopesMayBeElsewhereOrHaveOtherNames() {
    Map<String, Object> claims = claims("openid");
    claims.put("roles", List.of("boss"));
    claims.put("nickname", "al");
    AuthBackend.Answer answer = login(signed(KEYS, "k1", claims));
    assertThat(answer.user()).isEqualTo("al");
    assertThat(answer.tags()).containsExactly("administrator");

    Map<String, Object> deep = claims("openid");
    deep.put("realm", Map.of("access", Map.of("rabbitmq", "read:*/*")));
    assertThat(decide(login(signed(KEYS, "k1", deep)).authoriser())).isEqualTo(Decision.ALLOWED);

    Map<String, Object> party = claims("");
    party.put(
        "authorization",
        Map.of("permissions", List.of(Map.of("scopes", List.of("rabbitmq.read:*/*")))));
    assertThat(decide(login(signed(KEYS, "k1", party)).authoriser())).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void keysMayBeOfAnEllipticCurve() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    OAuthOptions.Keys curve =
        new OAuthOptions.Keys(
            Map.of("e1", TestTokens.pem(pair)), "e1", null, null, List.of(), null);
    JWSObject token =
        new JWSObject(new JWSHeader(JWSAlgorithm.ES256), new Payload(claims("rabbitmq.read:*/*")));
    token.sign(new ECDSASigner((ECPrivateKey) pair.getPrivate()));
    assertThat(login(backend(curve), token.serialize()).refusal()).isNull();
  }

  // ---- refusals

  @Test
  void aTokenBySomebodyElsesKeyIsRefused() {
    String token = signed(OTHERS, "k1", claims("rabbitmq.read:*/*"));
    assertThat(login(token).refusal()).isEqualTo(FAILED + "signature_invalid");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    assertThat(login(TestTokens.unsigned(claims("rabbitmq.read:*/*"))).refusal())
        .isEqualTo(FAILED + "provided token is invalid");
  }

  @Test
  void thePublicKeyIsNoSharedSecret() {
    String pem = TestTokens.pem(KEYS);
    for (String secret : List.of(pem, pem.strip())) {
      String token = TestTokens.signedBySecret(secret, "k1", claims("rabbitmq.read:*/*"));
      assertThat(login(token).refusal()).isEqualTo(FAILED + "signature_invalid");
    }
  }

  @Test
  void anAlgorithmThatIsNotAllowedIsRefused() {
    OAuthOptions.Keys only =
        new OAuthOptions.Keys(
            Map.of("k1", TestTokens.pem(KEYS)), "", null, null, List.of("RS512"), null);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("k1").build();
    assertThat(login(backend(only), signed(KEYS, header, claims(""))).refusal()).isNull();
    assertThat(login(backend(only), signed(KEYS, "k1", claims(""))).refusal())
        .isEqualTo(FAILED + "signature_invalid");
  }

  @Test
  void aTokenForAnotherAudienceIsRefused() {
    Map<String, Object> claims = claims("rabbitmq.read:*/*");
    claims.put("aud", List.of("somebody", "else"));
    assertThat(login(signed(KEYS, "k1", claims)).refusal()).startsWith(FAILED + "{invalid_aud,");
    claims.remove("aud");
    assertThat(login(signed(KEYS, "k1", claims)).refusal()).startsWith(FAILED + "{invalid_aud,");
    claims.put("aud", "x rabbitmq");
    assertThat(login(signed(KEYS, "k1", claims)).refusal()).isNull();
  }

  @Test
  void anExpiredTokenIsRefusedInRabbitMqsWords() {
    Map<String, Object> claims = claims("rabbitmq.read:*/*");
    claims.put("exp", NOW);
    assertThat(login(signed(KEYS, "k1", claims)).refusal())
        .isEqualTo(
            FAILED
                + "\"Provided JWT token has expired at timestamp 1700000000 (validated at"
                + " 1700000000)\"");
    claims.put("exp", "tomorrow");
    assertThat(login(signed(KEYS, "k1", claims)).refusal()).contains("invalid exp claim");
  }

  @Test
  void aTokenForLaterIsRefusedButForAMinute() {
    Map<String, Object> claims = claims("rabbitmq.read:*/*");
    claims.put("nbf", NOW + 60);
    assertThat(login(signed(KEYS, "k1", claims)).refusal()).isNull();
    claims.put("nbf", NOW + 61);
    assertThat(login(signed(KEYS, "k1", claims)).refusal()).contains("not valid before");
  }

  @Test
  void whatIsNoTokenIsRefused() {
    for (String token : List.of("", "guest", "a.b.c", "..", "x".repeat(70_000))) {
      assertThat(login(token).refusal()).isEqualTo(FAILED + "provided token is invalid");
    }
    assertThat(login((String) null).refusal()).isEqualTo(FAILED + "provided token is invalid");
  }

  @Test
  void aTokenHasToNameAKeyThatIsKnown() {
    assertThat(login(signed(KEYS, "k2", claims(""))).refusal())
        .isEqualTo(FAILED + "{error,key_not_found}");
    assertThat(login(signed(KEYS, (String) null, claims(""))).refusal())
        .isEqualTo(FAILED + "{error,no_key}");
  }

  @Test
  void tooManyScopesAreRefused() {
    StringBuilder scopes = new StringBuilder();
    for (int i = 0; i < 2_049; i++) {
      scopes.append(" rabbitmq.read:v/").append(i);
    }
    assertThat(login(signed(KEYS, "k1", claims(scopes.toString()))).refusal())
        .isEqualTo(FAILED + "{error,too_many_scopes}");
  }

  @Test
  void aKeyThatIsNoneIsToldAtTheStart() {
    OAuthOptions.Keys broken =
        new OAuthOptions.Keys(Map.of("k1", "no key"), "", null, null, List.of(), null);
    assertThatThrownBy(() -> backend(broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("signing key 'k1'");
  }

  // ---- time

  @Test
  void afterItsEndATokenAllowsNothing() {
    AuthBackend.Answer answer = login(signed(KEYS, "k1", claims("rabbitmq.read:*/*")));
    assertThat(answer.authoriser().expiresAt()).isEqualTo((NOW + 60) * 1_000);
    now.addAndGet(60_000);
    assertThat(decide(answer.authoriser()).suffix())
        .isEqualTo(
            ", backend rabbit_auth_backend_oauth2 returned an error: \"Provided JWT token has"
                + " expired at timestamp 1700000060 (validated at 1700000060)\"");
  }

  @Test
  void aNewTokenOfTheSameUserIsTakenAndOneOfAnotherIsNot() {
    Authoriser before = login(signed(KEYS, "k1", claims("rabbitmq.read:*/*"))).authoriser();
    Map<String, Object> claims = claims("rabbitmq.write:*/*");
    Authoriser.Renewal renewal =
        before.renew(signed(KEYS, "k1", claims)).toCompletableFuture().join();
    assertThat(decide(renewal.authoriser())).isEqualTo(Decision.DENIED);

    claims.put("sub", "bob");
    assertThat(before.renew(signed(KEYS, "k1", claims)).toCompletableFuture().join().refusal())
        .isEqualTo("Not allowed to change username on refreshed token");
    assertThat(before.renew("rubbish").toCompletableFuture().join().refusal())
        .isEqualTo(FAILED + "provided token is invalid");
  }

  // ---- keys of a provider

  @Test
  void keysAreFetchedWhenATokenNamesOneThatIsNotKnown() throws IOException {
    AtomicReference<String> keySet = new AtomicReference<>(new JWKSet(List.of()).toString());
    AtomicInteger asked = new AtomicInteger();
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String base = "http://127.0.0.1:" + provider.getAddress().getPort();
    provider.createContext(
        "/",
        exchange -> {
          boolean isDiscovery = exchange.getRequestURI().getPath().contains(".well-known");
          asked.addAndGet(isDiscovery ? 0 : 1);
          String text = isDiscovery ? "{\"jwks_uri\":\"" + base + "/keys\"}" : keySet.get();
          byte[] answer = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    provider.start();
    try {
      OAuthBackend backend =
          backend(new OAuthOptions.Keys(Map.of(), "", null, URI.create(base), List.of(), null));
      String token = signed(KEYS, "k9", claims("rabbitmq.read:*/*"));
      assertThat(login(backend, token).refusal()).isEqualTo(FAILED + "{error,key_not_found}");

      RSAKey key = new RSAKey.Builder((RSAPublicKey) KEYS.getPublic()).keyID("k9").build();
      keySet.set(new JWKSet(key).toString());
      assertThat(login(backend, token).refusal()).isNotNull();
      assertThat(asked).as("whoever sends nonsense does not make us ask").hasValue(1);
      now.addAndGet(10_000);
      assertThat(login(backend, token).refusal()).isNull();
      assertThat(login(backend, token).refusal()).isNull();
      assertThat(asked).hasValue(2);
    } finally {
      provider.stop(0);
    }
  }

  @Test
  void keysAreNotFetchedOnAWayThatAnybodyCanRead() {
    assertThat(OAuthBackend.isSafeProvider(URI.create("http://idp.example.com/keys"))).isFalse();
    assertThat(OAuthBackend.isSafeProvider(URI.create("https://idp.example.com/keys"))).isTrue();
  }
}
