package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Puts the frames of one channel together to commands: a method alone, or a method with content
 * header and body. The body is copied once, into the array that the message keeps.
 *
 * <p>A publish whose bytes equal those of the channel's last one is answered with the same {@link
 * BasicMethod.Publish} object, so that whoever receives it can recognise a repeated target by
 * identity.
 *
 * <p>Owned by the thread that owns the connection.
 */
public final class CommandAssembler {
  private static final int BASIC_PUBLISH = BasicMethod.CLASS_ID << 16 | BasicMethod.Publish.ID;
  private static final int HEADER_FIXED_SIZE = 12;
  private static final byte[] EMPTY = new byte[0];

  /** Properties of so many bytes are remembered; more are worth no memory for each channel. */
  private static final int MOST_REMEMBERED = 2_048;

  /** Receives whole commands. */
  public interface Handler {
    /** A method that carries no content. */
    void onMethod(Method method);

    /**
     * A method with its content.
     *
     * @param properties property flags and values as received, checked; may be shared, never
     *     changed
     * @param body the whole body, or null when it was larger than the limit given and therefore not
     *     kept
     * @param bodySize bytes of the body as declared and received
     */
    void onContent(Method method, byte[] properties, byte[] body, long bodySize);

    /** More or fewer bytes (negative) of an unfinished command are held in memory. */
    void onBuffered(int bytes);
  }

  private enum State {
    METHOD,
    HEADER,
    BODY
  }

  private State state = State.METHOD;
  private final long maxBodySize;
  private Method method;
  private byte[] properties;
  private long bodySize;
  private long received;
  private byte[] body;
  private int heldProperties;
  private byte[] lastProperties = EMPTY;
  private byte[] lastPublishBytes = EMPTY;
  private BasicMethod.Publish lastPublish;

  /**
   * @param maxBodySize bodies larger than this many bytes are counted, not kept
   */
  public CommandAssembler(long maxBodySize) {
    this.maxBodySize = maxBodySize;
  }

  /**
   * Takes one frame of the channel.
   *
   * @param payload a heap buffer that holds the payload from its reader index on, which is moved
   * @throws ConnectionException with 505 for a frame out of order, 501 for a body longer than
   *     announced
   */
  public void onFrame(int type, ByteBuf payload, int length, Handler handler) {
    switch (state) {
      case METHOD -> onMethodFrame(type, payload, length, handler);
      case HEADER -> onHeaderFrame(type, payload, length, handler);
      case BODY -> onBodyFrame(type, payload, length, handler);
    }
  }

  /** Gives up an unfinished command; its buffer is counted back. */
  public void reset(Handler handler) {
    releaseBuffer(handler);
    releaseProperties(handler);
    state = State.METHOD;
    method = null;
    properties = null;
  }

  private void onMethodFrame(int type, ByteBuf payload, int length, Handler handler) {
    if (type != FrameDecoder.METHOD) {
      throw unexpected("expected method frame, got non method frame instead");
    }
    Method read =
        isPublish(payload, length)
            ? readPublish(payload, length)
            : MethodReader.read(payload, length);
    if (read.hasContent()) {
      method = read;
      state = State.HEADER;
    } else {
      handler.onMethod(read);
    }
  }

  private static boolean isPublish(ByteBuf payload, int length) {
    return length >= 4 && payload.getInt(payload.readerIndex()) == BASIC_PUBLISH;
  }

  private Method readPublish(ByteBuf payload, int length) {
    int from = payload.arrayOffset() + payload.readerIndex();
    byte[] last = lastPublishBytes;
    if (Arrays.equals(payload.array(), from, from + length, last, 0, last.length)) {
      return lastPublish;
    }
    byte[] bytes = Arrays.copyOfRange(payload.array(), from, from + length);
    lastPublish = (BasicMethod.Publish) MethodReader.read(payload, length);
    lastPublishBytes = bytes;
    return lastPublish;
  }

  /** Messages in a row with equal properties share one array. */
  private byte[] readProperties(ByteBuf payload, int length) {
    int from = payload.arrayOffset() + payload.readerIndex();
    byte[] last = lastProperties;
    if (Arrays.equals(payload.array(), from, from + length, last, 0, last.length)) {
      return last;
    }
    byte[] read = BasicProperties.read(payload, length);
    if (read.length <= MOST_REMEMBERED) {
      lastProperties = read;
    }
    return read;
  }

  private void onHeaderFrame(int type, ByteBuf payload, int length, Handler handler) {
    int classId = method.classId();
    if (type != FrameDecoder.HEADER) {
      throw nonContentHeader();
    }
    if (length < HEADER_FIXED_SIZE + 2) {
      throw ErlangTerm.frameError(
          type, payload.slice(payload.readerIndex(), length), "unknown_frame");
    }
    int at = payload.readerIndex();
    int headerClass = payload.getUnsignedShort(at);
    if (headerClass != classId) {
      throw unexpected(
          "expected content header for class "
              + classId
              + ", got one for class "
              + headerClass
              + " instead");
    }
    if (payload.getShort(at + 2) != 0) {
      throw nonContentHeader();
    }
    bodySize = payload.getLong(at + 4);
    payload.readerIndex(at + HEADER_FIXED_SIZE);
    properties = readProperties(payload, length - HEADER_FIXED_SIZE);
    received = 0;
    if (bodySize == 0) {
      complete(EMPTY, handler);
    } else {
      state = State.BODY;
      if (properties.length > MOST_REMEMBERED) {
        heldProperties = properties.length;
        handler.onBuffered(heldProperties);
      }
    }
  }

  private ConnectionException nonContentHeader() {
    return unexpected(
        "expected content header for class "
            + method.classId()
            + ", got non content header frame instead");
  }

  private void onBodyFrame(int type, ByteBuf payload, int length, Handler handler) {
    if (type != FrameDecoder.BODY) {
      throw unexpected("expected content body, got non content body frame instead");
    }
    if (Long.compareUnsigned(received + length, bodySize) > 0) {
      throw broken(ReplyCode.FRAME_ERROR, "content body frame exceeds remaining content size");
    }
    boolean last = received + length == bodySize;
    if (Long.compareUnsigned(bodySize, maxBodySize) > 0) {
      received += length;
      if (last) {
        complete(null, handler);
      }
    } else if (received == 0 && last) {
      int from = payload.arrayOffset() + payload.readerIndex();
      complete(Arrays.copyOfRange(payload.array(), from, from + length), handler);
    } else {
      append(payload, length, handler);
      if (last) {
        finishAppended(handler);
      }
    }
  }

  private void append(ByteBuf payload, int length, Handler handler) {
    int at = (int) received;
    if (body == null) {
      body = new byte[(int) Math.min(bodySize, 2L * length)];
      handler.onBuffered(body.length);
    } else if (body.length < at + length) {
      int size = (int) Math.min(bodySize, Math.max(2L * body.length, at + length));
      handler.onBuffered(size - body.length);
      body = Arrays.copyOf(body, size);
    }
    payload.readBytes(body, at, length);
    received += length;
  }

  private void finishAppended(Handler handler) {
    byte[] whole = body.length == bodySize ? body : Arrays.copyOf(body, (int) bodySize);
    releaseBuffer(handler);
    complete(whole, handler);
  }

  private void releaseProperties(Handler handler) {
    if (heldProperties > 0) {
      handler.onBuffered(-heldProperties);
      heldProperties = 0;
    }
  }

  private void releaseBuffer(Handler handler) {
    if (body != null) {
      handler.onBuffered(-body.length);
      body = null;
    }
  }

  private void complete(byte[] wholeBody, Handler handler) {
    Method complete = method;
    byte[] props = properties;
    releaseProperties(handler);
    state = State.METHOD;
    method = null;
    properties = null;
    handler.onContent(complete, props, wholeBody, bodySize);
  }

  private ConnectionException unexpected(String text) {
    return broken(ReplyCode.UNEXPECTED_FRAME, text);
  }

  /** An error that names the method whose content is being received, if there is one. */
  private ConnectionException broken(ReplyCode code, String text) {
    return method == null
        ? new ConnectionException(code, text, 0, 0)
        : new ConnectionException(code, text, method.classId(), method.methodId());
  }
}
