package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.compat.Login.Mechanism;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * What a client may get wrong before its connection is open. RabbitMQ leaves most of these clients
 * waiting for three seconds and then closes the socket without a word, so all mistakes are made
 * first and then all answers are read.
 */
class HandshakeErrorTest extends CompatTest {
  private final Map<String, RawConnection> mistaken = new LinkedHashMap<>();
  private final Map<String, Closing> expected = new LinkedHashMap<>();

  @Test
  void brokenCredentialsAreCutOff() throws Exception {
    startOk(
        "no NUL in a PLAIN response",
        new Mechanism("PLAIN", bytes("guest:guest")),
        syntaxError("response <<\"guest:guest\">> invalid"));
    startOk(
        "a PLAIN response with an authorization identity",
        new Mechanism("PLAIN", bytes("me\0guest\0guest")),
        syntaxError("response <<109,101,0,103,117,101,115,116,0,103,117,101,115,116>> invalid"));
    startOk(
        "an AMQPLAIN response without a password",
        new Mechanism("AMQPLAIN", new WireWriter().fields(Map.of("LOGIN", "guest")).octets()),
        syntaxError(
            "AMQPLAIN auth info [{<<76,79,71,73,78>>,longstr,<<103,117,101,115,116>>}]"
                + " is missing LOGIN or PASSWORD field"));
    startOk(
        "an unknown mechanism",
        new Mechanism("SCRAM-SHA-1", bytes("n,,n=guest")),
        Closing.connection(
            503,
            "COMMAND_INVALID - unknown authentication mechanism 'SCRAM-SHA-1'",
            AmqpMethod.CONNECTION_START_OK));

    assertAll(false);
  }

  @Test
  void wrongPasswordIsCutOffSilentlyUnlessTheClientAsked() throws Exception {
    RawConnection raw = started();
    Login login = Login.guest().with(Mechanism.plain("guest", "wrong"));
    raw.send(0, AmqpMethod.CONNECTION_START_OK, login.startOk());

    raw.expectEnd();
  }

  @Test
  void unacceptableTuningIsExplainedOrCutOff() throws Exception {
    int smallest = Target.current().smallestFrameMax();
    tuneOk(
        2047,
        smallest - 1,
        "frame_max = "
            + (smallest - 1)
            + " is lower than the minimum allowed value ("
            + smallest
            + ")");
    tuneOk(2047, 131_073, "frame_max = 131073 is higher than the maximum allowed value (131072)");
    tuneOk(2047, 0, "frame_max = 0 (no limit) is higher than the maximum allowed value (131072)");
    tuneOk(2048, 131_072, "channel_max = 2048 is higher than the maximum allowed value (2047)");
    tuneOk(
        0, 131_072, "channel_max = 0 (no limit) is higher than the maximum allowed value (2047)");

    assertAll(Target.current().explainsTuning());
  }

  @Test
  void methodsAndFramesThatComeTooEarlyAreCutOff() throws Exception {
    RawConnection tuneOk =
        expect(
            "tune-ok for start", started(), outOfOrder("starting", AmqpMethod.CONNECTION_TUNE_OK));
    tuneOk.send(0, AmqpMethod.CONNECTION_TUNE_OK, Login.guest().tuneOk());
    RawConnection open =
        expect("open for tune", beforeTuneOk(), outOfOrder("tuning", AmqpMethod.CONNECTION_OPEN));
    open.send(0, AmqpMethod.CONNECTION_OPEN, Login.guest().open());
    RawConnection channel =
        expect("a channel", started(), unexpected("type 1, all octets = <<0,20,0,10,0>>"));
    channel.send(1, AmqpMethod.CHANNEL_OPEN, new WireWriter().shortstr(""));
    RawConnection content =
        expect(
            "content",
            beforeTuneOk(),
            unexpected("type 2, all octets = <<0,60,0,0,0,0,0,0,0,0,0,0,0,0>>"));
    content.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(0));

    assertAll(false);
  }

  private void startOk(String mistake, Mechanism mechanism, Closing closing) throws IOException {
    RawConnection raw = expect(mistake, started(), closing);
    raw.send(0, AmqpMethod.CONNECTION_START_OK, Login.guest().with(mechanism).startOk());
  }

  private void tuneOk(int channelMax, long frameMax, String text) throws IOException {
    String explained = "NOT_ALLOWED - negotiated " + text;
    Closing closing = Closing.connection(530, explained, AmqpMethod.CONNECTION_TUNE);
    RawConnection raw = expect(text, beforeTuneOk(), closing);
    Login login = Login.guest().withTuning(channelMax, frameMax, 0);
    raw.send(0, AmqpMethod.CONNECTION_TUNE_OK, login.tuneOk());
  }

  private RawConnection expect(String mistake, RawConnection raw, Closing closing) {
    mistaken.put(mistake, raw);
    expected.put(mistake, closing);
    return raw;
  }

  private void assertAll(boolean explained) {
    SoftAssertions softly = new SoftAssertions();
    mistaken.forEach(
        (mistake, raw) ->
            softly
                .assertThatCode(
                    () -> {
                      if (explained) {
                        assertThat(raw.expectConnectionClose()).isEqualTo(expected.get(mistake));
                      } else {
                        raw.expectEnd();
                      }
                    })
                .as(mistake)
                .doesNotThrowAnyException());
    softly.assertAll();
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

  private static Closing syntaxError(String text) {
    return Closing.connection(502, "SYNTAX_ERROR - " + text, AmqpMethod.CONNECTION_START_OK);
  }

  private static Closing outOfOrder(String state, AmqpMethod method) {
    String text = "CHANNEL_ERROR - unexpected method in connection state " + state;
    return Closing.connection(504, text, method);
  }

  private static Closing unexpected(String text) {
    return Closing.connection(505, "UNEXPECTED_FRAME - " + text, AmqpMethod.NONE);
  }
}
