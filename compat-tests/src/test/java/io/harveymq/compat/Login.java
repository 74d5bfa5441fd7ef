package io.harveymq.compat;

import java.util.Map;

/** What a client answers during the handshake. Immutable; any thread. */
record Login(Map<String, ?> capabilities, Mechanism mechanism, String virtualHost, Tuning tuning) {

  /** A SASL mechanism and the response for it. */
  record Mechanism(String name, byte[] response) {
    static Mechanism plain(String user, String password) {
      byte[] response = new WireWriter().raw(utf8("\0" + user + "\0" + password)).octets();
      return new Mechanism("PLAIN", response);
    }

    static Mechanism amqplain(String user, String password) {
      byte[] response =
          new WireWriter().fields(Map.of("LOGIN", user, "PASSWORD", password)).octets();
      return new Mechanism("AMQPLAIN", response);
    }

    private static byte[] utf8(String text) {
      return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** The numbers of tune-ok. */
  record Tuning(int channelMax, long frameMax, int heartbeat) {}

  /** The right password, no capabilities, the broker's limits, no heartbeats. */
  static Login guest() {
    Mechanism plain = Mechanism.plain(BrokerUnderTest.user(), BrokerUnderTest.password());
    return new Login(Map.of(), plain, "/", new Tuning(2047, 131_072, 0));
  }

  Login with(Mechanism other) {
    return new Login(capabilities, other, virtualHost, tuning);
  }

  Login withCapability(String name) {
    return new Login(Map.of(name, true), mechanism, virtualHost, tuning);
  }

  Login withVirtualHost(String name) {
    return new Login(capabilities, mechanism, name, tuning);
  }

  Login withTuning(int channelMax, long frameMax, int heartbeat) {
    Tuning other = new Tuning(channelMax, frameMax, heartbeat);
    return new Login(capabilities, mechanism, virtualHost, other);
  }

  WireWriter startOk() {
    return new WireWriter()
        .table(Map.of("capabilities", capabilities))
        .shortstr(mechanism.name())
        .longstr(mechanism.response())
        .shortstr("en_US");
  }

  WireWriter tuneOk() {
    return new WireWriter().u16(tuning.channelMax()).u32(tuning.frameMax()).u16(tuning.heartbeat());
  }

  WireWriter open() {
    return new WireWriter().shortstr(virtualHost).shortstr("").bits(false);
  }
}
