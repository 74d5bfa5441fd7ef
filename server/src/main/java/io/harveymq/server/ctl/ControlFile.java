package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Set;

/**
 * How command line tools reach a broker: what the file {@code control} in its data directory says,
 * or what {@code --uri} does. Immutable; any thread.
 *
 * @param uri of the management, with a slash at the end
 * @param authorization the header to send
 * @param node its name; of a broker elsewhere that is not known before it answers
 * @param pid of its process; 0 when it is elsewhere
 * @param certificate SHA-256 of the only certificate of it to trust, in hexadecimal; null for what
 *     Java trusts
 */
public record ControlFile(
    String uri, String authorization, String node, long pid, String certificate) {
  /** The name of the file in a data directory. */
  public static final String NAME = "control";

  private static final String BEARER = "Bearer ";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** For one whose certificate, if it has any, Java trusts. */
  public ControlFile(String uri, String authorization, String node, long pid) {
    this(uri, authorization, node, pid, null);
  }

  /**
   * For a broker of this process.
   *
   * @param token that its management accepts
   */
  public static ControlFile ofThisProcess(String uri, String token, String node) {
    return new ControlFile(uri, BEARER + token, node, ProcessHandle.current().pid());
  }

  /** The same for a management that has this certificate. */
  public ControlFile withCertificate(X509Certificate own) {
    return new ControlFile(uri, authorization, node, pid, PinnedTls.fingerprint(own));
  }

  /**
   * For what {@code --uri} says.
   *
   * @param node as {@code --node} says, or null
   * @throws CtlException when it is no URI of a server
   */
  static ControlFile ofUri(String text, String node) throws CtlException {
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null || !uri.getScheme().startsWith("http")) {
        throw noUri(text);
      }
      String login = uri.getUserInfo() == null ? "guest:guest" : uri.getUserInfo();
      String path = uri.getPath().endsWith("/") ? uri.getPath() : uri.getPath() + "/";
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      byte[] credentials = login.getBytes(StandardCharsets.UTF_8);
      return new ControlFile(
          uri.getScheme() + "://" + uri.getHost() + port + path,
          "Basic " + Base64.getEncoder().encodeToString(credentials),
          node == null ? uri.getHost() : node,
          0);
    } catch (java.net.URISyntaxException broken) {
      throw noUri(text);
    }
  }

  private static CtlException noUri(String text) {
    return new CtlException(
        Exit.USAGE,
        "Error: --uri must be such as http://user:password@host:15672, got '" + text + "'");
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it can't be read, or is not whole
   */
  static ControlFile read(Path file) throws IOException {
    JsonNode read = Json.read(Files.readAllBytes(file));
    if (!read.path("uri").isTextual() || !read.path("token").isTextual()) {
      throw new IOException(file + " is not a control file");
    }
    return new ControlFile(
        read.path("uri").textValue(),
        BEARER + read.path("token").textValue(),
        read.path("node").asText(),
        read.path("pid").asLong(),
        read.path("certificate").textValue());
  }

  /**
   * Writes the file, in one step, readable for its owner alone.
   *
   * @throws IOException when it can't be written
   */
  public void write(Path file) throws IOException {
    var json = Json.object();
    json.put("uri", uri);
    json.put("token", authorization.substring(BEARER.length()));
    json.put("node", node);
    json.put("pid", pid);
    if (certificate != null) {
      json.put("certificate", certificate);
    }
    Path draft = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(draft);
    try {
      Files.createFile(draft, ownerOnly(file));
    } catch (FileAlreadyExistsException raced) {
      throw new IOException(draft + " is in the way", raced);
    }
    Files.write(draft, Json.write(json));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /** Removes a file if it is still this broker's. */
  public void remove(Path file) {
    try {
      if (Files.exists(file) && read(file).equals(this)) {
        Files.delete(file);
      }
    } catch (IOException left) {
      // Left behind, it leads to nobody: the token is of no use any more.
    }
  }

  /** Without what lets one in. */
  @Override
  public String toString() {
    return node + " at " + uri;
  }
}
