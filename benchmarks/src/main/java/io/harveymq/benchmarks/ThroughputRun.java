package io.harveymq.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Publishers and consumers at full speed: messages per second, broker CPU per message, memory and
 * backlog. The calling thread sets up and samples; each worker has a thread of its own.
 */
public final class ThroughputRun implements Measurement {
  private final LoadPlan plan;
  private final Window window;

  public ThroughputRun(LoadPlan plan, Window window) {
    this.plan = plan;
    this.window = window;
  }

  @Override
  public String name() {
    return plan.title();
  }

  @Override
  public Result run(Broker broker) throws IOException, InterruptedException {
    try (Session session = new Session(broker.target(), plan)) {
      return session.measure(broker, window);
    }
  }

  /** One run: its queues, its workers, and their removal. */
  private static final class Session implements Closeable {
    private final Target target;
    private final LoadPlan plan;
    private final String prefix = String.format("load-%08x", ThreadLocalRandom.current().nextInt());
    private final AmqpConnection setup;
    private final List<String> queues = new ArrayList<>();
    private final List<FrameWriter.Route> routes = new ArrayList<>();
    private final List<String> exchanges = new ArrayList<>();
    private final List<LoadWorker> consumers = new ArrayList<>();
    private final List<LoadWorker> publishers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    Session(Target target, LoadPlan plan) throws IOException {
      this.target = target;
      this.plan = plan;
      this.setup = AmqpConnection.open(target);
    }

    Result measure(Broker broker, Window window) throws IOException, InterruptedException {
      for (int pair = 0; pair < plan.pairs(); pair++) {
        addPair(String.format("%s-%02d", prefix, pair));
      }
      addPublishers();
      consumers.forEach(worker -> start(worker, "consumer-"));
      publishers.forEach(worker -> start(worker, "publisher-"));
      Workers.pause(failure, window.warmUp());
      long published = sum(publishers);
      long delivered = sum(consumers);
      CpuSample before = CpuSample.take(broker.process());
      Workers.pause(failure, window.measured());
      published = sum(publishers) - published;
      delivered = sum(consumers) - delivered;
      CpuSample after = CpuSample.take(broker.process());
      double seconds = before.secondsUntil(after);
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      values.put(Metric.PUBLISHED, published / seconds);
      if (plan.consuming()) {
        values.put(Metric.DELIVERED, delivered / seconds);
      }
      long copies = sum(publishers) * Math.max(1, plan.fanout());
      values.put(Metric.BACKLOG, (double) copies - sum(consumers));
      before.report(after, plan.consuming() ? delivered : published, values);
      values.put(Metric.RESIDENT, broker.process().residentKib() / 1024.0);
      return new Result(plan.title(), broker.name(), values);
    }

    private void addPair(String name) throws IOException {
      if (plan.fanout() == 0) {
        addQueue(name);
        routes.add(new FrameWriter.Route("", name));
        return;
      }
      setup.declareExchange(name, "fanout");
      exchanges.add(name);
      for (int queue = 0; queue < plan.fanout(); queue++) {
        String queueName = String.format("%s-%02d", name, queue);
        addQueue(queueName);
        setup.bindQueue(queueName, name, "");
      }
      routes.add(new FrameWriter.Route(name, ""));
    }

    private void addQueue(String queue) throws IOException {
      setup.declareQueue(queue, plan.guarantees().persistent());
      queues.add(queue);
      if (plan.consuming()) {
        consumers.add(new Consumer(target, queue, plan, failure));
      }
    }

    private void addPublishers() throws IOException {
      if (plan.guarantees().confirmWindow() == 1
          && plan.bodyBytes() <= OneByOnePublishers.MOST_BODY_BYTES) {
        publishers.add(new OneByOnePublishers(target, routes, plan, failure));
        return;
      }
      for (FrameWriter.Route route : routes) {
        publishers.add(new Publisher(target, route, plan, failure));
      }
    }

    private void start(LoadWorker worker, String role) {
      Thread thread = new Thread(worker, role + threads.size());
      threads.add(thread);
      thread.start();
    }

    private static long sum(List<LoadWorker> workers) {
      return workers.stream().mapToLong(LoadWorker::count).sum();
    }

    @Override
    public void close() throws IOException {
      for (LoadWorker worker : publishers) {
        worker.stop();
      }
      for (LoadWorker worker : consumers) {
        worker.stop();
      }
      joinThreads();
      for (String queue : queues) {
        setup.deleteQueue(queue);
      }
      for (String exchange : exchanges) {
        setup.deleteExchange(exchange);
      }
      setup.closeGracefully();
    }

    private void joinThreads() {
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
