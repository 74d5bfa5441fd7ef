package io.harveymq.storms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy between a client and a server that the test plays both. */
class FaultProxyTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int SHORT_MILLIS = 150;
  private static final byte[] HELLO = {1, 2, 3, 4, 5, 6, 7, 8};

  private ServerSocket listener;
  private FaultProxy proxy;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = new FaultProxy(listener.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    server = listener.accept();
    client.setSoTimeout(PATIENCE_MILLIS);
    server.setSoTimeout(PATIENCE_MILLIS);
    // Once through, so that both directions are known to work.
    client.getOutputStream().write(9);
    assertThat(server.getInputStream().read()).isEqualTo(9);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    server.close();
    listener.close();
  }

  private void send() throws IOException {
    client.getOutputStream().write(HELLO);
  }

  @Test
  void passesWhatComesInBothDirectionsAndTheEnd() throws Exception {
    send();
    assertThat(server.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    server.getOutputStream().write(HELLO);
    assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    client.close();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void delays() throws Exception {
    proxy.delay(Duration.ofMillis(SHORT_MILLIS));
    long begin = System.nanoTime();
    send();
    server.getInputStream().readNBytes(HELLO.length);
    assertThat(Duration.ofNanos(System.nanoTime() - begin).toMillis())
        .isGreaterThanOrEqualTo(SHORT_MILLIS);
  }

  @Test
  void limitsTheBandwidth() throws Exception {
    proxy.limit(10_000);
    long begin = System.nanoTime();
    client.getOutputStream().write(new byte[2_000]);
    server.getInputStream().readNBytes(2_000);
    assertThat(Duration.ofNanos(System.nanoTime() - begin).toMillis()).isGreaterThanOrEqualTo(199);
  }

  @Test
  void swallowsSilentlyAndTellsNobodyOfTheEnd() throws Exception {
    proxy.swallow();
    send();
    server.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> server.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.close();
    assertThatThrownBy(() -> server.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void resetsBothSides() {
    proxy.reset();
    assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
    assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
  }

  @Test
  void cutsInTheMiddleOfWhatComesNext() throws Exception {
    proxy.cutInMidFrame();
    send();
    assertThatThrownBy(() -> server.getInputStream().readNBytes(HELLO.length))
        .isInstanceOf(IOException.class);
    assertThat(proxy.connections()).isZero();
  }

  @Test
  void readsNothingWhileItIsFrozenAndLosesNothing() throws Exception {
    proxy.freeze();
    // A piece that was being read when it froze still passes.
    byte[] much = new byte[200_000];
    Thread sending =
        new Thread(
            () -> {
              try {
                client.getOutputStream().write(much);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    sending.start();
    server.setSoTimeout(SHORT_MILLIS);
    int[] read = new int[1];
    assertThatThrownBy(
            () -> {
              while (true) {
                read[0] += server.getInputStream().read(new byte[16_384]);
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(read[0]).isLessThan(much.length);
    proxy.thaw();
    server.setSoTimeout(PATIENCE_MILLIS);
    server.getInputStream().readNBytes(much.length - read[0]);
    sending.join();
  }
}
