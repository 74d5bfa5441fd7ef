package io.harveymq.compat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * TCP ports of 127.0.0.1 that nobody uses, for servers that cannot pick one by themselves or that
 * come back to it. They lie below those that the kernel gives to clients and to listeners on port
 * 0, so that no other test takes one while its server is down. Stateless.
 */
public final class FreePorts {
  private static final int LOWEST = 10_000;
  private static final int KERNELS_LOWEST = kernelsLowest();
  private static final int ATTEMPTS = 100;

  private FreePorts() {}

  /** The first of the kernel's own ports; where Linux does not tell, that of its default. */
  private static int kernelsLowest() {
    try {
      String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
      return Math.max(LOWEST + 1_000, Integer.parseInt(range.strip().split("\\s+")[0]));
    } catch (IOException otherSystem) {
      return 32_768;
    }
  }

  /**
   * A port that was free a moment ago.
   *
   * @throws IOException if none is found
   */
  public static int next() throws IOException {
    IOException last = new IOException("no free port");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, KERNELS_LOWEST);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw last;
  }
}
