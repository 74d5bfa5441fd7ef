package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.compat.Login.Mechanism;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * What a client may get wrong before its connection is open. The broker leaves such clients waiting
 * for three seconds and then closes the socket without a word, so the tests make all mistakes first
 * and read the answers after that.
 */
class HandshakeErrorTest extends CompatTest {
  private final Map<String, RawConnection> mistaken = new LinkedHashMap<>();

  @Test
  void clientsThatBreakTheRulesAreCutOffSilently() throws Exception {
    startOk("a wrong password without the capability", Mechanism.plain("guest", "wrong"));
    startOk("no NUL in a PLAIN response", new Mechanism("PLAIN", bytes("guest:guest")));
    startOk(
        "a PLAIN response with an authorization identity",
        new Mechanism("PLAIN", bytes("me\0guest\0guest")));
    startOk(
        "an AMQPLAIN response without a password",
        new Mechanism("AMQPLAIN", new WireWriter().fields(Map.of("LOGIN", "guest")).octets()));
    startOk("an unknown mechanism", new Mechanism("SCRAM-SHA-1", bytes("n,,n=guest")));
    mistake("tune-ok instead of start-ok", started())
        .send(0, AmqpMethod.CONNECTION_TUNE_OK, Login.guest().tuneOk());
    mistake("open instead of tune-ok", beforeTuneOk())
        .send(0, AmqpMethod.CONNECTION_OPEN, Login.guest().open());
    mistake("a channel instead of start-ok", started())
        .send(1, AmqpMethod.CHANNEL_OPEN, new WireWriter().shortstr(""));
    mistake("content instead of tune-ok", beforeTuneOk())
        .sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(0));

    SoftAssertions softly = new SoftAssertions();
    mistaken.forEach(
        (mistake, raw) ->
            softly.assertThatCode(raw::expectEnd).as(mistake).doesNotThrowAnyException());
    softly.assertAll();
  }

  @Test
  void unacceptableTuningIsExplainedOrCutOff() throws Exception {
    int smallest = Target.current().smallestFrameMax();
    String tooSmall = " is lower than the minimum allowed value (" + smallest + ")";
    tuneOk(2047, smallest - 1, "frame_max = " + (smallest - 1) + tooSmall);
    tuneOk(2047, 1, "frame_max = 1" + tooSmall);
    tuneOk(2047, 131_073, "frame_max = 131073 is higher than the maximum allowed value (131072)");
    tuneOk(2047, 0, "frame_max = 0 is higher than the maximum allowed value (131072)");
    tuneOk(2048, 131_072, "channel_max = 2048 is higher than the maximum allowed value (2047)");
    tuneOk(
        0, 131_072, "channel_max = 0 (no limit) is higher than the maximum allowed value (2047)");
    boolean explains = Target.current().explainsTuning();

    SoftAssertions softly = new SoftAssertions();
    mistaken.forEach(
        (text, raw) ->
            softly
                .assertThatCode(() -> expectRefusal(raw, explains ? text : null))
                .as(text)
                .doesNotThrowAnyException());
    softly.assertAll();
  }

  private static void expectRefusal(RawConnection raw, String text) throws IOException {
    if (text == null) {
      raw.expectEnd();
    } else {
      assertThat(raw.expectConnectionClose())
          .isEqualTo(
              Closing.connection(
                  530, "NOT_ALLOWED - negotiated " + text, AmqpMethod.CONNECTION_TUNE));
    }
  }

  private void startOk(String mistake, Mechanism mechanism) throws IOException {
    mistake(mistake, started())
        .send(0, AmqpMethod.CONNECTION_START_OK, Login.guest().with(mechanism).startOk());
  }

  private void tuneOk(int channelMax, long frameMax, String text) throws IOException {
    Login login = Login.guest().withTuning(channelMax, frameMax, 0);
    mistake(text, beforeTuneOk()).send(0, AmqpMethod.CONNECTION_TUNE_OK, login.tuneOk());
  }

  private RawConnection mistake(String mistake, RawConnection raw) {
    mistaken.put(mistake, raw);
    return raw;
  }

  private RawConnection started() throws IOException {
    RawConnection raw = connectRaw();
    raw.sendProtocolHeader();
    raw.expect(0, AmqpMethod.CONNECTION_START);
    return raw;
  }

  private RawConnection beforeTuneOk() throws IOException {
    RawConnection raw = started();
    raw.send(0, AmqpMethod.CONNECTION_START_OK, Login.guest().startOk());
    raw.expect(0, AmqpMethod.CONNECTION_TUNE);
    return raw;
  }
}
