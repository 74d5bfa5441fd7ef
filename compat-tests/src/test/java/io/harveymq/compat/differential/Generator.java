package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes random conversations whose outcome RabbitMQ promises: one channel consumes from one queue
 * only, so that nothing hangs on which of two queues is faster. The same seed and features make the
 * same conversation. Confined to one thread.
 */
final class Generator {
  private static final List<String> RIGHTS =
      List.of(".*", ".*", "^$", "^(q0|x0|amq\\.default)$", "^q", "^x", "^(q1|x1|amq\\.gen.*)$");
  private static final List<Integer> EMPHASES = List.of(0, 1, 1, 1, 4);

  private final Choices choices;
  private final PolicyChoices policies;
  private final List<Integer> connections = new ArrayList<>();
  private final int channels;
  private final List<Step> steps = new ArrayList<>();
  private final Topology topology;
  private final List<Kind> kinds = new ArrayList<>();
  private int consumers;
  private int only;
  private String pipe;

  private Generator(long seed, Set<Feature> features) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    choices = new Choices(random, Feature.some(features, random));
    policies = new PolicyChoices(choices);
    topology = new Topology(choices, this, steps);
    addConnections();
    channels = choices.queues().size() == 1 ? 1 : 1 + choices.below(2);
    addKinds();
  }

  /** The first is guest's, so that somebody may do everything. */
  private void addConnections() {
    boolean limited = choices.has(Feature.PERMISSIONS) && choices.once(2);
    int count = 1 + choices.below(3) + (limited ? 1 : 0);
    for (int number = 1; number <= count; number++) {
      boolean guest = !limited || number == 1 || choices.once(3);
      connections.add(number + (guest ? 0 : 10 * (1 + choices.below(LimitedUser.ALL.size()))));
    }
    if (choices.has(Feature.VIRTUAL_HOSTS) && choices.once(2)) {
      connections.add(101);
    }
  }

  /** A kind of step and how often it is taken. */
  private record Kind(int weight, Runnable make) {}

  /** The conversation of a seed. */
  static Script script(long seed, Set<Feature> features) {
    Generator generator = new Generator(seed, features);
    generator.prologue();
    int length = 10 + generator.choices.below(40);
    while (generator.steps.size() < length) {
      generator.addStep();
    }
    generator.epilogue();
    return new Script(generator.steps);
  }

  private void addKinds() {
    kind(22, this::publish);
    kind(8, this::consume);
    kind(2, this::cancel);
    kind(8, this::get);
    kind(20, this::settle);
    kind(2, this::recover);
    kind(4, this::qos);
    kind(3, topology::declareQueue);
    kind(1, topology::deleteQueue);
    kind(1, () -> add(place(), "queue.purge queue=" + choices.queue()));
    kind(2, topology::declareExchange);
    kind(1, topology::deleteExchange);
    kind(4, topology::bind);
    kind(2, topology::unbind);
    optional(Feature.CONFIRMS, 2, () -> add(place(), "confirm.select" + nowait()));
    optional(Feature.TRANSACTIONS, 1, () -> add(place(), "tx.select"));
    optional(Feature.TRANSACTIONS, 3, this::endTransaction);
    optional(Feature.EXCHANGE_BINDINGS, 3, topology::bindExchange);
    if (choices.isCareless()) {
      kind(4, this::mistake);
    }
    optional(Feature.ENDINGS, 2, this::end);
    optional(Feature.QUEUE_TTL, 1, this::expire);
    optional(Feature.DIRECT_REPLY_TO, 4, this::reply);
    optional(Feature.PIPELINES, 4, this::pipe);
    optional(Feature.PERMISSIONS, 2, this::permit);
    optional(Feature.POLICIES, 4, () -> add("0.0", policies.step()));
  }

  private void optional(Feature feature, int weight, Runnable make) {
    if (choices.has(feature)) {
      kind(weight, make);
    }
  }

  /** Each conversation has kinds of steps that it likes, and others that it does without. */
  private void kind(int weight, Runnable make) {
    kinds.add(new Kind(weight * choices.of(EMPHASES), make));
  }

  private void addStep() {
    int at = choices.below(1 + kinds.stream().mapToInt(Kind::weight).sum());
    for (Kind kind : kinds) {
      at -= kind.weight;
      if (at < 0) {
        kind.make.run();
        return;
      }
    }
    publish();
  }

  void add(String place, String text) {
    steps.add(Step.parse(place + " " + text));
  }

  String place() {
    return pipe == null ? connection() + "." + (1 + choices.below(channels)) : pipe;
  }

  private int connection() {
    return only > 0 ? only : choices.of(connections);
  }

  String nowait() {
    return choices.bit("nowait", 8);
  }

  private void prologue() {
    only = connections.stream().anyMatch(number -> number > 9 && number < 100) ? 1 : 0;
    if (connections.contains(101)) {
      declareAll(101);
      only = 1;
    }
    declareAll(only);
    only = 0;
  }

  /** Declares what there is, in any connection or in one. */
  private void declareAll(int connection) {
    only = connection;
    choices.queues().forEach(topology::declareQueue);
    for (String exchange : choices.exchanges()) {
      topology.declareExchange(exchange);
      topology.bind();
    }
  }

  /** Looks at what is left, in a connection of its own and one channel for each queue. */
  private void epilogue() {
    lookAtAll(9);
    if (connections.contains(101)) {
      lookAtAll(109);
    }
  }

  private void lookAtAll(int connection) {
    int channel = 1;
    for (String queue : choices.queues()) {
      add(connection + "." + channel, "queue.declare passive=1 queue=" + queue);
      add(connection + "." + channel, "drain queue=" + queue);
      channel++;
    }
    for (String exchange : choices.exchanges()) {
      add(connection + "." + channel, "exchange.declare passive=1 exchange=" + exchange);
      channel++;
    }
  }

  /**
   * Methods of one channel that are sent together. Not where it consumes: what RabbitMQ still
   * delivers on a channel that one of them closes is a matter of chance. So is whether a queue that
   * is declared already counts what was published just before: RabbitMQ's queues answer that first.
   */
  private void pipe() {
    String place = place();
    if (at(place).anyMatch(Generator::isConsume)) {
      return;
    }
    Runnable publishOrCount = choices.once(2) ? this::publish : topology::declareQueue;
    List<Runnable> some =
        List.of(
            publishOrCount,
            publishOrCount,
            this::get,
            topology::declareExchange,
            topology::bind,
            topology::unbind,
            topology::deleteQueue,
            topology::deleteExchange,
            () -> add(place(), "queue.purge queue=" + choices.queue()));
    int from = steps.size();
    pipe = place;
    for (int i = 2 + choices.below(4); i > 0; i--) {
      choices.of(some).run();
    }
    pipe = null;
    for (int i = from; i < steps.size() - 1; i++) {
      steps.set(i, Step.parse(steps.get(i) + " pipe=1"));
    }
  }

  /** Another set of rights for a user, whose channels are new then: they remember what they had. */
  private void permit() {
    List<Integer> limited = connections.stream().filter(n -> n > 9 && n < 100).toList();
    if (limited.isEmpty()) {
      return;
    }
    String user = LimitedUser.of(choices.of(limited));
    List<String> topics = List.of(".*", "^$", "^a", "b$");
    add(
        "0.0",
        choices.once(3)
            ? "topic-permissions user="
                + user
                + " exchange="
                + choices.exchange()
                + " write="
                + choices.of(topics)
                + " read="
                + choices.of(topics)
            : "permissions user="
                + user
                + " configure="
                + choices.of(RIGHTS)
                + " write="
                + choices.of(RIGHTS)
                + " read="
                + choices.of(RIGHTS));
    for (int connection : limited) {
      for (int channel = 1;
          LimitedUser.of(connection).equals(user) && channel <= channels;
          channel++) {
        add(connection + "." + channel, "channel.close code=200 text=new");
      }
    }
  }

  private void publish() {
    boolean direct = choices.once(2);
    String exchange = direct ? "" : choices.exchange();
    String key = direct ? choices.queue() : choices.key();
    // Nobody promises an order between what is published and what dies of it, nor, in a quorum
    // queue, whether consumers have credit again before its limit drops the next message.
    boolean credit = choices.has(Feature.QUORUM_QUEUES) && choices.has(Feature.LENGTH_LIMITS);
    boolean many = !choices.has(Feature.DEAD_LETTERS) && !credit && choices.once(4);
    String count = many ? " times=" + (2 + choices.below(6)) : "";
    add(
        place(),
        "basic.publish exchange="
            + exchange
            + " key="
            + key
            + choices.bit("mandatory", 4)
            + count
            + (many ? choices.smallMessage() : choices.message()));
  }

  private void consume() {
    int connection = connection();
    int channel = 1 + choices.below(channels);
    String queue = queueOf(connection, channel);
    if (choices.isQuorum(queue) && at(connection + "." + channel).anyMatch(Generator::isConsume)) {
      // Which of the two gets its messages first is not promised.
      return;
    }
    String tag = choices.once(10) ? "" : "t" + consumers++;
    String arguments =
        choices.has(Feature.CONSUMER_PRIORITIES) && choices.once(4)
            ? " arguments={x-priority=I:" + (choices.below(5) - 2) + "}"
            : "";
    add(
        connection + "." + channel,
        "basic.consume queue="
            + queue
            + " tag="
            + tag
            + noAck(connection + "." + channel, queue, 4)
            + choices.bit("exclusive", 12)
            + choices.bit("no-local", 20)
            + (tag.isEmpty() ? "" : nowait())
            + arguments);
  }

  /**
   * Of several that take messages of a quorum queue through one channel, at most the first may owe
   * acknowledgements.
   */
  private String noAck(String place, String queue, int in) {
    boolean owed = choices.isQuorum(queue) && at(place).anyMatch(Generator::owes);
    return owed ? " no-ack=1" : choices.bit("no-ack", in);
  }

  private Stream<Step> at(String place) {
    return steps.stream().filter(step -> step.toString().startsWith(place + " "));
  }

  static boolean owes(Step step) {
    return (isConsume(step) || step.action().equals("basic.get")) && !step.isSet("no-ack");
  }

  private static boolean isConsume(Step step) {
    return step.action().equals("basic.consume");
  }

  /**
   * Whether several consumers, or one and basic.get, owe acknowledgements on a channel. What is
   * given back together then comes from one of them after the other.
   */
  private boolean isOwingTwice(String place) {
    long consumers = at(place).filter(Generator::isConsume).filter(Generator::owes).count();
    return consumers + (at(place).anyMatch(s -> owes(s) && !isConsume(s)) ? 1 : 0) > 1;
  }

  private void recover() {
    String place = place();
    if (!isOwingTwice(place)) {
      add(place, "basic.recover requeue=1");
    }
  }

  /** The one queue that a channel consumes from. */
  private String queueOf(int connection, int channel) {
    return choices.queues().get((connection + channel) % choices.queues().size());
  }

  private void cancel() {
    String tag = consumers == 0 || choices.once(8) ? "$ctag1" : "t" + choices.below(consumers);
    String place = place();
    for (Step step : steps) {
      if (step.action().equals("basic.consume") && step.get("tag", "").equals(tag)) {
        place = step.connection() + "." + step.channel();
      }
    }
    add(place, "basic.cancel tag=" + tag + nowait());
  }

  private void get() {
    String place = place();
    String queue = choices.queue();
    add(place, "basic.get queue=" + queue + noAck(place, queue, 3));
  }

  private void settle() {
    List<Step> sources =
        steps.stream()
            .filter(
                step -> step.action().equals("basic.consume") || step.action().equals("basic.get"))
            .filter(step -> !step.isSet("no-ack"))
            .toList();
    if (sources.isEmpty()) {
      consume();
      return;
    }
    Step source = choices.of(sources);
    String tag = choices.of(List.of("@0", "@0", "@0", "@1", "@-1", "@-1", "@2"));
    String place = source.connection() + "." + source.channel();
    boolean twice = isOwingTwice(place);
    String several = twice ? "" : choices.bit("multiple", 4);
    String method =
        switch (choices.below(8)) {
          case 0, 1 -> "basic.nack requeue=1" + several;
          case 2 -> "basic.nack" + several;
          case 3 -> "basic.reject" + choices.bit("requeue", 2);
          default -> "basic.ack" + choices.bit("multiple", 4);
        };
    // Which of several consumers is served first then is not promised.
    add(place, (twice ? method.replace(" multiple=1", "") : method) + " tag=" + tag);
  }

  private void qos() {
    int most = choices.isLimitingReturns() ? 1 : 4;
    add(place(), "basic.qos count=" + choices.below(most) + choices.bit("global", 3));
  }

  private void endTransaction() {
    List<Step> begun = steps.stream().filter(step -> step.action().equals("tx.select")).toList();
    if (!begun.isEmpty()) {
      Step select = choices.of(begun);
      String place = select.connection() + "." + select.channel();
      add(place, choices.once(3) ? "tx.rollback" : "tx.commit");
    }
  }

  private void mistake() {
    int connection = connection();
    switch (choices.below(12)) {
      case 0 -> add(connection + ".0", choices.of(Mistakes.ON_CHANNEL_0));
      case 1 -> add(connection + ".7", choices.of(Mistakes.ON_NO_CHANNEL));
      default -> {
        int channel = 1 + choices.below(channels);
        String place = connection + "." + channel;
        String queue = queueOf(connection, channel);
        String step = choices.of(Mistakes.ALL);
        boolean consumes = step.startsWith("basic.consume queue=q0");
        boolean unpromised =
            consumes && choices.isQuorum(queue)
                || step.startsWith("basic.nack tag=0") && isOwingTwice(place);
        if (!unpromised) {
          add(place, consumes ? step.replace("q0", queue) : step);
        }
      }
    }
  }

  private void end() {
    int connection = connection();
    switch (choices.below(5)) {
      case 0 -> add(connection + ".0", "cut");
      case 1 -> add(connection + ".0", "connection.close code=200 text=bye");
      default -> add(place(), "channel.close code=200 text=bye");
    }
  }

  /** A queue that goes by itself, and nobody cares when. */
  private void expire() {
    boolean byPolicy = choices.has(Feature.POLICIES) && choices.once(2);
    if (byPolicy) {
      add("0.0", "policy name=e pattern=^e0$ priority=9 definition={expires=I:1}");
    }
    add(place(), "queue.declare queue=e0" + (byPolicy ? "" : " arguments={x-expires=I:1}"));
    add("8.1", "await queue=e0");
    if (byPolicy) {
      add("0.0", "clear-policy name=e");
    }
  }

  /** A request, or the answer to one. */
  private void reply() {
    String direct = "amq.rabbitmq.reply-to";
    switch (choices.below(4)) {
      case 0 ->
          add(place(), "basic.consume queue=" + direct + " tag=r" + consumers++ + " no-ack=1");
      case 1 ->
          add(
              place(),
              "basic.publish exchange= key=" + choices.queue() + " body=ask reply-to=" + direct);
      default -> {
        String body = choices.bit("mandatory", 3) + choices.message();
        add(place(), "basic.publish exchange= key=$reply-to" + (1 + choices.below(2)) + body);
      }
    }
  }
}
