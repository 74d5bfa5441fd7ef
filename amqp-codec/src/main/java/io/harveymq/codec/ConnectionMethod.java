package io.harveymq.codec;

import java.util.Arrays;
import java.util.Objects;

/** Methods of class connection: handshake, close, blocking. Immutable; any thread. */
public sealed interface ConnectionMethod extends Method {

  /** The class id on the wire. */
  int CLASS_ID = 10;

  @Override
  default int classId() {
    return CLASS_ID;
  }

  /** {@code connection.start}. */
  record Start(
      int versionMajor,
      int versionMinor,
      FieldTable serverProperties,
      String mechanisms,
      String locales)
      implements ConnectionMethod {
    public static final int ID = 10;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.start";
    }
  }

  /** {@code connection.start-ok}. */
  record StartOk(FieldTable clientProperties, String mechanism, byte[] response, String locale)
      implements ConnectionMethod {
    public static final int ID = 11;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.start-ok";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof StartOk that
          && Arrays.equals(response, that.response)
          && clientProperties.equals(that.clientProperties)
          && mechanism.equals(that.mechanism)
          && locale.equals(that.locale);
    }

    @Override
    public int hashCode() {
      return Objects.hash(clientProperties, mechanism, locale, Arrays.hashCode(response));
    }

    /** Without the bytes themselves: they may hold a password. */
    @Override
    public String toString() {
      return "StartOk["
          + "clientProperties="
          + clientProperties
          + ", "
          + "mechanism="
          + mechanism
          + ", "
          + "locale="
          + locale
          + ", "
          + "response of "
          + response.length
          + " bytes]";
    }
  }

  /** {@code connection.secure}. */
  record Secure(byte[] challenge) implements ConnectionMethod {
    public static final int ID = 20;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.secure";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Secure that && Arrays.equals(challenge, that.challenge);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(challenge);
    }

    /** Without the bytes themselves: they may hold a password. */
    @Override
    public String toString() {
      return "Secure[" + "challenge of " + challenge.length + " bytes]";
    }
  }

  /** {@code connection.secure-ok}. */
  record SecureOk(byte[] response) implements ConnectionMethod {
    public static final int ID = 21;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.secure-ok";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SecureOk that && Arrays.equals(response, that.response);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(response);
    }

    /** Without the bytes themselves: they may hold a password. */
    @Override
    public String toString() {
      return "SecureOk[" + "response of " + response.length + " bytes]";
    }
  }

  /** {@code connection.tune}. */
  record Tune(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
    public static final int ID = 30;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.tune";
    }
  }

  /** {@code connection.tune-ok}. */
  record TuneOk(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
    public static final int ID = 31;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.tune-ok";
    }
  }

  /** {@code connection.open}. */
  record Open(String virtualHost) implements ConnectionMethod {
    public static final int ID = 40;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.open";
    }
  }

  /** {@code connection.open-ok}. */
  record OpenOk() implements ConnectionMethod {
    public static final int ID = 41;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.open-ok";
    }
  }

  /** {@code connection.close}. */
  record Close(int replyCode, String replyText, int failedClassId, int failedMethodId)
      implements ConnectionMethod {
    public static final int ID = 50;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.close";
    }
  }

  /** {@code connection.close-ok}. */
  record CloseOk() implements ConnectionMethod {
    public static final int ID = 51;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.close-ok";
    }
  }

  /** {@code connection.blocked}. */
  record Blocked(String reason) implements ConnectionMethod {
    public static final int ID = 60;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.blocked";
    }
  }

  /** {@code connection.unblocked}. */
  record Unblocked() implements ConnectionMethod {
    public static final int ID = 61;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.unblocked";
    }
  }

  /** {@code connection.update-secret}. */
  record UpdateSecret(byte[] newSecret, String reason) implements ConnectionMethod {
    public static final int ID = 70;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.update-secret";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof UpdateSecret that
          && Arrays.equals(newSecret, that.newSecret)
          && reason.equals(that.reason);
    }

    @Override
    public int hashCode() {
      return Objects.hash(reason, Arrays.hashCode(newSecret));
    }

    /** Without the bytes themselves: they may hold a password. */
    @Override
    public String toString() {
      return "UpdateSecret["
          + "reason="
          + reason
          + ", "
          + "newSecret of "
          + newSecret.length
          + " bytes]";
    }
  }

  /** {@code connection.update-secret-ok}. */
  record UpdateSecretOk() implements ConnectionMethod {
    public static final int ID = 71;

    @Override
    public int methodId() {
      return ID;
    }

    @Override
    public String protocolName() {
      return "connection.update-secret-ok";
    }
  }
}
