package io.harveymq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.net.TestSocket;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.CommandAssembler;
import io.harveymq.codec.CommandEncoder;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client driven by hand. What it sends is taken by the broker at once if it reads; what the
 * broker has to say is waited for by running the broker until it says something or is at rest.
 */
public final class TestClient implements FrameDecoder.Handler, CommandAssembler.Handler {
  private static final byte[] PROTOCOL_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  /** A frame as it came, in the order of the whole connection. */
  public record Frame(int type, int channel, int length) {}

  private final TestBroker broker;
  private final TestSocket socket;
  private final FrameDecoder decoder = new FrameDecoder(this, 0);
  private final Map<Integer, CommandAssembler> assemblers = new HashMap<>();
  private final Map<Integer, ArrayDeque<Received>> received = new HashMap<>();
  private final List<Frame> frames = new ArrayList<>();
  private int receiving;
  private int frameMax = 131_072;

  TestClient(TestBroker broker, TestSocket socket) {
    this.broker = broker;
    this.socket = socket;
    decoder.decode(Unpooled.wrappedBuffer(PROTOCOL_HEADER));
  }

  public TestSocket socket() {
    return socket;
  }

  public TestBroker broker() {
    return broker;
  }

  // ---- handshake

  /** Opens the connection with the capabilities that clients usually have. */
  public TestClient open(int heartbeatSeconds) {
    start(capabilities("consumer_cancel_notify", "authentication_failure_close"), "guest");
    return tuneAndOpen(heartbeatSeconds, 131_072);
  }

  /** Opens the connection as somebody, without heartbeats. */
  public TestClient open(String user, String password, String vhost) {
    tune(user, password);
    send(0, new ConnectionMethod.Open(vhost));
    expect(0, ConnectionMethod.OpenOk.class);
    return this;
  }

  /** Asks for a virtual host and awaits the refusal, whose text is returned. */
  public String refusedBy(String user, String password, String vhost) {
    tune(user, password);
    send(0, new ConnectionMethod.Open(vhost));
    return expectClose(530);
  }

  /** Awaits connection.close, agrees to it, and returns the text. */
  public String expectClose(int replyCode) {
    ConnectionMethod.Close close = expect(0, ConnectionMethod.Close.class);
    assertThat(close.replyCode()).isEqualTo(replyCode);
    send(0, new ConnectionMethod.CloseOk());
    return close.replyText();
  }

  private void tune(String user, String password) {
    raw(PROTOCOL_HEADER);
    expect(0, ConnectionMethod.Start.class);
    byte[] response = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    FieldTable properties = capabilities("consumer_cancel_notify", "authentication_failure_close");
    send(0, new ConnectionMethod.StartOk(properties, "PLAIN", response, "en_US"));
    expect(0, ConnectionMethod.Tune.class);
    send(0, new ConnectionMethod.TuneOk(2_047, 131_072, 0));
  }

  /** Goes on after start-ok. */
  public TestClient tuneAndOpen(int heartbeatSeconds, int largestFrame) {
    expect(0, ConnectionMethod.Tune.class);
    frameMax = largestFrame;
    send(0, new ConnectionMethod.TuneOk(2_047, largestFrame, heartbeatSeconds));
    send(0, new ConnectionMethod.Open("/"));
    expect(0, ConnectionMethod.OpenOk.class);
    return this;
  }

  /** Sends the protocol header, awaits connection.start and logs in. */
  public void start(FieldTable clientProperties, String password) {
    raw(PROTOCOL_HEADER);
    expect(0, ConnectionMethod.Start.class);
    byte[] response = ("\0guest\0" + password).getBytes(StandardCharsets.UTF_8);
    send(0, new ConnectionMethod.StartOk(clientProperties, "PLAIN", response, "en_US"));
  }

  public static FieldTable capabilities(String... names) {
    FieldTable.Builder capabilities = FieldTable.builder();
    for (String name : names) {
      capabilities.put(name, true);
    }
    return FieldTable.builder()
        .put("capabilities", new FieldValue.Table(capabilities.build()))
        .build();
  }

  /** An open channel. */
  public TestChannel channel(int number) {
    return new TestChannel(this, number).open();
  }

  // ---- sending

  public void raw(byte[] bytes) {
    push(Unpooled.wrappedBuffer(bytes));
  }

  public void send(int channel, Method method) {
    ByteBuf out = Unpooled.buffer();
    CommandEncoder.method(out, channel, method);
    push(out);
  }

  public void heartbeat() {
    ByteBuf out = Unpooled.buffer();
    CommandEncoder.heartbeat(out);
    push(out);
  }

  void content(int channel, Method method, BasicProperties properties, byte[] body) {
    push(encode(channel, method, properties, body));
  }

  /** A method with content as frames. */
  public ByteBuf encode(int channel, Method method, BasicProperties properties, byte[] body) {
    ByteBuf out = Unpooled.buffer();
    CommandEncoder.method(out, channel, method);
    CommandEncoder.header(out, channel, new Content(new byte[2], properties.encoded(), body));
    CommandEncoder.body(out, channel, body, 0, body.length, frameMax - FrameDecoder.FRAME_OVERHEAD);
    return out;
  }

  /** Sends bytes that are whole frames, in bursts, as the broker reads them. */
  public void push(ByteBuf bytes) {
    socket.send(bytes);
    broker.deliverBurst(socket);
  }

  /** The network is gone. */
  public void drop() {
    socket.drop();
  }

  /** Says connection.close and awaits the answer. */
  public void close() {
    send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
    expect(0, ConnectionMethod.CloseOk.class);
    drop();
  }

  // ---- receiving

  /** The next command on a channel, which has to be of this type. */
  public <T extends Method> T expect(int channel, Class<T> type) {
    Received next = next(channel);
    assertThat(next).as("awaited %s on channel %d", type.getSimpleName(), channel).isNotNull();
    assertThat(next.method()).isInstanceOf(type);
    return type.cast(next.method());
  }

  /** The next command on a channel; null when none comes. */
  public Received next(int channel) {
    ArrayDeque<Received> queue = received.computeIfAbsent(channel, c -> new ArrayDeque<>());
    take();
    while (queue.isEmpty() && broker.step()) {
      take();
    }
    if (queue.isEmpty()) {
      broker.run();
      take();
    }
    return queue.poll();
  }

  /** Commands that are there on a channel already; nothing is run. */
  public List<Received> arrived(int channel) {
    take();
    ArrayDeque<Received> queue = received.computeIfAbsent(channel, c -> new ArrayDeque<>());
    List<Received> all = new ArrayList<>(queue);
    queue.clear();
    return all;
  }

  /** Everything that comes on a channel until the broker is at rest. */
  public List<Received> all(int channel) {
    broker.run();
    return arrived(channel);
  }

  /** All frames that came so far, in order. */
  public List<Frame> frames() {
    broker.run();
    take();
    return frames;
  }

  /** What came so far without looking into it. */
  public byte[] takeRaw() {
    broker.run();
    byte[] bytes = ByteBufUtil.getBytes(socket.written());
    socket.written().clear();
    return bytes;
  }

  public boolean isClosed() {
    broker.run();
    return !socket.isActive();
  }

  private void take() {
    decoder.decode(socket.written());
    socket.written().discardReadBytes();
  }

  @Override
  public void onProtocolHeader(long header) {
    // The client's decoder is told of one at its start, because brokers send none.
  }

  @Override
  public void onFrame(int type, int channel, ByteBuf payload, int length) {
    frames.add(new Frame(type, channel, length));
    ByteBuf own = payload.duplicate();
    receiving = channel;
    if (type == FrameDecoder.HEARTBEAT) {
      return;
    }
    if (channel == 0) {
      onMethod(MethodReader.read(own, length));
    } else {
      assemblers
          .computeIfAbsent(channel, c -> new CommandAssembler(Integer.MAX_VALUE))
          .onFrame(type, own, length, this);
    }
  }

  @Override
  public void onMethod(Method method) {
    onContent(method, null, null, 0);
  }

  @Override
  public void onContent(Method method, byte[] properties, byte[] body, long bodySize) {
    received
        .computeIfAbsent(receiving, c -> new ArrayDeque<>())
        .add(new Received(receiving, method, properties, body));
  }

  @Override
  public void onBuffered(int bytes) {
    // Not counted here.
  }
}
