package io.harveymq.broker.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.vhost.Structures;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Memory for what clients make besides messages: it is counted, and it has an end. */
class StructureLimitTest {
  private static final int LIMIT = 100_000;

  private final TestBroker broker = TestBroker.withStructures(LIMIT);
  private final Structures structures = broker.memory().structures();

  private static Method declare(String queue, FieldTable arguments) {
    return new QueueMethod.Declare(queue, false, false, false, false, false, arguments);
  }

  private static Method bind(String key, FieldTable arguments) {
    return new QueueMethod.Bind("q", "amq.topic", key, false, arguments);
  }

  /** Sends methods one by one until the channel is closed. */
  private static ChannelMethod.Close untilRefused(
      TestChannel channel, IntFunction<Method> methods) {
    for (int i = 0; i < LIMIT; i++) {
      channel.send(methods.apply(i));
      if (channel.next().method() instanceof ChannelMethod.Close close) {
        return close;
      }
    }
    throw new AssertionError("never refused");
  }

  private void refusedFor(ChannelMethod.Close close, String what) {
    assertThat(close.replyCode()).isEqualTo(406);
    assertThat(close.replyText())
        .startsWith("PRECONDITION_FAILED - cannot declare " + what)
        .contains("bytes of memory, and may take " + LIMIT);
    assertThat(structures.bytes()).isBetween((long) LIMIT, LIMIT + 10_000L);
  }

  @Test
  void queuesAreRefusedWhenTheMemoryForThemIsUsedUpAndTakenAgainWhenSomeAreGone() {
    TestChannel other = broker.channel();
    ChannelMethod.Close close =
        untilRefused(broker.channel(), i -> declare("q" + i, FieldTable.EMPTY));

    refusedFor(close, "queue 'q");
    other.call(declare("q0", FieldTable.EMPTY), QueueMethod.DeclareOk.class);
    other.call(new QueueMethod.Delete("q0", false, false, false), QueueMethod.DeleteOk.class);
    other.call(declare("another", FieldTable.EMPTY), QueueMethod.DeclareOk.class);
  }

  @Test
  void argumentsCountByTheMemoryThatTheyTake() {
    long before = structures.bytes();
    FieldTable.Builder arguments = FieldTable.builder();
    for (int i = 0; i < 100; i++) {
      arguments.put("x-" + i, FieldValue.Void.INSTANCE);
    }
    broker.channel().call(declare("q", arguments.build()), QueueMethod.DeclareOk.class);

    assertThat(structures.bytes() - before).isGreaterThan(100 * 80);
  }

  @Test
  void bindingsAreRefusedButNotThoseThatAreThereAlready() {
    TestChannel channel = broker.channel().declare("q");
    TestChannel other = broker.channel();
    ChannelMethod.Close close = untilRefused(channel, i -> bind("key." + i, FieldTable.EMPTY));

    refusedFor(close, "a binding from exchange 'amq.topic' in vhost '/'");
    other.call(bind("key.0", FieldTable.EMPTY), QueueMethod.BindOk.class);
  }

  @Test
  void aKeyOfManyWordsCountsForEach() {
    TestChannel channel = broker.channel().declare("q");
    long before = structures.bytes();
    channel.call(bind("a", FieldTable.EMPTY), QueueMethod.BindOk.class);
    long one = structures.bytes() - before;
    channel.call(bind("a.b.c.d.e.f.g.h.i.j", FieldTable.EMPTY), QueueMethod.BindOk.class);

    assertThat(structures.bytes() - before - one).isGreaterThan(one + 9 * 100);
  }

  @Test
  void exchangesAreRefused() {
    ChannelMethod.Close close =
        untilRefused(
            broker.channel(),
            i ->
                new ExchangeMethod.Declare(
                    "e" + i, "fanout", false, false, false, false, false, FieldTable.EMPTY));

    refusedFor(close, "exchange 'e");
  }

  @Test
  void consumersAreRefused() {
    TestChannel channel = broker.channel().declare("q");
    ChannelMethod.Close close =
        untilRefused(
            channel,
            i ->
                new BasicMethod.Consume(
                    "q", "c" + i, false, false, false, false, FieldTable.EMPTY));

    assertThat(close.replyText()).contains("cannot declare a consumer: queues, bindings,");
    assertThat(structures.count(Structures.Kind.CONSUMER)).isZero();
  }

  @Test
  void channelsAndConnectionsAreRefusedWith506() {
    TestClient client = broker.connect();
    for (int i = 1; !structures.isFull(); i++) {
      client.channel(i);
    }
    TestClient another = broker.accept();
    another.start(FieldTable.EMPTY, "guest");
    another.expect(0, ConnectionMethod.Tune.class);
    another.send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
    another.send(0, new ConnectionMethod.Open("/"));
    ConnectionMethod.Close refused = another.expect(0, ConnectionMethod.Close.class);
    assertThat(refused.replyCode()).isEqualTo(506);
    assertThat(refused.replyText()).contains("cannot open a connection");

    client.send(2_000, new ChannelMethod.Open());
    ConnectionMethod.Close closed = client.expect(0, ConnectionMethod.Close.class);
    assertThat(closed.replyCode()).isEqualTo(506);
    assertThat(closed.replyText()).contains("cannot open a channel");
    assertThat(structures.count(Structures.Kind.CHANNEL)).isZero();
  }

  @Test
  void nothingIsLeftInTheCountOfWhatIsGone() {
    TestChannel keeper = broker.channel();
    long before = structures.bytes();
    for (int round = 0; round < 3; round++) {
      TestClient client = broker.connect();
      TestChannel channel = client.channel(1);
      channel.declare("q").bind("q", "amq.topic", "a.b").consume("q", "c");
      channel.declare("exclusive", true, false);
      channel.bind("exclusive", "amq.direct", "k");
      channel.declareExchange("e", "topic").bindExchange("e", "amq.fanout", "x");
      channel.bind("q", "e", "a.#");
      channel.consume("amq.rabbitmq.reply-to", "r", true, FieldTable.EMPTY);
      client.channel(2).declare("auto", false, true);
      if (round == 0) {
        client.close();
      } else {
        client.drop();
      }
      broker.run();
      keeper.call(new ExchangeMethod.Delete("e", false, false), ExchangeMethod.DeleteOk.class);
      keeper.call(new QueueMethod.Delete("q", false, false, false), QueueMethod.DeleteOk.class);
      keeper.call(new QueueMethod.Delete("auto", false, false, false), QueueMethod.DeleteOk.class);

      assertThat(structures.bytes()).isEqualTo(before);
      assertThat(structures.count(Structures.Kind.CONNECTION)).isEqualTo(1);
      assertThat(structures.count(Structures.Kind.BINDING)).isZero();
      assertThat(structures.count(Structures.Kind.REPLY_QUEUE)).isZero();
    }
  }
}
