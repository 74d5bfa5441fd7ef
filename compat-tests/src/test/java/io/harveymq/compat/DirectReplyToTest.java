package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;
import com.rabbitmq.client.RpcServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies without a queue: amq.rabbitmq.reply-to. */
class DirectReplyToTest extends CompatTest {
  private static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";

  /** Starts consuming replies, sends a request and returns where its reply is to be sent. */
  private String requestFrom(Channel requester, Deliveries replies) throws Exception {
    requester.basicConsume(PSEUDO_QUEUE, true, replies);
    return request(requester).getReplyTo();
  }

  /** The properties of a request as its server gets them. */
  private AMQP.BasicProperties request(Channel requester) throws Exception {
    String queue = newQueue();
    Deliveries requests = Deliveries.noAckFrom(channel, queue);
    var properties = properties().replyTo(PSEUDO_QUEUE).correlationId("7").type("ask").build();
    requester.basicPublish("", queue, properties, bytes("ask"));
    return requests.next().getProperties();
  }

  private static Closing failed(String text, AmqpMethod method) {
    return Closing.channel(406, "PRECONDITION_FAILED - " + text, method);
  }

  private static Closing noQueue(String queue, AmqpMethod method) {
    return Closing.channel(404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", method);
  }

  @Test
  void aReplyComesToTheChannelThatAskedAcrossConnections() throws Exception {
    Channel requester = newConnection().createChannel();
    Deliveries replies = new Deliveries(requester);
    String replyTo = requestFrom(requester, replies);
    Channel server = newConnection().createChannel();
    var properties = properties().correlationId("7").build();
    server.basicPublish("", replyTo, properties, bytes("answer"));
    server.basicPublish("", replyTo, null, bytes("another"));

    Delivery reply = replies.next();
    assertThat(Deliveries.text(reply)).isEqualTo("answer");
    assertThat(reply.getProperties().getCorrelationId()).isEqualTo("7");
    assertThat(reply.getEnvelope().getExchange()).isEmpty();
    assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo(replyTo);
    assertThat(reply.getEnvelope().isRedeliver()).isFalse();
    assertThat(replies.nextText()).isEqualTo("another");
  }

  @Test
  void onlyReplyToIsRewrittenAndTheNameIsTheChannels() throws Exception {
    Deliveries replies = new Deliveries(channel);
    channel.basicConsume(PSEUDO_QUEUE, true, replies);
    AMQP.BasicProperties first = request(channel);
    AMQP.BasicProperties second = request(channel);

    assertThat(first.getReplyTo()).startsWith(PSEUDO_QUEUE + ".").hasSizeGreaterThan(50);
    assertThat(second.getReplyTo()).isEqualTo(first.getReplyTo());
    assertThat(first.getCorrelationId()).isEqualTo("7");
    assertThat(first.getType()).isEqualTo("ask");
    Channel other = connection.createChannel();
    assertThat(requestFrom(other, new Deliveries(other))).isNotEqualTo(first.getReplyTo());
  }

  @Test
  void otherReplyToNamesAreLeftAlone() throws Exception {
    String queue = newQueue();
    channel.basicPublish("", queue, properties().replyTo("mine").build(), bytes("ask"));
    assertThat(channel.basicGet(queue, true).getProps().getReplyTo()).isEqualTo("mine");
  }

  @Test
  void aRequestWithoutAConsumerOfRepliesIsRefused() throws Exception {
    String queue = newQueue();
    var properties = properties().replyTo(PSEUDO_QUEUE).build();
    assertChannelError(
        failed("fast reply consumer does not exist", AmqpMethod.BASIC_PUBLISH),
        ch -> ch.basicPublish("", queue, properties, bytes("ask")));
  }

  @Test
  void repliesCannotBeAcknowledgedAndHaveOneConsumer() throws Exception {
    assertChannelError(
        failed("reply consumer cannot acknowledge", AmqpMethod.BASIC_CONSUME),
        ch -> ch.basicConsume(PSEUDO_QUEUE, false, new Deliveries(ch)));
    assertChannelError(
        failed("reply consumer already set", AmqpMethod.BASIC_CONSUME),
        ch -> {
          ch.basicConsume(PSEUDO_QUEUE, true, new Deliveries(ch));
          ch.basicConsume(PSEUDO_QUEUE, true, new Deliveries(ch));
        });
  }

  @Test
  void afterACancelThereIsNoConsumerAndAnotherMayCome() throws Exception {
    Deliveries replies = new Deliveries(channel);
    String tag = channel.basicConsume(PSEUDO_QUEUE, true, replies);
    String before = request(channel).getReplyTo();
    channel.basicCancel(tag);
    assertChannelError(
        noQueue(before, AmqpMethod.QUEUE_DECLARE), ch -> ch.queueDeclarePassive(before));

    assertThat(requestFrom(channel, replies)).isNotEqualTo(before);
  }

  @Test
  void declaringTellsWhetherTheRequesterIsThere() throws Exception {
    Channel requester = newConnection().createChannel();
    String replyTo = requestFrom(requester, new Deliveries(requester));

    AMQP.Queue.DeclareOk there = channel.queueDeclarePassive(replyTo);
    assertThat(there.getQueue()).isEqualTo(replyTo);
    assertThat(there.getMessageCount()).isZero();
    assertThat(there.getConsumerCount()).isEqualTo(1);
    assertThat(channel.queueDeclare(replyTo, true, false, false, null).getConsumerCount()).isOne();
    assertThat(channel.queueDeclarePassive(PSEUDO_QUEUE).getConsumerCount()).isOne();

    requester.close();
    assertChannelError(
        noQueue(replyTo, AmqpMethod.QUEUE_DECLARE), ch -> ch.queueDeclarePassive(replyTo));
  }

  @Test
  void theQueueBehindItCannotBeUsedByName() throws Exception {
    String replyTo = requestFrom(channel, new Deliveries(channel));
    assertChannelError(
        noQueue(replyTo, AmqpMethod.BASIC_CONSUME),
        ch -> ch.basicConsume(replyTo, true, new Deliveries(ch)));
    assertChannelError(noQueue(replyTo, AmqpMethod.QUEUE_PURGE), ch -> ch.queuePurge(replyTo));
    assertThat(connection.createChannel().queueDelete(replyTo).getMessageCount()).isZero();
    Closing refused =
        Target.current().knowsNoReplyQueues()
            ? noQueue(replyTo, AmqpMethod.QUEUE_BIND)
            : Closing.channel(
                403,
                "ACCESS_REFUSED - cannot bind or unbind to a volatile (direct reply-to) queue",
                AmqpMethod.QUEUE_BIND);
    assertChannelError(refused, ch -> ch.queueBind(replyTo, "amq.direct", "k"));
  }

  @Test
  void aReplyToARequesterThatIsGoneIsConfirmedAndReturnedOnlyByOldBrokers() throws Exception {
    Connection leaving = newConnection();
    Channel requester = leaving.createChannel();
    String replyTo = requestFrom(requester, new Deliveries(requester));
    leaving.close();

    assertThat(returnedOf(replyTo))
        .isEqualTo(Target.current().knowsNoReplyQueues() ? List.of("late") : List.of());
  }

  @Test
  void aMandatoryReplyIsDeliveredAndReturnedOnlyByOldBrokers() throws Exception {
    Channel requester = newConnection().createChannel();
    Deliveries replies = new Deliveries(requester);
    String replyTo = requestFrom(requester, replies);

    assertThat(returnedOf(replyTo))
        .isEqualTo(Target.current().knowsNoReplyQueues() ? List.of("late") : List.of());
    assertThat(replies.nextText()).isEqualTo("late");
  }

  /** What comes back of a mandatory message, and of one to a name that never was. */
  private List<String> returnedOf(String replyTo) throws Exception {
    List<String> returned = new ArrayList<>();
    Channel server = connection.createChannel();
    server.addReturnListener(message -> returned.add(new String(message.getBody())));
    server.confirmSelect();
    server.basicPublish("", replyTo, true, null, bytes("late"));
    server.basicPublish("", name("nowhere"), true, null, bytes("lost"));
    server.waitForConfirmsOrDie(10_000);
    assertThat(returned).endsWith("lost");
    returned.remove("lost");
    return returned;
  }

  @Test
  void theJavaClientsRpcClientAndServerUseIt() throws Exception {
    String queue = newQueue();
    Channel serving = newConnection().createChannel();
    RpcServer server =
        new RpcServer(serving, queue) {
          @Override
          public byte[] handleCall(byte[] request, AMQP.BasicProperties properties) {
            return bytes("re: " + new String(request));
          }
        };
    Thread serverThread = new Thread(() -> serve(server), "rpc-server");
    serverThread.start();
    RpcClient client =
        new RpcClient(
            new RpcClientParams().channel(channel).exchange("").routingKey(queue).timeout(10_000));
    for (int i = 0; i < 50; i++) {
      assertThat(client.stringCall("q" + i)).isEqualTo("re: q" + i);
    }
    client.close();
    server.terminateMainloop();
    serverThread.join(10_000);
  }

  private static void serve(RpcServer server) {
    try {
      server.mainloop();
    } catch (Exception end) {
      throw new IllegalStateException(end);
    }
  }
}
