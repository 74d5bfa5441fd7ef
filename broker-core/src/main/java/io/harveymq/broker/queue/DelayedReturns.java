package io.harveymq.broker.queue;

import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.store.QueueLog;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of a quorum queue that came back and wait until they may be delivered again, then
 * before all others. A message that is stored stays where it is in its log; until when it waits is
 * stored beside that, in a note of a log of its own. When many wait, only their places are in
 * memory, and they are read back when they are due. Owned by the home loop.
 */
final class DelayedReturns {
  private static final Logger LOG = LoggerFactory.getLogger(DelayedReturns.class);

  /** Messages that go on in one turn. */
  private static final int PER_TURN = 256;

  /** Messages that are read back at the same time. */
  private static final int MOST_READ = 64;

  private static final int RECOVERY_BYTES = 1 << 20;
  private static final long TRY_AGAIN_MILLIS = 200;
  private static final int MANY_TRIES = 50;

  /** Bytes counted for a place in the order. */
  private static final int PLACE_SIZE = 112;

  /** Level, place, and bytes of the body. */
  private static final int NOTE_SIZE = 1 + Long.BYTES + Integer.BYTES;

  private static final byte[] NO_ADDRESS = new byte[2];
  private static final byte[] NO_PROPERTIES = new byte[2];

  /** A message that waits; its entry is null when it is only in the store. */
  private static final class Place {
    final long due;
    final long number;
    final Lane lane;
    final long position;
    final int bodyBytes;
    QueueEntry entry;
    int tries;

    Place(long due, long number, Lane lane, long position, int bodyBytes) {
      this.due = due;
      this.number = number;
      this.lane = lane;
      this.position = position;
      this.bodyBytes = bodyBytes;
    }

    long due() {
      return due;
    }

    long number() {
      return number;
    }
  }

  private final MessageQueue queue;
  private final HomeLoop home;
  private final MemoryAccount memory;
  private final QueueLog notes;
  private final Deadline deadline = new Deadline(this::wake);
  private final long recoverTo;
  private TreeSet<Place> waiting = empty();
  private long nextNumber;
  private long bodyBytes;
  private long bytesInMemory;
  private long recoverFrom;
  private int reads;

  /**
   * For a queue none of whose messages has waited yet.
   *
   * @param notes an empty log; null when nothing is stored
   */
  DelayedReturns(MessageQueue queue, HomeLoop home, QueueLog notes) {
    this.queue = queue;
    this.home = home;
    this.memory = home.memory();
    this.notes = notes;
    this.recoverTo = 0;
  }

  /** With what the store has of those that waited. */
  DelayedReturns(MessageQueue queue, HomeLoop home, MessageStore.Log found) {
    this.queue = queue;
    this.home = home;
    this.memory = home.memory();
    this.notes = home.store().recovered(found);
    this.recoverFrom = found.messages() == 0 ? found.nextPosition() : found.firstPosition();
    this.recoverTo = found.nextPosition();
    this.nextNumber = found.nextPosition();
  }

  private static TreeSet<Place> empty() {
    return new TreeSet<>(Comparator.comparingLong(Place::due).thenComparingLong(Place::number));
  }

  /** Messages that wait. */
  int count() {
    return waiting.size();
  }

  /** Bytes of their bodies. */
  long bodyBytes() {
    return bodyBytes;
  }

  /** Those that are in memory, in the order in which they go on. */
  List<Waiting> waiting() {
    return waiting.stream()
        .filter(place -> place.entry != null)
        .map(
            place ->
                new Waiting(place.lane.level(), place.position, place.entry.message(), place.entry))
        .toList();
  }

  // ---- messages come

  /** A message that was taken waits for so many milliseconds, or until it expires before that. */
  void add(QueueEntry entry, long delay) {
    long now = home.now();
    long due = delay > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delay;
    if (entry.due() != 0) {
      due = Math.min(due, entry.due());
    }
    Message message = entry.message();
    Place place =
        new Place(due, nextNumber++, entry.lane(), entry.position(), message.body().length);
    if (notes != null) {
      notes.append(place.number, note(place), due, true);
    }
    if (notes != null && bytesInMemory + message.size() > memory.queueWindow()) {
      entry.lane().drop(message);
    } else {
      place.entry = entry;
      bytesInMemory += message.size();
    }
    insert(place);
    arm();
  }

  private void insert(Place place) {
    waiting.add(place);
    memory.add(PLACE_SIZE);
    bodyBytes += place.bodyBytes;
    queue.lanes().delayed(place.bodyBytes);
  }

  private static Message note(Place place) {
    ByteBuffer bytes = ByteBuffer.allocate(NOTE_SIZE);
    bytes.put((byte) place.lane.level()).putLong(place.position).putInt(place.bodyBytes);
    return new Message(NO_ADDRESS, NO_PROPERTIES, bytes.array());
  }

  // ---- messages go

  private void arm() {
    if (!waiting.isEmpty() && reads == 0) {
      home.deadlines().set(deadline, waiting.first().due);
    }
  }

  private void wake() {
    long now = home.now();
    List<Place> due = new ArrayList<>();
    for (Place place : waiting) {
      if (place.due > now || due.size() == PER_TURN) {
        break;
      }
      due.add(place);
    }
    for (Place place : due) {
      if (place.entry == null) {
        readBack(due.subList(due.indexOf(place), due.size()));
        break;
      }
      goOn(place);
    }
    arm();
  }

  private void goOn(Place place) {
    leave(place);
    QueueEntry entry = place.entry;
    bytesInMemory -= entry.message().size();
    if (entry.due() != 0 && entry.due() <= home.now()) {
      queue.letGo(entry, DeathReason.EXPIRED);
    } else {
      place.lane.putBack(entry);
    }
    queue.markDirty();
  }

  private void leave(Place place) {
    waiting.remove(place);
    memory.add(-PLACE_SIZE);
    bodyBytes -= place.bodyBytes;
    queue.lanes().delayedNoMore(1, place.bodyBytes);
    if (notes != null) {
      notes.ack(place.number, NOTE_SIZE);
    }
  }

  private void readBack(List<Place> due) {
    for (Place place : due) {
      if (place.entry == null && reads < MOST_READ) {
        reads++;
        memory.add(place.bodyBytes);
        TreeSet<Place> askedBy = waiting;
        place.lane.readTaken(place.position, entry -> onRead(place, entry, askedBy));
      }
    }
  }

  private void onRead(Place place, QueueEntry entry, TreeSet<Place> askedBy) {
    memory.add(-place.bodyBytes);
    if (askedBy != waiting) {
      return;
    }
    reads--;
    if (entry != null) {
      place.lane.tookBack(entry);
      place.entry = entry;
      bytesInMemory += entry.message().size();
    } else if (++place.tries == MANY_TRIES) {
      LOG.warn("{}: a message that is due can't be read back yet", queue.name());
    }
    if (reads == 0 && !waiting.isEmpty()) {
      // On a full disk it is not stored yet.
      boolean again = waiting.first().entry == null && waiting.first().tries > 0;
      home.deadlines().set(deadline, again ? home.now() + TRY_AGAIN_MILLIS : waiting.first().due);
    }
  }

  /**
   * Drops all that wait; their memory is freed over the next turns.
   *
   * @return how many
   */
  int dropAll() {
    TreeSet<Place> dropped = waiting;
    waiting = empty();
    reads = 0;
    home.deadlines().clear(deadline);
    queue.lanes().delayedNoMore(dropped.size(), bodyBytes);
    bodyBytes = 0;
    bytesInMemory = 0;
    if (notes != null) {
      notes.drop(0, nextNumber);
    }
    int count = dropped.size();
    if (count > 0) {
      home.startBulk(units -> discard(dropped, units));
    }
    return count;
  }

  private boolean discard(TreeSet<Place> dropped, int units) {
    for (int i = 0; i < units && !dropped.isEmpty(); i++) {
      Place place = dropped.pollFirst();
      memory.add(-PLACE_SIZE);
      if (place.entry != null) {
        place.lane.settle(place.entry);
      } else {
        place.lane.settleStored(place.position, place.bodyBytes);
      }
    }
    return dropped.isEmpty();
  }

  /** The queue is gone; what waited has been dropped. */
  void remove() {
    if (notes != null) {
      notes.remove();
    }
  }

  // ---- after a start

  /** Finds out what waits and until when; the queue is held meanwhile. */
  void start() {
    if (recoverFrom < recoverTo) {
      queue.waiters().hold();
      recover();
    }
  }

  private void recover() {
    memory.add(RECOVERY_BYTES);
    notes.read(recoverFrom, RECOVERY_BYTES, this::onRecovered);
  }

  private void onRecovered(List<StoredMessage> found) {
    memory.add(-RECOVERY_BYTES);
    for (StoredMessage stored : found) {
      recoverFrom = stored.position() + 1;
      if (stored.position() < recoverTo && !queue.isDeleted()) {
        recovered(stored);
      }
    }
    if (found.isEmpty() || recoverFrom >= recoverTo || queue.isDeleted()) {
      arm();
      queue.waiters().releaseHold();
    } else {
      recover();
    }
  }

  private void recovered(StoredMessage stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored.message().body());
    Lane lane = queue.lanes().at(bytes.get());
    if (lane == null) {
      LOG.error("no message has the priority of one that waits; this is a fault of the broker");
      return;
    }
    Place place = new Place(stored.due(), stored.position(), lane, bytes.getLong(), bytes.getInt());
    lane.setAside(place.position, place.bodyBytes);
    insert(place);
  }
}
