package io.harveymq.fuzz;

import io.harveymq.codec.CommandAssembler;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream of frames: it means the same however it is cut into reads, the decoder keeps no more
 * than a frame, and what is counted of unfinished bodies is given back.
 */
public final class FramesTarget {
  private static final int FRAME_MAX = 4_096;
  private static final int LARGEST_BODY = 100_000;

  private FramesTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    int[] pieces = {1 + choices.octet(), 1 + choices.octet(), 1 + choices.octet()};
    byte[] stream = choices.rest();
    List<String> whole = new Reading().read(stream, stream.length + 1);
    for (int piece : pieces) {
      List<String> cut = new Reading().read(stream, piece);
      if (!cut.equals(whole)) {
        throw new AssertionError("in pieces of " + piece + ": " + cut + " instead of " + whole);
      }
    }
  }

  private static final class Reading implements FrameDecoder.Handler, CommandAssembler.Handler {
    private final FrameDecoder decoder = new FrameDecoder(this, FRAME_MAX);
    private final Map<Integer, CommandAssembler> assemblers = new HashMap<>();
    private final List<String> seen = new ArrayList<>();
    private long buffered;

    List<String> read(byte[] stream, int piece) {
      decoder.decode(Unpooled.wrappedBuffer(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1}));
      try {
        for (int at = 0; at < stream.length; at += piece) {
          decoder.decode(Unpooled.wrappedBuffer(stream, at, Math.min(piece, stream.length - at)));
          if (decoder.buffered() > FRAME_MAX + FrameDecoder.FRAME_OVERHEAD) {
            throw new AssertionError("keeps " + decoder.buffered());
          }
        }
        seen.add("keeps " + decoder.buffered());
      } catch (ConnectionException refusal) {
        seen.add(refusal.replyCode() + " " + refusal.replyText());
      }
      assemblers.values().forEach(assembler -> assembler.reset(this));
      if (buffered != 0) {
        throw new AssertionError(buffered + " bytes are not given back");
      }
      return seen;
    }

    @Override
    public void onProtocolHeader(long header) {
      seen.add("header");
    }

    @Override
    public void onFrame(int type, int channel, ByteBuf payload, int length) {
      FrameDecoder.checkType(type, payload, length);
      seen.add(
          type + ":" + channel + ":" + ByteBufUtil.hexDump(payload, payload.readerIndex(), length));
      if (type != FrameDecoder.HEARTBEAT) {
        assemblers
            .computeIfAbsent(channel, c -> new CommandAssembler(LARGEST_BODY))
            .onFrame(type, payload, length, this);
      }
    }

    @Override
    public void onMethod(Method method) {
      seen.add(method.toString());
    }

    @Override
    public void onContent(Method method, byte[] properties, byte[] body, long bodySize) {
      if (body == null ? bodySize <= LARGEST_BODY : body.length != bodySize) {
        throw new AssertionError("a body of " + bodySize);
      }
      seen.add(method + " " + ByteBufUtil.hexDump(properties) + " " + bodySize);
    }

    @Override
    public void onBuffered(int bytes) {
      buffered += bytes;
      if (buffered < 0 || buffered > 2L * LARGEST_BODY * assemblers.size()) {
        throw new AssertionError(buffered + " bytes are counted");
      }
    }
  }
}
