package io.harveymq.broker.queue;

import io.harveymq.broker.stats.FlowBook;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The exchanges and routing keys of the messages that came into a queue lately: those seen last,
 * each once. Of a burst only the first messages are looked at, so that it costs nothing where many
 * come. Owned by the home loop.
 */
public final class RecentKeys {
  static final int MOST = 16;

  /** Messages that are looked at in one turn. */
  static final int PER_TURN = 16;

  /** Bytes that are counted for each besides its own. */
  private static final int OVERHEAD = 24;

  private static final byte[] NONE = {};

  private final FlowBook book;
  private byte[][] addresses;
  private int[] seconds;
  private int count;
  private byte[] last = NONE;
  private int lastSecond;
  private long turn = -1;
  private int looks;

  /**
   * @param book bounds what all queues of a virtual host remember
   */
  RecentKeys(FlowBook book) {
    this.book = book;
  }

  /**
   * An exchange and a routing key.
   *
   * @param exchange that the message was published to, empty for the default exchange
   * @param seen when a message came with it last, in milliseconds since the epoch, to whole seconds
   */
  public record Seen(String exchange, String routingKey, long seen) {}

  /** A message came in this second of the home loop. */
  void came(Message message, int now, HomeLoop home) {
    if (message.address() == last && now == lastSecond) {
      return;
    }
    if (home.turns() != turn) {
      turn = home.turns();
      looks = 0;
    }
    if (looks < PER_TURN) {
      looks++;
      last = message.address();
      lastSecond = now;
      note(last, now);
    }
  }

  private void note(byte[] address, int now) {
    int eldest = 0;
    for (int i = 0; i < count; i++) {
      if (Arrays.equals(addresses[i], address)) {
        seconds[i] = now;
        return;
      }
      eldest = Integer.compareUnsigned(seconds[i], seconds[eldest]) < 0 ? i : eldest;
    }
    if (addresses == null) {
      addresses = new byte[2][];
      seconds = new int[2];
    } else if (count == addresses.length && count < MOST) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      seconds = Arrays.copyOf(seconds, 2 * count);
    }
    int size = address.length + OVERHEAD;
    boolean room = count < MOST && book.rememberKey(size);
    if (!room && count > 0) {
      // Without room it takes that of the queue's own eldest.
      book.forgetKey(addresses[eldest].length + OVERHEAD);
      addresses[eldest] = addresses[--count];
      seconds[eldest] = seconds[count];
      room = book.rememberKey(size);
    }
    if (room) {
      addresses[count] = address;
      seconds[count++] = now;
    }
  }

  /**
   * Those that are known, the one seen last first.
   *
   * @param ahead how much the time that users are told is ahead of the broker's clock, in
   *     milliseconds
   */
  public List<Seen> all(long ahead) {
    List<Seen> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Content address = new Content(addresses[i], NONE, NONE);
      long seen = Integer.toUnsignedLong(seconds[i]) * 1_000 + ahead;
      all.add(new Seen(address.exchange(), address.routingKey(), seen));
    }
    all.sort(
        Comparator.comparingLong(Seen::seen)
            .reversed()
            .thenComparing(Seen::exchange)
            .thenComparing(Seen::routingKey));
    return all;
  }

  /** The queue is gone. */
  void end() {
    for (int i = 0; i < count; i++) {
      book.forgetKey(addresses[i].length + OVERHEAD);
    }
    count = 0;
    addresses = null;
    seconds = null;
    last = NONE;
  }
}
