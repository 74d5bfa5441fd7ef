package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process full of clients that is there to be killed: each publishes persistent messages with
 * confirms to one queue, and what is confirmed is written to a file, which outlives SIGKILL, before
 * anything else happens. Messages carry {@link #number}s.
 */
public final class ClientProcess {
  private static final int WINDOW = 50;
  private static final int NUMBER_BITS = 32;

  private ClientProcess() {}

  /** The number of a client's message in the queue: the client above, its own count below. */
  static long number(int client, long count) {
    return ((long) client << NUMBER_BITS) | count;
  }

  /**
   * Publishes until it is killed. Arguments: port, queue, file, number of the first client, number
   * of clients.
   */
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    int first = Integer.parseInt(args[3]);
    int clients = Integer.parseInt(args[4]);
    try (FileChannel file =
        FileChannel.open(Path.of(args[2]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      List<Client> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(new Client(port, args[1], file, first + i));
      }
      System.out.println("publishing");
      while (true) {
        boolean any = false;
        for (Client client : all) {
          any |= client.publish();
        }
        if (!any) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
      }
    }
  }

  /** One connection. The main thread publishes; confirms come on the thread of the socket. */
  private static final class Client {
    private final String queue;
    private final FileChannel file;
    private final int index;
    private final Channel channel;
    private final NavigableMap<Long, Long> unconfirmed = new TreeMap<>();
    private long count;

    Client(int port, String queue, FileChannel file, int index)
        throws IOException, TimeoutException {
      this.queue = queue;
      this.file = file;
      this.index = index;
      Connection connection = StormBroker.factory(port).newConnection("killed-" + index);
      channel = connection.createChannel();
      channel.confirmSelect();
      channel.addConfirmListener(this::confirmed, (tag, multiple) -> {});
    }

    boolean publish() throws IOException {
      long number;
      synchronized (this) {
        if (unconfirmed.size() >= WINDOW) {
          return false;
        }
        number = number(index, ++count);
        unconfirmed.put(channel.getNextPublishSeqNo(), number);
      }
      byte[] body = NumberedBody.of(number, 0);
      channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body);
      return true;
    }

    private synchronized void confirmed(long tag, boolean multiple) throws IOException {
      NavigableMap<Long, Long> these =
          multiple ? unconfirmed.headMap(tag, true) : unconfirmed.subMap(tag, true, tag, true);
      ByteBuffer numbers = ByteBuffer.allocate(these.size() * Long.BYTES);
      these.values().forEach(numbers::putLong);
      these.clear();
      // One write: a file that is appended to gets all of it or, at a kill, nothing.
      synchronized (file) {
        file.write(numbers.flip());
      }
    }
  }
}
