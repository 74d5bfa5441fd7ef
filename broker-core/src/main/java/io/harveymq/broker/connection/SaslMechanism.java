package io.harveymq.broker.connection;

import io.harveymq.broker.Compatibility;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.nio.charset.StandardCharsets;

/** The ways to log in that the broker offers. Stateless; any thread. */
enum SaslMechanism {
  /**
   * A zero octet, the user name, a zero octet, the password (RFC 4616 without an authorisation
   * identity).
   */
  PLAIN {
    @Override
    Login read(byte[] response) {
      int middle = response.length == 0 || response[0] != 0 ? -1 : indexOfZero(response, 1);
      if (middle < 0 || indexOfZero(response, middle + 1) >= 0) {
        throw invalid();
      }
      return new Login(text(response, 1, middle), text(response, middle + 1, response.length));
    }
  },

  /** A field table without its length, with LOGIN and PASSWORD. */
  AMQPLAIN {
    @Override
    Login read(byte[] response) {
      FieldTable table;
      try {
        table = FieldTable.parse(response);
      } catch (AmqpException malformed) {
        throw invalid();
      }
      return new Login(string(table.get("LOGIN")), string(table.get("PASSWORD")));
    }

    private String string(FieldValue value) {
      if (value instanceof FieldValue.LongString string) {
        return string.asString();
      }
      if (value instanceof FieldValue.Binary binary) {
        return new String(binary.value(), StandardCharsets.UTF_8);
      }
      throw invalid();
    }
  },

  /** Whatever the client sends, it is guest with the initial password, as in RabbitMQ 4. */
  ANONYMOUS {
    @Override
    Login read(byte[] response) {
      return new Login("guest", "guest");
    }

    @Override
    boolean isOfferedBy(Compatibility compatibility) {
      return compatibility.offersAnonymousLogin();
    }
  },

  /** Whatever the client sends, it is who its certificate says (RFC 4422, appendix A). */
  EXTERNAL {
    @Override
    Login read(byte[] response) {
      return null;
    }

    @Override
    boolean isOfferedBy(Compatibility compatibility) {
      return false;
    }
  };

  /** Who claims to log in, and with what. Not to be logged. */
  record Login(String user, String password) {
    @Override
    public String toString() {
      return "login of " + user;
    }
  }

  /** Whether it is enabled unless the configuration says which are. */
  boolean isOfferedBy(Compatibility compatibility) {
    return true;
  }

  /**
   * Reads the client's response.
   *
   * @return null when nothing in it counts
   * @throws ConnectionException 502 when it is malformed
   */
  abstract Login read(byte[] response);

  private static ConnectionException invalid() {
    return new ConnectionException(ReplyCode.SYNTAX_ERROR, "response invalid");
  }

  private static int indexOfZero(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
