package io.harveymq.storms;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Exchanges, queues and bindings that come and go, with publishes between: who gets a message
 * follows from the bindings of the moment, and whoever gets none gets it back.
 */
final class TopologyWorker extends Worker {
  private static final List<String> TYPES = List.of("direct", "fanout", "topic");
  private static final int EXCHANGES = 4;
  private static final int QUEUES = 6;
  private static final int KEYS = 5;
  private static final int MOST_WAITING = 200;

  private record Binding(String exchange, String queue, String key) {}

  private final Map<String, String> exchanges = new TreeMap<>();
  private final Map<String, Deque<Long>> queues = new TreeMap<>();
  private final Set<Binding> bindings = new HashSet<>();
  private final List<Long> returned = new ArrayList<>();
  private Line line;
  private Channel channel;
  private ConfirmedChannel publisher;

  TopologyWorker(Setting setting, String name, long seed, double perSecond) {
    super(setting, name, seed, perSecond);
  }

  @Override
  void begin() throws Exception {
    line = connect();
    channel = line.connection().createChannel();
    publisher = new ConfirmedChannel(line.connection(), setting.figures());
    publisher
        .channel()
        .addReturnListener(
            back -> {
              synchronized (returned) {
                returned.add(NumberedBody.number(back.getBody()));
              }
            });
  }

  @Override
  void round() throws Exception {
    for (int i = 0; i < 15; i++) {
      change();
      publish(random.nextInt(12));
    }
    for (var entry : queues.entrySet()) {
      expect("the count of " + entry.getKey(), entry.getValue().size(), ready(entry.getKey()));
    }
    if (!queues.isEmpty()) {
      String queue = any(queues.keySet());
      compareWithApi(queue, queues.get(queue).size(), 0);
      var api = setting.broker().api().get("queues/%2F/" + queue + "/bindings");
      long bound = bindings.stream().filter(each -> each.queue().equals(queue)).count();
      // The default exchange binds each queue.
      expect("bindings of " + queue + " by the API", bound + 1, api.size());
    }
  }

  private long ready(String queue) throws IOException {
    return ready(channel, queue);
  }

  private <T> T any(Set<T> things) {
    return things.stream().skip(random.nextInt(things.size())).findFirst().orElseThrow();
  }

  private void change() throws Exception {
    String exchange = name + "-x" + random.nextInt(EXCHANGES);
    String queue = name + "-q" + random.nextInt(QUEUES);
    int choice = random.nextInt(10);
    if (choice == 0 && exchanges.containsKey(exchange)) {
      channel.exchangeDelete(exchange);
      exchanges.remove(exchange);
      bindings.removeIf(each -> each.exchange().equals(exchange));
    } else if (choice == 1 && queues.containsKey(queue)) {
      delete(channel, queue, queues.remove(queue).size());
      bindings.removeIf(each -> each.queue().equals(queue));
    } else if (choice == 2 && queues.containsKey(queue)) {
      int purged = channel.queuePurge(queue).getMessageCount();
      expect("what was purged of " + queue, queues.get(queue).size(), purged);
      queues.get(queue).clear();
    } else if (choice == 3 && !bindings.isEmpty()) {
      Binding binding = any(bindings);
      channel.queueUnbind(binding.queue(), binding.exchange(), binding.key());
      bindings.remove(binding);
    } else if (choice == 4 && queues.containsKey(queue)) {
      take(queue, queues.get(queue).size());
    } else {
      bind(exchange, queue);
    }
  }

  private void bind(String exchange, String queue) throws IOException {
    if (!exchanges.containsKey(exchange)) {
      String type = TYPES.get(random.nextInt(TYPES.size()));
      channel.exchangeDeclare(exchange, type, random.nextBoolean());
      setting.figures().declares.increment();
      exchanges.put(exchange, type);
    }
    if (!queues.containsKey(queue)) {
      int kind = random.nextInt(4);
      if (kind == 0) {
        declare(channel, queue, true, Map.of("x-queue-type", "quorum"));
      } else {
        boolean exclusive = kind == 1;
        setting.figures().declares.increment();
        channel.queueDeclare(queue, kind == 2, exclusive, false, null);
      }
      queues.put(queue, new ArrayDeque<>());
    }
    String key = random.nextInt(6) == 0 ? "#" : "k" + random.nextInt(KEYS);
    channel.queueBind(queue, exchange, key);
    bindings.add(new Binding(exchange, queue, key));
  }

  private void publish(int count) throws Exception {
    if (exchanges.isEmpty()) {
      return;
    }
    Set<Long> unroutable = new HashSet<>();
    String exchange = any(exchanges.keySet());
    for (int i = 0; i < count; i++) {
      pace.await();
      String key = "k" + random.nextInt(KEYS);
      long number = nextNumber();
      Set<String> targets = route(exchange, key);
      targets.forEach(queue -> queues.get(queue).add(number));
      if (targets.isEmpty()) {
        unroutable.add(number);
      }
      AMQP.BasicProperties properties =
          random.nextBoolean()
              ? MessageProperties.PERSISTENT_BASIC
              : MessageProperties.MINIMAL_BASIC;
      publisher.publishMandatory(
          exchange, key, properties, NumberedBody.of(number, System.nanoTime()));
    }
    publisher.awaitConfirms();
    synchronized (returned) {
      if (!unroutable.equals(new HashSet<>(returned))) {
        fault(returned + " were returned, must be " + unroutable);
      }
      returned.clear();
    }
    for (String queue : queues.keySet()) {
      if (queues.get(queue).size() > MOST_WAITING) {
        take(queue, queues.get(queue).size());
      }
    }
  }

  private Set<String> route(String exchange, String key) {
    String type = exchanges.get(exchange);
    Set<String> targets = new HashSet<>();
    for (Binding binding : bindings) {
      boolean matches =
          type.equals("fanout")
              || binding.key().equals(key)
              || (type.equals("topic") && binding.key().equals("#"));
      if (binding.exchange().equals(exchange) && matches) {
        targets.add(binding.queue());
      }
    }
    return targets;
  }

  private void take(String queue, int count) throws IOException {
    Deque<Long> waiting = queues.get(queue);
    for (int i = 0; i < count; i++) {
      GetResponse got = channel.basicGet(queue, true);
      if (got == null) {
        fault(queue + " is empty, " + waiting.size() + " must be in it");
        return;
      }
      expect("the next message of " + queue, waiting.removeFirst(), numberOf(queue, got));
    }
  }

  @Override
  void end() throws Exception {
    for (String queue : new HashMap<>(queues).keySet()) {
      take(queue, queues.get(queue).size());
      delete(channel, queue, 0);
    }
    for (String exchange : exchanges.keySet()) {
      channel.exchangeDelete(exchange);
    }
    line.connection().close();
  }
}
