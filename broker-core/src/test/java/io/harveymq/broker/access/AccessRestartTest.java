package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.auth.Parameter;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.TopicPermission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.broker.vhost.VhostLimits;
import io.harveymq.broker.vhost.VhostPolicies;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users, virtual hosts and permissions are after a restart. */
class AccessRestartTest {
  private static final VirtualHostDefinition VHOST =
      new VirtualHostDefinition("v", "d", List.of("t"), "classic", false, new VhostLimits(5, 6));

  private final MemoryStore store = new MemoryStore();
  private TestBroker broker = TestBroker.on(store);

  private void restart() {
    broker.end();
    broker = TestBroker.on(store);
  }

  @Test
  void everythingIsThereAfterARestart() {
    User user =
        new User("u", User.of("u", "p").password(), List.of("monitoring"), new UserLimits(7, 8));
    Permission permission = new Permission("u", "v", "c", "w", "r");
    TopicPermission topic = new TopicPermission("u", "v", "amq.topic", "w", "r");
    broker.change(
        editor -> {
          editor.addUser(user);
          editor.putVhost(VHOST);
          editor.setPermission(permission);
          editor.setTopicPermission(topic);
        });

    restart();

    assertThat(broker.access().rules().user("u")).isEqualTo(user);
    assertThat(broker.access().rules().vhost("v")).isEqualTo(VHOST);
    assertThat(broker.access().rules().permission("u", "v")).isEqualTo(permission);
    assertThat(broker.access().rules().topicPermissions()).containsExactly(topic);
    broker.accept().open("guest", "guest", "/").channel(1).declare("q");
    broker.accept().open("u", "p", "v");
  }

  @Test
  void parametersAreThereAfterARestartUnlessTheirVirtualHostIsGone() {
    Parameter global = Parameter.global("cluster_name", FieldValue.of("c"));
    Parameter ofVhost = new Parameter("component", "v", "p", FieldValue.of(3L));
    Parameter cleared = Parameter.global("gone", FieldValue.of(true));
    broker.change(
        editor -> {
          editor.putVhost(VHOST);
          editor.putParameter(global);
          editor.putParameter(ofVhost);
          editor.putParameter(cleared);
        });
    broker.change(editor -> editor.clearParameter("", "", "gone"));

    restart();
    assertThat(broker.access().rules().parameters()).containsExactlyInAnyOrder(global, ofVhost);

    broker.change(editor -> editor.deleteVhost("v"));
    restart();
    assertThat(broker.access().rules().parameters()).containsExactly(global);
  }

  @Test
  void policiesOfADeletedVirtualHostAreNotThereWhenItIsMadeAgain() {
    broker.change(editor -> editor.putVhost(VHOST));
    VirtualHost vhost = broker.access().vhosts().get("v");
    FieldTable definition = FieldTable.builder().put("max-length", 1).build();
    Policy policy = Policy.of("p", ".*", ApplyTo.ALL, 0, definition);
    Policy limit = Policy.operator("o", ".*", ApplyTo.QUEUES, 0, definition);
    broker.home().run(() -> vhost.policies().set(policy, false));
    broker.home().run(() -> vhost.policies().set(limit, true));
    broker.change(editor -> editor.deleteVhost("v"));
    broker.change(editor -> editor.putVhost(VHOST));

    assertThat(policies()).isEmpty();
    restart();
    assertThat(policies()).isEmpty();
  }

  private List<Policy> policies() {
    VhostPolicies policies = broker.access().vhosts().get("v").policies();
    List<Policy> all = new ArrayList<>(policies.all(false));
    all.addAll(policies.all(true));
    return all;
  }

  @Test
  void aDeletedGuestStaysDeleted() {
    broker.change(
        editor -> {
          editor.addUser(User.of("u", "p", User.ADMINISTRATOR));
          editor.setPermission(Permission.all("u", "/"));
          editor.deleteUser("guest");
        });

    restart();

    assertThat(broker.access().rules().users()).extracting(User::name).containsExactly("u");
  }

  @Test
  void queuesAndMessagesOfAVirtualHostAreItsOwnAfterARestart() {
    fillVhost();

    restart();

    TestChannel channel = broker.accept().open("guest", "guest", "v").channel(1);
    assertThat(channel.drain("q")).containsExactly("m");
    broker.channel().send(TestChannel.passive("q")).expectClose(404);
  }

  @Test
  void nothingOfADeletedVirtualHostIsStored() {
    fillVhost();

    broker.change(editor -> editor.deleteVhost("v"));

    broker.end();
    assertThat(store.load()).extracting(Definition::vhost).doesNotContain("v");
    assertThat(store.logs()).isEmpty();
    store.close();
  }

  @Test
  void theDeletionOfAVirtualHostGoesOnAfterACrash() {
    fillVhost();
    store.remove(new Definition.VirtualHost(VHOST));
    store.commit(() -> {});

    restart();
    broker.run();
    broker.end();

    assertThat(store.load()).extracting(Definition::vhost).doesNotContain("v");
    assertThat(store.logs()).isEmpty();
    store.close();
  }

  private void fillVhost() {
    broker.change(
        editor -> {
          editor.putVhost(VHOST);
          editor.setPermission(Permission.all("guest", "v"));
        });
    TestChannel channel = broker.accept().open("guest", "guest", "v").channel(1).confirm();
    channel.call(
        new QueueMethod.Declare("q", false, true, false, false, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
    channel.bind("q", "amq.direct", "k");
    BasicProperties persistent = BasicProperties.builder().deliveryMode(2).build();
    channel.publish("", "q", persistent, "m".getBytes());
    broker.run();
  }

  @Test
  void aStoreOfATimeWithoutUsersGetsTheFirstOnes() {
    MemoryStore old = new MemoryStore();
    old.put(new Definition.Queue("/", "q", false, FieldTable.EMPTY, 1));
    old.commit(() -> {});

    TestBroker started = TestBroker.on(old);

    started.channel().call(TestChannel.passive("q"), QueueMethod.DeclareOk.class);
    started.run();
    assertThat(old.load()).anyMatch(definition -> definition instanceof Definition.User);
  }
}
