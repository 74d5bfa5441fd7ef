package io.harveymq.broker.net;

import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.MemoryAccount;
import io.harveymq.codec.CommandEncoder;
import io.harveymq.codec.Content;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * The only way to write to a connection: encodes commands into one buffer, hands it on in chunks,
 * flushes once a turn, and counts what was encoded and is not yet written. A body of more than 64
 * KiB goes out a window at a time as the socket drains, and only the later frames of its channel
 * wait for it.
 *
 * <p>Owned by the home loop of its connection.
 */
public final class Outbound {
  /** Bytes not yet written from which on the connection takes no more deliveries. */
  static final int DELIVERY_LIMIT = 512 << 10;

  /**
   * Bytes not yet written from which on the connection is not read, because they are replies it
   * doesn't take.
   */
  static final int REPLY_LIMIT = 8 << 20;

  /** The same two limits while all connections together have much to be written. */
  private static final int TIGHT_DELIVERY_LIMIT = 16 << 10;

  private static final int TIGHT_REPLY_LIMIT = 256 << 10;

  private static final int CHUNK = 64 << 10;
  private static final int INLINE_BODY = 64 << 10;

  /** A large body on its way, and what its channel has to say after it. */
  private static final class BodyStream {
    final int channel;
    final Content content;
    final byte[] body;
    int sent;
    ByteBuf later;

    BodyStream(int channel, Content content) {
      this.channel = channel;
      this.content = content;
      this.body = content.body();
    }

    /** The message counts as long as it is being sent, though nobody else may hold it. */
    void retain(MemoryAccount memory) {
      if (content instanceof Message message) {
        message.retain(memory);
      }
    }

    void release(MemoryAccount memory) {
      if (content instanceof Message message) {
        message.release(memory);
      }
    }
  }

  private final SocketLink link;
  private HomeLoop home;
  private Runnable whenDrained = () -> {};
  private ByteBuf buffer;
  private int maxBodyPerFrame = Integer.MAX_VALUE;
  private boolean touched;
  private boolean deliveriesStopped;
  private boolean ended;
  private long inFlight;
  private long unflushed;
  private long streaming;
  private long flushedTotal;
  private long writtenFlushes;
  private long bytesTotal;
  private ArrayDeque<BodyStream> streams;

  Outbound(SocketLink link, HomeLoop home) {
    this.link = link;
    this.home = home;
  }

  /** Follows the connection to another loop; nothing may be encoded and unflushed. */
  void moveTo(HomeLoop newHome) {
    assert buffer == null && streams == null;
    home = newHome;
  }

  /**
   * Sets the negotiated frame limit.
   *
   * @param frameMax bytes with overhead, 0 for none
   */
  public void frameMax(int frameMax) {
    maxBodyPerFrame = frameMax == 0 ? Integer.MAX_VALUE : frameMax - FrameDecoder.FRAME_OVERHEAD;
  }

  /** Sets what is called when output that had no room has room again. */
  public void whenDrained(Runnable callback) {
    whenDrained = callback;
  }

  /** Bytes encoded and not yet written to the socket, with the rest of large bodies. */
  public long pending() {
    return inFlight + unflushed + (buffer == null ? 0 : buffer.readableBytes()) + streaming;
  }

  /** Whether the channel may take another delivery. */
  public boolean hasRoom(int channel) {
    return inFlight + unflushed + (buffer == null ? 0 : buffer.readableBytes()) < deliveryLimit()
        && !deliveriesStopped
        && (streams == null || streaming < replyLimit() && streamOf(channel) == null);
  }

  private int deliveryLimit() {
    return home.memory().outputTight() ? TIGHT_DELIVERY_LIMIT : DELIVERY_LIMIT;
  }

  private int replyLimit() {
    return home.memory().outputTight() ? TIGHT_REPLY_LIMIT : REPLY_LIMIT;
  }

  /** There is no room for deliveries any more, because the client is gone. */
  public void stopDeliveries() {
    deliveriesStopped = true;
  }

  /** The connection is done: large bodies that are not sent yet never will be. */
  public void end() {
    ended = true;
    if (streams != null) {
      streams.forEach(stream -> stream.release(home.memory()));
      streams = null;
      streaming = 0;
    }
  }

  /** Whether so many replies are waiting that the client must take some before it is read again. */
  public boolean isStuffed() {
    long bytes = pending();
    if (streams != null) {
      for (BodyStream stream : streams) {
        bytes += stream.later == null ? 0 : stream.later.readableBytes();
      }
    }
    return bytes > replyLimit();
  }

  /** Counts up with every flush; heartbeats are sent when it stands still. */
  public long flushes() {
    return flushedTotal;
  }

  /** Counts up with every flush that is through; it stands still while the client takes nothing. */
  public long writes() {
    return writtenFlushes;
  }

  /** Bytes handed to the socket so far. */
  public long bytesSent() {
    return bytesTotal;
  }

  /** Writes a method without content. */
  public void method(int channel, Method method) {
    CommandEncoder.method(target(channel), channel, method);
    handOnFull();
  }

  /** Writes a heartbeat. */
  public void heartbeat() {
    CommandEncoder.heartbeat(target(0));
  }

  /** Writes a publisher's confirm. */
  public void ack(int channel, long deliveryTag, boolean multiple) {
    CommandEncoder.ack(target(channel), channel, deliveryTag, multiple);
    handOnFull();
  }

  /** Writes bytes that are no frame: the protocol header. */
  public void raw(byte[] bytes) {
    target(0).writeBytes(bytes);
  }

  /**
   * Writes basic.deliver with its content.
   *
   * @param prefix from {@link CommandEncoder#deliverPrefix}
   */
  public void deliver(
      int channel, byte[] prefix, long deliveryTag, boolean redelivered, Content content) {
    ByteBuf out = target(channel);
    CommandEncoder.deliver(out, channel, prefix, deliveryTag, redelivered, content);
    body(out, channel, content);
  }

  /** Writes a method with content: basic.return or basic.get-ok. */
  public void content(int channel, Method method, Content content) {
    ByteBuf out = target(channel);
    CommandEncoder.method(out, channel, method);
    CommandEncoder.header(out, channel, content);
    body(out, channel, content);
  }

  private void body(ByteBuf out, int channel, Content content) {
    byte[] body = content.body();
    if (body.length <= INLINE_BODY || out != buffer) {
      CommandEncoder.body(out, channel, body, 0, body.length, maxBodyPerFrame);
      handOnFull();
    } else if (!ended) {
      if (streams == null) {
        streams = new ArrayDeque<>(2);
      }
      BodyStream stream = new BodyStream(channel, content);
      stream.retain(home.memory());
      streams.addLast(stream);
      streaming += body.length;
    }
  }

  private ByteBuf target(int channel) {
    if (!touched) {
      touched = true;
      home.touch(this);
    }
    if (buffer == null) {
      buffer = home.buffers().take();
    }
    BodyStream stream = streams == null ? null : streamOf(channel);
    if (stream == null) {
      return buffer;
    }
    if (stream.later == null) {
      stream.later = Unpooled.buffer(256);
    }
    return stream.later;
  }

  private BodyStream streamOf(int channel) {
    for (BodyStream stream : streams) {
      if (stream.channel == channel) {
        return stream;
      }
    }
    return null;
  }

  private void handOnFull() {
    if (buffer.writerIndex() >= CHUNK) {
      handOn();
    }
  }

  private void handOn() {
    unflushed += buffer.readableBytes();
    link.write(buffer);
    buffer.clear();
  }

  /** Hands everything encoded to the socket. Called at the end of the turn. */
  public void flush() {
    touched = false;
    if (buffer != null) {
      pumpStreams();
      if (buffer.isReadable()) {
        handOn();
      }
      home.buffers().giveBack(buffer);
      buffer = null;
    }
    if (unflushed > 0) {
      long bytes = unflushed;
      unflushed = 0;
      inFlight += bytes;
      home.memory().addOutput(bytes);
      flushedTotal++;
      bytesTotal += bytes;
      link.flush(this, bytes);
    }
  }

  private void pumpStreams() {
    while (streams != null && inFlight + unflushed + buffer.readableBytes() < deliveryLimit()) {
      BodyStream stream = streams.pollFirst();
      int to =
          (int)
              Math.min(
                  stream.body.length, (long) stream.sent + Math.min(maxBodyPerFrame, 2 * CHUNK));
      CommandEncoder.body(buffer, stream.channel, stream.body, stream.sent, to, maxBodyPerFrame);
      streaming -= to - stream.sent;
      stream.sent = to;
      if (to < stream.body.length) {
        streams.addLast(stream);
      } else {
        stream.release(home.memory());
        if (stream.later != null) {
          buffer.writeBytes(stream.later);
        }
      }
      handOnFull();
      if (streams.isEmpty()) {
        streams = null;
      }
    }
  }

  /**
   * Bytes handed over with a flush reached the socket, or never will. On the home loop, within an
   * event.
   */
  void written(long bytes) {
    writtenFlushes++;
    inFlight -= bytes;
    home.memory().addOutput(-bytes);
    if (streams != null && !touched && !link.isClosed()) {
      target(0);
    }
    if (inFlight < DELIVERY_LIMIT / 2) {
      whenDrained.run();
    }
  }

  /** Closes the socket, because output was lost. */
  public void abandon() {
    link.close();
  }

  /** For logs: the connection's addresses. */
  @Override
  public String toString() {
    return link.toString();
  }
}
