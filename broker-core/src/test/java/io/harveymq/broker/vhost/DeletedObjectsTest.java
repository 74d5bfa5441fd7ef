package io.harveymq.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.vhost.DeletedObjects.Cause;
import io.harveymq.broker.vhost.DeletedObjects.Deleted;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of queues and exchanges that went, and why they did. */
class DeletedObjectsTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel = broker.channel();

  private List<Deleted> all() {
    return broker.vhost().deleted().all();
  }

  private Deleted only() {
    assertThat(all()).hasSize(1);
    return all().get(0);
  }

  private void declare(String queue, FieldTable arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, false, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
  }

  @Test
  void aClientThatDeletesIsNamed() {
    channel.declare("q");
    broker.advance(60_000);
    channel.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
    assertThat(only().queue()).isTrue();
    assertThat(only().name()).isEqualTo("q");
    assertThat(only().time()).isEqualTo(broker.home().timeOfDay());
    assertThat(only().cause()).isEqualTo(Cause.CLIENT);
    assertThat(only().actor().user()).isEqualTo("guest");
    assertThat(only().actor().connection()).isNotEmpty();
  }

  @Test
  void aQueueThatIsNotThereIsNotToldOf() {
    channel.call(new QueueMethod.Delete("none", false, false, false), QueueMethod.DeleteOk.class);
    assertThat(all()).isEmpty();
  }

  @Test
  void anExchangeThatIsDeletedOrLeftAlone() {
    channel.declareExchange("x", "fanout");
    channel.call(new ExchangeMethod.Delete("x", false, false), ExchangeMethod.DeleteOk.class);
    assertThat(only().queue()).isFalse();
    assertThat(only().cause()).isEqualTo(Cause.CLIENT);
    channel.call(
        new ExchangeMethod.Declare(
            "left", "fanout", false, false, true, false, false, FieldTable.EMPTY),
        ExchangeMethod.DeclareOk.class);
    channel.declare("q").bind("q", "left", "").unbind("q", "left", "");
    assertThat(all().get(0).name()).isEqualTo("left");
    assertThat(all().get(0).cause()).isEqualTo(Cause.AUTO_DELETE);
  }

  @Test
  void aQueueWithoutUseExpires() {
    declare("q", FieldTable.builder().put("x-expires", 10_000).build());
    broker.advance(10_000);
    assertThat(only().cause()).isEqualTo(Cause.EXPIRED);
    assertThat(only().actor().user()).isNull();
  }

  @Test
  void anAutoDeleteQueueGoesWithItsLastConsumer() {
    channel.declare("q", false, true);
    channel.consume("q", "c").cancel("c");
    assertThat(only().cause()).isEqualTo(Cause.AUTO_DELETE);
    assertThat(only().actor().user()).isEqualTo("guest");
  }

  @Test
  void anExclusiveQueueGoesWithItsConnection() {
    TestChannel other = broker.channel();
    other.declare("own", true, false);
    other.client().drop();
    broker.run();
    assertThat(only().name()).isEqualTo("own");
    assertThat(only().cause()).isEqualTo(Cause.EXCLUSIVE);
  }

  @Test
  void onlyTheLastAreRemembered() {
    for (int i = 0; i < DeletedObjects.MOST + 10; i++) {
      channel.declare("q" + i);
      channel.call(
          new QueueMethod.Delete("q" + i, false, false, false), QueueMethod.DeleteOk.class);
    }
    assertThat(all()).hasSize(DeletedObjects.MOST);
    assertThat(all().get(0).name()).isEqualTo("q" + (DeletedObjects.MOST + 9));
  }
}
