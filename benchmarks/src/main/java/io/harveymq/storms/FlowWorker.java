package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A publisher with confirms and a consumer that acknowledges, gives back and rejects to a queue of
 * dead letters, at a steady pace. Now and then there is no consumer, or one of both clients is
 * closed or cut off in the middle.
 */
final class FlowWorker extends Worker {
  private static final int LEAST_ROUND_SECONDS = 5;
  private static final int ROUND_SECONDS = 15;
  private static final int MOST_DEAD = 2_000;

  private final FlowKind kind;
  private final String queue;
  private final QueueModel model;
  private final QueueModel dead;
  private final double perSecond;
  private Line publishing;
  private Line consuming;
  private Channel control;
  private ConfirmedChannel publisher;
  private FlowConsumer consumer;

  FlowWorker(Setting setting, String name, long seed, double perSecond, FlowKind kind) {
    super(setting, name, seed, perSecond);
    this.kind = kind;
    this.perSecond = perSecond;
    queue = name + "-main";
    model = new QueueModel(queue, setting.faults());
    dead = new QueueModel(name + "-dead", setting.faults());
  }

  @Override
  void begin() throws Exception {
    openPublisher();
    openConsumer();
    declare(control, dead.queue(), kind.durable(), null);
    declare(control, queue, kind.durable(), kind.argumentsWithDeadLetters(dead.queue()));
  }

  private void openPublisher() throws Exception {
    publishing = connect();
    publisher = new ConfirmedChannel(publishing.connection(), setting.figures());
  }

  private void openConsumer() throws Exception {
    consuming = connect();
    control = consuming.connection().createChannel();
  }

  @Override
  void round() throws Exception {
    boolean withConsumer = random.nextInt(6) > 0;
    if (withConsumer) {
      consumer = new FlowConsumer(this, consuming.connection(), model, dead);
      consumer.start(lastNumber() + (long) perSecond, kind.isInOrder());
    }
    int millis = 1_000 * LEAST_ROUND_SECONDS + random.nextInt(1_000 * ROUND_SECONDS);
    publishFor(millis / 2);
    int upset = random.nextInt(10);
    if (upset == 0 && withConsumer) {
      cutConsumer();
    } else if (upset == 1) {
      cutPublisher();
    }
    publishFor(millis / 2);
    publisher.awaitConfirms();
    if (withConsumer) {
      consumer.finish(random);
    }
    compare();
    if (upset < 2 || random.nextInt(5) == 0) {
      drain(control, model);
      setting.figures().checks.increment();
    }
    if (dead.size() > MOST_DEAD || random.nextInt(3) == 0) {
      drain(control, dead);
    }
    if (random.nextInt(5) == 0) {
      restartInOrder();
    }
  }

  private void publishFor(long millis) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end && !isOver()) {
      pace.await();
      long number = nextNumber();
      model.publishing(number);
      long now = System.nanoTime();
      publisher.publish("", queue, properties(number), NumberedBody.of(number, now), model);
    }
  }

  private AMQP.BasicProperties properties(long number) {
    AMQP.BasicProperties.Builder builder =
        new AMQP.BasicProperties.Builder().deliveryMode(kind.durable() ? 2 : 1);
    if (kind == FlowKind.PRIORITY) {
      builder.priority((int) (number % 7));
    }
    return builder.build();
  }

  private void cutConsumer() throws Exception {
    consuming.cut();
    setting.figures().clientRestarts.increment();
    awaitConnections(1);
    consumer.lost();
    model.consumersLost();
    dead.publisherLost();
    openConsumer();
    consumer = new FlowConsumer(this, consuming.connection(), model, dead);
    consumer.start(lastNumber() + (long) perSecond, false);
  }

  private void cutPublisher() throws Exception {
    publishing.cut();
    setting.figures().clientRestarts.increment();
    awaitConnections(1);
    model.publisherLost();
    openPublisher();
  }

  private void restartInOrder() throws Exception {
    setting.figures().clientRestarts.increment();
    publishing.connection().close();
    consuming.connection().close();
    openPublisher();
    openConsumer();
    awaitConnections(2);
  }

  private void compare() throws Exception {
    for (QueueModel each : new QueueModel[] {model, dead}) {
      long count = ready(control, each.queue());
      each.checkReady(count, "a passive declare");
      compareWithApi(each.queue(), count, 0);
    }
  }

  private void drain(Channel channel, QueueModel from) throws IOException {
    // A cut connection may have left a settlement under way; the count has been compared.
    GetResponse got = channel.basicGet(from.queue(), false);
    while (got != null) {
      long number = numberOf(from.queue(), got);
      from.delivered(number);
      from.settling(number);
      channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
      got = channel.basicGet(from.queue(), false);
    }
    channel.basicQos(0);
    from.settled();
    from.empty();
  }

  @Override
  void end() throws Exception {
    drain(control, model);
    drain(control, dead);
    delete(control, queue, 0);
    delete(control, dead.queue(), 0);
    publishing.connection().close();
    consuming.connection().close();
  }
}
