package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Declaring, purging and deleting queues. */
class QueueTest extends CompatTest {

  @Test
  void declareOkNamesTheQueueAndCountsNothingYet() throws Exception {
    String queue = name("q");
    DeclareOk ok = channel.queueDeclare(queue, true, false, false, null);

    assertThat(ok.getQueue()).isEqualTo(queue);
    assertThat(ok.getMessageCount()).isZero();
    assertThat(ok.getConsumerCount()).isZero();
  }

  @Test
  void brokerNamesAQueueWithoutAName() throws Exception {
    String first = channel.queueDeclare().getQueue();
    String second = channel.queueDeclare().getQueue();

    assertThat(first).matches("amq\\.gen-[A-Za-z0-9_-]{22}");
    assertThat(second).matches("amq\\.gen-[A-Za-z0-9_-]{22}").isNotEqualTo(first);
  }

  @Test
  void declareOkCountsReadyMessagesAndConsumers() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    channel.basicGet(queue, false);
    DeclareOk taken = channel.queueDeclare(queue, false, false, false, null);
    assertThat(taken.getMessageCount()).isEqualTo(2);
    assertThat(taken.getConsumerCount()).isZero();
    Channel consuming = connection.createChannel();
    Deliveries.from(consuming, queue);
    Deliveries.noAckFrom(consuming, queue);

    DeclareOk consumed = channel.queueDeclarePassive(queue);
    assertThat(consumed.getMessageCount()).isZero();
    assertThat(consumed.getConsumerCount()).isEqualTo(2);
  }

  @Test
  void passiveDeclareOfAMissingQueueIsNotFound() throws Exception {
    assertMissing(name("q"));
  }

  @Test
  void passiveDeclareLooksAtNothingButTheName() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireWriter arguments = new WireWriter().u16(0).shortstr(queue);
    arguments.bits(true, true, true, true, false).table(Map.of("x-message-ttl", "nonsense"));

    WireReader ok = raw.call(1, AmqpMethod.QUEUE_DECLARE, arguments, AmqpMethod.QUEUE_DECLARE_OK);
    assertThat(ok.shortstr()).isEqualTo(queue);
  }

  @Test
  void reservedPrefixIsRefusedUnlessTheQueueExists() throws Exception {
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare("amq.mine", false, false, false, null));
    assertMissing("amq.mine");
    String generated = channel.queueDeclare().getQueue();
    channel.queueDeclarePassive(generated);
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - queue name '" + generated + "' contains reserved prefix 'amq.*'",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclare(generated, false, true, true, null));
  }

  @Test
  void lineBreaksInNamesAreDropped() throws Exception {
    String queue = name("q");
    String declared =
        channel.queueDeclare("\r" + queue + "\r\n", false, false, false, null).getQueue();
    assertThat(declared).isEqualTo(queue);
    channel.queueDeclarePassive(queue + "\n");
    channel.queueDelete("\n" + queue);
    assertMissing(queue);
  }

  @Test
  void nameMayBeAnythingInUtf8Of255Octets() throws Exception {
    String queue = (name("q") + "äß€ '\"").concat("x".repeat(255)).substring(0, 251);
    assertThat(bytes(queue)).hasSize(255);
    channel.queueDeclare(queue, false, true, false, null);
    publish("", queue, "one");

    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void purgeDropsAndCountsReadyMessagesOnly() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

    assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(2);
    assertThat(channel.queuePurge(queue).getMessageCount()).isZero();
    channel.basicReject(tag, true);
    assertThat(drain(queue)).containsExactly("one");
  }

  @Test
  void purgeOfAMissingQueueIsNotFound() throws Exception {
    String queue = name("q");
    assertChannelError(notFound(queue, AmqpMethod.QUEUE_PURGE), ch -> ch.queuePurge(queue));
  }

  @Test
  void deleteCountsReadyMessages() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    channel.basicGet(queue, false);

    assertThat(channel.queueDelete(queue).getMessageCount()).isEqualTo(2);
    assertMissing(queue);
  }

  @Test
  void deletingAMissingQueueIsFine() throws Exception {
    assertThat(channel.queueDelete(name("q")).getMessageCount()).isZero();
    assertThat(channel.queueDelete(name("q"), true, true).getMessageCount()).isZero();
  }

  @Test
  void deleteIfUnusedSparesAQueueWithAConsumer() throws Exception {
    String queue = newQueue();
    Channel consuming = connection.createChannel();
    String tag = consuming.basicConsume(queue, new Deliveries(consuming));
    assertChannelError(
        failed("queue '" + queue + "' in vhost '/' in use"),
        ch -> ch.queueDelete(queue, true, false));
    consuming.basicCancel(tag);
    channel.queueDelete(queue, true, false);
    assertMissing(queue);
  }

  @Test
  void deleteIfEmptySparesAQueueWithReadyMessages() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    assertChannelError(
        failed("queue '" + queue + "' in vhost '/' not empty"),
        ch -> ch.queueDelete(queue, false, true));
    channel.basicGet(queue, false);
    channel.queueDelete(queue, false, true);
    assertMissing(queue);
  }

  @Test
  void notEmptyComesBeforeInUse() throws Exception {
    String queue = newQueue();
    Channel consuming = connection.createChannel();
    consuming.basicQos(1);
    Deliveries.from(consuming, queue);
    fill(queue, "one", "two");
    assertChannelError(
        failed("queue '" + queue + "' in vhost '/' not empty"),
        ch -> ch.queueDelete(queue, true, true));
  }

  @Test
  void ackOfAMessageFromADeletedQueueIsFine() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    long first = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    long second = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    channel.queueDelete(queue);
    channel.basicAck(first, false);
    channel.basicReject(second, true);

    channel.queueDeclarePassive(newQueue());
  }

  @Test
  void deletedAndDeclaredAgainTheQueueIsEmptyAndUnbound() throws Exception {
    String exchange = newExchange("fanout");
    String queue = newQueue(exchange, "");
    publish(exchange, "", "old");
    channel.queueDelete(queue);
    channel.queueDeclare(queue, false, false, false, null);
    publish(exchange, "", "lost");
    publish("", queue, "new");

    assertThat(drain(queue)).containsExactly("new");
  }

  @Test
  void methodsWithoutWaitAreDone() throws Exception {
    String exchange = newExchange("fanout");
    String queue = name("q");
    channel.queueDeclareNoWait(queue, false, false, false, null);
    channel.queueBindNoWait(queue, exchange, "", null);
    publish(exchange, "", "one");
    assertThat(text(channel.basicGet(queue, true))).isEqualTo("one");
    fill(queue, "two");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.send(1, AmqpMethod.QUEUE_PURGE, new WireWriter().u16(0).shortstr(queue).bits(true));
    raw.expectNothingMore(1);
    assertThat(drain(queue)).isEmpty();
    channel.queueDeleteNoWait(queue, false, false);
    channel.queueDeclarePassive(newQueue());
    assertMissing(queue);
  }

  @Test
  void errorOfAMethodWithoutWaitStillClosesTheChannel() throws Exception {
    String queue = name("q");
    assertChannelError(
        notFound(queue, AmqpMethod.QUEUE_BIND),
        ch -> ch.queueBindNoWait(queue, "amq.fanout", "", null));
    String existing = newQueue();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - inequivalent arg 'durable' for queue '"
                + existing
                + "' in vhost '/': received 'true' but current is 'false'",
            AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclareNoWait(existing, true, false, false, null));
  }

  @Test
  void autoDeleteQueueGoesWithItsLastConsumerOnly() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, true, null);
    publish("", queue, "one");
    assertThat(drain(queue)).containsExactly("one");
    channel.queueDeclarePassive(queue);
    String first = channel.basicConsume(queue, new Deliveries(channel));
    String second = channel.basicConsume(queue, new Deliveries(channel));
    channel.basicCancel(first);
    channel.queueDeclarePassive(queue);
    channel.basicCancel(second);

    assertMissing(queue);
  }

  @Test
  void autoDeleteQueueGoesWithTheChannelOfItsLastConsumer() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, true, null);
    Channel consuming = connection.createChannel();
    Deliveries.from(consuming, queue);
    consuming.close();

    assertMissing(queue);
  }

  private void assertMissing(String queue) throws Exception {
    assertChannelError(
        notFound(queue, AmqpMethod.QUEUE_DECLARE), ch -> ch.queueDeclarePassive(queue));
  }

  private static Closing notFound(String queue, AmqpMethod method) {
    return Closing.channel(404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", method);
  }

  private static Closing failed(String text) {
    return Closing.channel(406, "PRECONDITION_FAILED - " + text, AmqpMethod.QUEUE_DELETE);
  }
}
