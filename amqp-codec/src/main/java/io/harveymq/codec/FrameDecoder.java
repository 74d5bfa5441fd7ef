package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts the bytes of one connection into the protocol header and frames. Frames that are whole in
 * the burst at hand are passed on in place; the rest of a burst is kept, growing as bytes arrive
 * and never by the size a client declares.
 *
 * <p>Owned by the thread that owns the connection; it moves with it.
 */
public final class FrameDecoder {
  /** Bytes of a frame around its payload: type, channel, size and the end marker. */
  public static final int FRAME_OVERHEAD = 8;

  /** Type octet of a method frame. */
  public static final int METHOD = 1;

  /** Type octet of a content header frame. */
  public static final int HEADER = 2;

  /** Type octet of a content body frame. */
  public static final int BODY = 3;

  /** Type octet of a heartbeat frame. */
  public static final int HEARTBEAT = 8;

  /** The octet that ends each frame. */
  public static final int FRAME_END = 0xCE;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int FRAME_HEADER_SIZE = 7;
  private static final int PROTOCOL_HEADER_SIZE = 8;

  /** Receives what was cut. */
  public interface Handler {
    /**
     * The first eight bytes of the connection.
     *
     * @param header those bytes, the first one in the highest place
     */
    void onProtocolHeader(long header);

    /**
     * One whole frame with a correct end.
     *
     * @param payload holds the payload from its reader index on; what the handler leaves unread is
     *     skipped
     * @param length bytes of payload
     */
    void onFrame(int type, int channel, ByteBuf payload, int length);
  }

  private enum State {
    PROTOCOL_HEADER,
    FRAMES
  }

  private final Handler handler;
  private State state = State.PROTOCOL_HEADER;
  private int frameMax;
  private ByteBuf partial;
  private boolean stopped;

  /**
   * @param handler called from within {@link #decode}
   * @param initialFrameMax the frame limit until one is negotiated, in bytes with the frame's
   *     overhead
   */
  public FrameDecoder(Handler handler, int initialFrameMax) {
    this.handler = handler;
    this.frameMax = initialFrameMax;
  }

  /** Sets the negotiated limit in bytes with the frame's overhead; 0 means none. */
  public void frameMax(int bytes) {
    frameMax = bytes;
  }

  /** Makes {@link #decode} return before the next frame; called by the handler from within it. */
  public void stop() {
    stopped = true;
  }

  /** Bytes kept of a frame whose end has not arrived. */
  public int buffered() {
    return partial == null ? 0 : partial.readableBytes();
  }

  /** Forgets them; nothing is decoded any more. */
  public void discard() {
    partial = null;
  }

  /** Bytes of memory that are taken for them. */
  public int bufferSize() {
    return partial == null ? 0 : partial.capacity();
  }

  /**
   * Decodes what is in the buffer, up to its end or until {@link #stop} is called.
   *
   * @param in a heap buffer, read up to where decoding ended; not released
   * @throws ConnectionException with 501 for a frame that is too large or has a wrong end; the
   *     stream can't be read on from there (rabbit_reader: fatal_frame_error)
   */
  public void decode(ByteBuf in) {
    stopped = false;
    while (in.isReadable() && !stopped) {
      if (partial != null) {
        if (!completePartial(in)) {
          return;
        }
      } else if (!decodeOne(in)) {
        partial = Unpooled.buffer(Math.max(64, in.readableBytes()));
        partial.writeBytes(in);
        return;
      }
    }
  }

  private boolean completePartial(ByteBuf in) {
    int needed = bytesNeeded(partial) - partial.readableBytes();
    partial.writeBytes(in, Math.min(needed, in.readableBytes()));
    if (bytesNeeded(partial) > partial.readableBytes()) {
      return in.isReadable();
    }
    ByteBuf whole = partial;
    partial = null;
    decodeOne(whole);
    return true;
  }

  private int bytesNeeded(ByteBuf buf) {
    if (state == State.PROTOCOL_HEADER) {
      return PROTOCOL_HEADER_SIZE;
    }
    if (buf.readableBytes() < FRAME_HEADER_SIZE) {
      return FRAME_HEADER_SIZE;
    }
    int at = buf.readerIndex();
    int length = checkedLength(buf.getUnsignedByte(at), buf.getInt(at + 3));
    return length + FRAME_OVERHEAD;
  }

  private boolean decodeOne(ByteBuf in) {
    if (state == State.PROTOCOL_HEADER) {
      if (in.readableBytes() < PROTOCOL_HEADER_SIZE) {
        return false;
      }
      state = State.FRAMES;
      handler.onProtocolHeader(in.readLong());
      return true;
    }
    int at = in.readerIndex();
    int readable = in.writerIndex() - at;
    if (readable < FRAME_HEADER_SIZE) {
      return false;
    }
    byte[] bytes = in.array();
    int start = in.arrayOffset() + at;
    int type = bytes[start] & 0xFF;
    int length = checkedLength(type, (int) INT.get(bytes, start + 3));
    if (readable < length + FRAME_OVERHEAD) {
      return false;
    }
    int channel = (short) SHORT.get(bytes, start + 1) & 0xFFFF;
    int marker = bytes[start + FRAME_HEADER_SIZE + length] & 0xFF;
    in.readerIndex(at + FRAME_HEADER_SIZE);
    if (marker != FRAME_END) {
      throw ErlangTerm.frameError(
          type, in.slice(in.readerIndex(), length), "{invalid_frame_end_marker," + marker + "}");
    }
    handler.onFrame(type, channel, in, length);
    in.readerIndex(at + length + FRAME_OVERHEAD);
    return true;
  }

  /**
   * RabbitMQ lets the payload alone be as large as frame_max, because many clients get it wrong.
   */
  private int checkedLength(int type, int length) {
    if ((length < 0 || length > frameMax) && frameMax != 0 || length < 0) {
      throw ErlangTerm.frameError(
          type,
          Unpooled.EMPTY_BUFFER,
          "{frame_too_large," + (length & 0xFFFFFFFFL) + "," + (frameMax - FRAME_OVERHEAD) + "}");
    }
    return length;
  }

  /**
   * Checks that a frame has a known type and the least that its type needs.
   *
   * @param payload holds the payload from its reader index on
   * @throws ConnectionException with 501 otherwise; the stream can be read on from there
   */
  public static void checkType(int type, ByteBuf payload, int length) {
    boolean known =
        switch (type) {
          case METHOD -> length >= 4;
          case HEADER, BODY -> true;
          case HEARTBEAT -> length == 0;
          default -> false;
        };
    if (!known) {
      ByteBuf shown = payload.slice(payload.readerIndex(), length);
      throw ErlangTerm.frameError(type, shown, "unknown_frame");
    }
  }
}
