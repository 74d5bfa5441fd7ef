package io.harveymq.broker.vhost;

import io.harveymq.broker.channel.PublisherConfirms;
import io.harveymq.broker.net.Outbound;
import io.harveymq.broker.net.OutputBuffers;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.recording.RecordingBudget;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.story.StoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns virtual hosts and everything in them. All that can change them enters here
 * as an event and is followed by the end of the turn: queues that got something deliver, confirms
 * go out, each touched connection is flushed once. Bulk work goes on in slices, one a turn.
 *
 * <p>{@link #execute} may be called from any thread, everything else on the loop only.
 */
public final class HomeLoop {
  /** Messages that may be delivered in one turn. */
  static final int DELIVERIES_PER_TURN = 4_096;

  /** Bytes that may be delivered in one turn, roughly. */
  static final int DELIVERED_BYTES_PER_TURN = 2 << 20;

  /**
   * Copies of messages that may be routed in one turn before a publisher's burst is interrupted.
   */
  static final int ROUTED_PER_TURN = 8_192;

  /** Units of bulk work in one turn. */
  static final int BULK_UNITS_PER_TURN = 4_096;

  private static final int FIRST_BURST = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(HomeLoop.class);

  private final Loop loop;
  private final MemoryAccount memory;
  private final OutputBuffers buffers = new OutputBuffers();
  private final ByteBuf burstBuffer = Unpooled.buffer(FIRST_BURST);
  private final ArrayDeque<AmqpQueue> dirtyQueues = new ArrayDeque<>();
  private final BulkWork bulkWork = new BulkWork();
  private final Set<Runnable> paused = new LinkedHashSet<>();
  private final ArrayList<PublisherConfirms> confirms = new ArrayList<>();
  private ArrayList<Outbound> touched = new ArrayList<>();
  private ArrayList<Outbound> flushing = new ArrayList<>();
  private final Deadlines deadlines;
  private final StoryBudget storyBudget = new StoryBudget();
  private final RecordingBudget recordingBudget = new RecordingBudget();
  private HomeStore store;
  private long now;
  private int second;
  private boolean turnScheduled;
  private long turns;
  private boolean inTurn;
  private long channels;
  private int routed;
  private int deliveries;
  private long deliveredBytes;

  public HomeLoop(Loop loop, MemoryAccount memory) {
    this.loop = loop;
    this.memory = memory;
    this.deadlines = new Deadlines(this);
  }

  /** The thread behind this home loop. */
  public Loop loop() {
    return loop;
  }

  /** The memory that clients make this loop keep. */
  public MemoryAccount memory() {
    return memory;
  }

  /** Gives the loop a store for what is durable, before it runs anything. */
  public void useStore(HomeStore newStore) {
    store = newStore;
  }

  /** Where what is durable is stored; null when nothing is. */
  public HomeStore store() {
    return store;
  }

  /** What recordings of life stories may take. */
  public StoryBudget storyBudget() {
    return storyBudget;
  }

  /** What recordings of messages and their replays may take. */
  public RecordingBudget recordingBudget() {
    return recordingBudget;
  }

  /** What is due at some time of the broker's clock. */
  public Deadlines deadlines() {
    return deadlines;
  }

  /**
   * The broker's time for what falls due, in milliseconds since the epoch, the same throughout a
   * turn; see {@link BrokerClock#millis()}.
   */
  public long now() {
    if (!inTurn) {
      return loop.clock().millis();
    }
    if (now == 0) {
      look();
    }
    return now;
  }

  /** The same in whole seconds, unsigned. */
  public int second() {
    if (!inTurn) {
      return (int) (loop.clock().millis() / 1_000);
    }
    if (now == 0) {
      look();
    }
    return second;
  }

  /** Looks at the clock; divided once a turn, because a second is asked for with each message. */
  private void look() {
    now = loop.clock().millis();
    second = (int) (now / 1_000);
  }

  /** A number for one more channel, which none before had. */
  public long nextChannel() {
    return ++channels;
  }

  /** The time to tell users, in milliseconds since the epoch. */
  public long timeOfDay() {
    return loop.clock().timeOfDay();
  }

  /**
   * How much {@link #timeOfDay} is ahead of {@link #now}, in milliseconds: the machine slept, or
   * its clock was set.
   */
  public long ahead() {
    return loop.clock().timeOfDay() - loop.clock().millis();
  }

  /** Buffers to encode output in. */
  public OutputBuffers buffers() {
    return buffers;
  }

  /**
   * A heap buffer for the burst that is being decoded; whoever needs its content later copies it.
   */
  public ByteBuf burstBuffer() {
    return burstBuffer;
  }

  /** Runs an event and the end of its turn. Any thread. */
  public void execute(Runnable event) {
    loop.execute(() -> run(event));
  }

  /** The same for somebody outside of the broker, see {@link Loop#executeOrReject}. */
  public void executeOrReject(Runnable event) {
    loop.executeOrReject(() -> run(event));
  }

  /** Runs an event and the end of its turn later. Any thread. */
  public Loop.Timer schedule(Runnable event, long delayMillis) {
    return loop.schedule(() -> run(event), delayMillis);
  }

  /**
   * Runs an event and the end of its turn at once; a fault in it ends the event, not the loop. An
   * event that comes up within a turn (a write completes while the turn is flushed) joins it.
   */
  public void run(Runnable event) {
    assert loop.inLoop();
    boolean ownTurn = !inTurn;
    inTurn = true;
    try {
      event.run();
    } catch (RuntimeException | AssertionError fault) {
      LOG.error("an event failed; this is a fault of the broker", fault);
    } finally {
      if (ownTurn) {
        endTurn();
      }
    }
  }

  /** The queue has something to deliver, or someone to deliver to. */
  public void markDirty(AmqpQueue queue) {
    dirtyQueues.add(queue);
  }

  /** The connection has output to be flushed. */
  public void touch(Outbound outbound) {
    touched.add(outbound);
  }

  /** The channel has confirms to be sent. */
  public void confirmLater(PublisherConfirms channel) {
    confirms.add(channel);
  }

  /** Goes on with the work in this and the following turns, in turn with other such work. */
  public void startBulk(Continuation work) {
    bulkWork.add(work, work);
  }

  /** The same once all that this owner started before is done. */
  public void startBulk(Object owner, Continuation work) {
    bulkWork.add(owner, work);
  }

  /** Calls back when consumers have caught up with the memory share. */
  public void whenMemoryFreed(Runnable resume) {
    paused.add(resume);
  }

  /** Doesn't call back any more. */
  public void forgetMemoryFreed(Runnable resume) {
    paused.remove(resume);
  }

  /** Whether connections that publish wait for that. */
  public boolean hasPausedPublishers() {
    return !paused.isEmpty();
  }

  /** Whether work is left that is done in slices. */
  public boolean hasBulkWork() {
    return !bulkWork.isEmpty();
  }

  /** Whether nothing goes on, here or in the store. */
  boolean isAtRest() {
    return dirtyQueues.isEmpty() && bulkWork.isEmpty() && (store == null || store.isIdle());
  }

  /** Whether the turn has had enough copies of messages. */
  public boolean hasRoutedEnough() {
    return routed > ROUTED_PER_TURN;
  }

  /** Turns so far; while it stands still, nothing has happened here. */
  public long turns() {
    return turns;
  }

  /** Counts copies of a message put into queues; true when the turn has had enough of them. */
  public boolean routed(int copies) {
    routed += copies;
    return routed > ROUTED_PER_TURN;
  }

  /** Counts one delivery; false when the turn has had enough of them. */
  public boolean delivered(int bytes) {
    deliveries++;
    deliveredBytes += bytes;
    return deliveries < DELIVERIES_PER_TURN && deliveredBytes < DELIVERED_BYTES_PER_TURN;
  }

  /**
   * Delivers, confirms, flushes, and sees to it that another turn comes if something is left to do.
   */
  private void endTurn() {
    routed = 0;
    deliveries = 0;
    deliveredBytes = 0;
    turns++;
    try {
      deliver();
      bulkWork.step(BULK_UNITS_PER_TURN);
      resumePaused();
      if (store != null) {
        store.endTurn();
      }
      sendConfirms();
      flush();
    } catch (RuntimeException | AssertionError fault) {
      LOG.error("the end of a turn failed; this is a fault of the broker", fault);
    } finally {
      inTurn = false;
      now = 0;
    }
    if (!turnScheduled && isSomethingLeft()) {
      turnScheduled = true;
      loop.execute(this::nextTurn);
    }
  }

  private void sendConfirms() {
    for (int i = 0; i < confirms.size(); i++) {
      confirms.get(i).send();
    }
    confirms.clear();
  }

  private boolean isSomethingLeft() {
    return !dirtyQueues.isEmpty()
        || !bulkWork.isEmpty()
        || !touched.isEmpty()
        || !confirms.isEmpty();
  }

  private void nextTurn() {
    turnScheduled = false;
    inTurn = true;
    endTurn();
  }

  private void deliver() {
    boolean room = true;
    while (room && !dirtyQueues.isEmpty()) {
      room = dirtyQueues.poll().deliver();
    }
  }

  private void resumePaused() {
    if (!paused.isEmpty() && memory.belowResumeLevel()) {
      ArrayList<Runnable> all = new ArrayList<>(paused);
      paused.clear();
      all.forEach(this::execute);
    }
  }

  private void flush() {
    ArrayList<Outbound> now = touched;
    touched = flushing;
    flushing = now;
    for (int i = 0; i < now.size(); i++) {
      try {
        now.get(i).flush();
      } catch (RuntimeException | OutOfMemoryError fault) {
        LOG.error("{} closed: its output could not be handed on", now.get(i), fault);
        now.get(i).abandon();
      }
    }
    now.clear();
  }
}
