package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes commands as frames into a heap buffer. The deliveries of the hot path are written with
 * array accesses of fixed places; everything else goes through {@link MethodWriter}. Stateless; any
 * thread.
 */
public final class CommandEncoder {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int FRAME_OVERHEAD = FrameDecoder.FRAME_OVERHEAD;
  private static final int FRAME_HEADER_SIZE = 7;
  private static final int CONTENT_HEADER_SIZE = 12;
  private static final int BASIC_DELIVER = 60 << 16 | 60;
  private static final int BASIC_ACK = 60 << 16 | 80;
  private static final int BASIC_NACK = 60 << 16 | 120;
  private static final int BASIC_CLASS_WEIGHT_0 = 60 << 16;

  private CommandEncoder() {}

  /** Writes a method without content, or the method frame of one with content. */
  public static void method(ByteBuf out, int channel, Method method) {
    int start = out.writerIndex();
    out.writeByte(FrameDecoder.METHOD).writeShort(channel).writeInt(0);
    MethodWriter.write(method, out);
    out.setInt(start + 3, out.writerIndex() - start - FRAME_HEADER_SIZE);
    out.writeByte(FrameDecoder.FRAME_END);
  }

  /** Writes a heartbeat frame. */
  public static void heartbeat(ByteBuf out) {
    out.writeByte(FrameDecoder.HEARTBEAT)
        .writeShort(0)
        .writeInt(0)
        .writeByte(FrameDecoder.FRAME_END);
  }

  /** Writes basic.ack, a publisher's confirm. */
  public static void ack(ByteBuf out, int channel, long deliveryTag, boolean multiple) {
    settle(out, channel, BASIC_ACK, deliveryTag, multiple ? 1 : 0);
  }

  /** Writes basic.nack with requeue clear, the refusal of a publish. */
  public static void nack(ByteBuf out, int channel, long deliveryTag, boolean multiple) {
    settle(out, channel, BASIC_NACK, deliveryTag, multiple ? 1 : 0);
  }

  private static void settle(ByteBuf out, int channel, int method, long deliveryTag, int bits) {
    out.writeByte(FrameDecoder.METHOD).writeShort(channel).writeInt(13).writeInt(method);
    out.writeLong(deliveryTag).writeByte(bits).writeByte(FrameDecoder.FRAME_END);
  }

  /** The part of a consumer's deliveries that never changes, for {@link #deliver}. */
  public static byte[] deliverPrefix(String consumerTag) {
    byte[] tag = consumerTag.getBytes(StandardCharsets.UTF_8);
    byte[] prefix = new byte[5 + tag.length];
    INT.set(prefix, 0, BASIC_DELIVER);
    prefix[4] = (byte) tag.length;
    System.arraycopy(tag, 0, prefix, 5, tag.length);
    return prefix;
  }

  /**
   * Writes method and header frame of basic.deliver; body frames follow.
   *
   * @param out a heap buffer
   * @param prefix from {@link #deliverPrefix}
   */
  public static void deliver(
      ByteBuf out,
      int channel,
      byte[] prefix,
      long deliveryTag,
      boolean redelivered,
      Content content) {
    byte[] address = content.address();
    int length = prefix.length + 9 + address.length;
    int start = out.writerIndex();
    int size =
        FRAME_OVERHEAD
            + length
            + FRAME_OVERHEAD
            + CONTENT_HEADER_SIZE
            + content.properties().length;
    out.ensureWritable(size);
    byte[] a = out.array();
    int p = out.arrayOffset() + start;
    a[p] = FrameDecoder.METHOD;
    SHORT.set(a, p + 1, (short) channel);
    INT.set(a, p + 3, length);
    p += FRAME_HEADER_SIZE;
    System.arraycopy(prefix, 0, a, p, prefix.length);
    p += prefix.length;
    LONG.set(a, p, deliveryTag);
    a[p + 8] = (byte) (redelivered ? 1 : 0);
    p += 9;
    System.arraycopy(address, 0, a, p, address.length);
    p += address.length;
    a[p] = (byte) FrameDecoder.FRAME_END;
    headerAt(a, p + 1, channel, content);
    out.writerIndex(start + size);
  }

  /** Writes the content header frame of a basic method. */
  public static void header(ByteBuf out, int channel, Content content) {
    int start = out.writerIndex();
    int size = FRAME_OVERHEAD + CONTENT_HEADER_SIZE + content.properties().length;
    out.ensureWritable(size);
    headerAt(out.array(), out.arrayOffset() + start, channel, content);
    out.writerIndex(start + size);
  }

  private static void headerAt(byte[] a, int at, int channel, Content content) {
    byte[] properties = content.properties();
    int p = at;
    a[p] = FrameDecoder.HEADER;
    SHORT.set(a, p + 1, (short) channel);
    INT.set(a, p + 3, CONTENT_HEADER_SIZE + properties.length);
    INT.set(a, p + 7, BASIC_CLASS_WEIGHT_0);
    LONG.set(a, p + 11, (long) content.body().length);
    p += FRAME_HEADER_SIZE + CONTENT_HEADER_SIZE;
    if (properties.length == 2) {
      a[p] = properties[0];
      a[p + 1] = properties[1];
    } else {
      System.arraycopy(properties, 0, a, p, properties.length);
    }
    a[p + properties.length] = (byte) FrameDecoder.FRAME_END;
  }

  /**
   * Writes a part of a body as frames.
   *
   * @param from first byte of the part; {@code to} the byte behind it; an empty part writes no
   *     frame
   * @param maxPayload bytes of body per frame
   */
  public static void body(ByteBuf out, int channel, byte[] body, int from, int to, int maxPayload) {
    for (int at = from; at < to; ) {
      int length = Math.min(to - at, maxPayload);
      int start = out.writerIndex();
      out.ensureWritable(length + FRAME_OVERHEAD);
      byte[] a = out.array();
      int p = out.arrayOffset() + start;
      a[p] = FrameDecoder.BODY;
      SHORT.set(a, p + 1, (short) channel);
      INT.set(a, p + 3, length);
      System.arraycopy(body, at, a, p + FRAME_HEADER_SIZE, length);
      a[p + FRAME_HEADER_SIZE + length] = (byte) FrameDecoder.FRAME_END;
      out.writerIndex(start + FRAME_OVERHEAD + length);
      at += length;
    }
  }
}
