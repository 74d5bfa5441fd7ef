package io.harveymq.broker.wire;

import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A frame as a client may send it, right or wrong.
 *
 * @param size the size that it declares
 * @param end the octet at its end
 */
public record Frame(int type, int channel, int size, byte[] payload, int end) {
  /** The eight octets that begin a conversation. */
  public static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  private static final int BASIC = 60;

  /** A correct frame. */
  public static Frame of(int type, int channel, byte[] payload) {
    return new Frame(type, channel, payload.length, payload, FrameDecoder.FRAME_END);
  }

  /** A method. */
  public static Frame method(int channel, Method method) {
    ByteBuf out = Unpooled.buffer();
    MethodWriter.write(method, out);
    return of(FrameDecoder.METHOD, channel, ByteBufUtil.getBytes(out));
  }

  /** A content header. */
  public static Frame header(int channel, long bodySize, BasicProperties properties) {
    byte[] encoded = properties.encoded();
    ByteBuffer payload = ByteBuffer.allocate(12 + encoded.length);
    payload.putShort((short) BASIC).putShort((short) 0).putLong(bodySize).put(encoded);
    return of(FrameDecoder.HEADER, channel, payload.array());
  }

  /** A content body. */
  public static Frame body(int channel, byte[] bytes) {
    return of(FrameDecoder.BODY, channel, bytes);
  }

  /** A heartbeat. */
  public static Frame heartbeat() {
    return of(FrameDecoder.HEARTBEAT, 0, new byte[0]);
  }

  public Frame withType(int other) {
    return new Frame(other, channel, size, payload, end);
  }

  public Frame withChannel(int other) {
    return new Frame(type, other, size, payload, end);
  }

  public Frame withSize(int other) {
    return new Frame(type, channel, other, payload, end);
  }

  /** The same with another payload, whose size it declares. */
  public Frame withPayload(byte[] other) {
    return new Frame(type, channel, other.length, other, end);
  }

  public Frame withEnd(int other) {
    return new Frame(type, channel, size, payload, other);
  }

  /** The octets on the wire. */
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(payload.length + FrameDecoder.FRAME_OVERHEAD);
    out.put((byte) type).putShort((short) channel).putInt(size).put(payload).put((byte) end);
    return out.array();
  }

  /** The octets of many frames. */
  public static byte[] bytes(List<Frame> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames.forEach(frame -> out.writeBytes(frame.bytes()));
    return out.toByteArray();
  }

  /** The octets of several frames. */
  public static byte[] bytes(Frame... frames) {
    return bytes(Arrays.asList(frames));
  }
}
