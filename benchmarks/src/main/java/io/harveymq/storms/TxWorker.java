package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Transactions of publishes and acknowledgements, committed or rolled back. */
final class TxWorker extends Worker {
  private static final int MOST_WAITING = 300;

  private final Deque<Long> waiting = new ArrayDeque<>();
  private final String queue;
  private Line line;
  private Channel channel;

  TxWorker(Setting setting, String name, long seed, double perSecond) {
    super(setting, name, seed, perSecond);
    queue = name + "-tx";
  }

  @Override
  void begin() throws Exception {
    open();
    declare(channel, queue, true, null);
  }

  private void open() throws Exception {
    line = connect();
    channel = line.connection().createChannel();
    channel.txSelect();
  }

  @Override
  void round() throws Exception {
    for (int i = 0; i < 20 && !isOver(); i++) {
      transaction();
    }
    compareWithApi(queue, waiting.size(), 0);
    if (random.nextInt(10) == 0) {
      // What is not committed goes with the connection.
      channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, new byte[9]);
      channel.basicGet(queue, false);
      setting.figures().clientRestarts.increment();
      if (random.nextBoolean()) {
        line.cut();
        awaitConnections(0);
      } else {
        line.connection().close();
      }
      open();
      expect("the count after a lost transaction", waiting.size(), ready(channel, queue));
    }
  }

  private void transaction() throws IOException, InterruptedException {
    List<Long> published = new ArrayList<>();
    List<Long> taken = take(random.nextInt(waiting.size() > MOST_WAITING ? 30 : 12));
    for (int i = random.nextInt(20); i > 0; i--) {
      pace.await();
      long number = nextNumber();
      byte[] body = NumberedBody.of(number, System.nanoTime());
      channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body);
      setting.figures().published.increment();
      published.add(number);
    }
    if (random.nextInt(4) > 0) {
      long begin = System.nanoTime();
      channel.txCommit();
      setting.figures().confirmedSince(begin);
      waiting.addAll(published);
    } else {
      channel.txRollback();
      channel.basicRecover(true);
      for (int i = taken.size() - 1; i >= 0; i--) {
        waiting.addFirst(taken.get(i));
      }
    }
    expect("the count after a transaction", waiting.size(), ready(channel, queue));
  }

  private List<Long> take(int count) throws IOException {
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GetResponse got = channel.basicGet(queue, false);
      if (got == null) {
        expect("what waits when nothing was got", 0, waiting.size());
        break;
      }
      long number = numberOf(queue, got);
      expect("the next message", waiting.isEmpty() ? -1 : waiting.removeFirst(), number);
      channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
      taken.add(number);
    }
    return taken;
  }

  @Override
  void end() throws Exception {
    take(waiting.size());
    channel.txCommit();
    delete(channel, queue, 0);
    line.connection().close();
  }
}
