package io.harveymq.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scopes and what RabbitMQ 3.10.8's rabbit_oauth2_scope says of them. */
class ScopesTest {
  @ParameterizedTest
  @CsvSource({
    "read:*/*,         READ,      v, q, true",
    "read:*/*,         WRITE,     v, q, false",
    "read:*/*,         CONFIGURE, v, q, false",
    "write:v/q,        WRITE,     v, q, true",
    "write:v/q,        WRITE,     w, q, false",
    "write:v/q,        WRITE,     v, r, false",
    "configure:%2F/q*, CONFIGURE, /, queue, true",
    "configure:%2F/q*, CONFIGURE, v, queue, false",
    "read:v/q/key,     READ,      v, q, true",
    "read:v,           READ,      v, q, false",
    "read:v/q/k/x,     READ,      v, q, false",
    "READ:v/q,         READ,      v, q, false",
    "tag:read,         READ,      v, q, false"
  })
  void resources(String scope, AccessRight right, String vhost, String name, boolean allowed) {
    AccessQuestion question =
        new AccessQuestion.Resource(vhost, AccessQuestion.Resource.QUEUE, name, right);
    assertThat(new Scopes(List.of(scope)).allow(question)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "write:*/*,        a.b, false",
    "write:*/*/*,      a.b, true",
    "write:v/x/a.*,    a.b, true",
    "write:v/x/a.*,    b.a, false",
    "write:v/y/a.*,    a.b, false",
    "read:v/x/a.*,     a.b, false"
  })
  void topicsNeedAPatternForTheRoutingKey(String scope, String key, boolean allowed) {
    AccessQuestion question = new AccessQuestion.Topic("v", "x", AccessRight.WRITE, key);
    assertThat(new Scopes(List.of(scope)).allow(question)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"read:v/nothing, true", "write:v*/x/y, true", "read:w/q, false", "read:v, false"})
  void anyPermissionThereLetsIntoAVhost(String scope, boolean allowed) {
    AccessQuestion question = new AccessQuestion.Vhost("v", "");
    assertThat(new Scopes(List.of(scope)).allow(question)).isEqualTo(allowed);
  }

  @Test
  void tagsAreScopesOfTheirOwn() {
    Scopes scopes = new Scopes(List.of("tag:monitoring", "read:*/*", "tag:administrator"));
    assertThat(scopes.tags()).containsExactly("administrator", "monitoring");
  }
}
