package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import io.harveymq.compat.Login.Mechanism;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the protocol header to open-ok, and what may go wrong on the way. */
class HandshakeTest extends CompatTest {
  private static final String CLOSES_ON_FAILURE = "authentication_failure_close";

  @Test
  void startOffersVersionPropertiesMechanismsAndLocale() throws Exception {
    RawConnection raw = connectRaw();
    raw.sendProtocolHeader();
    WireReader start = raw.expect(0, AmqpMethod.CONNECTION_START);

    assertThat(List.of(start.u8(), start.u8())).containsExactly(0, 9);
    Map<String, Object> properties = start.table();
    assertThat(properties)
        .containsEntry("product", "RabbitMQ")
        .containsKeys("version", "platform", "copyright", "information", "cluster_name");
    assertThat((String) properties.get("version")).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(start.longstrText().split(" ")).contains("PLAIN", "AMQPLAIN");
    assertThat(start.longstrText()).isEqualTo("en_US");
    assertThat(start.remaining()).isZero();
  }

  @Test
  void capabilitiesAreTheNineThatClientsLookFor() throws Exception {
    RawConnection raw = connectRaw();
    raw.sendProtocolHeader();
    WireReader start = raw.expect(0, AmqpMethod.CONNECTION_START);
    start.u16();

    Map<String, Boolean> expected =
        Map.of(
            "publisher_confirms", true,
            "exchange_exchange_bindings", true,
            "basic.nack", true,
            "consumer_cancel_notify", true,
            "connection.blocked", true,
            "consumer_priorities", true,
            "authentication_failure_close", true,
            "per_consumer_qos", true,
            "direct_reply_to", true);
    assertThat(start.table().get("capabilities")).isEqualTo(expected);
  }

  @Test
  void tuneProposesTheDefaultLimits() throws Exception {
    RawConnection raw = started();
    raw.send(0, AmqpMethod.CONNECTION_START_OK, Login.guest().startOk());
    WireReader tune = raw.expect(0, AmqpMethod.CONNECTION_TUNE);

    assertThat(tune.u16()).as("channel_max").isEqualTo(2047);
    assertThat(tune.u32()).as("frame_max").isEqualTo(131_072);
    assertThat(tune.u16()).as("heartbeat").isEqualTo(60);
  }

  @Test
  void theOlderZeroNineHeaderIsTakenToo() throws Exception {
    RawConnection raw = connectRaw();
    raw.sendOctets(bytes("AMQP\1\1\0\11"));
    raw.expect(0, AmqpMethod.CONNECTION_START);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AMQP\0\0\10\0",
        "AMQP\0\0\12\0",
        "AMQX\0\0\11\1",
        "GET / HTTP/1.1\r\n\r\n",
        "\26\3\1\2\0\1\0\1\374\3\3"
      })
  void anotherProtocolIsAnsweredWithTheHeaderThatWouldDo(String octets) throws Exception {
    RawConnection raw = connectRaw();
    raw.sendOctets(octets.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(raw.readOctets(8)).isEqualTo(RawConnection.PROTOCOL_HEADER);
    raw.expectEnd();
  }

  @Test
  void aFrameInsteadOfTheHeaderIsAnotherProtocol() throws Exception {
    RawConnection raw = connectRaw();
    raw.send(0, AmqpMethod.CONNECTION_OPEN, Login.guest().open());

    assertThat(raw.readOctets(8)).isEqualTo(RawConnection.PROTOCOL_HEADER);
    raw.expectEnd();
  }

  @Test
  void connectingAndLeavingWithoutAnOctetHarmsNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      RawConnection.connect().close();
    }
    openRaw().openChannel(1);
  }

  @Test
  void leavingInTheMiddleOfTheHandshakeHarmsNobody() throws Exception {
    RawConnection half = RawConnection.connect();
    half.sendOctets((byte) 'A', (byte) 'M');
    half.close();
    RawConnection silent = started();
    silent.reset();
    openRaw().openChannel(1);
  }

  @Test
  void plainLogsIn() throws Exception {
    openRaw().openChannel(1);
  }

  @Test
  void amqplainLogsIn() throws Exception {
    Mechanism amqplain = Mechanism.amqplain(BrokerUnderTest.user(), BrokerUnderTest.password());
    keep(RawConnection.open(Login.guest().with(amqplain))).openChannel(1);
  }

  @Test
  void amqplainTakesOctetsInsteadOfStrings() throws Exception {
    WireWriter octets = new WireWriter();
    octets.shortstr("LOGIN").u8('x').longstr(BrokerUnderTest.user());
    octets.shortstr("PASSWORD").u8('x').longstr(BrokerUnderTest.password());
    Login login = Login.guest().with(new Mechanism("AMQPLAIN", octets.octets()));
    if (Target.current().takesOctetsForCredentials()) {
      keep(RawConnection.open(login)).openChannel(1);
    } else {
      assertThat(catchThrowable(() -> RawConnection.open(login))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anyLocaleWillDo() throws Exception {
    RawConnection raw = started();
    Mechanism plain = Login.guest().mechanism();
    WireWriter startOk = new WireWriter().table(Map.of()).shortstr(plain.name());
    raw.send(
        0, AmqpMethod.CONNECTION_START_OK, startOk.longstr(plain.response()).shortstr("tlh_KX"));
    raw.expect(0, AmqpMethod.CONNECTION_TUNE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"guest", "no-such-user", ""})
  void wrongPasswordClosesWithAReasonForClientsThatAsk(String user) throws Exception {
    RawConnection raw = started();
    Login login = Login.guest().with(Mechanism.plain(user, "wrong"));
    raw.send(0, AmqpMethod.CONNECTION_START_OK, login.withCapability(CLOSES_ON_FAILURE).startOk());

    assertThat(raw.expectConnectionClose()).isEqualTo(refused("PLAIN"));
  }

  @Test
  void wrongPasswordWithAmqplainNamesTheMechanism() throws Exception {
    RawConnection raw = started();
    Login login = Login.guest().with(Mechanism.amqplain("guest", "wrong"));
    raw.send(0, AmqpMethod.CONNECTION_START_OK, login.withCapability(CLOSES_ON_FAILURE).startOk());

    assertThat(raw.expectConnectionClose()).isEqualTo(refused("AMQPLAIN"));
  }

  @Test
  void emptyPasswordIsRefused() throws Exception {
    RawConnection raw = started();
    Login login = Login.guest().with(Mechanism.plain("guest", ""));
    raw.send(0, AmqpMethod.CONNECTION_START_OK, login.withCapability(CLOSES_ON_FAILURE).startOk());

    assertThat(raw.expectConnectionClose()).isEqualTo(refused("PLAIN"));
  }

  @Test
  void javaClientReportsAnAuthenticationFailure() {
    ConnectionFactory factory = factory();
    factory.setPassword("wrong");

    assertThat(catchThrowable(factory::newConnection))
        .isInstanceOf(AuthenticationFailureException.class)
        .hasMessage(refused("PLAIN").text());
  }

  @Test
  void unknownVirtualHostIsNotAllowed() throws Exception {
    RawConnection raw = tuned(Login.guest());
    raw.send(0, AmqpMethod.CONNECTION_OPEN, Login.guest().withVirtualHost("no-such").open());

    assertThat(raw.expectConnectionClose())
        .isEqualTo(
            Closing.connection(
                530, "NOT_ALLOWED - vhost no-such not found", AmqpMethod.CONNECTION_OPEN));
  }

  @Test
  void theSmallestFrameMaxIsTakenAndKept() throws Exception {
    int smallest = Target.current().smallestFrameMax();
    RawConnection raw = keep(RawConnection.open(Login.guest().withTuning(2047, smallest, 0)));
    raw.openChannel(1);
    String queue = name("q");
    raw.declareQueue(1, queue);
    raw.consume(1, queue, "c");
    publishThreeFrameMax(raw, queue, smallest);

    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    RawConnection.Content content = raw.expectContent(1);
    assertThat(content.body()).hasSize(3 * smallest);
    assertThat(content.largestFrame()).isEqualTo(smallest - 8);
  }

  /** A body of three full frames and a bit. */
  private static void publishThreeFrameMax(RawConnection raw, String queue, int frameMax)
      throws IOException {
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(3L * frameMax));
    for (int i = 0; i < 3; i++) {
      raw.sendFrame(Frame.BODY, 1, new byte[frameMax - 8]);
    }
    raw.sendFrame(Frame.BODY, 1, new byte[24]);
  }

  private RawConnection started() throws IOException {
    RawConnection raw = connectRaw();
    raw.sendProtocolHeader();
    raw.expect(0, AmqpMethod.CONNECTION_START);
    return raw;
  }

  /** A connection on which tune-ok has just been sent. */
  private RawConnection tuned(Login login) throws IOException {
    RawConnection raw = started();
    raw.send(0, AmqpMethod.CONNECTION_START_OK, login.startOk());
    raw.expect(0, AmqpMethod.CONNECTION_TUNE);
    raw.send(0, AmqpMethod.CONNECTION_TUNE_OK, login.tuneOk());
    return raw;
  }

  private static Closing refused(String mechanism) {
    String text =
        "ACCESS_REFUSED - Login was refused using authentication mechanism "
            + mechanism
            + ". For details see the broker logfile.";
    return Closing.connection(403, text, AmqpMethod.NONE);
  }
}
