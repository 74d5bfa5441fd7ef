package io.harveymq.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Which definitions a data directory has had imported, for {@code definitions.skip_if_unchanged}: a
 * hash of their contents, in a file beside the store. One thread at a time.
 */
final class ImportedDefinitions {
  private static final String NAME = "definitions.sha256";

  private final Path file;

  /**
   * @param dataDir need not exist yet
   */
  ImportedDefinitions(Path dataDir) {
    this.file = dataDir.resolve(NAME);
  }

  /** Whether these were the last to be imported. */
  boolean are(List<JsonNode> contents) throws IOException {
    return Files.exists(file) && Files.readString(file).strip().equals(hash(contents));
  }

  /** Remembers that these are imported. */
  void keep(List<JsonNode> contents) throws IOException {
    Path next = file.resolveSibling(NAME + ".new");
    Files.writeString(next, hash(contents) + "\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** None are imported any more. */
  void forget() throws IOException {
    Files.deleteIfExists(file);
  }

  private static String hash(List<JsonNode> contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (JsonNode content : contents) {
        digest.update(content.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
