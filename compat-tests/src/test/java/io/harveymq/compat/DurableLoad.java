package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client that works on durable queues until its broker dies, and afterwards compares what is left
 * with its models. All on one channel: publishes with confirms to one queue or through a fanout
 * exchange to both, acknowledgements out of order, purges; besides, other durable queues come and
 * go. One thread works at a time; the models are also reached from the thread that reads the
 * socket, hence the lock on this object.
 */
final class DurableLoad {
  private static final String EXCHANGE = "both";
  private static final int SIDE_QUEUES = 6;
  private static final int MOST_UNCONFIRMED = 150;
  private static final int PLENTY = 250;

  /** A publish that waits for its confirm. */
  private record Pending(long number, long step, List<DurableModel> queues) {}

  private enum Existence {
    PRESENT,
    ABSENT,
    UNKNOWN
  }

  private final BrokerProcess broker;
  private final long seed;
  private final List<DurableModel> models = List.of(new DurableModel("a"), new DurableModel("b"));
  private final Map<String, Existence> sideQueues = new HashMap<>();
  private final NavigableMap<Long, Pending> unconfirmed = new TreeMap<>();
  private final List<String> nacks = new ArrayList<>();
  private final Map<DurableModel, BlockingQueue<Delivery>> arrived = new HashMap<>();
  private long lastNumber;
  private long step;
  private long confirms;
  private Connection connection;
  private Channel channel;

  DurableLoad(BrokerProcess broker, long seed) {
    this.broker = broker;
    this.seed = seed;
    models.forEach(model -> arrived.put(model, new LinkedBlockingQueue<>()));
  }

  /** Declares the queues; once, before everything else. */
  void declare() throws Exception {
    try (Connection setup = broker.connect()) {
      Channel declaring = setup.createChannel();
      declaring.exchangeDeclare(EXCHANGE, "fanout", true);
      for (DurableModel model : models) {
        declaring.queueDeclare(model.queue(), true, false, false, null);
        declaring.queueBind(model.queue(), EXCHANGE, "");
      }
    }
  }

  /** Confirms so far that told of a message in a queue. */
  synchronized long confirms() {
    return confirms;
  }

  /** Messages that should be in the queues. */
  synchronized int size() {
    return models.stream().mapToInt(DurableModel::size).sum();
  }

  /** Connects, and compares all that the broker has with what it may and must have. */
  void connectAndVerify(Random random) throws Exception {
    unconfirmed.clear();
    connection = broker.connect();
    verifySideQueues();
    openAndDrain();
    if (random.nextInt(3) == 0) {
      // Given back and fetched again it must be the same.
      channel.close();
      openAndDrain();
    }
    channel.confirmSelect();
    channel.addConfirmListener(this::confirm, (tag, multiple) -> nacks.add("nack of " + tag));
  }

  private void verifySideQueues() throws Exception {
    for (int i = 0; i < SIDE_QUEUES; i++) {
      String queue = "side-" + i;
      boolean exists = exists(queue);
      Existence expected = sideQueues.getOrDefault(queue, Existence.ABSENT);
      // As to the script's broker, see BrokerProcess.settleDefinitions.
      if (expected != Existence.UNKNOWN && !BrokerProcess.isScript()) {
        assertThat(exists).as("%s exists", queue).isEqualTo(expected == Existence.PRESENT);
      }
      sideQueues.put(queue, exists ? Existence.PRESENT : Existence.ABSENT);
    }
  }

  private boolean exists(String queue) throws Exception {
    Channel asking = connection.createChannel();
    try {
      asking.queueDeclarePassive(queue);
      asking.close();
      return true;
    } catch (IOException refused) {
      assertThat(Closing.of(refused).code()).isEqualTo(404);
      return false;
    }
  }

  private void openAndDrain() throws Exception {
    channel = connection.createChannel();
    for (DurableModel model : models) {
      BlockingQueue<Delivery> deliveries = arrived.get(model);
      deliveries.clear();
      int count = channel.queueDeclarePassive(model.queue()).getMessageCount();
      channel.basicConsume(model.queue(), false, new Keeper(deliveries));
      Map<Long, Long> tags = new HashMap<>();
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Delivery delivery = deliveries.poll(10, TimeUnit.SECONDS);
        assertThat(delivery).as("delivery %d of %d of %s", i, count, model.queue()).isNotNull();
        long number = NumberedMessage.verified(seed, delivery);
        numbers.add(number);
        tags.put(number, delivery.getEnvelope().getDeliveryTag());
      }
      channel.basicQos(0);
      assertThat(deliveries).as("more than the %d of %s", count, model.queue()).isEmpty();
      synchronized (this) {
        model.verify(numbers);
        tags.forEach(model::delivered);
      }
    }
  }

  /** Works until the broker is gone. */
  void work(Random random) throws Exception {
    try {
      while (true) {
        workOnce(random);
      }
    } catch (IOException | AlreadyClosedException died) {
      Closing.assertBrokerEnded(died);
    } finally {
      connection.abort(5_000);
      assertThat(nacks).isEmpty();
    }
  }

  private void workOnce(Random random) throws Exception {
    takeArrivals();
    int choice = random.nextInt(1000);
    if (choice < 3) {
      purge(models.get(random.nextInt(models.size())));
    } else if (choice < 20) {
      changeSideQueue("side-" + random.nextInt(SIDE_QUEUES), random);
    } else if (choice < (size() > PLENTY ? 350 : 600)) {
      publish(random);
    } else {
      acknowledge(models.get(random.nextInt(models.size())), random);
    }
  }

  private void takeArrivals() {
    for (DurableModel model : models) {
      BlockingQueue<Delivery> deliveries = arrived.get(model);
      for (Delivery got = deliveries.poll(); got != null; got = deliveries.poll()) {
        long number = NumberedMessage.verified(seed, got);
        synchronized (this) {
          model.delivered(number, got.getEnvelope().getDeliveryTag());
        }
      }
    }
  }

  private void publish(Random random) throws Exception {
    int kind = random.nextInt(3);
    List<DurableModel> queues = kind == 2 ? models : List.of(models.get(kind));
    long number;
    synchronized (this) {
      while (unconfirmed.size() >= MOST_UNCONFIRMED && channel.isOpen()) {
        wait(20);
      }
      number = ++lastNumber;
      queues.forEach(model -> model.publishing(number));
      unconfirmed.put(channel.getNextPublishSeqNo(), new Pending(number, ++step, queues));
    }
    String exchange = kind == 2 ? EXCHANGE : "";
    String key = kind == 2 ? "" : queues.get(0).queue();
    byte[] body = NumberedMessage.body(seed, number);
    channel.basicPublish(exchange, key, NumberedMessage.properties(number), body);
  }

  private synchronized void confirm(long tag, boolean multiple) {
    NavigableMap<Long, Pending> these =
        multiple ? unconfirmed.headMap(tag, true) : unconfirmed.subMap(tag, true, tag, true);
    for (Pending pending : these.values()) {
      for (DurableModel queue : pending.queues()) {
        confirms++;
        if (queue.confirmed(pending.number())) {
          storedUpTo(queue, pending.step());
        }
      }
    }
    these.clear();
    notifyAll();
  }

  /** RabbitMQ stores each queue by itself, so there a queue tells nothing about another one. */
  private void storedUpTo(DurableModel queue, long publishStep) {
    if (BrokerProcess.isScript()) {
      queue.storedUpTo(publishStep);
    } else {
      models.forEach(model -> model.storedUpTo(publishStep));
    }
  }

  private void acknowledge(DurableModel model, Random random) throws IOException {
    long tag;
    synchronized (this) {
      List<Long> numbers = List.copyOf(model.unacknowledged().keySet());
      if (numbers.isEmpty()) {
        return;
      }
      long number = numbers.get(random.nextInt(numbers.size()));
      tag = model.unacknowledged().get(number);
      model.acknowledging(number, ++step);
    }
    channel.basicAck(tag, false);
  }

  private void purge(DurableModel model) throws IOException {
    long purgeStep;
    synchronized (this) {
      purgeStep = ++step;
      model.purging();
    }
    try {
      channel.queuePurge(model.queue());
      // RabbitMQ answers a purge before deliveries that the queue had sent already; not this one.
      channel.basicQos(0);
    } finally {
      takeArrivals();
      synchronized (this) {
        model.purged(purgeStep);
      }
    }
  }

  private void changeSideQueue(String queue, Random random) throws IOException {
    Existence before = sideQueues.put(queue, Existence.UNKNOWN);
    if (random.nextBoolean()) {
      int count = channel.queueDeclare(queue, true, false, false, null).getMessageCount();
      if (before == Existence.ABSENT) {
        assertThat(count).as("messages in the new queue %s", queue).isZero();
      }
      for (int i = random.nextInt(20); i > 0; i--) {
        byte[] body = new byte[random.nextInt(3_000)];
        channel.basicPublish("", queue, NumberedMessage.properties(0), body);
      }
      sideQueues.put(queue, Existence.PRESENT);
    } else {
      channel.queueDelete(queue);
      sideQueues.put(queue, Existence.ABSENT);
    }
  }

  /** Keeps deliveries for the working thread. */
  private final class Keeper extends DefaultConsumer {
    private final BlockingQueue<Delivery> deliveries;

    Keeper(BlockingQueue<Delivery> deliveries) {
      super(channel);
      this.deliveries = deliveries;
    }

    @Override
    public void handleDelivery(
        String tag,
        Envelope envelope,
        com.rabbitmq.client.AMQP.BasicProperties properties,
        byte[] body) {
      deliveries.add(new Delivery(envelope, properties, body));
    }
  }
}
