package io.harveymq.broker.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * A password as RabbitMQ keeps it: four random bytes, the salt, and the hash of those and the
 * password. An empty one lets nobody log in with a password. Immutable; any thread.
 */
public final class PasswordHash {
  /** No password is right. */
  public static final PasswordHash NONE = new PasswordHash(HashingAlgorithm.SHA256, new byte[0]);

  private static final int SALT_SIZE = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * What the password of a user who does not exist is compared with, so that it takes as long as if
   * there were one. Nothing has this hash.
   */
  static final PasswordHash OF_NOBODY = of("");

  private final HashingAlgorithm algorithm;
  private final byte[] saltAndHash;

  private PasswordHash(HashingAlgorithm algorithm, byte[] saltAndHash) {
    this.algorithm = algorithm;
    this.saltAndHash = saltAndHash;
  }

  /** Hashes a password with a new salt and SHA-256, RabbitMQ's default. */
  public static PasswordHash of(String password) {
    return of(password, HashingAlgorithm.SHA256);
  }

  /** Hashes a password with a new salt. */
  public static PasswordHash of(String password, HashingAlgorithm algorithm) {
    byte[] salt = new byte[SALT_SIZE];
    RANDOM.nextBytes(salt);
    return new PasswordHash(algorithm, hash(algorithm, salt, password));
  }

  /**
   * A hash that was made elsewhere, salt first. One that is too short to have a salt matches no
   * password.
   */
  public static PasswordHash imported(HashingAlgorithm algorithm, byte[] saltAndHash) {
    return new PasswordHash(algorithm, saltAndHash.clone());
  }

  /**
   * A hash that was made elsewhere, as definitions files have it.
   *
   * @param base64 may be empty for no password
   * @throws AccessException when it is not Base64
   */
  public static PasswordHash imported(HashingAlgorithm algorithm, String base64) {
    try {
      return new PasswordHash(algorithm, Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException malformed) {
      throw new AccessException(AccessException.Reason.INVALID, "the password hash is not Base64");
    }
  }

  public HashingAlgorithm algorithm() {
    return algorithm;
  }

  /** Salt and hash, as definitions files have them; empty if no password is right. */
  public String base64() {
    return Base64.getEncoder().encodeToString(saltAndHash);
  }

  /** A copy of salt and hash. */
  public byte[] bytes() {
    return saltAndHash.clone();
  }

  /**
   * Whether this is the hash of the password; an empty password never matches. Takes the same time
   * either way, and where there is no password.
   */
  public boolean matches(String password) {
    byte[] salt = Arrays.copyOf(saltAndHash, SALT_SIZE);
    return MessageDigest.isEqual(saltAndHash, hash(algorithm, salt, password))
        && !password.isEmpty();
  }

  private static byte[] hash(HashingAlgorithm algorithm, byte[] salt, String password) {
    MessageDigest digest = algorithm.digest();
    digest.update(salt);
    byte[] hash = digest.digest(password.getBytes(StandardCharsets.UTF_8));
    byte[] both = Arrays.copyOf(salt, SALT_SIZE + hash.length);
    System.arraycopy(hash, 0, both, SALT_SIZE, hash.length);
    return both;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PasswordHash hash
        && hash.algorithm == algorithm
        && Arrays.equals(hash.saltAndHash, saltAndHash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(saltAndHash);
  }

  /** Does not tell the hash. */
  @Override
  public String toString() {
    return saltAndHash.length == 0 ? "no password" : algorithm.protocolName();
  }
}
