package io.harveymq.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Not a broker: it says yes to everything, throws publishes away, and streams made-up deliveries to
 * whoever consumes, as fast as the socket takes them. A load run against it shows what the load
 * generator itself can do and costs, and the generator's tests need no broker. One thread per
 * connection, two where it consumes.
 */
@Command(
    name = "NullBroker",
    mixinStandardHelpOptions = true,
    description = "Answers like a broker and moves no message; shows the generator's own limits.")
public final class NullBroker implements Callable<Integer>, Closeable {
  @Option(names = "--port", defaultValue = "0", description = "0 for any free port")
  private int port;

  @Option(names = "--body", defaultValue = "16", description = "body bytes of its deliveries")
  private int bodyBytes;

  private ServerSocketChannel listener;

  /** For the command line. */
  public NullBroker() {}

  /** Listens on a free port of the loopback address until closed. */
  static NullBroker start(int bodyBytes) throws IOException {
    NullBroker broker = new NullBroker();
    broker.bodyBytes = bodyBytes;
    broker.listen();
    Thread acceptor = new Thread(broker::accept, "null-broker");
    acceptor.setDaemon(true);
    acceptor.start();
    return broker;
  }

  /** Listens until the process is stopped. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new NullBroker()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    listen();
    System.out.println("listening on port " + port());
    accept();
    return 0;
  }

  int port() {
    return listener.socket().getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void listen() throws IOException {
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel socket = listener.accept();
        Thread thread = new Thread(new NullSession(socket, bodyBytes), "null-session");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // Closed: sessions end when their clients go.
      return;
    }
  }
}
