package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.FirstStart;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The embedding API, with real threads. */
@Timeout(60)
class AccessControlTest {
  @Test
  void changesAreSeenWhenTheMethodsReturn() throws Exception {
    BrokerConfig config = BrokerConfig.builder().eventLoops(3).build();
    try (Broker broker = Broker.start(config, new MemoryStore())) {
      AccessControl access = broker.access();
      access.addVhost("v");
      access.addVhost("v");
      access.setVhostLimits("v", new VhostLimits(1, 2));
      access.addUser("u", "p", "management");
      access.setUserLimits("u", new UserLimits(3, 4));
      access.setUserTags("u", "monitoring");
      access.setPermissions("u", "v", "c", "w", "r");
      access.setTopicPermissions("u", "v", "x", "w", "r");

      assertThat(access.vhost("v").limits()).isEqualTo(new VhostLimits(1, 2));
      assertThat(access.user("u").tags()).containsExactly("monitoring");
      assertThat(access.user("u").limits()).isEqualTo(new UserLimits(3, 4));
      assertThat(access.users()).extracting(User::name).containsExactly("guest", "u");
      assertThat(access.vhosts()).extracting(VirtualHostDefinition::name).containsExactly("/", "v");
      assertThat(access.permissions())
          .containsExactly(Permission.all("guest", "/"), new Permission("u", "v", "c", "w", "r"));
      assertThat(access.topicPermissions())
          .containsExactly(new TopicPermission("u", "v", "x", "w", "r"));

      access.clearTopicPermissions("u", "v");
      access.clearPermissions("u", "v");
      access.deleteUser("u");
      access.deleteVhost("v");
      assertThat(access.user("u")).isNull();
      assertThat(access.vhost("v")).isNull();
      assertThat(access.permissions()).hasSize(1);
      assertThat(access.topicPermissions()).isEmpty();
    }
  }

  @Test
  void whatCanNotBeDoneIsToldAndAClosedBrokerToo() throws Exception {
    Broker broker = Broker.start();
    assertThatThrownBy(() -> broker.access().deleteUser("nobody"))
        .isInstanceOf(AccessException.class)
        .hasMessage("user 'nobody' does not exist");
    CompletableFuture<Void> refused =
        broker.access().submit(editor -> editor.deleteVhost("none")).toCompletableFuture();
    assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(AccessException.class);
    broker.close();
    assertThatThrownBy(() -> broker.access().addVhost("v"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the broker is closed");
  }

  @Test
  void anEventLoopMustNotWaitForAChangeButMaySubmitOne() throws Exception {
    try (Broker broker = Broker.start()) {
      CompletableFuture<Throwable> waited = new CompletableFuture<>();
      broker
          .access()
          .submit(
              editor -> {
                try {
                  broker.access().addVhost("v");
                } catch (RuntimeException refused) {
                  waited.complete(refused);
                }
              });
      assertThat(waited.get(10, TimeUnit.SECONDS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("submit()");
    }
  }

  @Test
  void theFirstStartMakesWhatItIsTold() throws Exception {
    BrokerConfig config =
        BrokerConfig.builder().firstStart(new FirstStart("a b", "p@ss", "/dev")).build();
    try (Broker broker = Broker.start(config)) {
      assertThat(broker.access().users()).extracting(User::name).containsExactly("a b");
      assertThat(broker.access().user("a b").hasTag(User.ADMINISTRATOR)).isTrue();
      assertThat(broker.access().permissions()).containsExactly(Permission.all("a b", "/dev"));
      assertThat(broker.amqpUri())
          .isEqualTo("amqp://a%20b:p%40ss@127.0.0.1:" + broker.port() + "/%2Fdev");
    }
    assertThat(config.firstStart().toString()).doesNotContain("p@ss");
  }
}
