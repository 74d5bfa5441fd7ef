package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Messages that expire, by their queue or by themselves, into a queue of dead letters; and queues
 * that expire unused.
 */
final class TtlWorker extends Worker {
  private static final Duration MARGIN = Duration.ofSeconds(15);
  private static final int LEAST_TTL = 300;

  private final QueueModel dead;
  private Line line;
  private Channel channel;
  private ConfirmedChannel publisher;
  private int rounds;

  TtlWorker(Setting setting, String name, long seed, double perSecond) {
    super(setting, name, seed, perSecond);
    dead = new QueueModel(name + "-dead", setting.faults());
  }

  @Override
  void begin() throws Exception {
    line = connect();
    channel = line.connection().createChannel();
    publisher = new ConfirmedChannel(line.connection(), setting.figures());
    declare(channel, dead.queue(), true, null);
  }

  @Override
  void round() throws Exception {
    int ttl = LEAST_TTL + random.nextInt(2_500);
    boolean byQueue = random.nextBoolean();
    boolean durable = random.nextBoolean();
    String queue = name + "-ttl-" + ++rounds;
    Map<String, Object> letters =
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead.queue());
    Map<String, Object> timed =
        Map.of(
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            dead.queue(),
            "x-message-ttl",
            ttl);
    declare(channel, queue, durable, byQueue ? timed : letters);
    String idle = name + "-idle-" + rounds;
    declare(channel, idle, durable, Map.of("x-expires", ttl));
    AMQP.BasicProperties.Builder properties =
        new AMQP.BasicProperties.Builder().deliveryMode(durable ? 2 : 1);
    if (!byQueue) {
      properties.expiration(String.valueOf(ttl));
    }
    int count = 20 + random.nextInt(200);
    for (int i = 0; i < count; i++) {
      pace.await();
      long number = nextNumber();
      dead.publishing(number);
      byte[] body = NumberedBody.of(number, System.nanoTime());
      publisher.publish("", queue, properties.build(), body, List.of());
    }
    publisher.awaitConfirms();
    awaitDead(ttl);
    expect(queue + " after " + ttl + " ms", 0, ready(channel, queue));
    takeDead(queue, ttl);
    delete(channel, queue, 0);
    awaitGone(idle);
  }

  private void awaitDead(int ttl) throws IOException, InterruptedException {
    Await.within(MARGIN.plusMillis(ttl), () -> ready(channel, dead.queue()) >= dead.size());
    dead.allConfirmed();
    dead.checkReady(ready(channel, dead.queue()), "a passive declare " + ttl + " ms later");
    compareWithApi(dead.queue(), dead.size(), 0);
  }

  private void takeDead(String source, int ttl) throws IOException {
    long last = 0;
    GetResponse got = channel.basicGet(dead.queue(), true);
    while (got != null) {
      long number = numberOf(dead.queue(), got);
      if (number <= last) {
        fault(number + " expired after " + last);
      }
      last = number;
      dead.delivered(number);
      dead.settling(number);
      long millis = (System.nanoTime() - NumberedBody.nanos(got.getBody())) / 1_000_000;
      if (millis < ttl - 1) {
        fault(number + " expired after " + millis + " ms of " + ttl);
      }
      String deaths = String.valueOf(got.getProps().getHeaders().get("x-death"));
      if (!deaths.contains("reason=expired") || !deaths.contains(source)) {
        fault(number + " tells of its death: " + deaths);
      }
      got = channel.basicGet(dead.queue(), true);
    }
    dead.settled();
    dead.empty();
  }

  private void awaitGone(String queue) throws Exception {
    // A list is no use of the queue; a passive declare would begin its time anew.
    if (!Await.within(MARGIN, () -> !isThere(queue))) {
      fault(queue + " did not expire");
    }
  }

  private boolean isThere(String queue) throws IOException, InterruptedException {
    for (var info : setting.broker().api().get("queues/%2F?columns=name")) {
      if (info.path("name").asText().equals(queue)) {
        return true;
      }
    }
    return false;
  }

  @Override
  void end() throws Exception {
    delete(channel, dead.queue(), 0);
    line.connection().close();
  }
}
