package io.harveymq.broker.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads private keys from PEM: PKCS#8, PKCS#1 (RSA) and SEC 1 (elliptic curves), each encrypted or
 * not. Stateless; any thread.
 */
final class PrivateKeys {
  private static final String PBES2 = "1.2.840.113549.1.5.13";
  private static final byte[] RSA_OID = HexFormat.of().parseHex("2a864886f70d010101");
  private static final byte[] EC_OID = HexFormat.of().parseHex("2a8648ce3d0201");
  private static final byte[] NULL = {5, 0};
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "RSASSA-PSS", "EdDSA", "DSA");
  private static final Pattern DEK =
      Pattern.compile("DEK-Info: *(AES-(128|192|256)-CBC|DES-EDE3-CBC),([0-9A-Fa-f]+)");
  private static final int SALT = 8;
  private static final int TRIPLE_DES_KEY = 24;

  private PrivateKeys() {}

  /**
   * The first key in a file.
   *
   * @param password null for none
   * @throws TlsException when there is none, or it can't be decrypted
   */
  static PrivateKey read(PemFile file, String password) throws TlsException {
    for (PemFile.Section section : file.sections()) {
      if (section.label().endsWith("PRIVATE KEY")) {
        return read(file, section, password);
      }
    }
    throw new TlsException(
        file.option(),
        file.path()
            + " holds no private key; it has to be PEM, with a line such as"
            + " -----BEGIN PRIVATE KEY-----");
  }

  private static PrivateKey read(PemFile file, PemFile.Section section, String password)
      throws TlsException {
    boolean encrypted =
        section.label().startsWith("ENCRYPTED") || section.headers().contains("ENCRYPTED");
    if (encrypted && password == null) {
      throw new TlsException(
          "password", "the key in " + file.path() + " is encrypted; set the password");
    }
    try {
      return switch (section.label()) {
        case "PRIVATE KEY" -> ofPkcs8(section.content());
        case "ENCRYPTED PRIVATE KEY" -> ofPkcs8(decrypted(section.content(), password));
        case "RSA PRIVATE KEY" -> ofPkcs8(wrapped(RSA_OID, NULL, plain(section, password)));
        case "EC PRIVATE KEY" -> ofSec1(plain(section, password));
        default ->
            throw new TlsException(
                file.option(),
                file.path()
                    + " holds a key of an unknown kind ("
                    + section.label()
                    + "); convert it with 'openssl pkcs8 -topk8'");
      };
    } catch (GeneralSecurityException | IOException | IllegalArgumentException broken) {
      if (encrypted && isWrongPassword(broken)) {
        throw new TlsException(
            "password", "the password does not open the key in " + file.path(), broken);
      }
      throw new TlsException(
          file.option(),
          "the key in "
              + file.path()
              + " can't be used ("
              + broken.getMessage()
              + "); convert it with 'openssl pkcs8 -topk8 -v2 aes-256-cbc'",
          broken);
    }
  }

  /** What a wrong password decrypts to is padded wrongly, or no key. */
  private static boolean isWrongPassword(Exception failure) {
    return failure instanceof BadPaddingException
        || failure instanceof InvalidKeySpecException
        || failure instanceof IllegalArgumentException;
  }

  private static PrivateKey ofPkcs8(byte[] encoded) throws GeneralSecurityException {
    GeneralSecurityException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException other) {
        last = last == null ? other : last;
      }
    }
    throw last;
  }

  private static byte[] decrypted(byte[] encoded, String password)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
    AlgorithmParameters parameters = info.getAlgParameters();
    String algorithm =
        info.getAlgName().equals("PBES2") || info.getAlgName().equals(PBES2)
            ? parameters.toString()
            : info.getAlgName();
    SecretKey key =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.DECRYPT_MODE, key, parameters);
    return cipher.doFinal(info.getEncryptedData());
  }

  // ---- what is not PKCS#8

  private static byte[] wrapped(byte[] oid, byte[] parameters, byte[] key) {
    return Der.element(
        Der.SEQUENCE,
        Der.element(Der.INTEGER, new byte[1]),
        Der.element(Der.SEQUENCE, Der.element(Der.OID, oid), parameters),
        Der.element(Der.OCTETS, key));
  }

  /** The curve stands in the key itself (RFC 5915), in PKCS#8 outside of it. */
  private static PrivateKey ofSec1(byte[] key) throws GeneralSecurityException {
    List<Der.Element> outer = Der.elements(key);
    if (outer.size() == 1) {
      for (Der.Element element : Der.elements(outer.get(0).content())) {
        if (element.tag() == Der.CONTEXT_0) {
          return ofPkcs8(wrapped(EC_OID, element.content(), key));
        }
      }
    }
    throw new InvalidKeySpecException("it does not name its curve");
  }

  /** The content of a section that OpenSSL 1 may have encrypted. */
  private static byte[] plain(PemFile.Section section, String password)
      throws GeneralSecurityException {
    if (section.headers().isEmpty()) {
      return section.content();
    }
    Matcher matcher = DEK.matcher(section.headers());
    if (!matcher.find()) {
      throw new GeneralSecurityException("encrypted in an unknown way");
    }
    byte[] vector = HexFormat.of().parseHex(matcher.group(3));
    boolean aes = matcher.group(1).startsWith("AES");
    int length = aes ? Integer.parseInt(matcher.group(2)) / Byte.SIZE : TRIPLE_DES_KEY;
    byte[] key = stretched(password, Arrays.copyOf(vector, SALT), length);
    Cipher cipher = Cipher.getInstance(aes ? "AES/CBC/PKCS5Padding" : "DESede/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, aes ? "AES" : "DESede"),
        new IvParameterSpec(vector));
    return cipher.doFinal(section.content());
  }

  /** OpenSSL's EVP_BytesToKey with MD5 and one round, which that old format asks for. */
  private static byte[] stretched(String password, byte[] salt, int length)
      throws GeneralSecurityException {
    byte[] key = new byte[length];
    byte[] block = new byte[0];
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    for (int at = 0; at < length; at += block.length) {
      md5.update(block);
      md5.update(password.getBytes(StandardCharsets.UTF_8));
      block = md5.digest(salt);
      System.arraycopy(block, 0, key, at, Math.min(block.length, length - at));
    }
    return key;
  }
}
