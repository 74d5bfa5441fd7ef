package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConfirmMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A channel of a client driven by hand. */
public final class TestChannel {
  private final TestClient client;
  private final int number;

  TestChannel(TestClient client, int number) {
    this.client = client;
    this.number = number;
  }

  TestChannel open() {
    call(new ChannelMethod.Open(), ChannelMethod.OpenOk.class);
    return this;
  }

  public TestClient client() {
    return client;
  }

  public int number() {
    return number;
  }

  // ---- anything

  /** Sends methods without awaiting anything. */
  public TestChannel send(Method... methods) {
    for (Method method : methods) {
      client.send(number, method);
    }
    return this;
  }

  /** Sends a method and awaits its answer. */
  public <T extends Method> T call(Method method, Class<T> answer) {
    send(method);
    return expect(answer);
  }

  public <T extends Method> T expect(Class<T> type) {
    return client.expect(number, type);
  }

  /** The next command; null when none comes. */
  public Received next() {
    return client.next(number);
  }

  /** The broker is at rest and has nothing more to say on this channel. */
  public void expectNothing() {
    assertThat(client.all(number)).isEmpty();
  }

  // ---- queues and exchanges

  public TestChannel declare(String queue) {
    declare(queue, false, false);
    return this;
  }

  public QueueMethod.DeclareOk declare(String queue, boolean exclusive, boolean autoDelete) {
    return call(
        new QueueMethod.Declare(
            queue, false, false, exclusive, autoDelete, false, FieldTable.EMPTY),
        QueueMethod.DeclareOk.class);
  }

  public static QueueMethod.Declare passive(String queue) {
    return new QueueMethod.Declare(queue, true, false, false, false, false, FieldTable.EMPTY);
  }

  public TestChannel declareExchange(String name, String type, FieldTable arguments) {
    call(
        new ExchangeMethod.Declare(name, type, false, false, false, false, false, arguments),
        ExchangeMethod.DeclareOk.class);
    return this;
  }

  public TestChannel declareExchange(String name, String type) {
    return declareExchange(name, type, FieldTable.EMPTY);
  }

  public TestChannel bind(String queue, String exchange, String key) {
    call(
        new QueueMethod.Bind(queue, exchange, key, false, FieldTable.EMPTY),
        QueueMethod.BindOk.class);
    return this;
  }

  public TestChannel unbind(String queue, String exchange, String key) {
    call(
        new QueueMethod.Unbind(queue, exchange, key, FieldTable.EMPTY), QueueMethod.UnbindOk.class);
    return this;
  }

  public TestChannel bindExchange(String destination, String source, String key) {
    call(
        new ExchangeMethod.Bind(destination, source, key, false, FieldTable.EMPTY),
        ExchangeMethod.BindOk.class);
    return this;
  }

  // ---- messages

  public TestChannel publish(String queue, String body) {
    return publish("", queue, body);
  }

  public TestChannel publish(String exchange, String key, String body) {
    return publish(exchange, key, BasicProperties.EMPTY, body.getBytes(StandardCharsets.UTF_8));
  }

  public TestChannel publish(String exchange, String key, BasicProperties properties, byte[] body) {
    client.content(number, new BasicMethod.Publish(exchange, key, false, false), properties, body);
    return this;
  }

  /** Publishes many messages in as few bursts as they take. */
  public TestChannel publishAll(String queue, List<String> bodies) {
    BasicMethod.Publish publish = new BasicMethod.Publish("", queue, false, false);
    ByteBuf out = Unpooled.buffer();
    for (String body : bodies) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(client.encode(number, publish, BasicProperties.EMPTY, bytes));
    }
    client.push(out);
    client.broker().run();
    return this;
  }

  public TestChannel publishMandatory(String exchange, String key, String body) {
    client.content(
        number,
        new BasicMethod.Publish(exchange, key, true, false),
        BasicProperties.EMPTY,
        body.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public TestChannel confirm() {
    call(new ConfirmMethod.Select(false), ConfirmMethod.SelectOk.class);
    return this;
  }

  public TestChannel prefetch(int count) {
    return qos(count, false);
  }

  public TestChannel qos(int count, boolean global) {
    call(new BasicMethod.Qos(0, count, global), BasicMethod.QosOk.class);
    return this;
  }

  public TestChannel consume(String queue, String tag) {
    return consume(queue, tag, false, FieldTable.EMPTY);
  }

  public TestChannel consume(String queue, String tag, boolean noAck, FieldTable arguments) {
    call(
        new BasicMethod.Consume(queue, tag, false, noAck, false, false, arguments),
        BasicMethod.ConsumeOk.class);
    return this;
  }

  /** The next command, which has to be a delivery. */
  public Received nextDelivery() {
    Received next = next();
    assertThat(next).as("a delivery on channel %d", number).isNotNull();
    assertThat(next.method()).isInstanceOf(BasicMethod.Deliver.class);
    return next;
  }

  /** The bodies of all deliveries that come until the broker is at rest. */
  public List<String> deliveries() {
    List<String> bodies = new ArrayList<>();
    for (Received one : client.all(number)) {
      assertThat(one.method()).isInstanceOf(BasicMethod.Deliver.class);
      bodies.add(one.text());
    }
    return bodies;
  }

  /** Fetches a message; null when the queue is empty. */
  public Received get(String queue) {
    send(new BasicMethod.Get(queue, false));
    Received answer = next();
    assertThat(answer).isNotNull();
    return answer.method() instanceof BasicMethod.GetEmpty ? null : answer;
  }

  /** Fetches all messages of a queue, without acknowledging them. */
  public List<String> drain(String queue) {
    List<String> bodies = new ArrayList<>();
    for (Received one = get(queue); one != null; one = get(queue)) {
      bodies.add(one.text());
    }
    return bodies;
  }

  public TestChannel ack(long tag) {
    return send(new BasicMethod.Ack(tag, false));
  }

  public TestChannel ackUpTo(long tag) {
    return send(new BasicMethod.Ack(tag, true));
  }

  public TestChannel requeueUpTo(long tag) {
    return send(new BasicMethod.Nack(tag, true, true));
  }

  public TestChannel requeue(long tag) {
    return send(new BasicMethod.Reject(tag, true));
  }

  public TestChannel cancel(String tag) {
    call(new BasicMethod.Cancel(tag, false), BasicMethod.CancelOk.class);
    return this;
  }

  public void close() {
    call(new ChannelMethod.Close(200, "bye", 0, 0), ChannelMethod.CloseOk.class);
  }

  /** Awaits the close of the channel and agrees to it. */
  public ChannelMethod.Close expectClose(int replyCode) {
    ChannelMethod.Close close = expect(ChannelMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(replyCode);
    send(new ChannelMethod.CloseOk());
    return close;
  }
}
