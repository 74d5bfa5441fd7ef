package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Heartbeats with the shortest interval, one second. */
class HeartbeatTest extends CompatTest {
  private static final byte[] NOTHING = {};

  @Test
  void brokerSendsHeartbeatsAndKeepsAClientThatAnswersOnlyWithThem() throws Exception {
    RawConnection raw = keep(RawConnection.open(Login.guest().withTuning(2047, 131_072, 1)));
    raw.readTimeout(2_000);
    long start = System.nanoTime();

    while (elapsed(start).toMillis() < 4_000) {
      Frame frame = raw.read();
      assertThat(frame.type()).isEqualTo(Frame.HEARTBEAT);
      assertThat(frame.channel()).isZero();
      assertThat(frame.payload()).isEmpty();
      raw.sendFrame(Frame.HEARTBEAT, 0, NOTHING);
    }
    raw.openChannel(1);
  }

  @Test
  void silentClientIsDroppedAfterTwoToThreeIntervalsAndOneWithoutHeartbeatsStays()
      throws Exception {
    RawConnection without = keep(RawConnection.open(Login.guest().withTuning(2047, 131_072, 0)));
    long opening = System.nanoTime();
    RawConnection silent = keep(RawConnection.open(Login.guest().withTuning(2047, 131_072, 1)));
    Duration lived = untilDropped(silent, opening);

    assertThat(lived).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(4_500));
    without.openChannel(1);
  }

  private static Duration untilDropped(RawConnection silent, long start) throws Exception {
    while (true) {
      try {
        assertThat(silent.read().type()).isEqualTo(Frame.HEARTBEAT);
      } catch (EOFException | SocketException dropped) {
        return elapsed(start);
      }
    }
  }

  @Test
  void heartbeatOnAChannelIsUnexpected() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.sendFrame(Frame.HEARTBEAT, 1, NOTHING);

    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(
                505, "UNEXPECTED_FRAME - type 8, all octets = <<>>", AmqpMethod.NONE));
  }

  @Test
  void heartbeatWithAPayloadIsAFrameError() throws Exception {
    RawConnection raw = openRaw();
    raw.sendFrame(Frame.HEARTBEAT, 0, new byte[] {7});

    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(
                501, "FRAME_ERROR - type 8, all octets = <<7>>: unknown_frame", AmqpMethod.NONE));
  }

  private static Duration elapsed(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
