package io.harveymq.storms;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A bad network on the loopback address: passes connections on to one port and spoils them as it is
 * told. Safe from any thread; each direction of a connection has a thread of its own here.
 */
public final class FaultProxy implements Closeable {
  private static final int PIECE = 16 * 1024;
  private static final int TICK_MILLIS = 20;

  private final ServerSocket listener;
  private final int target;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private volatile long delayMillis;
  private volatile int bytesPerSecond;
  private volatile boolean frozen;

  /** Listens on a free port for connections to another port of this machine. */
  public FaultProxy(int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  /** Where clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Connections that pass now, those that were swallowed included. */
  public int connections() {
    return pairs.size();
  }

  /** Each piece of up to 16 KiB is held up that long, in both directions; zero ends it. */
  public void delay(Duration delay) {
    delayMillis = delay.toMillis();
  }

  /** So many octets a second pass each way of a connection; 0 for as many as come. */
  public void limit(int newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /** Nothing is read any more, so that senders find full buffers, until {@link #thaw}. */
  public void freeze() {
    frozen = true;
  }

  /** Ends {@link #freeze}. */
  public void thaw() {
    frozen = false;
  }

  /**
   * The connections of now go half-open for good: what comes is taken and goes nowhere, and the end
   * of one side is not told to the other.
   */
  public void swallow() {
    pairs.forEach(pair -> pair.swallowed = true);
  }

  /** Both sides of the connections of now get RST. */
  public void reset() {
    pairs.forEach(Pair::reset);
  }

  /** Both sides get RST after half of what comes next, most likely within a frame. */
  public void cutInMidFrame() {
    pairs.forEach(pair -> pair.cutting = true);
  }

  /** Both sides of the swallowed connections get RST, as when a firewall forgets them. */
  public void forgetSwallowed() {
    pairs.stream().filter(pair -> pair.swallowed).forEach(Pair::reset);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      try {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        Pair pair = new Pair(client, server);
        pairs.add(pair);
        start("to broker", () -> pair.pump(client, server));
        start("to client", () -> pair.pump(server, client));
      } catch (IOException refused) {
        client.close();
      }
    }
  }

  /** What a thread does until its socket ends. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException ended) {
                // The listener is closed.
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            },
            "proxy " + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Closes the port and resets all connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    frozen = false;
    reset();
  }

  /** One connection: the client's socket and the broker's. */
  private final class Pair {
    private final Socket client;
    private final Socket server;
    private volatile boolean swallowed;
    private volatile boolean cutting;

    Pair(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void pump(Socket from, Socket to) throws InterruptedException {
      byte[] piece = new byte[PIECE];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
          hold(read);
          if (cutting) {
            out.write(piece, 0, read / 2);
            reset();
            return;
          }
          if (!swallowed) {
            out.write(piece, 0, read);
          }
          awaitThaw();
        }
        end(from);
      } catch (IOException broken) {
        end(from);
      }
    }

    private void hold(int octets) throws InterruptedException {
      int limit = bytesPerSecond;
      if (limit > 0) {
        TimeUnit.MILLISECONDS.sleep(1_000L * octets / limit);
      }
      if (delayMillis > 0) {
        TimeUnit.MILLISECONDS.sleep(delayMillis);
      }
    }

    private void awaitThaw() throws InterruptedException {
      while (frozen) {
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      }
    }

    private void end(Socket from) {
      if (!swallowed) {
        pairs.remove(this);
        close(client);
        close(server);
      } else {
        // The other side is not told; its own end comes when it gives up.
        close(from);
        if (client.isClosed() && server.isClosed()) {
          pairs.remove(this);
        }
      }
    }

    void reset() {
      pairs.remove(this);
      // Both before either is closed: that wakes the other direction, which closes them, too.
      lingerNot(client);
      lingerNot(server);
      close(client);
      close(server);
    }

    private void lingerNot(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException closed) {
        // It needs no RST then.
      }
    }

    private void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException broken) {
        // It is gone either way.
      }
    }
  }
}
