package io.harveymq.benchmarks.micro;

import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.CommandAssembler;
import io.harveymq.codec.CommandEncoder;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What one message costs the codec, in and out: nanoseconds per message. JMH's threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
  private static final int MESSAGES = 1_000;
  private static final int CHANNEL = 1;
  private static final int FRAME_MAX = 131_072;

  /** Bytes of body. */
  @Param({"16", "1024"})
  public int body;

  /** Whether the messages carry a content type and two headers. */
  @Param({"false", "true"})
  public boolean headers;

  private ByteBuf burst;
  private ByteBuf out;
  private byte[] deliverPrefix;
  private Content content;
  private FrameDecoder decoder;
  private Received received;

  /** Encodes a burst of publishes, and starts the decoder with a protocol header. */
  @Setup
  public void setUp() {
    byte[] properties = BasicProperties.EMPTY.encoded();
    if (headers) {
      FieldTable table = FieldTable.builder().put("id", 42).put("kind", "order").build();
      properties =
          BasicProperties.builder().contentType("text/plain").headers(table).build().encoded();
    }
    content = new Content(Content.address("", "queue"), properties, new byte[body]);
    deliverPrefix = CommandEncoder.deliverPrefix("consumer");
    out = Unpooled.buffer(1 << 16);
    burst = Unpooled.buffer(1 << 20);
    for (int i = 0; i < MESSAGES; i++) {
      CommandEncoder.method(burst, CHANNEL, new BasicMethod.Publish("", "queue", false, false));
      CommandEncoder.header(burst, CHANNEL, content);
      CommandEncoder.body(burst, CHANNEL, content.body(), 0, body, FRAME_MAX);
    }
    received = new Received();
    decoder = new FrameDecoder(received, FRAME_MAX);
    decoder.decode(Unpooled.wrappedBuffer(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1}));
  }

  /** From the bytes of a burst to whole publishes. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void decodePublish(Blackhole hole) {
    received.hole = hole;
    burst.readerIndex(0);
    decoder.decode(burst);
  }

  /** From a message to the bytes of its delivery. */
  @Benchmark
  public ByteBuf encodeDeliver() {
    out.clear();
    CommandEncoder.deliver(out, CHANNEL, deliverPrefix, 1, false, content);
    CommandEncoder.body(out, CHANNEL, content.body(), 0, body, FRAME_MAX);
    return out;
  }

  private static final class Received implements FrameDecoder.Handler, CommandAssembler.Handler {
    private final CommandAssembler assembler = new CommandAssembler(Integer.MAX_VALUE);
    private Blackhole hole;

    @Override
    public void onProtocolHeader(long header) {}

    @Override
    public void onFrame(int type, int channel, ByteBuf payload, int length) {
      assembler.onFrame(type, payload, length, this);
    }

    @Override
    public void onMethod(Method method) {
      hole.consume(method);
    }

    @Override
    public void onContent(Method method, byte[] properties, byte[] body, long bodySize) {
      hole.consume(method);
      hole.consume(properties);
      hole.consume(body);
    }

    @Override
    public void onBuffered(int bytes) {}
  }
}
