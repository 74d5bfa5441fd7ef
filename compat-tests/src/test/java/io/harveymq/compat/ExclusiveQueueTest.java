package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queues that belong to one connection. */
class ExclusiveQueueTest extends CompatTest {
  private Connection owner;
  private Channel owning;
  private String queue;

  @BeforeEach
  void declareOnAnotherConnection() throws Exception {
    owner = newConnection();
    owning = owner.createChannel();
    queue = name("q");
    owning.queueDeclare(queue, false, true, false, null);
  }

  @Test
  void anotherConnectionIsRefusedEverythingButPublishing() throws Exception {
    assertLocked(AmqpMethod.QUEUE_DECLARE, ch -> ch.queueDeclare(queue, false, true, false, null));
    assertLocked(AmqpMethod.QUEUE_DECLARE, ch -> ch.queueDeclare(queue, false, false, false, null));
    assertLocked(AmqpMethod.QUEUE_DECLARE, ch -> ch.queueDeclarePassive(queue));
    assertLocked(AmqpMethod.QUEUE_BIND, ch -> ch.queueBind(queue, "amq.direct", "k"));
    assertLocked(AmqpMethod.QUEUE_PURGE, ch -> ch.queuePurge(queue));
    assertLocked(AmqpMethod.QUEUE_DELETE, ch -> ch.queueDelete(queue));
    assertLocked(AmqpMethod.BASIC_GET, ch -> ch.basicGet(queue, true));
    assertLocked(AmqpMethod.BASIC_CONSUME, ch -> ch.basicConsume(queue, new Deliveries(ch)));
    fill(queue, "one");

    assertThat(text(owning.basicGet(queue, true))).isEqualTo("one");
  }

  @Test
  void otherChannelsOfTheOwnerMayUseIt() throws Exception {
    Channel other = owner.createChannel();
    owning.close();
    other.queueDeclare(queue, false, true, false, null);
    other.queueBind(queue, "amq.direct", queue);
    other.queueUnbind(queue, "amq.direct", queue);
    other.queuePurge(queue);
    assertThat(other.basicGet(queue, true)).isNull();
    other.queueDelete(queue);
  }

  @Test
  void ownerCannotMakeItOrdinary() throws Exception {
    Closing locked = locked(queue, AmqpMethod.QUEUE_DECLARE);
    assertThat(
            closingOf(
                owner.createChannel(), ch -> ch.queueDeclare(queue, false, false, false, null)))
        .isEqualTo(locked);
  }

  @Test
  void ordinaryQueueCannotBecomeExclusive() throws Exception {
    String ordinary = newQueue();
    assertChannelError(
        locked(ordinary, AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(ordinary, false, true, false, null));
  }

  @Test
  void durabilityOfAnExclusiveQueueIsNotLookedAt() throws Exception {
    owning.queueDeclare(queue, true, true, false, null);
    String durable = name("q");
    owning.queueDeclare(durable, true, true, false, null);
    owning.queueDeclare(durable, false, true, false, null);
  }

  @Test
  void queueIsGoneWhenItsConnectionHasClosed() throws Exception {
    owner.close();
    assertChannelError(missing(), ch -> ch.queueDeclarePassive(queue));
    channel.queueDeclare(queue, false, true, false, null);
  }

  @Test
  void queueGoesWithAConnectionThatIsCut() throws Exception {
    String cut = name("q");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.declareQueue(1, cut);
    raw.reset();

    org.awaitility.Awaitility.await().until(() -> declares(cut));
  }

  private boolean declares(String free) throws Exception {
    Channel attempt = connection.createChannel();
    try {
      attempt.queueDeclare(free, false, true, false, null);
      return true;
    } catch (java.io.IOException stillLocked) {
      return false;
    }
  }

  private Closing missing() {
    String text = "NOT_FOUND - no queue '" + queue + "' in vhost '/'";
    return Closing.channel(404, text, AmqpMethod.QUEUE_DECLARE);
  }

  private void assertLocked(AmqpMethod method, Action action) throws Exception {
    assertChannelError(locked(queue, method), action);
  }

  private static Closing locked(String queue, AmqpMethod method) {
    String text =
        "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '"
            + queue
            + "' in vhost '/'. It could be originally declared on another connection or the"
            + " exclusive property value does not match that of the original declaration.";
    return Closing.channel(405, text, method);
  }
}
