package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that are killed with SIGKILL while they publish, many in each of a few processes. What
 * was confirmed to them must be in the queue, once; their connections must be gone soon.
 */
final class KilledClientsStorm {
  private static final String QUEUE = "killed-clients";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int LEAST_MILLIS = 300;
  private static final int MORE_MILLIS = 1_500;

  private final StormBroker broker;
  private final Faults faults;
  private final Random random;

  KilledClientsStorm(StormBroker broker, Faults faults, long seed) {
    this.broker = broker;
    this.faults = faults;
    this.random = new Random(seed);
  }

  /** Kills so many processes one after another, with so many clients in each. */
  void run(int processes, int clients) throws IOException, InterruptedException, TimeoutException {
    Path logs = Files.createDirectories(broker.data().resolveSibling("confirmed"));
    int handles = broker.figures().handles();
    try (Connection connection = broker.factory().newConnection("declaring")) {
      connection.createChannel().queueDeclare(QUEUE, true, false, false, null);
    }
    double slowest = 0;
    for (int i = 0; i < processes; i++) {
      killOne(logs.resolve("p" + i), i * clients, clients);
      slowest =
          Math.max(
              slowest,
              Await.until(
                  "the connections of killed clients are gone",
                  LIMIT,
                  () -> broker.api().count("connections") == 0,
                  faults));
    }
    Set<Long> confirmed = new HashSet<>();
    for (int i = 0; i < processes; i++) {
      ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(logs.resolve("p" + i)));
      Files.delete(logs.resolve("p" + i));
      while (numbers.remaining() >= Long.BYTES) {
        confirmed.add(numbers.getLong());
      }
    }
    Files.delete(logs);
    int there = compare(confirmed);
    Await.until("handles are back", LIMIT, () -> broker.figures().handles() <= handles + 4, faults);
    System.out.printf(
        "%d clients in %d processes killed: %d messages confirmed, %d in the queue,"
            + " connections gone after %.1f s at the most%n",
        processes * clients, processes, confirmed.size(), there, slowest);
    if (confirmed.isEmpty()) {
      faults.add("nothing was confirmed");
    }
  }

  private void killOne(Path log, int first, int clients) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            ClientProcess.class.getName(),
            String.valueOf(broker.port()),
            QUEUE,
            log.toString(),
            String.valueOf(first),
            String.valueOf(clients));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null && !line.equals("publishing")) {
        line = out.readLine();
      }
      if (line == null) {
        faults.add("a process of clients ended by itself with " + process.waitFor());
      }
      process.waitFor(LEAST_MILLIS + random.nextInt(MORE_MILLIS), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Takes all from the queue and deletes it; how many there were. */
  private int compare(Set<Long> confirmed)
      throws IOException, InterruptedException, TimeoutException {
    Set<Long> there = new HashSet<>();
    try (Connection connection = broker.factory().newConnection("comparing")) {
      Channel channel = connection.createChannel();
      int count = channel.queueDeclarePassive(QUEUE).getMessageCount();
      channel.basicConsume(QUEUE, true, new Collector(channel, there));
      Await.until("all were delivered", LIMIT, () -> size(there) >= count, faults);
      channel.basicQos(0);
      int left = channel.queueDelete(QUEUE).getMessageCount();
      if (left > 0 || size(there) != count) {
        faults.add(count + " were there, " + size(there) + " came, " + left + " are left");
      }
    }
    synchronized (there) {
      Set<Long> lost = new HashSet<>(confirmed);
      lost.removeAll(there);
      if (!lost.isEmpty()) {
        faults.add(lost.size() + " confirmed messages are lost, such as " + lost.iterator().next());
      }
      return there.size();
    }
  }

  private static int size(Set<Long> numbers) {
    synchronized (numbers) {
      return numbers.size();
    }
  }

  /** Keeps the numbers of what comes. */
  private final class Collector extends DefaultConsumer {
    private final Set<Long> numbers;

    Collector(Channel channel, Set<Long> numbers) {
      super(channel);
      this.numbers = numbers;
    }

    @Override
    public void handleDelivery(
        String tag,
        Envelope envelope,
        com.rabbitmq.client.AMQP.BasicProperties properties,
        byte[] body) {
      long number = NumberedBody.number(body);
      synchronized (numbers) {
        if (number < 0 || !numbers.add(number)) {
          faults.add("a message is not as it was sent, or came twice: " + number);
        }
      }
    }
  }
}
