package io.harveymq.broker.wire;

import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FrameDecoder;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodReader;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** A client that sends whatever bytes it likes and reads frames one by one. For one thread. */
public final class WireClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;

  /** Connects, and says nothing. */
  public WireClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
  }

  /** Connects and goes through the handshake. */
  public static WireClient open(int port) throws IOException {
    WireClient client = new WireClient(port);
    client.send(Frame.PROTOCOL_HEADER);
    client.send(Commands.handshake());
    client.expect(ConnectionMethod.Start.class);
    client.expect(ConnectionMethod.Tune.class);
    client.expect(ConnectionMethod.OpenOk.class);
    return client;
  }

  /** Connects, goes through the handshake and opens channel 1. */
  public static WireClient openWithChannel(int port) throws IOException {
    WireClient client = open(port);
    client.call(Commands.openChannel(1));
    return client;
  }

  public Socket socket() {
    return socket;
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public void send(Frame... frames) throws IOException {
    send(Frame.bytes(frames));
  }

  public void send(List<Frame> frames) throws IOException {
    send(Frame.bytes(frames));
  }

  /** Sends a method and reads its answer. */
  public Method call(Frame frame) throws IOException {
    send(frame);
    return nextMethod();
  }

  /**
   * Reads a frame.
   *
   * @throws EOFException when the broker ended the connection
   */
  public Frame next() throws IOException {
    int type = in.readUnsignedByte();
    int channel = in.readUnsignedShort();
    int size = in.readInt();
    if (size < 0 || size > Commands.FRAME_MAX) {
      throw new IOException("the broker sent a frame of " + size + " bytes");
    }
    byte[] payload = new byte[size];
    in.readFully(payload);
    int end = in.readUnsignedByte();
    if (end != FrameDecoder.FRAME_END) {
      throw new IOException("the broker sent a frame that ends with " + end);
    }
    return Frame.of(type, channel, payload);
  }

  /** Reads on up to the next method; heartbeats and content are skipped. */
  public Method nextMethod() throws IOException {
    Frame frame = next();
    while (frame.type() != FrameDecoder.METHOD) {
      frame = next();
    }
    return MethodReader.read(Unpooled.wrappedBuffer(frame.payload()), frame.payload().length);
  }

  /** Reads on up to a method of some type; the others are skipped. */
  public <T extends Method> T await(Class<T> type) throws IOException {
    while (true) {
      Method method = nextMethod();
      if (type.isInstance(method)) {
        return type.cast(method);
      }
      if (method instanceof ConnectionMethod.Close close) {
        throw new IOException("closed by the broker: " + close);
      }
    }
  }

  /** Reads a method that has to be of some type. */
  public <T extends Method> T expect(Class<T> type) throws IOException {
    Method method = nextMethod();
    if (!type.isInstance(method)) {
      throw new IOException("expected " + type.getSimpleName() + ", got " + method);
    }
    return type.cast(method);
  }

  /** Reads eight bytes that are no frame. */
  public byte[] readProtocolHeader() throws IOException {
    byte[] header = new byte[8];
    in.readFully(header);
    return header;
  }

  /** Whether the broker has ended the connection, after any frames still to be read. */
  public boolean readsEnd() throws IOException {
    try {
      while (true) {
        next();
      }
    } catch (EOFException end) {
      return true;
    }
  }

  /** Says no more, and goes on reading. */
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Cuts the connection with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
