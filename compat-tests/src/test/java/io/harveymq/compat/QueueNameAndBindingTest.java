package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import org.junit.jupiter.api.Test;

/** The empty queue name, and binding and unbinding queues. */
class QueueNameAndBindingTest extends CompatTest {

  @Test
  void emptyNameMeansTheLastQueueDeclaredOnTheChannel() throws Exception {
    newQueue();
    String last = newQueue();
    publish("", last, "one");
    publish("", last, "two");
    assertThat(text(channel.basicGet("", true))).isEqualTo("one");
    assertThat(channel.queuePurge("").getMessageCount()).isEqualTo(1);
    Deliveries deliveries = new Deliveries(channel);
    String tag = channel.basicConsume("", true, deliveries);
    publish("", last, "three");
    assertThat(deliveries.nextText()).isEqualTo("three");
    channel.basicCancel(tag);
    channel.queueDelete("");
    assertChannelError(
        notFound("no queue '" + last + "' in vhost '/'", AmqpMethod.QUEUE_DECLARE),
        ch -> ch.queueDeclarePassive(last));
  }

  @Test
  void passiveDeclareCountsAsDeclaring() throws Exception {
    String queue = newQueue();
    publish("", queue, "one");
    Channel other = connection.createChannel();
    other.queueDeclarePassive(queue);

    assertThat(other.queuePurge("").getMessageCount()).isEqualTo(1);
  }

  @Test
  void emptyNameWithoutADeclaredQueueIsNotFound() throws Exception {
    String text = "no previously declared queue";
    assertChannelError(notFound(text, AmqpMethod.BASIC_GET), ch -> ch.basicGet("", true));
    assertChannelError(notFound(text, AmqpMethod.QUEUE_PURGE), ch -> ch.queuePurge(""));
    assertChannelError(notFound(text, AmqpMethod.QUEUE_DELETE), ch -> ch.queueDelete(""));
    assertChannelError(
        notFound(text, AmqpMethod.QUEUE_BIND), ch -> ch.queueBind("", "amq.direct", "k"));
    assertChannelError(
        notFound(text, AmqpMethod.QUEUE_UNBIND), ch -> ch.queueUnbind("", "amq.direct", "k"));
    assertChannelError(
        notFound(text, AmqpMethod.BASIC_CONSUME), ch -> ch.basicConsume("", new Deliveries(ch)));
  }

  @Test
  void emptyNameAndEmptyKeyBindByTheQueuesName() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue();
    channel.queueBind("", exchange, "");
    publish(exchange, "", "lost");
    publish(exchange, queue, "found");
    assertThat(drain(queue)).containsExactly("found");
    channel.queueUnbind("", exchange, "");
    publish(exchange, queue, "lost");
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  void emptyKeyWithANameStaysEmpty() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    publish(exchange, queue, "lost");
    publish(exchange, "", "found");

    assertThat(drain(queue)).containsExactly("found");
  }

  @Test
  void bindingWhatIsMissingIsNotFound() throws Exception {
    String queue = newQueue();
    assertChannelError(
        notFound("no exchange 'missing-x' in vhost '/'", AmqpMethod.QUEUE_BIND),
        ch -> ch.queueBind(queue, "missing-x", "k"));
    assertChannelError(
        notFound("no queue 'missing-q' in vhost '/'", AmqpMethod.QUEUE_BIND),
        ch -> ch.queueBind("missing-q", "amq.direct", "k"));
    assertChannelError(
        notFound("no exchange 'missing-x' in vhost '/'", AmqpMethod.QUEUE_BIND),
        ch -> ch.queueBind("missing-q", "missing-x", "k"));
  }

  @Test
  void unbindingWhatIsMissingIsFine() throws Exception {
    String queue = newQueue();
    channel.queueUnbind(queue, "amq.direct", "never bound");
    channel.queueUnbind(queue, "missing-x", "k");
    channel.queueUnbind("missing-q", "amq.direct", "k");
    channel.queueUnbind("missing-q", "missing-x", "k");
  }

  private static Closing notFound(String text, AmqpMethod method) {
    return Closing.channel(404, "NOT_FOUND - " + text, method);
  }
}
