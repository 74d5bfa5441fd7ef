package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.LossBound.Kind;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A virtual host or user takes no more with it than somebody was told. */
class DeletionBoundTest {
  private final TestBroker broker = TestBroker.start();

  private TestChannel client(String user) {
    return broker.accept().open(user, "p", "v").channel(1);
  }

  private void refuseVhost(Map<Kind, Long> most, String text) {
    assertThatThrownBy(
            () -> broker.change(broker.access().deletionOfVhost("v", new LossBound(most))))
        .isInstanceOf(AccessException.class)
        .hasMessage("vhost 'v' would lose " + text);
  }

  private void refuseUser(String user, long most) {
    LossBound bound = LossBound.of(Kind.CONNECTIONS, most);
    assertThatThrownBy(() -> broker.change(broker.access().deletionOfUser(user, bound)))
        .isInstanceOf(AccessException.class)
        .hasMessage("user '%s' would lose %d connections, more than %d", user, most + 1, most);
  }

  private void addVhostAndUser() {
    broker.change(editor -> editor.putVhost(VirtualHostDefinition.of("v")));
    broker.change(editor -> editor.addUser(User.of("u", "p")));
    broker.change(editor -> editor.setPermission(Permission.all("u", "v")));
  }

  @Test
  void aVirtualHost() {
    addVhostAndUser();
    TestChannel client = client("u").declare("a").declare("b").publish("a", "1").publish("a", "2");
    client.get("a");

    refuseVhost(Map.of(Kind.QUEUES, 1L), "2 queues, more than 1");
    refuseVhost(
        Map.of(Kind.QUEUES, 2L, Kind.MESSAGES, 1L, Kind.CONNECTIONS, 0L),
        "2 messages, more than 1, and 1 connection, more than 0");

    client.publish("b", "it goes on");
    assertThat(client.get("b").text()).isEqualTo("it goes on");
    LossBound all = new LossBound(Map.of(Kind.QUEUES, 2L, Kind.MESSAGES, 3L, Kind.CONNECTIONS, 1L));
    client.client().close();
    broker.change(broker.access().deletionOfVhost("v", all));
    assertThat(broker.access().rules().vhost("v")).isNull();
    assertThatThrownBy(() -> broker.change(broker.access().deletionOfVhost("v", all)))
        .isInstanceOf(AccessException.class)
        .hasMessage("virtual host 'v' does not exist");
  }

  @Test
  void queuesThatGoWithAUsersConnections() {
    addVhostAndUser();
    TestChannel first = client("u");
    TestChannel second = client("u");
    first.call(declare("own", true, false), QueueMethod.DeclareOk.class);
    first.call(declare("both", false, true), QueueMethod.DeclareOk.class);
    first.call(declare("anothers", false, true), QueueMethod.DeclareOk.class);
    first.call(declare("idle", false, true), QueueMethod.DeclareOk.class);
    first.consume("both", "c").consume("anothers", "d");
    second.consume("both", "e");
    broker.change(editor -> editor.setPermission(Permission.all("guest", "v")));
    broker.accept().open("guest", "guest", "v").channel(1).consume("anothers", "f");
    first.publish("own", "1").publish("both", "2").publish("both", "3").publish("anothers", "4");

    assertThatThrownBy(() -> deleteUser(1, 2))
        .hasMessage("user 'u' would lose 2 queues, more than 1, and 3 messages, more than 2");
    deleteUser(2, 3);

    for (TestChannel closed : List.of(first, second)) {
      closed.client().arrived(1);
      closed.client().expectClose(320);
    }
    assertThat(broker.access().vhosts().get("v").queues())
        .extracting(AmqpQueue::name)
        .containsExactlyInAnyOrder("anothers", "idle");
  }

  private static QueueMethod.Declare declare(String name, boolean exclusive, boolean autoDelete) {
    return new QueueMethod.Declare(
        name, false, false, exclusive, autoDelete, false, FieldTable.EMPTY);
  }

  private void deleteUser(long queues, long messages) {
    LossBound most = new LossBound(Map.of(Kind.QUEUES, queues, Kind.MESSAGES, messages));
    broker.change(broker.access().deletionOfUser("u", most));
  }

  @Test
  void withoutABoundNothingIsCounted() {
    assertThat(LossBound.NONE.refusal(() -> fail("named"), () -> fail("counted"))).isNull();
  }

  @Test
  void aUser() {
    addVhostAndUser();
    TestChannel first = client("u");
    client("u");

    refuseUser("u", 1);

    first.declare("still-there");
    broker.change(broker.access().deletionOfUser("u", LossBound.of(Kind.CONNECTIONS, 2)));
    assertThat(broker.access().rules().user("u")).isNull();
    first.client().expectClose(320);
  }
}
