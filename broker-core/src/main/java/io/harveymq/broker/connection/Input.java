package io.harveymq.broker.connection;

import io.harveymq.broker.net.SocketLink;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.ReplyCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The bytes of a connection on their way to its decoder, with the reasons for which they have to
 * wait. Nothing is read from the socket while bytes wait. A burst is decoded in a heap buffer that
 * the loop lends; only what has to wait is kept. Owned by the connection's loop.
 */
final class Input {
  /** Why a connection is not read. */
  enum Reason {
    /** Somebody is asked whether the credentials are good. */
    LOGIN,
    /** The node's loop decides whether it is admitted. */
    ADMISSION,
    /** It moves to the loop of its virtual host. */
    MOVING,
    /** Too many commands wait behind one that a channel is suspended for. */
    SUSPENDED_CHANNEL,
    /** A queue it publishes to is behind. */
    PACED,
    /** Messages take their share of the memory, and this connection publishes. */
    MEMORY,
    /** The store has more to do than it should, and this connection publishes. */
    STORE,
    /** The node is low on something, and this connection publishes. */
    ALARM,
    /** The client does not take the replies it was sent. */
    STUFFED,
    /** The turn was getting long. */
    YIELDED
  }

  /** A part of a frame that costs little. */
  private static final int SMALL_FRAME = 16 << 10;

  private final SocketLink link;
  private final FrameDecoder decoder;
  private final Supplier<HomeLoop> home;
  private final Consumer<ConnectionException> whenBroken;
  private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
  private Consumer<Boolean> whenPaused = paused -> {};
  private ByteBuf waiting;
  private Runnable afterBurst;

  private int countedFrame;
  private boolean decoding;
  private boolean readRequested = true;
  private boolean discarded;

  /**
   * @param whenBroken told of frames from which the stream can't be read on
   */
  Input(
      SocketLink link,
      FrameDecoder decoder,
      Supplier<HomeLoop> home,
      Consumer<ConnectionException> whenBroken) {
    this.link = link;
    this.decoder = decoder;
    this.home = home;
    this.whenBroken = whenBroken;
  }

  /** Sets who is told when reading pauses and when it goes on. */
  void whenPaused(Consumer<Boolean> listener) {
    whenPaused = listener;
  }

  /** Sets what is run, once, when the bytes at hand are decoded. */
  void afterBurst(Runnable action) {
    afterBurst = action;
  }

  /**
   * Takes bytes that were read; released here. They may come although none were asked for: epoll
   * reads to the end when the client finishes.
   */
  void add(ByteBuf bytes) {
    readRequested = false;
    try {
      if (discarded) {
        return;
      }
      if (waiting != null) {
        waiting.writeBytes(bytes);
      } else {
        addToNothing(bytes);
      }
      if (countedFrame > SMALL_FRAME && home.get().memory().inputFull()) {
        whenBroken.accept(
            new ConnectionException(
                ReplyCode.RESOURCE_ERROR, "frames that are not whole take too much memory"));
        discard();
      }
    } finally {
      bytes.release();
    }
  }

  private void addToNothing(ByteBuf bytes) {
    ByteBuf burst = home.get().burstBuffer();
    waiting = burst.clear().writeBytes(bytes);
    try {
      decode();
    } finally {
      if (waiting == burst) {
        waiting = Unpooled.copiedBuffer(burst);
      }
    }
  }

  private void decode() {
    decoding = true;
    try {
      while (waiting != null && reasons.isEmpty()) {
        decoder.decode(waiting);
        if (waiting != null && !waiting.isReadable()) {
          waiting = null;
        }
      }
    } catch (ConnectionException broken) {
      waiting = null;
      whenBroken.accept(broken);
    } finally {
      decoding = false;
    }
    readOn();
  }

  /** A frame may be as large as was negotiated, and need never come to its end. */
  private void countFrame(int bytes) {
    if (bytes != countedFrame) {
      home.get().memory().addInput(bytes - countedFrame);
      countedFrame = bytes;
    }
  }

  /** What is counted at a loop is counted no more, because another one is next. */
  void leaveLoop() {
    countFrame(0);
  }

  private void readOn() {
    countFrame(decoder.bufferSize());
    if (waiting == null && afterBurst != null) {
      Runnable action = afterBurst;
      afterBurst = null;
      action.run();
    }
    if (waiting == null && reasons.isEmpty() && !readRequested) {
      readRequested = true;
      link.readMore();
    }
  }

  /**
   * The client has finished: ends the pacing, because nothing more comes.
   *
   * @return whether bytes still wait for no other reason than that a turn was getting long
   */
  boolean isFinishing() {
    resume(Reason.PACED);
    return waiting != null && reasons.size() == 1 && reasons.contains(Reason.YIELDED);
  }

  /**
   * Stops decoding and reading.
   *
   * @return false when that reason held already
   */
  boolean pause(Reason reason) {
    boolean added = reasons.add(reason);
    if (added) {
      decoder.stop();
      whenPaused.accept(true);
    }
    return added;
  }

  /** Whether this is a reason for which the connection is not read now. */
  boolean isPausedFor(Reason reason) {
    return reasons.contains(reason);
  }

  /** Goes on if there is no other reason to wait. */
  void resume(Reason reason) {
    if (reasons.remove(reason) && reasons.isEmpty()) {
      whenPaused.accept(false);
      if (!decoding) {
        decode();
      }
    }
  }

  /** Goes on whatever the reasons to wait were, because no command is executed any more. */
  void resumeAll() {
    reasons.clear();
    if (!decoding && !discarded) {
      decode();
    }
  }

  /** Goes on in another turn. */
  void yieldTurn() {
    if (pause(Reason.YIELDED)) {
      home.get().execute(() -> resume(Reason.YIELDED));
    }
  }

  /**
   * Nothing more is decoded. What comes is still read, so that the end of the stream is noticed.
   */
  void discard() {
    discarded = true;
    decoder.stop();
    reasons.clear();
    waiting = null;
    decoder.discard();
    countFrame(0);
  }
}
