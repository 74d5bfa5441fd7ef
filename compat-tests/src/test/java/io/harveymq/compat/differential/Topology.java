package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Steps that declare, bind and delete queues and exchanges. Confined to one thread. */
final class Topology {
  private static final List<String> TYPES = List.of("direct", "fanout", "topic", "headers");

  private final Choices choices;
  private final Generator generator;
  private final List<Step> steps;
  private final Map<String, String> declared = new HashMap<>();
  private final List<String> bindings = new ArrayList<>();

  /**
   * For one conversation.
   *
   * @param steps that were made so far
   */
  Topology(Choices choices, Generator generator, List<Step> steps) {
    this.choices = choices;
    this.generator = generator;
    this.steps = steps;
  }

  void declareQueue() {
    if (choices.once(15)) {
      generator.add(generator.place(), "queue.declare queue= auto-delete=1");
    } else {
      declareQueue(choices.of(choices.queues()));
    }
  }

  void declareQueue(String name) {
    String flags = declared.get(name);
    if (flags == null || choices.isCareless() && choices.once(4)) {
      flags =
          choices.isQuorum(name)
              ? choices.quorumQueue()
              : choices.bit("durable", 3)
                  + choices.bit("exclusive", 25)
                  + choices.bit("auto-delete", 12)
                  + choices.queueArguments();
    }
    boolean passive = declared.containsKey(name) && choices.once(4) || wouldConfuse(name);
    // For the default exchange, a commit finds queues that were not there when it was published to.
    passive |= steps.stream().anyMatch(step -> step.action().equals("tx.select"));
    declared.putIfAbsent(name, flags);
    generator.add(
        generator.place(),
        "queue.declare queue=" + name + (passive ? " passive=1" : flags) + generator.nowait());
  }

  /**
   * Whether the queue may be gone, and a channel may hold messages of it: RabbitMQ takes what the
   * channel says about them as said about messages of a new queue of that name.
   */
  private boolean wouldConfuse(String name) {
    List<Step> ofQueue =
        steps.stream().filter(step -> Set.of(name, "").contains(step.get("queue", name))).toList();
    return ofQueue.stream().anyMatch(Generator::owes)
        && ofQueue.stream()
            .anyMatch(
                step ->
                    step.action().equals("queue.delete")
                        || step.isSet("auto-delete")
                        || step.isSet("exclusive"));
  }

  void deleteQueue() {
    String name = choices.queue();
    declared.remove(name);
    generator.add(
        generator.place(),
        "queue.delete queue="
            + name
            + choices.bit("if-empty", 4)
            + choices.bit("if-unused", 4)
            + generator.nowait());
    if (choices.queues().contains(name) && !choices.once(3)) {
      declareQueue(name);
    }
  }

  void declareExchange() {
    declareExchange(choices.of(choices.exchanges()));
  }

  void declareExchange(String name) {
    String flags = declared.get(name);
    if (flags == null || choices.isCareless() && choices.once(5)) {
      flags =
          " type="
              + choices.of(TYPES)
              + choices.bit("durable", 3)
              + choices.bit("auto-delete", 8)
              + choices.bit("internal", 25)
              + choices.exchangeArguments();
    }
    boolean passive = declared.containsKey(name) && choices.once(6);
    declared.putIfAbsent(name, flags);
    generator.add(
        generator.place(),
        "exchange.declare exchange="
            + name
            + (passive ? " passive=1" : flags)
            + generator.nowait());
  }

  void deleteExchange() {
    String name = choices.of(choices.exchanges());
    declared.remove(name);
    generator.add(
        generator.place(),
        "exchange.delete exchange=" + name + choices.bit("if-unused", 3) + generator.nowait());
    if (!choices.once(3)) {
      declareExchange(name);
      bind();
    }
  }

  void bind() {
    String binding =
        "queue="
            + choices.queue()
            + " exchange="
            + choices.exchange()
            + " key="
            + choices.pattern()
            + choices.bindingArguments();
    bindings.add("queue " + binding);
    generator.add(generator.place(), "queue.bind " + binding + generator.nowait());
  }

  void bindExchange() {
    String binding =
        "destination="
            + choices.of(choices.exchanges())
            + " source="
            + choices.exchange()
            + " key="
            + choices.pattern()
            + choices.bindingArguments();
    bindings.add("exchange " + binding);
    generator.add(generator.place(), "exchange.bind " + binding + generator.nowait());
  }

  void unbind() {
    if (!bindings.isEmpty()) {
      String[] binding = choices.of(bindings).split(" ", 2);
      generator.add(generator.place(), binding[0] + ".unbind " + binding[1]);
    }
  }
}
