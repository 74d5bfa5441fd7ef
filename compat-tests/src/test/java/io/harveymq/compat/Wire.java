package io.harveymq.compat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Passes bytes on between clients and a server, and holds them back when it is told to: connections
 * stay open, and nothing is heard on them. Any thread.
 */
final class Wire implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition passes = lock.newCondition();
  private boolean holds;

  /**
   * @param port of the server, on this machine
   */
  Wire(int port) throws IOException {
    start(
        () -> {
          for (; ; ) {
            Socket client = kept(listener.accept());
            Socket server = kept(new Socket(InetAddress.getLoopbackAddress(), port));
            start(() -> pass(client, server));
            start(() -> pass(server, client));
          }
        });
  }

  /** Where clients connect to. */
  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Holds back what comes from now on, or lets it go. */
  void hold(boolean on) {
    lock.lock();
    try {
      holds = on;
      passes.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    hold(false);
  }

  private Socket kept(Socket socket) {
    sockets.add(socket);
    return socket;
  }

  private void pass(Socket from, Socket to) throws Exception {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        awaitPassing();
        out.write(bytes, 0, n);
      }
    }
  }

  private void awaitPassing() throws InterruptedException {
    lock.lock();
    try {
      while (holds) {
        passes.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private interface Task {
    void run() throws Exception;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception closed) {
                // one side has gone, or all is over
              }
            },
            "wire");
    thread.setDaemon(true);
    thread.start();
  }
}
