package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.amqp.AmqpIOException;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.ChannelListener;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.adapter.MessageListenerAdapter;

/** Spring AMQP without a Spring context: templates, confirms, listener containers, requests. */
@Tag("clients")
@Timeout(120)
class SpringTest extends CompatTest {
  private final List<CachingConnectionFactory> factories = new ArrayList<>();
  private final List<AbstractMessageListenerContainer> containers = new ArrayList<>();

  @AfterEach
  void stopAll() {
    containers.forEach(AbstractMessageListenerContainer::destroy);
    factories.forEach(CachingConnectionFactory::destroy);
  }

  /** Keeps the bodies of messages, with a mark if they are redelivered. */
  private static final class Kept implements MessageListener {
    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

    @Override
    public void onMessage(Message message) {
      String body = new String(message.getBody(), java.nio.charset.StandardCharsets.UTF_8);
      boolean redelivered = message.getMessageProperties().isRedelivered();
      bodies.add(redelivered ? body + " again" : body);
      if (body.startsWith("requeue") && !redelivered) {
        throw new IllegalStateException("requeue it");
      }
      if (body.startsWith("reject")) {
        throw new AmqpRejectAndDontRequeueException("drop it");
      }
    }

    String next() throws InterruptedException {
      return bodies.poll(30, TimeUnit.SECONDS);
    }
  }

  /** Keeps why channels are closed. */
  private record KeptSignals(BlockingQueue<ShutdownSignalException> signals)
      implements ChannelListener {
    @Override
    public void onCreate(Channel channel, boolean transactional) {
      // only the end matters
    }

    @Override
    public void onShutDown(ShutdownSignalException signal) {
      signals.add(signal);
    }
  }

  private CachingConnectionFactory springFactory(String uri) {
    CachingConnectionFactory factory = new CachingConnectionFactory(java.net.URI.create(uri));
    factories.add(factory);
    return factory;
  }

  private CachingConnectionFactory springFactory() {
    return springFactory(BrokerUnderTest.uri());
  }

  private <C extends AbstractMessageListenerContainer> C start(
      C container, CachingConnectionFactory factory, String queue, MessageListener listener) {
    containers.add(container);
    container.setConnectionFactory(factory);
    container.setQueueNames(queue);
    container.setMessageListener(listener);
    container.afterPropertiesSet();
    container.start();
    return container;
  }

  /** Answers a request with its text in capitals. */
  private void answer(CachingConnectionFactory factory, String queue) {
    var answering = new MessageListenerAdapter(new Upper(), "answer");
    start(new SimpleMessageListenerContainer(), factory, queue, answering);
  }

  /** Called by name. */
  public static final class Upper {
    public String answer(String request) {
      return request.toUpperCase(java.util.Locale.ROOT);
    }
  }

  @Test
  void correlatedConfirmsAndReturnsReachTheirMessages() throws Exception {
    CachingConnectionFactory factory = springFactory();
    factory.setPublisherConfirmType(ConfirmType.CORRELATED);
    factory.setPublisherReturns(true);
    BlockingQueue<ShutdownSignalException> closed = new LinkedBlockingQueue<>();
    factory.addChannelListener(new KeptSignals(closed));
    RabbitTemplate template = new RabbitTemplate(factory);
    template.setMandatory(true);
    String queue = newQueue();

    CorrelationData routed = new CorrelationData("routed");
    template.convertAndSend("", queue, "one", routed);
    assertThat(routed.getFuture().get(10, TimeUnit.SECONDS).isAck()).isTrue();
    assertThat(routed.getReturned()).isNull();

    CorrelationData unroutable = new CorrelationData("unroutable");
    template.convertAndSend("", queue + "-missing", "two", unroutable);
    assertThat(unroutable.getFuture().get(10, TimeUnit.SECONDS).isAck()).isTrue();
    assertThat(unroutable.getReturned().getReplyCode()).isEqualTo(312);
    assertThat(unroutable.getReturned().getReplyText()).isEqualTo("NO_ROUTE");

    CorrelationData nowhere = new CorrelationData("nowhere");
    template.convertAndSend(queue + "-missing", "", "three", nowhere);
    assertThat(nowhere.getFuture().get(10, TimeUnit.SECONDS).isAck()).isFalse();
    assertThat(closed.poll(10, TimeUnit.SECONDS))
        .hasMessageContainingAll("404", "NOT_FOUND - no exchange '" + queue + "-missing'");
    // Spring closes the channel of a failed publish later, on a thread of its own, and may
    // meanwhile
    // have given it to whoever reads through the same factory.
    RabbitTemplate reader = new RabbitTemplate(springFactory());
    assertThat(reader.receiveAndConvert(queue)).isEqualTo("one");
    assertThat(reader.receiveAndConvert(queue)).isNull();
  }

  @Test
  void closedChannelsAreTold() throws Exception {
    CachingConnectionFactory factory = springFactory();
    RabbitTemplate template = new RabbitTemplate(factory);
    String queue = newQueue();
    assertThatThrownBy(() -> template.execute(ch -> ch.queueDeclarePassive(queue + "-missing")))
        .isInstanceOf(AmqpIOException.class)
        .hasRootCauseInstanceOf(ShutdownSignalException.class)
        .rootCause()
        .hasMessageContainingAll("reply-code=404", "no queue '" + queue + "-missing'");
    assertThatThrownBy(() -> new RabbitAdmin(factory).declareQueue(new Queue(queue, true)))
        .isInstanceOf(AmqpIOException.class)
        .rootCause()
        .hasMessageContainingAll("reply-code=406", "inequivalent arg 'durable' for queue");
    assertThat(new RabbitAdmin(factory).getQueueProperties(queue + "-missing")).isNull();
  }

  @Test
  void listenerContainersRequeueAndDrop() throws Exception {
    CachingConnectionFactory factory = springFactory();
    for (var container :
        List.of(new SimpleMessageListenerContainer(), new DirectMessageListenerContainer())) {
      String queue = newQueue();
      container.setPrefetchCount(1);
      Kept kept = new Kept();
      start(container, factory, queue, kept);
      fill(queue, "requeue a", "reject b", "c");
      assertThat(List.of(kept.next(), kept.next(), kept.next(), kept.next()))
          .containsExactly("requeue a", "requeue a again", "reject b", "c");
      container.stop();
      assertThat(ready(queue)).isZero();
    }
  }

  @Test
  void transactedContainerRollsBackWhatItsListenerPublished() throws Exception {
    CachingConnectionFactory factory = springFactory();
    RabbitTemplate template = new RabbitTemplate(factory);
    template.setChannelTransacted(true);
    String queue = newQueue();
    String results = newQueue();
    Kept kept = new Kept();
    SimpleMessageListenerContainer container = new SimpleMessageListenerContainer();
    container.setChannelTransacted(true);
    MessageListener publishing =
        message -> {
          template.convertAndSend("", results, "seen");
          kept.onMessage(message);
        };
    start(container, factory, queue, publishing);
    fill(queue, "requeue a");
    assertThat(List.of(kept.next(), kept.next())).containsExactly("requeue a", "requeue a again");
    container.stop();
    assertThat(drain(results)).containsExactly("seen");
  }

  @Test
  void requestsAreAnsweredOnAFixedReplyQueue() throws Exception {
    CachingConnectionFactory factory = springFactory();
    String requests = newQueue();
    String replies = newQueue();
    answer(factory, requests);
    RabbitTemplate template = new RabbitTemplate(factory);
    template.setReplyTimeout(20_000);
    template.setReplyAddress(replies);
    start(new SimpleMessageListenerContainer(), factory, replies, template);
    assertThat(template.convertSendAndReceive("", requests, "one")).isEqualTo("ONE");
    assertThat(template.convertSendAndReceive("", requests, "two")).isEqualTo("TWO");
  }

  @Test
  void requestsAreAnsweredOnTemporaryReplyQueues() throws Exception {
    CachingConnectionFactory factory = springFactory();
    String requests = newQueue();
    answer(factory, requests);
    RabbitTemplate template = new RabbitTemplate(factory);
    template.setReplyTimeout(20_000);
    template.setUseTemporaryReplyQueues(true);
    assertThat(template.convertSendAndReceive("", requests, "one")).isEqualTo("ONE");
  }

  @Test
  void requestsAreAnsweredByDirectReplyTo() throws Exception {
    CachingConnectionFactory factory = springFactory();
    String requests = newQueue();
    answer(factory, requests);
    RabbitTemplate template = new RabbitTemplate(factory);
    template.setReplyTimeout(20_000);
    assertThat(template.convertSendAndReceive("", requests, "one")).isEqualTo("ONE");
    assertThat(template.convertSendAndReceive("", requests, "two")).isEqualTo("TWO");
    template.setUseDirectReplyToContainer(false);
    assertThat(template.convertSendAndReceive("", requests, "three")).isEqualTo("THREE");
  }

  @Test
  @Tag("restarts")
  void containerGoesOnAfterARestartOfTheBroker() throws Exception {
    try (BrokerProcess broker = BrokerProcess.create()) {
      broker.start();
      CachingConnectionFactory factory = springFactory(broker.uri());
      new RabbitAdmin(factory).declareQueue(new Queue("work", true));
      RabbitTemplate template = new RabbitTemplate(factory);
      Kept kept = new Kept();
      SimpleMessageListenerContainer container = new SimpleMessageListenerContainer();
      container.setRecoveryInterval(100);
      container.setAcknowledgeMode(AcknowledgeMode.AUTO);
      start(container, factory, "work", kept);
      template.convertAndSend("", "work", "before");
      assertThat(kept.next()).isEqualTo("before");

      broker.stop();
      await().until(() -> container.getActiveConsumerCount() == 0);
      broker.start();

      template.convertAndSend("", "work", "after");
      // the broker may have stopped before it was told that the first is done
      String next = kept.next();
      assertThat(next.equals("before again") ? kept.next() : next).isEqualTo("after");
      container.destroy();
      factory.destroy();
    }
  }
}
