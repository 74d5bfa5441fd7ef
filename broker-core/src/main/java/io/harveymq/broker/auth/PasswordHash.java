package io.harveymq.broker.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A password as RabbitMQ keeps it: four random bytes and the SHA-256 of those and the password
 * (rabbit_password_hashing_sha256). Immutable; any thread.
 */
public final class PasswordHash {
  private static final int SALT_SIZE = 4;

  private final byte[] saltAndHash;

  private PasswordHash(byte[] saltAndHash) {
    this.saltAndHash = saltAndHash;
  }

  /** Hashes a password with a new salt. */
  public static PasswordHash of(String password) {
    byte[] salt = new byte[SALT_SIZE];
    new SecureRandom().nextBytes(salt);
    return new PasswordHash(hash(salt, password));
  }

  /**
   * Whether this is the hash of the password; an empty password never matches. Takes the same time
   * either way.
   */
  public boolean matches(String password) {
    byte[] salt = Arrays.copyOf(saltAndHash, SALT_SIZE);
    return MessageDigest.isEqual(saltAndHash, hash(salt, password)) && !password.isEmpty();
  }

  private static byte[] hash(byte[] salt, String password) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      byte[] hash = sha256.digest(password.getBytes(StandardCharsets.UTF_8));
      byte[] both = Arrays.copyOf(salt, SALT_SIZE + hash.length);
      System.arraycopy(hash, 0, both, SALT_SIZE, hash.length);
      return both;
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java has no SHA-256", missing);
    }
  }
}
