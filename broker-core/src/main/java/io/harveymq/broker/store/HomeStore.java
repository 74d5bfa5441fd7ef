package io.harveymq.broker.store;

import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A home loop's side of the store: gathers what is to be stored, and offers it whole to the store
 * thread, which takes it when it is done with what it got before. So while one commit is on its way
 * to the disk, the next one gathers, and the disk is never left waiting for the loop. Owned by the
 * home loop.
 */
public final class HomeStore {
  /** Bytes or changes gathered from which on publishers are not read. */
  private static final long MAX_GATHERED_BYTES = 8 << 20;

  private static final int MAX_GATHERED = 32_768;

  /** Events that one turn takes when their commit is done. */
  private static final int TOLD_PER_TURN = 64;

  /** How long a full disk is left alone. */
  private static final long TRY_AGAIN_MILLIS = 200;

  private static final int MOST_ASKED = 32;

  private final HomeLoop home;
  private final StoreThread thread;
  private final MemoryAccount memory;
  private final HandOver slot = new HandOver();

  /** Touched by nobody while it is {@link #offered}. */
  private StoreBatch gathering = new StoreBatch();

  private boolean offered;

  /** What the store thread has or had, and this loop was not told of yet; in order. */
  private final ArrayDeque<StoreBatch> committing = new ArrayDeque<>();

  /** Whose commit is done. */
  private final ArrayDeque<Runnable> toTell = new ArrayDeque<>();

  private StoreBatch spare;
  private long batchNumber = 1;
  private final Set<QueueLog> toNote = new LinkedHashSet<>();
  private List<Runnable> whenCaughtUp = new ArrayList<>();
  private Runnable whenDrained;
  private boolean refused;
  private boolean handingOver;
  private boolean serving;
  private int asked;

  /** Made before the loop runs anything that could be stored. */
  public HomeStore(HomeLoop home, StoreThread thread) {
    this.home = home;
    this.thread = thread;
    this.memory = home.memory();
  }

  /** The first of so many numbers in a row that are free for the logs of something durable. */
  public long newLogs(long count) {
    return thread.nextLogs(count);
  }

  /** An empty log with such a number. */
  public QueueLog log(long number) {
    return new QueueLog(this, number, 0);
  }

  /** A log for what only memory is too short for. */
  public QueueLog newTemporaryLog() {
    return new QueueLog(this, -thread.nextLogs(1), 0);
  }

  /** A log that was found at the start. */
  public QueueLog recovered(MessageStore.Log found) {
    QueueLog log = new QueueLog(this, found.number(), found.deliveredUpTo());
    if (found.messages() > 0) {
      toNote.add(log);
    }
    return log;
  }

  /** A definition is new or has changed. */
  public void put(Definition definition) {
    gathering().put(definition);
  }

  /** A definition is gone. */
  public void remove(Definition definition) {
    gathering().remove(definition);
  }

  /** Whether changed definitions are not yet safe. */
  public boolean hasUnstoredDefinitions() {
    return gathering.hasDefinitions() || committing.stream().anyMatch(StoreBatch::hasDefinitions);
  }

  /** Changes gathered at this time. */
  public int changes() {
    return gathering().size();
  }

  /**
   * Makes changes of which a crash leaves all or none, even if the disk is full in between. Those
   * of one turn are always committed together. Changes within such changes belong to them.
   */
  public boolean atomically(BooleanSupplier changes) {
    boolean outermost = gathering().beginAtomic();
    try {
      return changes.getAsBoolean();
    } finally {
      if (outermost) {
        gathering.endAtomic();
      }
    }
  }

  /** Whether everything is stored and read that was asked for. */
  public boolean isIdle() {
    return committing.isEmpty() && !serving && gathering.isEmpty();
  }

  /** Runs an event once everything that was changed up to now is safe. */
  public void whenCommitted(Runnable event) {
    gathering().whenCommitted(event);
  }

  /** Whether so much is gathered that publishers have to wait. */
  public boolean isBehind() {
    return isMuch(gathering) && isMuch(gathering());
  }

  private static boolean isMuch(StoreBatch batch) {
    return batch.bytes() > MAX_GATHERED_BYTES || batch.size() > MAX_GATHERED;
  }

  /** Runs an event once that is over. */
  public void whenCaughtUp(Runnable event) {
    whenCaughtUp.add(event);
  }

  /**
   * Offers what was gathered to the store thread, after the events that are due already: what many
   * clients sent at the same time goes into one commit. Called at the end of each turn.
   */
  public void endTurn() {
    if (offered) {
      return;
    }
    if (!gathering.isEmpty()) {
      if (!refused && !handingOver) {
        handingOver = true;
        home.loop().execute(this::handOver);
      }
    } else if (gathering.size() > 0) {
      gathering.clear();
      batchNumber++;
      wakeWhoWaitsForRoom();
    }
    drained();
  }

  private void tryAgain() {
    refused = false;
    endTurn();
  }

  private void handOver() {
    handingOver = false;
    if (offered || refused || gathering.isEmpty()) {
      return;
    }
    offered = slot.offer(gathering);
    if (!offered) {
      StoreBatch batch = gathering;
      gatherAnew();
      thread.commit(batch, this);
    }
  }

  /** What was gathered is the store thread's. */
  private void gatherAnew() {
    offered = false;
    committing.add(gathering);
    gathering = spare == null ? new StoreBatch() : spare;
    spare = null;
    batchNumber++;
    wakeWhoWaitsForRoom();
  }

  /** Notices whether the store thread has taken what was offered. */
  private void lookWhetherTaken() {
    if (offered && slot.isTaken(gathering)) {
      gatherAnew();
    }
  }

  /** The store thread goes on with what was offered, if there is something. Store thread. */
  StoreBatch next() {
    StoreBatch next = slot.next();
    if (next != null && isMuch(next)) {
      home.execute(this::lookWhetherTaken);
    }
    return next;
  }

  private void wakeWhoWaitsForRoom() {
    if (!whenCaughtUp.isEmpty()) {
      List<Runnable> waiting = whenCaughtUp;
      whenCaughtUp = new ArrayList<>();
      waiting.forEach(home::execute);
    }
  }

  /** The store thread is done with the batch: hands on the good news to the home loop. */
  void committed(StoreBatch batch) {
    home.execute(() -> onCommitted(batch));
  }

  private void onCommitted(StoreBatch batch) {
    lookWhetherTaken();
    StoreBatch first = committing.remove();
    assert batch == first;
    batch.settle(memory);
    handOver();
    tell(batch.whenCommitted());
    serving = !batch.reads().isEmpty();
    if (!serving) {
      done(batch);
    }
  }

  /** After what was told to be told before, which may take more turns. */
  private void tell(List<Runnable> events) {
    boolean first = toTell.isEmpty();
    toTell.addAll(events);
    if (first) {
      tellSome();
    }
  }

  private void tellSome() {
    for (int i = 0; i < TOLD_PER_TURN && !toTell.isEmpty(); i++) {
      home.run(toTell.remove());
    }
    if (!toTell.isEmpty()) {
      home.execute(this::tellSome);
    }
  }

  private void done(StoreBatch batch) {
    if (!batch.isLarge()) {
      batch.clear();
      spare = batch;
    }
    drained();
  }

  /** The store thread has looked up what the batch asked for. */
  void served(StoreBatch batch) {
    home.execute(
        () -> {
          serving = false;
          batch.reads().forEach(StoreBatch.Read::handOut);
          done(batch);
        });
  }

  /** The disk is full: only what needs no space was stored. */
  void refused(StoreBatch batch) {
    home.execute(() -> onRefused(batch));
  }

  private void onRefused(StoreBatch batch) {
    lookWhetherTaken();
    StoreBatch first = committing.remove();
    assert batch == first && committing.isEmpty();
    StoreBatch later = gathering();
    slot.idle();
    gathering = new StoreBatch();
    batchNumber++;
    batch.repeat(this, false);
    later.repeat(this, true);
    refused = true;
    home.schedule(this::tryAgain, TRY_AGAIN_MILLIS);
  }

  private void drained() {
    if (whenDrained != null && committing.isEmpty() && gathering.isEmpty() && !home.hasBulkWork()) {
      whenDrained.run();
      whenDrained = null;
    }
  }

  /**
   * Runs an action on this loop once everything is stored, with what only matters if the broker
   * ends in order: how far deliveries have come. Connections are closed.
   */
  public void drain(Runnable action) {
    whenDrained = action;
    toNote.forEach(QueueLog::note);
    toNote.clear();
    drained();
  }

  // ---- what logs need

  MemoryAccount memory() {
    return memory;
  }

  /** What is gathered; taken back if it was offered. */
  StoreBatch gathering() {
    if (offered) {
      if (slot.takeBack(gathering)) {
        offered = false;
      } else {
        gatherAnew();
      }
    }
    return gathering;
  }

  /** Counts the batches that were gathered; what changes now goes into this one. */
  public long batchNumber() {
    gathering();
    return batchNumber;
  }

  void elide(int place) {
    gathering().elide(place, memory);
  }

  /** How far deliveries of a log have come is to be stored at the end. */
  void noteAtEnd(QueueLog log) {
    toNote.add(log);
  }

  /**
   * Counts messages that are asked for only to know when they came.
   *
   * @param more 1 for one more, -1 for one less
   * @return false if there are enough
   */
  boolean mayAsk(int more) {
    boolean room = asked + more <= MOST_ASKED;
    asked += room ? more : 0;
    return room;
  }

  void removed(QueueLog log) {
    toNote.remove(log);
  }

  void repeatRead(StoreBatch.Read<?> read) {
    gathering().read(read);
  }
}
