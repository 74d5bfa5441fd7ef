package io.harveymq.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes AMQP 0-9-1 frames into a growing array. Used before a run only: what is sent during a run
 * was encoded once. Not thread-safe; owned by whoever created it.
 */
final class FrameWriter {
  private static final int BASIC_CLASS = 60;
  private static final int DELIVERY_MODE_PRESENT = 0x1000;
  private static final int PERSISTENT = 2;

  private byte[] bytes = new byte[256];
  private int size;
  private int payloadStart;

  /** Starts a method frame; arguments follow, then {@link #end()}. */
  FrameWriter method(int channel, int method) {
    return start(Methods.FRAME_METHOD, channel).u32(method);
  }

  /** A whole basic.publish: method, header and body frames, the body cut at the frame limit. */
  FrameWriter publish(Route route, byte[] body, boolean persistent, int frameMax) {
    method(1, Methods.BASIC_PUBLISH).u16(0);
    shortString(route.exchange()).shortString(route.routingKey()).u8(0).end();
    return content(body, persistent, frameMax);
  }

  /** Header and body frames; a frame limit of 0 means none. */
  FrameWriter content(byte[] body, boolean persistent, int frameMax) {
    start(Methods.FRAME_HEADER, 1).u16(BASIC_CLASS).u16(0).u64(body.length);
    if (persistent) {
      u16(DELIVERY_MODE_PRESENT).u8(PERSISTENT);
    } else {
      u16(0);
    }
    end();
    int limit = frameMax == 0 ? body.length : frameMax - Methods.FRAME_OVERHEAD;
    for (int from = 0; from < body.length; from += limit) {
      start(Methods.FRAME_BODY, 1);
      raw(body, from, Math.min(limit, body.length - from)).end();
    }
    return this;
  }

  FrameWriter u8(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
    return this;
  }

  FrameWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  FrameWriter u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  FrameWriter u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  FrameWriter shortString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u8(utf8.length).raw(utf8, 0, utf8.length);
  }

  FrameWriter longString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u32(utf8.length).raw(utf8, 0, utf8.length);
  }

  FrameWriter emptyTable() {
    return u32(0);
  }

  FrameWriter raw(byte[] source, int from, int length) {
    ensure(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
    return this;
  }

  /** Ends the open frame: patches the payload size and adds the end octet. */
  FrameWriter end() {
    int payload = size - payloadStart;
    ByteBuffer.wrap(bytes).putInt(payloadStart - 4, payload);
    return u8(Methods.FRAME_END);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private FrameWriter start(int type, int channel) {
    u8(type).u16(channel).u32(0);
    payloadStart = size;
    return this;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** Where a publisher sends: exchange name and routing key, neither of them null. */
  record Route(String exchange, String routingKey) {}
}
