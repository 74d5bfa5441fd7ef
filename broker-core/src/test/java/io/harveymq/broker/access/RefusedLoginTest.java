package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.CapturedLog;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestClient;
import io.harveymq.broker.auth.User;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Logins that are refused: slower and slower, and told in the log without the secret. */
class RefusedLoginTest {
  private static final FieldTable CAPABILITIES =
      TestClient.capabilities("authentication_failure_close");
  private static final String SECRET = "s3cr3t-w0rd";

  private final TestBroker broker = TestBroker.start();

  private TestClient wrong() {
    TestClient client = broker.accept();
    client.start(CAPABILITIES, "wrong");
    return client;
  }

  @Test
  void whoFailedTwentyTimesWaitsUntilTheNextLoginIsLookedAt() {
    for (int i = 0; i < 20; i++) {
      wrong().expectClose(403);
    }
    TestClient right = broker.accept();
    right.start(CAPABILITIES, "guest");
    assertThat(right.next(0)).isNull();
    broker.advance(250);
    right.expect(0, ConnectionMethod.Tune.class);

    broker.advance(60_000);
    wrong().expectClose(403);
    broker.connect();
  }

  @Test
  void openConnectionsDoNotFeelWhatOthersGuess() {
    TestClient open = broker.connect();
    List<TestClient> guesses = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      guesses.add(wrong());
    }
    open.channel(1).declare("q");
    broker.advance(40_000);
    assertThat(guesses).allMatch(TestClient::isClosed);
    assertThat(broker.loop().timers()).isZero();
  }

  @Test
  void whoHangsUpWhileWaitingIsCountedAllTheSame() {
    for (int i = 0; i < 20; i++) {
      wrong().expectClose(403);
    }
    TestClient impatient = wrong();
    impatient.drop();
    broker.advance(250);
    TestClient next = wrong();
    broker.advance(250);
    assertThat(next.next(0)).isNull();
    broker.advance(1_000);
    next.expectClose(403);
  }

  private String logOf(ConnectionMethod.StartOk startOk) {
    try (CapturedLog log = new CapturedLog()) {
      TestClient client = broker.accept();
      client.raw(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
      client.expect(0, ConnectionMethod.Start.class);
      client.send(0, startOk);
      broker.run();
      return log.text();
    }
  }

  private static ConnectionMethod.StartOk plain(String user, String password) {
    byte[] response = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    return new ConnectionMethod.StartOk(CAPABILITIES, "PLAIN", response, "en_US");
  }

  @Test
  void theLogTellsAddressUserAndReasonAndNoPassword() {
    broker.change(editor -> editor.addUser(User.of("alice", "other")));
    for (String user : List.of("alice", "nobody")) {
      assertThat(logOf(plain(user, SECRET)))
          .contains("embedded")
          .contains("login refused: user '" + user + "' - invalid credentials")
          .doesNotContain(SECRET);
    }
  }

  @Test
  void aNameCannotForgeALine() {
    String log = logOf(plain("eve\n[main] INFO all is well\u2028\u001b[2K", SECRET));
    assertThat(log).contains("user 'eve\\u000a[main] INFO all is well\\u2028\\u001b[2K'");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("[main] INFO all is well"));
  }

  @Test
  void aLongNameIsCut() {
    assertThat(logOf(plain("x".repeat(100_000), SECRET)).length()).isLessThan(2_000);
  }

  @Test
  void aResponseOfNoFormIsNotShown() {
    byte[] response = ("no zero " + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String mechanism : List.of("PLAIN", "AMQPLAIN", SECRET)) {
      String log = logOf(new ConnectionMethod.StartOk(CAPABILITIES, mechanism, response, "en_US"));
      assertThat(log).contains("handshake failed").doesNotContain("no zero");
    }
  }

  @Test
  void octetsOfAFrameThatCannotBeReadAreNotShown() {
    byte[] arguments =
        ("\0\0\0\0\5PLAIN\0\0\0\16\0u\0" + SECRET + "\5en_US and more")
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuf frame = Unpooled.buffer();
    frame.writeByte(1).writeShort(0).writeInt(4 + arguments.length);
    frame.writeShort(10).writeShort(11).writeBytes(arguments).writeByte(0xCE);
    try (CapturedLog log = new CapturedLog()) {
      TestClient client = broker.accept();
      client.raw(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
      client.expect(0, ConnectionMethod.Start.class);
      client.push(frame);
      broker.run();
      assertThat(log.text()).contains("handshake failed").doesNotContain(octets(SECRET));
    }
  }

  @Test
  void aNewSecretThatCannotBeReadIsNotShown() {
    TestClient client = broker.connect();
    byte[] arguments = ("\0\0\0\u00ff" + SECRET).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuf frame = Unpooled.buffer();
    frame.writeByte(1).writeShort(0).writeInt(4 + arguments.length);
    frame.writeShort(10).writeShort(70).writeBytes(arguments).writeByte(0xCE);
    try (CapturedLog log = new CapturedLog()) {
      client.push(frame);
      client.expectClose(501);
      assertThat(log.text()).contains("closed: error on channel 0").doesNotContain(octets(SECRET));
    }
  }

  private static String octets(String text) {
    return text.chars().mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  @Test
  void whoDoesNotExistIsLookedForAsLongAsWhoDoes() {
    broker.change(editor -> editor.addUser(User.of("alice", "other")));
    var rules = broker.access().rules();
    String guess = "x".repeat(1 << 20);
    long known = Long.MAX_VALUE;
    long unknown = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      rules.login("alice", guess, true);
      long between = System.nanoTime();
      rules.login("nobody", guess, true);
      known = Math.min(known, between - start);
      unknown = Math.min(unknown, System.nanoTime() - between);
    }
    assertThat(unknown).isGreaterThan(known / 3);
  }
}
