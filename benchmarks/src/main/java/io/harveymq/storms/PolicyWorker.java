package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Queues whose length and time to live policies change through the HTTP API. */
final class PolicyWorker extends Worker {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Deque<Long> waiting = new ArrayDeque<>();
  private final String policy;
  private Line line;
  private Channel channel;
  private ConfirmedChannel publisher;
  private String queue;
  private int rounds;

  PolicyWorker(Setting setting, String name, long seed, double perSecond) {
    super(setting, name, seed, perSecond);
    policy = "policies/%2F/" + name;
  }

  @Override
  void begin() throws Exception {
    line = connect();
    channel = line.connection().createChannel();
    publisher = new ConfirmedChannel(line.connection(), setting.figures());
  }

  @Override
  void round() throws Exception {
    queue = name + "-q-" + ++rounds;
    declare(channel, queue, random.nextBoolean(), null);
    publish(50 + random.nextInt(150));
    int most = 10 + random.nextInt(80);
    set("\"max-length\":" + most);
    while (waiting.size() > most) {
      waiting.removeFirst();
    }
    awaitCount();
    publish(random.nextInt(60));
    while (waiting.size() > most) {
      waiting.removeFirst();
    }
    expect("the count under max-length " + most, waiting.size(), ready(channel, queue));
    set("\"max-length\":" + most + ",\"overflow\":\"reject-publish\"");
    long refusedBefore = publisher.refused();
    int tried = random.nextInt(100);
    int room = most - waiting.size();
    publish(tried);
    long refused = publisher.refused() - refusedBefore;
    expect("publishes that a full queue refused", Math.max(0, tried - room), refused);
    for (long i = 0; i < refused; i++) {
      waiting.removeLast();
    }
    awaitCount();
    take(random.nextInt(waiting.size() + 1));
    expect("the count after gets", waiting.size(), ready(channel, queue));
    if (random.nextBoolean()) {
      // As in RabbitMQ, it is for messages that come from now on.
      set("\"message-ttl\":200");
      take(waiting.size());
      publish(20);
      waiting.clear();
      awaitCount();
    }
    setting.broker().api().delete(policy);
    publish(100);
    expect("the count without a policy", waiting.size(), ready(channel, queue));
    compareWithApi(queue, waiting.size(), 0);
    take(waiting.size() / 2);
    delete(channel, queue, waiting.size());
    waiting.clear();
  }

  private void set(String definition) throws Exception {
    String body =
        "{\"pattern\":\"^%s-q-\",\"apply-to\":\"queues\",\"definition\":{%s}}"
            .formatted(name, definition);
    setting.broker().api().put(policy, body);
    setting.figures().declares.increment();
  }

  private void publish(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      pace.await();
      long number = nextNumber();
      byte[] body = NumberedBody.of(number, System.nanoTime());
      waiting.add(number);
      publisher.publish("", queue, MessageProperties.PERSISTENT_BASIC, body, List.of());
    }
    publisher.awaitConfirms();
  }

  private void awaitCount() throws IOException, InterruptedException {
    Await.within(LIMIT, () -> ready(channel, queue) == waiting.size());
    expect("the count of " + queue + " after a policy", waiting.size(), ready(channel, queue));
  }

  private void take(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      GetResponse got = channel.basicGet(queue, true);
      if (got == null) {
        fault(queue + " is empty, " + waiting.size() + " must be in it");
        return;
      }
      expect("the next message", waiting.removeFirst(), numberOf(queue, got));
    }
  }

  @Override
  void end() throws Exception {
    line.connection().close();
  }
}
