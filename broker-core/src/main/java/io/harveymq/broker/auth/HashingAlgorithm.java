package io.harveymq.broker.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The ways that RabbitMQ hashes passwords, by the names it has for them. Immutable; any thread. */
public enum HashingAlgorithm {
  SHA256("rabbit_password_hashing_sha256", "SHA-256"),
  SHA512("rabbit_password_hashing_sha512", "SHA-512"),
  MD5("rabbit_password_hashing_md5", "MD5");

  private final String protocolName;
  private final String digestName;

  HashingAlgorithm(String protocolName, String digestName) {
    this.protocolName = protocolName;
    this.digestName = digestName;
  }

  /** The name in a definitions file and in the HTTP API. */
  public String protocolName() {
    return protocolName;
  }

  /** The algorithm with RabbitMQ's name, or null. */
  public static HashingAlgorithm of(String protocolName) {
    for (HashingAlgorithm algorithm : values()) {
      if (algorithm.protocolName.equals(protocolName)) {
        return algorithm;
      }
    }
    return null;
  }

  MessageDigest digest() {
    try {
      return MessageDigest.getInstance(digestName);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java has no " + digestName, missing);
    }
  }
}
