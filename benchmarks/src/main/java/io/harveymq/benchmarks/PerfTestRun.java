package io.harveymq.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RabbitMQ's own PerfTest, in a process of its own, with one producer and one consumer and
 * automatic acknowledgement. A real client library costs far more than a broker, so its rate says
 * little on a small machine; the broker's CPU per message does. PerfTest must be on this process's
 * class path.
 */
public final class PerfTestRun implements Measurement {
  private static final Pattern LINE =
      Pattern.compile("time ([\\d.]+) s, sent: (\\d+) msg/s, received: (\\d+) msg/s");

  private final int bodyBytes;
  private final Window window;

  public PerfTestRun(int bodyBytes, Window window) {
    this.bodyBytes = bodyBytes;
    this.window = window;
  }

  @Override
  public String name() {
    return "PerfTest " + bodyBytes + " B";
  }

  @Override
  public Result run(Broker broker) throws IOException, InterruptedException {
    Process process = start(broker.target());
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      Tally tally = new Tally(broker, window);
      StringBuilder rest = new StringBuilder();
      String line = output.readLine();
      while (line != null) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.find()) {
          tally.add(matcher);
        } else {
          rest.append(line).append('\n');
        }
        line = output.readLine();
      }
      if (process.waitFor() != 0 || !tally.complete()) {
        throw new IOException("PerfTest failed:\n" + rest);
      }
      return new Result(name(), broker.name(), tally.values());
    } finally {
      process.destroy();
    }
  }

  private Process start(Target target) throws IOException {
    String uri =
        String.format(
            "amqp://%s:%s@%s:%d/%s",
            encode(target.user()),
            encode(target.password()),
            target.host(),
            target.port(),
            encode(target.virtualHost()));
    long seconds = window.warmUp().plus(window.measured()).toSeconds() + 2;
    List<String> options = List.of("--uri", uri, "--id", "side-by-side", "--autoack");
    List<String> sizes = List.of("-x", "1", "-y", "1", "-s", Integer.toString(bodyBytes));
    // A predeclared exchange, because PerfTest would leave one of its own behind.
    List<String> end = List.of("--exchange", "amq.direct", "-z", Long.toString(seconds));
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(System.getProperty("java.home") + File.separator + "bin/java");
    builder.command().addAll(List.of("-cp", System.getProperty("java.class.path")));
    builder.command().add("com.rabbitmq.perf.PerfTest");
    builder.command().addAll(options);
    builder.command().addAll(sizes);
    builder.command().addAll(end);
    return builder.redirectErrorStream(true).start();
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /**
   * Adds up the lines of the measured span, with the broker's CPU time at its first and last line.
   */
  private static final class Tally {
    private final Broker broker;
    private final double from;
    private final double until;
    private CpuSample first;
    private CpuSample last;
    private double previous;
    private double sent;
    private double received;

    Tally(Broker broker, Window window) {
      this.broker = broker;
      this.from = window.warmUp().toMillis() / 1e3;
      this.until = from + window.measured().toMillis() / 1e3;
    }

    void add(Matcher line) {
      double time = Double.parseDouble(line.group(1));
      double interval = time - previous;
      previous = time;
      if (first == null) {
        first = time >= from ? CpuSample.take(broker.process()) : null;
      } else if (time <= until + interval / 2) {
        sent += Double.parseDouble(line.group(2)) * interval;
        received += Double.parseDouble(line.group(3)) * interval;
        last = CpuSample.take(broker.process());
      }
    }

    boolean complete() {
      return last != null;
    }

    Map<Metric, Double> values() {
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      double seconds = first.secondsUntil(last);
      values.put(Metric.DELIVERED, received / seconds);
      values.put(Metric.PUBLISHED, sent / seconds);
      first.report(last, received, values);
      values.remove(Metric.CLIENT_CPU_PER_MESSAGE);
      values.put(Metric.RESIDENT, broker.process().residentKib() / 1024.0);
      return values;
    }
  }
}
